"""`keras-stylex stylize`, from files to files."""

import contextlib
import resource

import numpy as np
import pytest
from PIL import Image

from keras_stylex.data.images import read_image, to_float
from keras_stylex.inference.color import LUMA


@pytest.fixture
def stylize(command, toy_run, paintings):
    """Calls `stylize` with the toy run and a reference, which must succeed."""

    def call(*arguments, style=(paintings / "x.png",)):
        result = command("stylize", toy_run.folder, *arguments, "--style", *style)
        assert result.code == 0, result.err
        assert result.err == ""
        return result.out

    return call


@pytest.fixture
def stylize_refused(refused, toy_run, paintings):
    def call(*arguments, style=(paintings / "x.png",)):
        return refused("stylize", toy_run.folder, *arguments, "--style", *style)

    return call


def test_one_picture_is_painted_to_the_file_that_is_named(stylize, photos, tmp_path):
    out = tmp_path / "new" / "painted.jpg"
    assert stylize(photos / "a.png", "-o", out) == f"Painted 1 of 1 pictures: {out}\n"
    painted, photo = read_image(out), read_image(photos / "a.png")
    assert painted.shape == photo.shape
    assert np.abs(to_float(painted) - to_float(photo)).mean() > 0.02
    assert list(out.parent.iterdir()) == [out]


def test_folders_keep_their_structure(command, toy_run, photos, paintings, tmp_path):
    inner = tmp_path / "in" / "deep" / "deeper"
    inner.mkdir(parents=True)
    files = [tmp_path / "in" / "b.png", inner / "a.png"]
    for file in files:
        file.write_bytes((photos / file.name).read_bytes())
    result = command(
        *("stylize", toy_run.folder, tmp_path / "in", photos / "c.png"),
        *("--style", paintings / "x.png", "-o", tmp_path / "out"),
    )
    assert result.code == 0
    written = {p.relative_to(tmp_path / "out") for p in tmp_path.rglob("out/**/*.*")}
    assert {str(path) for path in written} == {"b.png", "c.png", "deep/deeper/a.png"}


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (2000, 5), (47, 33)])
def test_pictures_of_any_size_keep_it(stylize, tmp_path, size):
    Image.new("RGB", size, "teal").save(tmp_path / "photo.png")
    stylize(tmp_path / "photo.png", "-o", tmp_path / "out.png")
    assert read_image(tmp_path / "out.png").shape == (*size[::-1], 3)


def test_larger_pictures_are_shrunk_on_demand(stylize, photos, tmp_path):
    out, small = tmp_path / "out.png", tmp_path / "small.png"
    Image.fromarray(read_image(photos / "a.png", short_side=20)).save(small)
    stylize(small, "-o", tmp_path / "expected.png")
    stylize(photos / "a.png", "-o", out, "--size", 20)
    expected = read_image(tmp_path / "expected.png")
    np.testing.assert_array_equal(read_image(out), expected)
    assert expected.shape == (20, 30, 3)
    stylize(photos / "a.png", "-o", out, "--size", 33, "--overwrite")
    assert read_image(out).shape == (32, 48, 3)


def test_what_is_large_for_the_network_is_said(stylize, tmp_path):
    said = []
    for size in ((200, 128), (129, 140)):
        Image.new("RGB", size, "teal").save(tmp_path / "in.png")
        said.append(
            stylize(tmp_path / "in.png", "-o", tmp_path / "out.png", "--overwrite")
        )
    assert "--size" not in said[0]
    assert said[1].endswith(
        "from pictures of 32 pixels comes out small at 129; --size 96 shows more of "
        "it.\n"
    )


def test_sizes_that_cannot_be_are_refused(stylize_refused, photos, tmp_path):
    out = ("-o", tmp_path / "out.png")
    assert "--size must be 1 or" in stylize_refused(photos / "a.png", *out, "--size", 0)
    video = (tmp_path / "a.mp4", "-o", tmp_path / "b.mp4")
    assert "keep their size" in stylize_refused(*video, "--size", 9)


