"""The notebook: its cells are executed in order, with tiny settings, in this process.

A kernel of its own would import TensorFlow once more, which takes longer than the
cells. So cells hold plain Python (no `%` lines), and end in what a notebook shows.
"""

import ast
import json
from pathlib import Path

import pytest
from PIL import Image

NOTEBOOK = Path(__file__).parents[2] / "examples" / "quickstart.ipynb"
TINY = {"EPOCHS": 1, "STEPS": 1, "SIZE": 32, "FILTER_SIZE": 32}


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def execute(source, names):
    """Runs a cell; returns the value of its last line if that is an expression."""
    tree = ast.parse(source)
    shown = None
    if isinstance(tree.body[-1], ast.Expr):
        shown = ast.Expression(tree.body.pop().value)
    exec(compile(tree, NOTEBOOK.name, "exec"), names)
    return shown and eval(compile(shown, NOTEBOOK.name, "eval"), names)


def test_its_cells_run_in_order_and_show_pictures(
    notebook, quick, few_scenes, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    for name, value in TINY.items():
        monkeypatch.setenv(f"QUICKSTART_{name}", str(value))
    names, shown = {"__name__": "__main__"}, []
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    with quick():
        for cell in cells:
            shown.append(execute("".join(cell["source"]), names))
    pictures = [each for each in shown if isinstance(each, Image.Image)]
    # Pictures of 32 pixels, 2 between them: eight in rows of two, four, two; then two.
    sizes = [(270, 66), (270, 134), (270, 66), (32, 66)]
    assert [picture.size for picture in pictures] == sizes
    assert (tmp_path / "filter_quickstart_float16.tflite").stat().st_size > 1000
    printed = capsys.readouterr().out
    assert "palette_gap: " in printed and " dB from Keras" in printed


def test_it_is_a_notebook_without_outputs(notebook):
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
