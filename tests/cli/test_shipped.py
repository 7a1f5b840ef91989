"""The commands with weights that ship inside the package, here those of a toy."""

import json
import shutil

import numpy as np
import pytest

from keras_stylex.cli.model import RunModel, open_model
from keras_stylex.cli.stylize_video import checksum
from keras_stylex.data.images import read_image, to_float
from keras_stylex.export.tflite_contents import read_metadata
from keras_stylex.weights import shipped


@pytest.fixture(scope="session")
def packed(toy_run, pack_toy, tmp_path_factory):
    """The toy run's weights, packed: `ShippedWeights`."""
    return pack_toy(
        tmp_path_factory.mktemp("package") / "toy", toy_run.load_generator()
    )


@pytest.fixture(autouse=True)
def place(packed, tmp_path, monkeypatch):
    """An empty folder to work in, and a package that holds the toy alone."""
    monkeypatch.setattr(shipped, "FOLDER", packed.folder.parent)
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def paint(command, photos):
    """What `stylize toy` paints of one photo, with options."""

    def call(*options, model="toy"):
        out = ("-o", "out.png", "--overwrite")
        result = command("stylize", model, photos / "a.png", *out, *options)
        assert (result.code, result.err) == (0, "")
        return to_float(read_image("out.png"))

    return call


def expected(toy_run, photos, code):
    photo = to_float(read_image(photos / "a.png"))
    return np.asarray(toy_run.load_generator().stylize(photo[None], code))[0]


def test_it_paints_without_a_style_in_the_default_one(paint, toy_run, packed, photos):
    painted = paint()
    wave = expected(toy_run, photos, packed.styles[0].code)
    np.testing.assert_allclose(painted, wave, atol=2 / 255)


def test_a_style_is_chosen_by_name(paint, toy_run, packed, photos):
    painted = paint("--style", "red-fuji")
    fuji = expected(toy_run, photos, packed.styles[1].code)
    np.testing.assert_allclose(painted, fuji, atol=2 / 255)
    assert np.abs(painted - paint("--style", "wave")).max() > 0.02


def test_a_picture_is_a_reference_as_for_a_run(paint, toy_run, paintings):
    style = ("--style", paintings / "x.png")
    np.testing.assert_allclose(
        paint(*style), paint(*style, model=toy_run.folder), atol=2 / 255
    )


def test_a_picture_and_a_name_are_mixed_by_their_weights(paint, paintings):
    both = ("--style", paintings / "x.png", "red-fuji", "--weights")
    fuji = paint("--style", "red-fuji")
    np.testing.assert_array_equal(paint(*both, 0, 1), fuji)
    x = paint("--style", paintings / "x.png")
    np.testing.assert_array_equal(paint(*both, 2, 0), x)
    mixed = paint(*both, 1, 1)
    assert min(np.abs(mixed - fuji).max(), np.abs(mixed - x).max()) > 0.01


def test_a_file_wins_over_a_style_of_its_name(paint, paintings):
    shutil.copy(paintings / "x.png", "wave")
    x = paint("--style", paintings / "x.png")
    np.testing.assert_array_equal(paint("--style", "wave"), x)


def test_a_run_wins_over_weights_of_its_name(refused, photos, toy_run):
    shutil.copytree(toy_run.folder, "toy")
    line = refused("stylize", "toy", photos / "a.png", "-o", "out.png")
    assert line == "toy: needs a reference; give one with --style."


def test_a_folder_of_pictures_is_not_in_the_way(paint, photos, place):
    painted = paint()
    shutil.copytree(photos, place / "toy")
    np.testing.assert_array_equal(paint(), painted)


@pytest.mark.parametrize(
    "model, options, words",
    [
        ("monet", [], ["monet: is no run", "train --out", "holds: toy."]),
        ("toy", ["--style", "fuji"], ["fuji: there is no such", "wave, red-fuji"]),
        ("toy", ["--style", "no.jpg"], ["no.jpg: there is no such file", "wave"]),
        ("toy", ["--weights", "1"], ["--weights", "1 for 0"]),
    ],
)
def test_what_is_not_there_is_named_with_what_there_is(
    refused, photos, model, options, words
):
    line = refused("stylize", model, photos / "a.png", "-o", "out.png", *options)
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize("name", ["stylize", "export", "evaluate"])
def test_help_lists_them_with_their_styles(command, name, capsys):
    with pytest.raises(SystemExit):
        command(name, "--help")
    assert "  toy: wave, red-fuji\n" in capsys.readouterr().out


