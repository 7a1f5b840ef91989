"""Does the reference matter, or does every style look the same?"""

import numpy as np


def sensitivity(results, other_results, styles, other_styles):
    """`mean|G(x, y1) - G(x, y2)| / mean|y1 - y2|`, per picture.

    About 0 where the reference is ignored; about 1 where results differ as much as
    their references.

    Args:
        results, other_results: The same contents in two styles, `(batch, h, w, 3)`
            floats in [0, 1].
        styles, other_styles: The references; their size may differ from the results'.

    Returns: `(batch,)` float32, `>= 0`.
    """
    change = _distance(results, other_results)
    return change / np.maximum(_distance(styles, other_styles), 1e-6)


def _distance(images, others):
    difference = np.asarray(images, "float32") - np.asarray(others, "float32")
    return np.abs(difference).mean((1, 2, 3))
