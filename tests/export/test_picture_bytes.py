"""Pictures as bytes: read as Pillow reads them, and never raising."""

import io
import struct

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.data.images import read_image, to_float, to_uint8
from keras_stylex.export.picture_bytes import decode_picture, encode_picture

RNG = np.random.default_rng(0)
RGB = RNG.integers(0, 256, (12, 20, 3), dtype="uint8")
SMOOTH = Image.fromarray(RGB).resize((60, 36), Image.Resampling.BICUBIC)
RGBA = Image.fromarray(RNG.integers(0, 256, (12, 20, 4), dtype="uint8"))


@pytest.fixture(scope="module")
def decode():
    return tf.function(decode_picture, [tf.TensorSpec((), "string")])


@pytest.mark.parametrize(
    "picture, options",
    [
        (RGB, {}),
        (RGB[..., 0], {}),
        (RGBA, {}),
        (RGBA.convert("LA"), {}),
        (Image.fromarray(RGB).quantize(6), {}),  # fewer than eight bits
        (Image.fromarray(RGB).quantize(200), {}),
        (Image.fromarray(RGB).quantize(6), {"transparency": 2}),
        (Image.fromarray(RGB[..., 0] > 99), {}),
        (RNG.integers(0, 2**16, (12, 20), dtype="uint16"), {}),
        (SMOOTH, {"kind": "JPEG"}),
        (SMOOTH, {"kind": "JPEG", "progressive": True}),
        (SMOOTH.convert("L"), {"kind": "JPEG"}),
        (SMOOTH.convert("CMYK"), {"kind": "JPEG"}),
    ],
)
def test_a_picture_is_read_as_pillow_reads_it(
    picture, options, encode, decode, tmp_path
):
    encoded = encode(picture, **options)
    (tmp_path / "picture").write_bytes(encoded)
    decoded, error = decode(encoded)
    assert error == b""
    expected = to_float(read_image(tmp_path / "picture"))
    assert decoded.dtype == tf.float32
    # Pillow rounds a picture over white, and 16 bits, to levels; we do not.
    np.testing.assert_allclose(decoded, expected, atol=0.6 * to_float(np.uint8(1)))


def test_eight_bits_are_kept_to_the_bit(encode, decode):
    decoded, _ = decode(encode(RGB))
    np.testing.assert_array_equal(to_uint8(decoded), RGB)
    png = encode_picture(tf.constant(to_float(RGB))).numpy()
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png))), RGB)


def _cut(encoded, part):
    return encoded[: int(len(encoded) * part)]


@pytest.mark.parametrize(
    "make, reason",
    [
        (lambda encode: b"", "is empty"),
        (lambda encode: b"hello", "is no JPEG or PNG picture"),
        (lambda encode: encode(RGB, "GIF"), "is no JPEG or PNG picture"),
        (lambda encode: encode(RGB, "BMP"), "is no JPEG or PNG picture"),
        (lambda encode: encode(RGB)[:12], "is damaged"),
        (lambda encode: _cut(encode(RGB), 0.5), "is damaged"),
        (lambda encode: encode(SMOOTH, "JPEG")[:3], "is damaged"),
        (lambda encode: _cut(encode(SMOOTH, "JPEG"), 0.7), "is damaged"),
    ],
)
def test_bad_bytes_have_a_reason_and_no_pixels(make, reason, encode, decode):
    decoded, error = decode(make(encode))
    assert decoded.shape == (0, 0, 3)
    assert error.numpy().decode().startswith(reason)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_too_many_pixels_are_refused_by_the_header(kind, encode, decode):
    header = encode(RGB, kind)
    if kind == "PNG":
        place, size = 16, struct.pack(">II", 4097, 4096)  # width, height
    else:
        place = header.index(b"\xff\xc0") + 5
        size = struct.pack(">HH", 4096, 4097)  # height, width
    header = header[:place] + size + header[place + len(size) :]
    _, error = decode(header)
    assert error == b"has 4097x4096 pixels, over the limit of 16777216 pixels"
