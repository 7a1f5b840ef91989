"""Paintings of dots of colour, with flecks of the complement."""

from dataclasses import dataclass

import numpy as np

from keras_stylex.data.scenes.palettes import Palette, random_palette
from keras_stylex.data.scenes.regions import as_size, draw_regions
from keras_stylex.data.scenes.shading import blend, finish, painted_scene

_LAYERS = 3
_PRIMING = 0.25  # how pale the ground is that shows between the dots
_FLECKS = 0.10  # share of dots in the complement's colour
_SPREAD = 0.84  # diameter of a dot over the distance to its neighbours


@dataclass(frozen=True)
class PointillistStyle:
    """How a pointillist paints.

    Attributes:
        palette: A `Palette`.
        dot: Diameter of a dot, a share of the picture's side.
    """

    palette: Palette
    dot: float


def random_pointillist_style(rng):
    """Draws a `PointillistStyle` from a NumPy `Generator`."""
    return PointillistStyle(random_palette(rng), float(rng.uniform(0.024, 0.048)))


def paint_pointillist(layout, style, size, rng):
    """Paints `layout` in dots; see `paint` for arguments and result."""
    regions = draw_regions(layout, size, scale=2)
    scene = painted_scene(layout, regions, style.palette)
    planes = scene + _PRIMING * (1 - scene)
    diameter = style.dot * min(as_size(size))
    for layer in range(_LAYERS):
        _paint_layer(planes, scene, diameter, _FLECKS if layer else 0.0, rng)
    return finish(planes)


def _paint_layer(planes, scene, diameter, flecks, rng):
    """Paints a dot into every cell of a turned grid, in place.

    A dot lies within its cell, so that a pixel has to look at one dot only.
    """
    cells, centers = _grid(scene.shape[1:], diameter / _SPREAD, rng)
    radius = rng.uniform(0.44, 0.5, len(centers)) * diameter
    dots = np.stack([*centers.T, radius, *_dot_colors(scene, centers, flecks, rng)])
    row, column, radius, *colors = (values[cells] for values in dots.astype("float32"))
    rows, columns = _pixel_centers(scene.shape[1:])
    distance = np.sqrt((rows - row) ** 2 + (columns - column) ** 2)
    # Antialiasing: coverage falls from 1 to 0 within one pixel around the rim.
    blend(planes, np.clip(radius - distance + 0.5, 0, 1), np.stack(colors))


def _pixel_centers(shape):
    """Rows `(h, 1)` and columns `(1, w)` in pixels, float32."""
    rows = np.arange(shape[0], dtype="float32")[:, None] + 0.5
    return rows, np.arange(shape[1], dtype="float32") + 0.5


def _grid(shape, pitch, rng):
    """A randomly turned grid of square cells.

    Returns: the cell each pixel is in, `(h, w)`; and a point near the middle of each
        cell, `(cells, 2)` as row, column in pixels.
    """
    rows, columns = _pixel_centers(shape)
    angle = rng.uniform(0, np.pi / 2)
    cosine, sine = np.cos(angle), np.sin(angle)
    first = rows * float(cosine / pitch) + columns * float(sine / pitch)
    second = columns * float(cosine / pitch) - rows * float(sine / pitch)
    shift = rng.uniform(0, 1, 2) - (first.min(), second.min())
    first = (first + np.float32(shift[0])).astype("int32")
    second = (second + np.float32(shift[1])).astype("int32")
    counts = first.max() + 1, second.max() + 1
    middles = np.stack(np.mgrid[: counts[0], : counts[1]], -1).reshape(-1, 2)
    middles = middles + rng.uniform(0.42, 0.58, middles.shape) - shift
    back = pitch * np.array([(cosine, sine), (-sine, cosine)])
    return (first * counts[1] + second).astype("intp"), middles @ back


def _dot_colors(scene, centers, flecks, rng):
    """Each dot's colour, `(3, n)`: the scene's there, or now and then its opposite."""
    row, column = np.clip(centers.astype(int), 0, np.array(scene.shape[1:]) - 1).T
    colors = scene[:, row, column] + rng.normal(0, 0.045, (3, len(row)))
    complement = 2 * colors.mean(0) - colors  # as light, of the opposite hue
    pick = rng.uniform(0, 1, len(row)) < flecks
    return np.where(pick, 0.3 * colors + 0.7 * complement, colors)
