"""Reading and writing pictures: the value range, every kind of file, every bad one."""

import io
import pathlib
import struct
import subprocess
import sys
import warnings
import zlib

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.data import list_images, read_image, to_float, to_uint8, write_image
from keras_stylex.data.images import fit_training_image, read_training_image
from keras_stylex.errors import InputError

LEVELS = np.arange(256, dtype="uint8")
# Smooth enough for JPEG, and different along both axes and in each channel.
Y, X = np.mgrid[0:24, 0:36]
PICTURE = np.stack([10 * Y, 7 * X, 40 + 5 * Y], -1).astype("uint8")
FORMATS = ["jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff"]


def test_to_float_maps_levels_to_fractions_and_back_without_loss():
    np.testing.assert_allclose(to_float(LEVELS), np.arange(256) / 255, rtol=1e-6)
    assert to_float(LEVELS).dtype == np.float32
    np.testing.assert_array_equal(to_uint8(to_float(LEVELS)), LEVELS)


def test_to_uint8_rounds_and_clips():
    values = np.array([-0.2, 0.0, 0.49 / 255, 0.51 / 255, 254.6 / 255, 1.0, 7.0])
    np.testing.assert_array_equal(to_uint8(values), [0, 0, 0, 1, 255, 255, 255])


def test_tensors_stay_tensors_and_get_the_same_values():
    values = np.linspace(-0.5, 1.5, 1001, dtype="float32")
    assert isinstance(to_float(tf.constant(LEVELS)), tf.Tensor)
    np.testing.assert_allclose(to_float(tf.constant(LEVELS)), to_float(LEVELS), 1e-6)
    np.testing.assert_array_equal(to_uint8(tf.constant(values)), to_uint8(values))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_to_uint8_takes_any_floats(dtype):
    halves = np.full((2, 3), 0.5, dtype)
    assert to_uint8(halves).tolist() == to_uint8(tf.constant(halves)).numpy().tolist()


def test_pixels_of_the_wrong_kind_are_refused_rather_than_scaled_twice():
    with pytest.raises(ValueError, match="Expected uint8 pixels. Received: dtype=flo"):
        to_float(np.zeros((2, 3, 3), "float32"))
    with pytest.raises(ValueError, match="Expected float pixels. Received: dtype=uin"):
        to_uint8(LEVELS)


@pytest.mark.parametrize("suffix", FORMATS + ["PNG"])
def test_every_format_is_written_and_read_again(tmp_path, suffix):
    path = tmp_path / f"new/folder/picture.{suffix}"
    write_image(path, PICTURE)
    off = np.abs(read_image(path).astype(int) - PICTURE)
    lossless = suffix.lower() in ("png", "bmp", "tif", "tiff")
    assert off.max() == 0 if lossless else off.mean() < 6
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    with Image.open(path) as image:
        named = {"jpg": "jpeg", "tif": "tiff"}.get(suffix.lower(), suffix.lower())
        assert image.format.lower() == named