def test_a_turned_picture_comes_out_upright(stylize, photos, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be seen turned to the right
    stored = np.rot90(read_image(photos / "a.png"))
    Image.fromarray(stored).save(tmp_path / "turned.png", exif=exif)
    stylize(photos / "a.png", "-o", tmp_path / "expected.png")
    stylize(tmp_path / "turned.png", "-o", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as out:
        assert 0x0112 not in out.getexif()
        np.testing.assert_array_equal(out, read_image(tmp_path / "expected.png"))


def test_what_is_transparent_is_painted_as_white(stylize, photos, tmp_path):
    image = Image.fromarray(read_image(photos / "a.png"))
    mask = Image.new("L", image.size, "white")
    mask.paste("black", (0, 0, 20, 32))
    white = Image.composite(image, Image.new("RGB", image.size, "white"), mask)
    white.save(tmp_path / "white.png")
    image.putalpha(mask)
    image.save(tmp_path / "alpha.png")
    for name in ("white", "alpha"):
        stylize(tmp_path / f"{name}.png", "-o", tmp_path / f"{name}-out.png")
    results = [read_image(tmp_path / f"{name}-out.png") for name in ("white", "alpha")]
    np.testing.assert_array_equal(*results)


def paint(stylize, photos, out, *options, **styles):
    stylize(photos / "a.png", "-o", out, "--overwrite", *options, **styles)
    return to_float(read_image(out))


def test_strength_goes_from_the_neutral_style_to_the_reference(
    stylize, photos, paintings, tmp_path
):
    out, other = tmp_path / "out.png", (paintings / "y.png",)
    none, half, full = (
        paint(stylize, photos, out, "--strength", s) for s in (0, 0.5, 1)
    )
    np.testing.assert_array_equal(full, paint(stylize, photos, out))
    assert min(np.abs(none - half).max(), np.abs(half - full).max()) > 0.02
    # Of the reference, nothing is left.
    np.testing.assert_array_equal(
        none, paint(stylize, photos, out, "--strength", 0, style=other)
    )


def test_references_count_by_their_weights(stylize, photos, paintings, tmp_path):
    out, both = tmp_path / "out.png", (paintings / "x.png", paintings / "y.png")
    x, y = (paint(stylize, photos, out, style=(one,)) for one in both)
    only_y = paint(stylize, photos, out, "--weights", 0, 3, style=both)
    np.testing.assert_array_equal(only_y, y)
    mostly_x = paint(stylize, photos, out, "--weights", 3, 1, style=both)
    equally = paint(stylize, photos, out, style=both)
    distances = [np.abs(z - x).mean() for z in (mostly_x, equally, y)]
    assert distances == sorted(distances)
    assert min(np.diff([0, *distances])) > 1e-3


def test_the_colours_of_the_picture_can_be_kept(stylize, photos, tmp_path):
    kept = paint(stylize, photos, tmp_path / "out.png", "--preserve-color")
    full = paint(stylize, photos, tmp_path / "out.png")
    photo = to_float(read_image(photos / "a.png"))
    inside = ((kept > 0) & (kept < 1)).all(-1)  # elsewhere hues were clipped
    assert inside.mean() > 0.5

    def chroma(picture):
        return (picture - (picture @ LUMA)[..., None])[inside]

    rounding = 2 / 255
    np.testing.assert_allclose(chroma(kept), chroma(photo), atol=rounding)
    np.testing.assert_allclose((kept @ LUMA)[inside], (full @ LUMA)[inside], atol=0.01)
    assert np.abs(chroma(full) - chroma(photo)).max() > 5 * rounding


def test_pictures_that_cannot_be_read_are_named_and_the_others_painted(
    command, toy_run, broken, paintings, tmp_path
):
    out = tmp_path / "out"
    result = command(
        *("stylize", toy_run.folder, broken, "-o", out),
        *("--style", paintings / "x.png"),
    )
    assert result.code == 2
    assert result.out == f"Painted 2 of 6 pictures: {out}\n"
    assert {file.name for file in out.iterdir()} == {"good.png", "dot.png"}
    for name in ("bomb.png", "text.jpg", "truncated.png", "zero.png"):
        assert f"{broken / name}: " in result.err
    assert "good.png" not in result.err and "dot.png" not in result.err


def test_a_picture_that_is_not_there_is_named(stylize_refused, tmp_path):
    line = stylize_refused(tmp_path / "no.jpg", "-o", tmp_path / "out.png")
    assert line == f"{tmp_path / 'no.jpg'}: there is no such file"
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("name", ["truncated.png", "zero.png", "text.jpg", "bomb.png"])
def test_a_reference_that_cannot_be_read_is_named(
    stylize_refused, photos, broken, tmp_path, name
):
    out = tmp_path / "out.png"
    line = stylize_refused(photos / "a.png", "-o", out, style=(broken / name,))
    assert line.startswith(f"{broken / name}: ")
    assert not out.exists()


def test_a_folder_without_pictures_is_named(stylize_refused, tmp_path):
    line = stylize_refused(tmp_path, "-o", tmp_path / "out")
    assert line.startswith(f"{tmp_path}: no pictures in this folder")


def test_what_exists_is_replaced_only_when_asked_for(
    stylize, stylize_refused, photos, tmp_path
):
    out = tmp_path / "out.png"
    out.write_text("mine")
    line = stylize_refused(photos / "a.png", "-o", out)
    assert line == f"{out}: exists. Add --overwrite to replace it."
    assert out.read_text() == "mine"
    stylize(photos / "a.png", "-o", out, "--overwrite")
    assert read_image(out).shape == (32, 48, 3)


def test_several_pictures_are_not_painted_to_a_file(stylize_refused, photos, tmp_path):
    (tmp_path / "out").write_text("mine")
    line = stylize_refused(photos, "-o", tmp_path / "out")
    assert line.startswith(f"{tmp_path / 'out'}: is a file. Give a folder")


def test_a_folder_that_exists_is_one_whatever_its_name(stylize, photos, tmp_path):
    (tmp_path / "v1.0").mkdir()
    stylize(photos / "a.png", "-o", tmp_path / "v1.0")
    assert (tmp_path / "v1.0" / "a.png").is_file()


def test_two_paintings_of_one_name_are_refused(stylize_refused, photos, tmp_path):
    line = stylize_refused(photos, photos / "a.png", "-o", tmp_path / "out")
    assert str(tmp_path / "out" / "a.png") in line and "different folders" in line


@pytest.mark.parametrize(
    "options, words",
    [
        (["-o", "out.xyz"], ["out.xyz", ".png"]),
        (["-o", "out.png", "--strength", "1.5"], ["--strength", "1.5", "[0, 1]"]),
        (["-o", "out.png", "--strength", "nan"], ["--strength", "nan", "[0, 1]"]),
        (["-o", "out.png", "--weights", "1", "2"], ["--weights", "2 for 1"]),
        (["-o", "out.png", "--weights", "-1"], ["--weights", "-1"]),
        (["-o", "out.png", "--weights", "0"], ["--weights", "not all 0"]),
        (["-o", "out.png", "--weights", "nan"], ["--weights", "nan"]),
    ],
)
def test_impossible_values_are_refused(
    stylize_refused, photos, tmp_path, monkeypatch, options, words
):
    monkeypatch.chdir(tmp_path)
    line = stylize_refused(photos / "a.png", *options)
    assert [word for word in words if word not in line] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["none", "no zip", "truncated", "other model"])
def test_a_folder_that_is_no_run_is_named(
    refused, photos, paintings, toy_run, tmp_path, damage
):
    file, whole = tmp_path / "generator.keras", toy_run.generator_file.read_bytes()
    if damage == "truncated":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "no zip":
        file.write_text("generator")
    elif damage == "other model":
        import keras

        keras.Sequential([keras.Input((3,)), keras.layers.ReLU()]).save(file)
    line = refused(
        *("stylize", tmp_path, photos / "a.png", "-o", tmp_path / "out.png"),
        *("--style", paintings / "x.png"),
    )
    named = tmp_path if damage == "none" else file
    assert line.startswith(f"{named}: ")
    assert "train" in line  # what to do
    assert "not found" not in line  # which Keras says of all that is no archive


def test_a_generator_with_a_flipped_byte_is_named(
    refused, photos, paintings, toy_run, tmp_path
):
    content = bytearray(toy_run.generator_file.read_bytes())
    content[len(content) // 2] ^= 64
    (tmp_path / "generator.keras").write_bytes(content)
    line = refused(
        *("stylize", tmp_path, photos / "a.png", "-o", tmp_path / "out.png"),
        *("--style", paintings / "x.png"),
    )
    assert line.startswith(f"{tmp_path / 'generator.keras'}: ")


@contextlib.contextmanager
def full_disk():
    """No file can grow beyond a kilobyte; nor can the one that pytest prints to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_half_written(stylize_refused, photos, tmp_path):
    out = tmp_path / "out.png"
    with full_disk():
        line = stylize_refused(photos / "a.png", "-o", out)
    assert line.startswith(f"{out}: cannot be written (")
    assert list(tmp_path.iterdir()) == []


def paint_exported(command, model, photos, out, *options):
    result = command("stylize", model, photos / "a.png", "-o", out, *options)
    assert result.code == 0, result.err
    assert result.out == f"Painted 1 of 1 pictures: {out}\n"
    return to_float(read_image(out))


def test_a_filter_paints_its_own_style(command, exported, photos, tmp_path):
    model = exported.folder / "filter_my-filter_int8.tflite"
    painted = paint_exported(command, model, photos, tmp_path / "out.png")
    assert painted.shape == (29, 44, 3)  # 32x48 in 32x44


@pytest.mark.parametrize("name, atol", [("saved_model", 0.003), ("saved_model/1", 1)])
def test_a_saved_model_paints_what_the_run_paints(
    command, exported, toy_run, photos, paintings, tmp_path, name, atol
):
    look = ("--style", *paintings.iterdir(), "--weights", 3, 1, "--strength", 0.7)
    painted, expected = (
        paint_exported(command, model, photos, tmp_path / f"{i}.png", *look)
        for i, model in enumerate((exported.folder / name, toy_run.folder))
    )
    np.testing.assert_allclose(painted, expected, atol=atol)


def test_a_pair_paints_in_the_style_that_is_given(
    command, exported, photos, paintings, tmp_path
):
    model = exported.folder / "stylizer_float16.tflite"
    x, y, half = (
        paint_exported(command, model, photos, tmp_path / f"{i}.png", *look)
        for i, look in enumerate(
            (
                ("--style", paintings / "x.png"),
                ("--style", paintings / "y.png"),
                ("--style", paintings / "x.png", "--strength", 0.5),
            )
        )
    )
    assert x.shape == (29, 44, 3)
    assert min(np.abs(x - y).max(), np.abs(x - half).max()) > 0.02


@pytest.mark.parametrize(
    "name, options, words",
    [
        ("filter_my-filter_int8.tflite", ["--style", "x"], ["folded in", "--style"]),
        ("filter_my-filter_int8.tflite", ["--strength", "0.5"], ["--strength"]),
        ("stylizer_float16.tflite", [], ["needs a reference", "--style"]),
        ("saved_model", [], ["needs a reference", "--style"]),
        ("style_encoder_float16.tflite", [], ["encode_style, not stylize"]),
        ("none.tflite", [], ["cannot be read (No such file"]),
        ("none", ["--style", "x"], ["is no run"]),
    ],
)
def test_an_export_that_cannot_paint_so_is_named(
    refused, exported, photos, paintings, tmp_path, name, options, words
):
    options = [paintings / "x.png" if option == "x" else option for option in options]
    out, model = tmp_path / "out.png", exported.folder / name
    line = refused("stylize", model, photos / "a.png", "-o", out, *options)
    assert line.startswith(f"{model}: ")
    assert [word for word in words if word not in line] == []
    assert not out.exists()
