"""A picture to show filters on, and a painting as a style: both drawn, not shipped."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageOps

from keras_stylex.data.images import to_uint8
from keras_stylex.data.scenes.examples import example

SIZE = (480, 640)  # height and width: a camera's


@lru_cache
def sample(kind, size=SIZE):
    """A `photo` or a `painting`, cut and scaled to `(height, width)`.

    Returns: `(height, width, 3)` uint8.
    """
    height, width = size
    whole = Image.fromarray(_draw(kind))
    return np.asarray(ImageOps.fit(whole, (width, height), Image.Resampling.LANCZOS))


@lru_cache
def _draw(kind):
    split, index = {"photo": ("testA", 0), "painting": ("testB", 3)}[kind]
    return to_uint8(example("ukiyoe", split, index, SIZE))
