"""The package's layers, held by reading the source: who may import whom, and what may
stand where. `problems` is tried on small made-up sources first, then on the package."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[1]
RANKS = {
    "errors": 0,
    "layers": 1,
    "losses": 1,
    "data": 1,
    "weights": 1,
    "models": 2,
    "metrics": 2,
    "camera": 2,
    "inference": 3,
    "export": 3,
    "training": 3,
    "video": 3,
    "cli": 4,
}
ON_ANY_BACKEND = ("layers", "losses", "models")
VALUE_RANGE = "keras_stylex/data/images.py"  # the one module that holds the 255
LONGEST_FUNCTION = 45  # lines, without its docstring


def problems(path, source):
    """Everything wrong with the module at `path`, e.g. `"export/tflite.py"`."""
    tree = ast.parse(source)
    room = _room(path)
    found = [f"imports {name}" for name in _imports(tree) if _forbidden(room, name)]
    for node in ast.walk(tree):
        found += _misplaced(path, node)
    if path.endswith("/utils.py"):
        found.append("is named utils.py")
    return found


def _room(path):
    parts = pathlib.PurePosixPath(path).with_suffix("").parts
    return parts[0] if parts[0] == "export" else parts[1]


def _imports(tree):
    """Dotted names of all that is imported, `from a import b` as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (f"{node.module}." if node.module else "")
            yield from (start + alias.name for alias in node.names)


def _forbidden(room, name):
    if name.startswith("."):
        return True  # absolute imports only: export/ does not lie where its name says
    package, *rest = name.split(".")
    if package == "tensorflow":
        return room in ON_ANY_BACKEND
    if package != "keras_stylex" or room == "__init__" or rest == ["__version__"]:
        return False
    # No folder of ours: the package's public names, which import all of it.
    return not rest or (rest[0] != room and RANKS.get(rest[0], 9) >= RANKS[room])


def _misplaced(path, node):
    if isinstance(node, ast.Assert):
        yield f"line {node.lineno}: asserts; library code raises"
    if isinstance(node, ast.Constant) and node.value == 255 and path != VALUE_RANGE:
        yield f"line {node.lineno}: 255 belongs in {VALUE_RANGE}"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        lines = _lines(node) - (_lines(node.body[0]) if ast.get_docstring(node) else 0)
        if lines > LONGEST_FUNCTION:
            yield f"line {node.lineno}: {node.name} has {lines} lines"


def _lines(node):
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(
    "path, source",
    [
        ("keras_stylex/layers/a.py", "import keras\nfrom keras import ops"),
        ("keras_stylex/layers/a.py", "from keras_stylex.layers.b import B"),
        ("keras_stylex/layers/a.py", "from keras_stylex import errors"),
        ("keras_stylex/data/a.py", "import tensorflow as tf"),
        ("keras_stylex/data/images.py", "MAXIMUM = 255"),
        ("keras_stylex/models/a.py", "from keras_stylex import layers, losses"),
        ("keras_stylex/training/a.py", "from keras_stylex import __version__"),
        ("keras_stylex/cli/main.py", "def f():\n    import keras_stylex.export.a"),
        ("keras_stylex/__init__.py", "from keras_stylex.models.a import A as A"),
        ("export/a.py", "from keras_stylex.models.generator import Generator"),
        ("export/a.py", "from keras_stylex.export.b import b\nx = '255', 2.55, True"),
        ("export/a.py", "def f():\n    '''Calls f.\n    '''\n" + "    f()\n" * 44),
    ],
)
def test_the_checker_lets_pass(path, source):
    assert problems(path, source) == []


@pytest.mark.parametrize(
    "path, source",
    [
        ("keras_stylex/errors.py", "import keras_stylex.layers.a"),
        ("keras_stylex/layers/a.py", "from keras_stylex.losses.b import b"),
        ("keras_stylex/layers/a.py", "from keras_stylex import data"),
        ("keras_stylex/layers/a.py", "from keras_stylex import Generator"),
        ("keras_stylex/layers/a.py", "import keras_stylex"),
        ("keras_stylex/layers/a.py", "from .b import B"),
        ("keras_stylex/layers/a.py", "from .. import losses"),
        ("keras_stylex/layers/a.py", "import tensorflow as tf"),
        ("keras_stylex/losses/a.py", "def f():\n    from tensorflow import math"),
        ("keras_stylex/models/a.py", "import tensorflow.math"),
        ("keras_stylex/models/a.py", "from keras_stylex.metrics.b import b"),
        ("keras_stylex/metrics/a.py", "from keras_stylex import models"),
        ("keras_stylex/data/scenes/a.py", "from keras_stylex.models.b import B"),
        ("keras_stylex/training/a.py", "import keras_stylex.export"),
        ("keras_stylex/training/a.py", "def f():\n    import keras_stylex.cli.main"),
        ("export/a.py", "from keras_stylex.training.b import b"),
        ("export/a.py", "scaled = x / 255.0"),
        ("export/a.py", "x = min(x, 0xFF)"),
        ("export/a.py", "def f():\n    assert x"),
        ("export/a.py", "def f():\n" + "    f()\n" * 45),
        ("keras_stylex/data/utils.py", ""),
    ],
)
def test_the_checker_finds(path, source):
    assert len(problems(path, source)) == 1


def _library():
    files = [*ROOT.glob("keras_stylex/**/*.py"), *ROOT.glob("export/**/*.py")]
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


@pytest.mark.parametrize("path", _library())
def test_the_package_keeps_its_layers(path):
    assert problems(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_every_folder_of_the_package_has_a_rank():
    rooms = {_room(path) for path in _library()} - {"__init__"}
    assert rooms == set(RANKS)
