"""Crops and flips, driven by seeds: the same seed always gives the same picture."""

import tensorflow as tf


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


def centre_crop(image, size):
    """The `size = (height, width)` window in the middle of a `(h, w, 3)` picture."""
    height, width = size
    top = (tf.shape(image)[0] - height) // 2
    left = (tf.shape(image)[1] - width) // 2
    return tf.ensure_shape(
        image[top : top + height, left : left + width], (height, width, 3)
    )
