"""Keeping the colours of the content."""

import numpy as np
from PIL import Image

from keras_stylex.data.images import to_float, to_uint8

LUMA = np.array([0.299, 0.587, 0.114], "float32")  # ITU-R BT.601


def keep_color(painted, content):
    """Takes the brightness of one picture and the hues of another (Y and UV).

    Args:
        painted: `(height, width, 3)`, [0, 1], whose luma to keep.
        content: `(height, width, 3)`, [0, 1], whose chroma to keep; of another size, it
            is scaled.

    Returns: `(height, width, 3)`, [0, 1].
    """
    if content.shape != painted.shape:
        content = _scale(content, painted.shape)
    change = (painted - content) @ LUMA
    return np.clip(content + change[..., None], 0, 1)


def _scale(picture, shape):
    image = Image.fromarray(to_uint8(picture)).resize(shape[1::-1])
    return to_float(np.asarray(image))
