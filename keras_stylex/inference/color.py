"""Keeping the colours of the content."""

import numpy as np

LUMA = np.array([0.299, 0.587, 0.114], "float32")  # ITU-R BT.601


def keep_color(painted, content):
    """Takes the brightness of one picture and the hues of another (Y and UV).

    Args:
        painted: `(height, width, 3)`, [0, 1], whose luma to keep.
        content: `(height, width, 3)`, [0, 1], whose chroma to keep.

    Returns: `(height, width, 3)`, [0, 1].
    """
    change = (painted - content) @ LUMA
    return np.clip(content + change[..., None], 0, 1)
