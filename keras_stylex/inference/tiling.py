"""Runs a local picture operation over a large picture, piece by piece."""

import numpy as np


def map_tiles(function, picture, side, overlap):
    """Applies a function tile by tile, each with a margin that is cut off again.

    Args:
        function: `(h, w, 3) -> (h, w, 3)`, a pixel of whose result depends on nothing
            farther away than `overlap`.
        picture: `(height, width, 3)` array.
        side: Integer, pixels of a tile; a multiple of the network's coarsest cell.
        overlap: Integer, pixels of margin on each side; such a multiple, too.

    Returns: `(height, width, 3)` float32 array.
    """
    height, width, _ = picture.shape
    if height <= side + overlap and width <= side + overlap:
        return function(picture)
    result = np.empty(picture.shape, "float32")
    for top in range(0, height, side):
        for left in range(0, width, side):
            y, x = max(0, top - overlap), max(0, left - overlap)
            tile = picture[y : top + side + overlap, x : left + side + overlap]
            inner = result[top : top + side, left : left + side]
            inner[:] = function(tile)[top - y :, left - x :][
                : len(inner), : inner.shape[1]
            ]
    return result
