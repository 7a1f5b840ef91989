"""Crops and other changes, driven by seeds: the same seed gives the same picture."""

import math

import tensorflow as tf

from keras_stylex.data.images import to_float, to_uint8

LARGEST_ANGLE = math.radians(5)  # as of a camera in a hand, or a crooked scan
SMALLEST_VIEW = 0.8  # of the largest view that fits
GAMMA = 0.3  # binary logarithm of the largest
SATURATION = 0.2  # more or less than 1, at most
LUMA = (0.299, 0.587, 0.114)  # of red, green and blue (Rec. 601)


def random_crop_and_flip(image, size, seed):
    """A random `size` window of the picture, mirrored in half of all cases.

    Args:
        image: `(h, w, 3)` tensor, at least as large as `size`.
        size: `(height, width)` in pixels.
        seed: Two integers; a function of nothing else.

    Returns: `(height, width, 3)` in the picture's dtype.
    """
    crop_seed, flip_seed = tf.unstack(tf.random.split(seed, 2))
    image = tf.image.stateless_random_crop(image, (*size, 3), crop_seed)
    return tf.image.stateless_random_flip_left_right(image, flip_seed)


def random_view(image, size, seed):
    """A random window, zoomed and a little turned, mirrored in half of all cases.

    It is turned by up to 5 degrees either way, and measures 0.8 to 1 times what the
    picture has room for at that angle: it never reaches over the border.

    Args:
        image: `(h, w, 3)` tensor.
        size: `(height, width)` of the result in pixels. Let pictures be 1.5 times as
            large, so that views are only ever shrunk.
        seed: Two integers; a function of nothing else.

    Returns: `(height, width, 3)` in the picture's dtype.
    """
    view_seed, flip_seed = tf.unstack(tf.random.split(seed, 2))
    chances = tf.random.stateless_uniform((4,), view_seed)
    transform = _view(tf.shape(image)[:2], size, *tf.unstack(chances))
    view = tf.raw_ops.ImageProjectiveTransformV3(
        images=tf.cast(image, tf.float32)[None],
        transforms=transform[None],
        output_shape=size,
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )[0]
    view = tf.cast(tf.round(tf.ensure_shape(view, (*size, 3))), image.dtype)
    return tf.image.stateless_random_flip_left_right(view, flip_seed)


def _view(picture, size, turn, zoom, right, down):
    """The affine map from the pixels of a view to those of the picture.

    `p -> centre + step * rotation(angle) * (p - size / 2)`, in pixels from the corner.

    Args:
        picture: `(height, width)` of the picture.
        size: `(height, width)` of the view.
        turn, zoom, right, down: Floats in [0, 1): which of the possible angles, sizes
            and places.

    Returns: the eight numbers that `ImageProjectiveTransformV3` takes.
    """
    (rows, columns), (height, width) = tf.unstack(tf.cast(picture, tf.float32)), size
    angle = LARGEST_ANGLE * (2 * turn - 1)
    cosine, sine = tf.cos(angle), tf.sin(angle)
    # Sides of the upright box around the turned view, in pixels of the view.
    box_width = width * cosine + height * tf.abs(sine)
    box_height = height * cosine + width * tf.abs(sine)
    step = tf.minimum(columns / box_width, rows / box_height)
    step *= SMALLEST_VIEW + (1 - SMALLEST_VIEW) * zoom
    x = columns / 2 + (right - 0.5) * (columns - step * box_width)
    y = rows / 2 + (down - 0.5) * (rows - step * box_height)
    cosine, sine = step * cosine, step * sine
    # The op counts from the middle of the first pixel.
    half_width, half_height = (width - 1) / 2, (height - 1) / 2
    x_offset = x - 0.5 - cosine * half_width + sine * half_height
    y_offset = y - 0.5 - sine * half_width - cosine * half_height
    return tf.stack([cosine, -sine, x_offset, sine, cosine, y_offset, 0.0, 0.0])


def vary_colors(image, seed):
    """Changes gamma and saturation a little, as another camera or hour would.

    `(luma + saturation * (x - luma)) ** gamma`, gamma in [0.81, 1.23] and saturation
    in [0.8, 1.2].

    Args:
        image: `(h, w, 3)` uint8 tensor.
        seed: Two integers; a function of nothing else.

    Returns: a tensor of the same kind.
    """
    gamma, saturation = tf.unstack(tf.random.stateless_uniform((2,), seed, -1, 1))
    pixels = to_float(image)
    luma = tf.reduce_sum(pixels * LUMA, axis=-1, keepdims=True)
    pixels = luma + (1 + SATURATION * saturation) * (pixels - luma)
    return to_uint8(tf.clip_by_value(pixels, 0, 1) ** 2 ** (GAMMA * gamma))


def centre_crop(image, size):
    """The `size = (height, width)` window in the middle of a `(h, w, 3)` picture."""
    height, width = size
    top = (tf.shape(image)[0] - height) // 2
    left = (tf.shape(image)[1] - width) // 2
    return tf.ensure_shape(
        image[top : top + height, left : left + width], (height, width, 3)
    )