def test_a_damaged_package_is_named(refused, packed, tmp_path, monkeypatch):
    folder = shutil.copytree(packed.folder.parent, tmp_path / "package")
    monkeypatch.setattr(shipped, "FOLDER", folder)
    (folder / "toy/about.json").write_text("{")
    line = refused("stylize", "toy", "a.png", "-o", "out.png")
    assert line.startswith(f"{folder / 'toy/about.json'}: is damaged")


def test_a_video_is_painted_in_a_style_by_name(write_clip, command, place):
    pytest.importorskip("av")
    clip = write_clip(place / "clip.mp4", frames=2)
    result = command("stylize", "toy", clip, "--style", "red-fuji", "-o", "out.mp4")
    assert result.code == 0, result.err
    assert (place / "out.mp4").is_file()


def test_interrupted_work_is_told_by_its_style(paintings):
    styles = ["wave"], ["red-fuji"], ["wave", "red-fuji"], [paintings / "x.png"]
    assert len({checksum(style) for style in styles}) == 4
    assert checksum(["wave"]) == checksum(["wave"])


def test_an_export_has_the_style_the_licence_and_the_credits(
    command, frames, brief_timing
):
    sizes = ("--formats", "dynamic", "--size", "32x44", "--calibrate", frames)
    with brief_timing():
        result = command("export", "toy", *sizes, "--out", "exported")
    assert result.code == 0, result.err
    with open("exported/filter_wave_dynamic.tflite", "rb") as file:
        metadata = read_metadata(file.read())
    (reference,) = metadata["style"]["references"]
    assert reference == {"name": "wave", "sha256": "0f", "weight": 1.0}
    assert metadata["licence"] == "CC BY 4.0"
    with open("exported/MODEL_CARD.md", encoding="utf-8") as file:
        card = file.read()
    assert "| minutes | 12.5 |" in card and "| steps | 700 |" in card
    assert card.rstrip().endswith("- photos, 2 from a/b, CC BY 2.0: Somebody")
    assert "State here whose pictures" not in card
    assert "warning" not in result.err  # 700 steps are enough


def test_an_export_says_how_to_give_pictures(refused, place):
    line = refused("export", "toy", "--out", "exported")
    assert line.startswith("toy: the photos it learned from are not in the package")
    assert "8 pictures or more" in line and "--calibrate FOLDER" in line
    assert list(place.iterdir()) == []


def test_they_are_evaluated_on_pictures_that_are_given(
    command, toy_run, photos, paintings, place
):
    pictures = ("--content", photos, "--style", paintings, "--json")
    models = ("toy", toy_run.folder)
    results = [command("evaluate", model, *pictures) for model in models]
    toy, run = (json.loads(result.out.splitlines()[-1]) for result in results)
    assert toy == pytest.approx(run, abs=0.02)  # its weights are rounded
    assert toy["sensitivity"] > 0 and list(place.iterdir()) == []


@pytest.mark.parametrize("given", [(), ("--content", "a"), ("--style", "b")])
def test_an_evaluation_says_which_pictures_are_missing(refused, given):
    line = refused("evaluate", "toy", *given, "--features", "none.tflite")
    assert line.startswith("toy: the pictures it learned from are not in the package")
    assert "--content SOURCE and --style SOURCE" in line


def test_a_run_still_needs_a_reference_to_be_exported(refused, toy_run):
    line = refused("export", toy_run.folder, "--out", "exported")
    assert line == f"{toy_run.folder}: needs a reference; give one with --style."


def test_a_run_is_opened_by_its_options_alone(toy_run, place):
    (place / "toy").mkdir()
    shutil.copy(toy_run.config_file, place / "toy")  # it has trained nothing yet
    assert isinstance(open_model("toy"), RunModel)