def test_floats_are_written_as_levels(tmp_path):
    write_image(tmp_path / "a.png", to_float(PICTURE))
    np.testing.assert_array_equal(read_image(str(tmp_path / "a.png")), PICTURE)


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(
    tmp_path, monkeypatch
):
    path = tmp_path / "a.png"
    write_image(path, PICTURE)

    def break_off(self, file, *args, **kwargs):
        file.write_bytes(b"half of it")
        raise OSError("the disk is full")

    monkeypatch.setattr(Image.Image, "save", break_off)
    with pytest.raises(InputError, match="a.png: cannot be written.*disk is full"):
        write_image(path, PICTURE // 2)
    assert list(tmp_path.iterdir()) == [path]
    np.testing.assert_array_equal(read_image(path), PICTURE)


def test_written_files_may_be_read_by_whoever_may_read_others(tmp_path):
    (tmp_path / "plain").write_text("")
    write_image(tmp_path / "a.png", PICTURE)
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1


@pytest.mark.parametrize("name", ["a.psd", "a", "a.txt"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path, name):
    with pytest.raises(InputError, match=rf"{name}: unknown kind.*\.jpg, .*\.png"):
        write_image(tmp_path / name, PICTURE)


def test_a_place_that_is_a_file_or_a_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    for path in (tmp_path / "file/a.png", tmp_path / "folder.png"):
        with pytest.raises(InputError, match=f"{path}: cannot be written"):
            write_image(path, PICTURE)


def test_only_pictures_of_three_channels_are_written(tmp_path):
    with pytest.raises(ValueError, match=r"Received: shape=\(24, 36\)"):
        write_image(tmp_path / "a.png", PICTURE[..., 0])


# What each EXIF orientation stores, for a picture that is PICTURE when upright.
STORED = {
    1: PICTURE,
    2: PICTURE[:, ::-1],
    3: PICTURE[::-1, ::-1],
    4: PICTURE[::-1],
    5: PICTURE.swapaxes(0, 1),
    6: PICTURE.swapaxes(0, 1)[::-1],
    7: PICTURE[::-1, ::-1].swapaxes(0, 1),
    8: PICTURE.swapaxes(0, 1)[:, ::-1],
}


@pytest.mark.parametrize("orientation", STORED)
def test_pictures_are_turned_upright(save, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(STORED[orientation])
    path = save("turned.png", stored, exif=exif)
    np.testing.assert_array_equal(read_image(path), PICTURE)


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_jpeg_is_shrunk_upright_and_keeps_its_shape(save, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    large = Image.fromarray(np.ascontiguousarray(STORED[orientation]))
    large = large.resize([20 * side for side in large.size], Image.Resampling.BICUBIC)
    path = save("large.jpg", large, exif=exif, quality=95)
    small = read_image(path, short_side=24)
    assert small.shape == (24, 36, 3)
    assert np.abs(small.astype(int) - PICTURE).mean() < 4


@pytest.mark.parametrize("orientation", [1, 6])
def test_decoding_a_jpeg_at_a_fraction_of_its_size_costs_no_detail(save, orientation):
    noise = np.random.default_rng(0).integers(0, 256, (48, 144), "uint8")
    large = np.kron(noise, np.ones((6, 6), "uint8"))
    expected = Image.fromarray(large).resize((144, 48), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = large if orientation == 1 else np.ascontiguousarray(large.T[::-1])
    path = save("large.jpg", stored, exif=exif, quality=95)
    picture = read_training_image(path, (48, 16))[..., 0]
    middle = np.asarray(expected)[:, 40:104]
    assert picture.shape == middle.shape
    assert np.abs(picture.astype(int) - middle).mean() < 6


def test_broken_exif_data_does_not_cost_the_picture(save):
    path = save("odd.jpg", PICTURE, exif=b"Exif\x00\x00MM\x00\x2anonsense", quality=95)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert read_image(path).shape == PICTURE.shape


def test_grey_becomes_rgb(save):
    grey = PICTURE[..., 0]
    for name in ("grey.png", "grey.tif", "grey.bmp"):
        expected = np.repeat(grey[..., None], 3, -1)
        np.testing.assert_array_equal(read_image(save(name, grey)), expected)


def test_black_and_white_becomes_rgb(save):
    path = save("bits.png", Image.fromarray(PICTURE[..., 0] > 100))
    np.testing.assert_array_equal(
        read_image(path)[..., 1], np.where(PICTURE[..., 0] > 100, 255, 0)
    )


def test_cmyk_jpegs_come_out_in_their_colours(save):
    red = np.zeros((16, 24, 4), "uint8")
    red[..., 1:3] = 255  # full magenta and yellow
    path = save("red.jpg", Image.fromarray(red, "CMYK"), quality=95)
    np.testing.assert_allclose(
        read_image(path), np.full((16, 24, 3), [255, 0, 0]), 0, 3
    )


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_grey_is_scaled_not_clipped(save, suffix):
    deep = np.array([[0, 127, 129, 257, 32768, 40000, 65535]], "uint16")
    expected = np.round(deep / 65535 * 255)
    picture = read_image(save(f"deep.{suffix}", deep))
    np.testing.assert_array_equal(picture, np.repeat(expected[..., None], 3, -1))


def test_32_bit_pictures_have_no_known_range_and_are_refused(save):
    whole = save("whole.tif", np.array([[0, 70000]], "int32"))
    floats = save("floats.tif", np.array([[0, 0.5]], "float32"))
    for path in (whole, floats):
        with pytest.raises(
            InputError, match=f"{path.name}: .*save it with 8 or 16 bit"
        ):
            read_image(path)


def test_transparency_lies_over_white(save):
    rgba = np.zeros((2, 3, 4), "uint8")
    rgba[0] = [200, 0, 100, 255]
    rgba[1] = [200, 0, 100, 51]  # a fifth
    expected = np.zeros((2, 3, 3), "uint8")
    expected[0] = [200, 0, 100]
    expected[1] = [244, 204, 224]  # 255 - (255 - colour) / 5
    picture = read_image(save("glass.png", rgba))
    np.testing.assert_allclose(picture, expected, atol=1)


def test_grey_with_transparency_lies_over_white(save):
    la = np.stack([np.full((2, 3), 55), np.full((2, 3), 51)], -1).astype("uint8")
    picture = read_image(save("smoke.png", Image.fromarray(la, "LA")))
    np.testing.assert_allclose(picture, np.full((2, 3, 3), 215), atol=1)


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_palettes_with_a_transparent_colour_lie_over_white(save, suffix):
    image = Image.fromarray(np.array([[0, 1, 2]], "uint8"), "P")
    image.putpalette([9, 9, 9, 0, 200, 0, 0, 0, 250])
    path = save(f"palette.{suffix}", image, transparency=0)
    expected = [[[255, 255, 255], [0, 200, 0], [0, 0, 250]]]
    np.testing.assert_array_equal(read_image(path), expected)


def test_palettes_with_graded_transparency_lie_over_white(save):
    image = Image.fromarray(np.array([[0, 1]], "uint8"), "P")
    image.putpalette([200, 0, 100, 0, 200, 0])
    path = save("graded.png", image, transparency=bytes([51, 255]))
    expected = [[[244, 204, 224], [0, 200, 0]]]
    np.testing.assert_allclose(read_image(path), expected, atol=1)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_of_an_animation_the_first_frame_is_read(save, suffix):
    frames = [Image.new("RGB", (12, 8), colour) for colour in ("red", "lime", "blue")]
    options = {"lossless": True} if suffix == "webp" else {}
    path = save(
        f"film.{suffix}", frames[0], save_all=True, append_images=frames[1:], **options
    )
    np.testing.assert_array_equal(read_image(path), np.full((8, 12, 3), [255, 0, 0]))


def test_short_side_shrinks_what_is_larger_and_keeps_the_aspect(save):
    path = save("a.png", PICTURE)
    assert read_image(path, short_side=8).shape == (8, 12, 3)
    for side in (24, 48):
        np.testing.assert_array_equal(read_image(path, short_side=side), PICTURE)


def test_shrinking_averages_instead_of_dropping_pixels(save):
    stripes = np.zeros((64, 96, 3), "uint8")
    stripes[:, ::2] = 255
    small = read_image(save("stripes.png", stripes), short_side=8)
    assert np.abs(small.astype(int) - 127.5).max() < 8


def test_a_picture_of_one_pixel_can_be_read_but_not_learned_from(save):
    path = save("dot.png", np.full((1, 1, 3), 77, "uint8"))
    np.testing.assert_array_equal(read_image(path), [[[77, 77, 77]]])
    with pytest.raises(InputError, match="dot.png: 1x1 pixels .* each side needs 8"):
        read_training_image(path, (16, 16))


@pytest.mark.parametrize(
    "shape, cover, expected",
    [
        ((24, 36), (12, 12), (12, 18)),
        ((24, 36), (12, 24), (16, 24)),  # the width decides
        ((24, 36), (16, 12), (16, 24)),  # the height decides
        ((12, 10), (24, 24), (29, 24)),  # enlarged
        ((8, 4000), (16, 16), (16, 64)),  # the middle of a strip
        ((4000, 8), (16, 20), (62, 20)),
    ],
)
def test_training_pictures_cover_the_crop_as_closely_as_they_can(
    save, shape, cover, expected
):
    path = save("a.png", np.zeros((*shape, 3), "uint8"))
    assert read_training_image(path, cover).shape == (*expected, 3)


def test_of_a_long_strip_the_middle_is_kept(save):
    strip = np.zeros((8, 800, 3), "uint8")
    strip[:, 384:416] = 200
    picture = read_training_image(save("strip.png", strip), (8, 8))
    np.testing.assert_array_equal(picture, np.full((8, 32, 3), 200))


def test_a_strip_of_thirty_thousand_pixels_is_read(save):
    path = save("strip.png", np.zeros((10, 30_000, 3), "uint8"))
    assert read_image(path).shape == (10, 30_000, 3)
    assert read_training_image(path, (144, 144)).shape == (144, 576, 3)


def png_header(width, height):
    """A PNG file which claims a size and holds no pixels."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"")


@pytest.mark.parametrize("side", [12_000, 30_000])  # above once and twice the limit
@pytest.mark.parametrize("action", ["error", "ignore"])  # Pillow's own warning
def test_decompression_bombs_are_refused_with_their_size_and_the_limit(
    tmp_path, side, action
):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(side, side))
    with warnings.catch_warnings(), pytest.raises(InputError) as caught:
        warnings.simplefilter(action)
        read_image(path)
    message = str(caught.value).replace(",", "")
    assert message.startswith(f"{path}: ")
    assert "make it smaller first" in message
    assert str(side * side) in message or f"{side}x{side}" in message
    limit = Image.MAX_IMAGE_PIXELS
    assert str(limit) in message or str(2 * limit) in message


def truncated(save, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), "uint8")
    path = save(f"cut.{suffix}", noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_truncated_files_are_named_as_damaged(save, suffix):
    path = truncated(save, suffix)
    with pytest.raises(InputError, match=f"{path}: is (damaged|not a picture)"):
        read_image(path)


@pytest.mark.parametrize("length", [4, 9, 20, 40, 64, 200])
@pytest.mark.parametrize("suffix", FORMATS)
def test_files_cut_anywhere_end_as_an_input_error(save, suffix, length):
    path = truncated(save, suffix)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InputError, match=str(path)):
        read_image(path)


def test_other_bad_files_are_named_with_what_is_wrong(tmp_path):
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("this is not a picture at all")
    (tmp_path / "folder.jpg").mkdir()
    for name, reason in [
        ("empty.jpg", r"is empty \(0 bytes\)"),
        ("text.jpg", "is not a picture"),
        ("folder.jpg", "is a folder"),
        ("missing.jpg", "there is no such file"),
    ]:
        with pytest.raises(InputError, match=f"{tmp_path / name}: {reason}") as caught:
            read_image(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_formats_which_run_other_programs_are_not_even_tried(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EOF\n")
    with pytest.raises(InputError, match="a.jpg: is not a picture"):
        read_image(path)


def test_encoded_bytes_are_read_like_files_and_named_as_told():
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, "PNG")
    np.testing.assert_array_equal(read_training_image(file, (24, 24), "it"), PICTURE)
    with pytest.raises(InputError, match="picture 7: is empty"):
        read_training_image(io.BytesIO(), (8, 8), "picture 7")


def test_pictures_in_memory_are_fitted_like_files():
    for image in (PICTURE, to_float(PICTURE), to_float(PICTURE).astype("float64")):
        np.testing.assert_array_equal(
            fit_training_image(image, (24, 24), "it"), PICTURE
        )
    grey = fit_training_image(PICTURE[..., :1], (24, 24), "it")
    np.testing.assert_array_equal(grey, np.repeat(PICTURE[..., :1], 3, -1))
    np.testing.assert_array_equal(
        fit_training_image(PICTURE[..., 0], (24, 24), "it"), grey
    )


@pytest.mark.parametrize(
    "image, reason",
    [
        (np.zeros((9, 9, 3), "int32"), "has int32 pixels"),
        (np.full((9, 9, 3), 255.0), r"float pixels must lie in \[0, 1\]"),
        (np.full((9, 9, 3), -1.0), r"float pixels must lie in \[0, 1\]"),
        (np.full((9, 9, 3), np.nan), r"float pixels must lie in \[0, 1\]"),
        (np.zeros((9, 9, 2), "uint8"), r"has shape \(9, 9, 2\)"),
        (np.zeros((0, 9, 3), "uint8"), "has no pixels"),
        (np.zeros((9, 7, 3), "uint8"), "7x9 pixels are too few"),
    ],
)
def test_bad_pictures_in_memory_are_named_with_what_is_wrong(image, reason):
    with pytest.raises(InputError, match=f"it: {reason}"):
        fit_training_image(image, (8, 8), "it")


def test_list_images_finds_pictures_at_any_depth_sorted(save, tmp_path):
    names = ["b.PNG", "a/z.jpg", "a/b/c.webp", "c.tiff", "a.gif", "d.bmp", "e.jpeg"]
    paths = {save(name, PICTURE) for name in names}
    for name in ("notes.txt", ".hidden.png", "a/._z.jpg", ".thumbnails/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert list_images(tmp_path) == sorted(paths)
    assert list_images(str(tmp_path / "a/z.jpg")) == [tmp_path / "a/z.jpg"]


def test_list_images_follows_links_to_folders_but_not_in_circles(save, tmp_path):
    path = save("elsewhere/a.png", PICTURE)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/linked").symlink_to(path.parent)
    (path.parent / "circle").symlink_to(tmp_path / "photos")
    assert list_images(tmp_path / "photos") == [tmp_path / "photos/linked/a.png"]


def test_folders_without_pictures_are_refused(tmp_path):
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        list_images(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"no pictures in this folder \(it is empty\)"):
        list_images(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InputError, match=r"1 other files; looked for \.jpg"):
        list_images(tmp_path)


def test_reading_pictures_needs_no_tensorflow():
    code = (
        "import sys; sys.argv = ['keras-stylex']; "
        "from keras_stylex.data.images import read_image, to_float; "
        "print({'tensorflow', 'tensorflow_datasets', 'keras'} & set(sys.modules))"
    )
    root = pathlib.Path(__file__).parents[2]
    found = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=root)
    assert found.strip() == "set()"
