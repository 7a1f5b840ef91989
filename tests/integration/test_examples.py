"""The examples, run as they are, with tiny settings."""

import runpy
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_stylex.data.images import read_image, read_reference
from keras_stylex.training import StyleTransferGAN
from keras_stylex.training.run import Run
from keras_stylex.weights import read_weights
from keras_stylex.weights import shipped as weights

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


def test_training_on_tfds_writes_a_sheet_of_results(run_example, tmp_path, capsys):
    options = ("--epochs", "1", "--steps", "1", "--size", "32", "--out", "sheet.png")
    run_example("train_on_tfds.py", *options)
    assert read_image(tmp_path / "sheet.png").shape[0] == 3 * 34 - 2
    assert "Wrote sheet.png" in capsys.readouterr().out


def test_grey_styles_can_be_left_out():
    module = runpy.run_path(str(EXAMPLES / "train_on_tfds.py"))
    grey = np.full((4, 6, 3), 90, "uint8")
    half = grey + np.array([90, 0, 0], "uint8")  # (180 - 90) / 180
    keeps = [bool(module["is_colorful"](grey, 0.1))]
    keeps += [bool(module["is_colorful"](half, least)) for least in (0.49, 0.51)]
    assert keeps == [False, True, False]


STYLES = ("paintings/0.jpg", "paintings/1.jpg", "paintings/2.jpg")


def test_styles_are_interpolated_from_each_reference_to_the_next(
    run_example, workplace, capsys
):
    start = ("runs/mine", "photo.jpg", "--style", *STYLES, "--side", "32")
    run_example("interpolate_styles.py", *start, "--steps", "2", "--out", "s.png")
    assert read_image("s.png").shape == (32, 5 * 50 - 2, 3)
    assert "Wrote s.png: 5 styles between 3 references" in capsys.readouterr().out
    run_example("interpolate_styles.py", *start, "--steps", "2", "--out", "s.gif")
    with Image.open("s.gif") as animation:
        assert (animation.n_frames, animation.size) == (8, (48, 32))


def test_weights_go_from_one_reference_to_the_next():
    module = runpy.run_path(str(EXAMPLES / "interpolate_styles.py"))
    weights = module["blend_weights"](3, 2)
    expected = [[2, 0, 0], [1, 1, 0], [0, 2, 0], [0, 1, 1], [0, 0, 2]]
    np.testing.assert_allclose(weights, np.array(expected) / 2)


def test_a_folder_of_references_becomes_filters_and_a_sheet(
    run_example, workplace, brief_timing, capsys
):
    options = ("--pictures", "photos/", "--size", "32", "--recipe", "dynamic")
    with brief_timing():
        run_example("bake_filter_set.py", "runs/mine", "references/", *options)
    files = sorted(path.name for path in Path("filters").iterdir())
    names = [f"filter_{number}_dynamic" for number in (0, 1)]
    assert files == [
        *(f"{name}.{kind}" for name in names for kind in ("json", "tflite")),
        "sheet.png",
    ]
    assert read_image("filters/sheet.png").shape == (5 * 34 - 2, 2 * 34 - 2, 3)
    assert "filter_1_dynamic.tflite: " in capsys.readouterr().out


def test_filters_of_one_name_are_refused_and_nothing_is_left(run_example, workplace):
    Path("references/0.jpg").rename("references/A.jpg")
    Path("references/1.jpg").rename("references/a.png")
    options = ("--pictures", "photos/", "--size", "32", "--recipe", "dynamic")
    with pytest.raises(SystemExit, match="a.png: its filter would have another's name"):
        run_example("bake_filter_set.py", "runs/mine", "references/", *options)
    assert not Path("filters").exists() and not list(Path().glob(".partial*"))


ROW = "{}/{}.jpg,x/pictures,00,CC BY 2.0,Somebody{}\n"


@pytest.fixture
def credited(workplace):
    """A row of credits for every picture of the working folder."""
    rows = [ROW.format("photos", number, "") for number in range(8)]
    rows += [ROW.format("paintings", i, f" - Painting {i}") for i in range(3)]
    text = "file,repo,commit,licence,author\n" + "".join(rows)
    Path("CREDITS.csv").write_text(text, encoding="utf-8")


TRAIN = ("train_shipped_weights.py", "--data", ".", "--style", "paintings")


def test_weights_are_trained_and_packed_and_hang_in_a_gallery(
    run_example, credited, quick, process_as_it_was, monkeypatch, capsys
):
    more = ("--styles", "2", "--out", "packed", "--size", "32")
    with quick(), process_as_it_was():
        run_example(*TRAIN, *more)
        shipped = read_weights(Path("packed/paintings"))
        run = Run("runs/paintings")
        assert (run.config.steps, run.config.minutes) == (2832, None)
        generator = run.load_generator()
        photo = np.random.default_rng(0).random((1, 20, 36, 3)).astype("float32")
        loaded = type(generator)(**shipped.architecture)
        shipped.load_into(loaded)
        for style in shipped.styles:
            reference = read_reference(style.file)[None]
            np.testing.assert_allclose(
                loaded.stylize(photo, style.code),
                generator([photo, reference]),
                atol=1 / 255,
            )
        monkeypatch.setattr(weights, "FOLDER", Path("packed"))
        run_example(
            "make_gallery.py",
            "--data",
            ".",
            "--photos",
            "0.jpg",
            "3.jpg",
            "--weights",
            "paintings",
            "--height",
            "30",
            "--out",
            ".",
        )
    # Two rows of three pictures of 40x30, 2 between them.
    assert read_image("gallery_paintings.jpg").shape == (62, 124, 3)
    printed = capsys.readouterr().out
    assert "`photos/3.jpg`: Somebody; CC BY 2.0; from [x/pictures]" in printed
    card = Path("packed/paintings/MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| content pictures | `photos`, 8 when counted |" in card
    assert "| steps | 1 |" in card and "| ssim content |" in card
    assert "not stated" not in card and str(Path.cwd()) not in card
    assert card.count("x/pictures](") == 2  # of photos, and of paintings


def test_a_run_that_was_trained_before_is_packed_if_it_learned_from_these(
    run_example, credited
):
    Path("paintings").rename("prints")
    table = Path("CREDITS.csv")
    table.write_text(table.read_text().replace("paintings/", "prints/"))
    options = ("--data", ".", "--style", "prints", "--run", "runs/mine")
    with pytest.raises(SystemExit, match="runs/mine: learned from paintings"):
        run_example(TRAIN[0], *options, "--out", "packed")
    assert not Path("packed").exists()


def test_every_picture_needs_a_row_of_credits_before_any_training(
    run_example, credited
):
    Path("photos/0.jpg").rename("photos/z.jpg")
    with pytest.raises(SystemExit, match="CREDITS.csv: has no row for photos/z.jpg"):
        run_example(*TRAIN, "--out", "packed")
    assert not Path("runs/paintings").exists()


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
