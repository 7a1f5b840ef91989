"""Colours on region maps, and the small picture operations all manners share.

While a picture is drawn its colour channels are planes, `(3, h, w)`: NumPy handles
those several times faster than rows of three. `finish` turns them into `(h, w, 3)`.
"""

import numpy as np
from PIL import Image, ImageFilter

from keras_stylex.data.images import to_float
from keras_stylex.data.scenes.palettes import ROLE_INDEX

_TONE = 0.16


def finish(planes):
    """`(3, h, w)` planes to a `(h, w, 3)` picture, clipped to [0, 1]."""
    return np.ascontiguousarray(np.clip(planes, 0, 1).transpose(1, 2, 0))


def rows_and_columns(shape):
    """Pixel centres as shares of height `(h, 1)` and of width `(1, w)`, float32."""
    height, width = shape
    rows = (np.arange(height, dtype="float32")[:, None] + 0.5) / height
    columns = (np.arange(width, dtype="float32")[None, :] + 0.5) / width
    return rows, columns


def blend(planes, share, color):
    """Moves `planes` towards `color` by `share`, in place.

    Args:
        planes: `(3, h, w)`.
        share: `(h, w)`, or what broadcasts to it.
        color: `(3,)`, or `(3, h, w)` or what broadcasts to it.
    """
    color = color[:, None, None] if color.ndim == 1 else color
    planes += share * (color - planes)


def average(parts, table):
    """Looks up `table[parts]` and averages 2x2 pixels: antialiasing.

    Args:
        parts: `(2h, 2w)` indices.
        table: `(parts,)` float32, or `(channels, parts)`.

    Returns: `(h, w)` or `(channels, h, w)` float32.
    """
    nearest = parts[::2, ::2]
    others = parts[1::2, ::2], parts[::2, 1::2], parts[1::2, 1::2]
    # Most pixels lie within one part: only the others have anything to average.
    mixed = np.flatnonzero(np.logical_or.reduce([nearest != o for o in others]))
    corners = [corner.ravel()[mixed].astype("intp") for corner in (nearest, *others)]
    indices, channels = nearest.ravel().astype("intp"), np.atleast_2d(table)
    planes = np.empty((len(channels), indices.size), "float32")
    for plane, values in zip(planes, channels, strict=True):
        np.take(values, indices, out=plane, mode="clip")  # clip: without a buffer
        plane[mixed] = 0.25 * sum(values[corner] for corner in corners)
    return planes.reshape(*table.shape[:-1], *nearest.shape)


def color_of(palette, role):
    """A role's colour, `(3,)` float32."""
    return palette.array()[ROLE_INDEX[role]]


def part_colors(regions, palette):
    """Each part's colour, `(3, parts)`: its role's, a little changed by its tone."""
    colors = palette.array()[regions.roles].T
    return np.clip(colors * (1 + _TONE * regions.tones), 0, 1)


def sky_planes(palette, horizon, height):
    """The sky's colours from the top to below the horizon, `(3, rows, 1)`."""
    rows = np.arange(sky_rows(horizon, height), dtype="float32")
    share = np.minimum((rows[:, None] + 0.5) / (height * horizon), 1) ** 1.3
    sky, low = (color_of(palette, role)[:, None, None] for role in ("sky", "horizon"))
    return sky + share * (low - sky)


def sky_rows(horizon, height):
    """How many rows the sky can show in: land or water covers the others."""
    return min(height, round(horizon * height) + 1)


def flat_planes(parts, colors, sky):
    """Parts in plain `colors` before a graded sky.

    Args:
        parts: `(2h, 2w)` part indices, 0 being the sky.
        colors: `(3, parts)` float32.
        sky: `(3, rows, 1)` or `(3, rows, w)` as of `sky_planes`.

    Returns: `(3, h, w)` float32.
    """
    planes = average(parts, np.where(np.arange(colors.shape[1]) == 0, 0, colors))
    rows = min(sky.shape[1], planes.shape[1])
    cover = average((parts[: 2 * rows] == 0).view("uint8"), np.array([0, 1], "float32"))
    planes[:, :rows] += cover * sky[:, :rows]
    return planes


def painted_scene(layout, regions, palette):
    """What a painter sees: plain colours, a graded sky, a lake that mirrors it.

    Returns: `(3, h, w)` float32 for regions of `(2h, 2w)`.
    """
    sky = sky_planes(palette, layout.horizon, len(regions.parts) // 2)
    colors = part_colors(regions, palette)
    planes = flat_planes(regions.parts, colors, sky)
    if layout.lake:
        start = horizon_row(layout, planes)
        behind = flat_planes(regions.backdrop[: 2 * start], colors, sky)
        mirror(planes, start, regions, behind, 0.3)
    return planes


def horizon_row(layout, planes):
    """The first row below the horizon."""
    return round(layout.horizon * planes.shape[1])


def mirror(planes, start, regions, behind, amount):
    """Mixes into water, in place, `amount` of what is `behind` it upside down.

    Args:
        planes: `(3, h, w)`.
        start: The first row of water.
        behind: `(3, start, w)`, the backdrop above the water.
    """
    source = np.clip(start - 1 - np.arange(planes.shape[1] - start), 0, None)
    water = (regions.roles == ROLE_INDEX["water"]).astype("float32")
    share = amount * average(regions.parts[2 * start :], water)
    blend(planes[:, start:], share, behind[:, source])


def smooth_noise(rng, shape, cells):
    """Noise of mean 0 and deviation about 1, without detail.

    `cells` is `(rows, columns)`, the number of independent values each way.
    """
    grid = rng.standard_normal((cells[0] + 1, cells[1] + 1), "float32")
    size = (shape[1], shape[0])
    return np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC))


def blur_mask(mask, radius):
    """A `(height, width)` bool mask, blurred by `radius` pixels: float32 in [0, 1]."""
    image = Image.fromarray(mask).convert("L")
    return to_float(np.asarray(image.filter(ImageFilter.GaussianBlur(radius))))
