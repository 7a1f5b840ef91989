"""Pictures as bytes inside TensorFlow graphs: JPEG and PNG in, PNG out."""

import tensorflow as tf

from keras_stylex.data.images import to_float, to_uint8

MAX_PIXELS = 2**24  # of one picture, 4096x4096; painting it takes 1.7 GB
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"


def decode_picture(encoded, max_pixels=MAX_PIXELS):
    """Decodes a JPEG or PNG picture, and does not raise when it is none.

    Grey, palette, 16-bit, CMYK and progressive pictures are understood, and an alpha
    channel or a transparent palette lies over white. A single transparent colour of
    a grey or RGB PNG is taken as opaque. What TensorFlow's decoders do not tell is
    ignored: the EXIF orientation of a JPEG (turn such pictures upright before you send
    them), and colour profiles. A picture over `max_pixels` is refused by its header.

    Args:
        encoded: String tensor `()`.
        max_pixels: Integer, largest number of pixels of a picture.

    Returns: `(picture, error)`: `(height, width, 3)` float32 in [0, 1], and a string
        tensor `()` that is empty when all is well. Otherwise it says what is wrong,
        and the picture has no pixels.
    """
    # Decoders raise. A data set that leaves out what raises is how a graph goes on;
    # to take its one element costs 0.2 ms, to reduce it to that 100 ms.
    one = tf.data.Dataset.from_tensors
    decoded = one(encoded).map(lambda x: _decode(x, max_pixels)).ignore_errors()
    damaged = one(_refuse("is damaged and cannot be read"))
    picture, error = decoded.concatenate(damaged).take(1).get_single_element()
    return tf.ensure_shape(picture, (None, None, 3)), error


def encode_picture(picture):
    """PNG bytes, a string tensor `()`, of a `(height, width, 3)` picture in [0, 1]."""
    return tf.io.encode_png(to_uint8(picture))


def _decode(encoded, max_pixels):
    return tf.case(
        [
            (tf.equal(encoded, b""), lambda: _refuse("is empty")),
            (_starts_with(encoded, _JPEG), lambda: _decode_jpeg(encoded, max_pixels)),
            (_starts_with(encoded, _PNG), lambda: _decode_png(encoded, max_pixels)),
        ],
        default=lambda: _refuse("is no JPEG or PNG picture"),
    )


def _refuse(reason):
    return tf.zeros((0, 0, 3)), tf.constant(reason)


def _starts_with(encoded, start):
    return tf.equal(tf.strings.substr(encoded, 0, len(start)), start)


def _decode_jpeg(encoded, max_pixels):
    def pixels():
        return to_float(
            tf.io.decode_jpeg(encoded, channels=3, dct_method="INTEGER_ACCURATE")
        )

    size = tf.io.extract_jpeg_shape(encoded)[:2]
    return _unless_too_large(size, max_pixels, pixels)


def _decode_png(encoded, max_pixels):
    def pixels():
        deep = tf.io.decode_png(encoded, dtype=tf.uint16)
        return _over_white(tf.image.convert_image_dtype(deep, tf.float32))

    header = tf.strings.substr(encoded, 16, 8)  # of every PNG: width, height
    size = tf.io.decode_raw(header, tf.int32, little_endian=False)
    return _unless_too_large(size[::-1], max_pixels, pixels)


def _unless_too_large(size, max_pixels, pixels):
    height, width = tf.unstack(tf.cast(size, tf.int64), 2)
    reason = tf.strings.format(
        f"has {{}}x{{}} pixels, over the limit of {max_pixels} pixels", (width, height)
    )
    return tf.cond(
        height * width > max_pixels,
        lambda: (tf.zeros((0, 0, 3)), reason),
        lambda: (pixels(), tf.constant("")),
    )


def _over_white(x):
    """RGB of 1 to 4 channels: grey, grey and alpha, RGB, RGB and alpha."""
    color, alpha = tf.cond(
        tf.equal(tf.shape(x)[-1] % 2, 0),
        lambda: (x[..., :-1], x[..., -1:]),
        lambda: (x, tf.ones_like(x[..., :1])),
    )
    white = color * alpha + (1 - alpha)
    return tf.broadcast_to(white, tf.concat([tf.shape(x)[:2], [3]], 0))
