"""The wheel, built from the checkout and used from another folder."""

import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]
FILES = ["setup.py", "setup.cfg", "LICENSE", "README.md"]
WEIGHTS = "keras_stylex/weights"
WEIGHT_FILES = ("MODEL_CARD.md", "about.json", "generator.weights.h5", "proof.npz")
NO_WEIGHTS = (
    '{"preset": "toy", "architecture": {}, "parameters": 0, "licence": "CC0", '
    '"training": {}, "styles": []}'
)
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(command, folder, **variables):
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **variables},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy: a build leaves folders behind and reuses them."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("keras_stylex", "export", "examples/web_camera"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / folder, source / folder, ignore=ignored)
    for file in FILES:
        shutil.copy(ROOT / file, source)
    (source / WEIGHTS / "toy").mkdir()
    for file in WEIGHT_FILES:
        (source / WEIGHTS / "toy" / file).write_text(NO_WEIGHTS)
    # TensorFlow brings setuptools along, so that the build has nothing to fetch.
    build = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--use-pep517"]
    run([*build, source], folder=source)
    return next(source.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with the wheel, and nothing else, installed in it."""
    target = tmp_path_factory.mktemp("installed")
    install = [*PIP, "install", "--no-deps", "--no-index", "--target", target]
    run([*install, wheel], folder=target)
    return target


def test_the_wheel_holds_the_licence_and_no_folder_but_the_package(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("LICENSE") for name in names)
    metadata = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    assert {name.split("/")[0] for name in names} == {"keras_stylex", metadata}


def test_the_wheel_holds_every_module_of_the_checkout(wheel):
    modules = [*ROOT.glob("keras_stylex/**/*.py"), *ROOT.glob("export/**/*.py")]
    paths = {path.relative_to(ROOT).as_posix() for path in modules}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".py" in name}
    assert {name.replace("keras_stylex/export/", "export/") for name in names} == paths


def test_the_wheel_holds_the_camera_page_with_its_lock_and_nothing_fetched(wheel):
    page = "keras_stylex/camera/page/"
    names = zipfile.ZipFile(wheel).namelist()
    held = {name.removeprefix(page) for name in names if name.startswith(page)}
    files = [p for p in (ROOT / "examples/web_camera").iterdir() if p.is_file()]
    assert held == {p.name for p in files if p.suffix != ".md"}


def test_the_wheel_holds_the_trained_weights_and_a_set_that_was_added(wheel):
    sets = [path for path in (ROOT / WEIGHTS).glob("*/*") if path.suffix != ".pyc"]
    files = [path.relative_to(ROOT).as_posix() for path in sets]
    files += [f"{WEIGHTS}/toy/{file}" for file in WEIGHT_FILES]
    names = zipfile.ZipFile(wheel).namelist()
    held = [name for name in names if name.startswith(f"{WEIGHTS}/")]
    assert sorted(name for name in held if name.count("/") == 3) == sorted(files)


def test_the_installed_package_names_its_trained_weights(installed, tmp_path):
    program = (
        "import sys; sys.argv = ['keras-stylex']  # the package, without TensorFlow\n"
        "from keras_stylex.weights import shipped_weights; print(*shipped_weights())"
    )
    text = run([sys.executable, "-c", program], tmp_path, PYTHONPATH=str(installed))
    about = [path.parent.name for path in (ROOT / WEIGHTS).glob("*/about.json")]
    assert text.split() == sorted([*about, "toy"])


def test_the_installed_package_works_away_from_the_checkout(installed, tmp_path):
    program = (
        "import importlib.metadata, keras_stylex as package, keras_stylex.export\n"
        "print(package.__version__, importlib.metadata.version('keras_stylex'))\n"
        "print(package.Generator.__module__)\n"
        "print(package.__file__, package.export.__file__, sep='\\n')"
    )
    text = run([sys.executable, "-c", program], tmp_path, PYTHONPATH=str(installed))
    versions, generator, *files = text.splitlines()
    assert len(set(versions.split())) == 1
    assert generator == "keras_stylex.models.generator"
    package = installed / "keras_stylex"
    assert files == [str(package / "__init__.py"), str(package / "export/__init__.py")]


def test_the_installed_command_prints_its_help(installed, tmp_path):
    command = installed / "bin" / "keras-stylex"
    assert "keras-stylex" in run(
        [command, "--help"], tmp_path, PYTHONPATH=str(installed)
    )


def test_in_the_checkout_export_is_the_checkouts_and_not_the_wheels(installed):
    program = (
        "import importlib.util, sys\n"
        "sys.argv = ['keras-stylex']  # the package is enough, without TensorFlow\n"
        "print(importlib.util.find_spec('keras_stylex.export').origin)"
    )
    # -S: an editable install would find export/ by itself
    command = [sys.executable, "-S", "-c", program]
    found = run(command, ROOT, PYTHONPATH=str(installed)).strip()
    assert found == str(ROOT / "export" / "__init__.py")
