"""Many pictures on one sheet."""

import numpy as np

GAP = 2  # pixels between pictures


def picture_grid(rows):
    """Lays pictures out in rows, white between them.

    Args:
        rows: list of `(count, height, width, 3)` arrays in [0, 1]; rows may differ in
            height, not in count and width.

    Returns: `(height, width, 3)` float32, one sheet.
    """
    sheet = [_row(np.asarray(pictures, "float32")) for pictures in rows]
    return np.concatenate(sheet, axis=0)[:-GAP, :-GAP]


def _row(pictures):
    count, height, width, _ = pictures.shape
    padded = np.ones((count, height + GAP, width + GAP, 3), "float32")
    padded[:, :height, :width] = pictures
    return np.concatenate(list(padded), axis=1)
