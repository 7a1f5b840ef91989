"""The examples, run as they are, with tiny settings."""

import runpy
from functools import partialmethod
from pathlib import Path

import pytest

from keras_stylex.data.images import read_image
from keras_stylex.training import StyleTransferGAN

TESTS = Path(__file__).parents[1]
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def run_example(monkeypatch, few_scenes, tmp_path):
    """Runs an example on few pictures, and eagerly: no time is lost to tracing."""
    eager = partialmethod(StyleTransferGAN.compile, run_eagerly=True)
    monkeypatch.setattr(StyleTransferGAN, "compile", eager)
    monkeypatch.chdir(tmp_path)

    def run(name, *arguments):
        monkeypatch.setattr("sys.argv", [name, *arguments])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")

    return run


def test_training_with_keras_writes_a_sheet_of_results(run_example, tmp_path, capsys):
    options = ("--epochs", "1", "--steps", "1", "--size", "32", "--out", "sheet.png")
    run_example("train_with_keras.py", *options)
    assert read_image(tmp_path / "sheet.png").shape == (3 * 34 - 2, 3 * 34 - 2, 3)
    assert "Wrote sheet.png" in capsys.readouterr().out


def test_every_example_is_run_by_a_test():
    """What runs as a script is named by a test; a folder, by its own name."""
    tests = "".join(p.read_text(encoding="utf-8") for p in TESTS.rglob("test_*.py"))
    scripts = [
        path.parent if path.name == "__main__.py" else path
        for path in EXAMPLES.rglob("*.py")
        if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    ]
    assert len(scripts) >= 4
    assert [each.name for each in scripts if f'"{each.name}"' not in tests] == []
