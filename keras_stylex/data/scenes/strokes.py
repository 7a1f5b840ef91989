"""Paintings of oriented brush strokes."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from keras_stylex.data.scenes.palettes import Palette, key_palette
from keras_stylex.data.scenes.regions import as_size, draw_regions
from keras_stylex.data.scenes.shading import average, finish, painted_scene

_ASPECT = 5.0  # length over width of a stroke that nothing shortens
_BRISTLES = 12  # across a stroke


@dataclass(frozen=True)
class StrokeStyle:
    """How a painter of strokes paints.

    Attributes:
        palette: A `Palette`; that of random styles is built on one hue.
        width: Of a stroke, a share of the picture's side: 0.03 is 3 pixels of 96.
        angle: Of the strokes, radians in [0, pi), counted from the x axis towards
            the bottom of the picture.
    """

    palette: Palette
    width: float
    angle: float


def random_stroke_style(rng):
    """Draws a `StrokeStyle` from a NumPy `Generator`."""
    palette = key_palette(float(rng.uniform()))
    return StrokeStyle(
        palette, float(rng.uniform(0.031, 0.073)), float(rng.uniform(0, np.pi))
    )


def paint_strokes(layout, style, size, rng):
    """Paints `layout` in strokes; see `paint` for arguments and result."""
    regions = draw_regions(layout, size, scale=2)
    scene = painted_scene(layout, regions, style.palette)
    width = 2 * style.width * min(as_size(size))  # pixels of the doubled picture
    strokes = _plan(regions.parts, style, width, rng)
    return finish(_paint(scene, strokes, width, rng))


@dataclass(frozen=True)
class _Strokes:
    """Centres `(n, 2)` as x, y; directions `(n, 2)`; reach backwards and ahead."""

    centers: np.ndarray
    directions: np.ndarray
    back: np.ndarray
    ahead: np.ndarray


def _plan(parts, style, width, rng):
    """Strokes covering the picture, from back to front, shortened at other parts."""
    centers = _scatter(parts.shape, style.angle, width, rng)
    angles = style.angle + rng.normal(0, 0.10, len(centers))
    directions = np.stack([np.cos(angles), np.sin(angles)], -1)
    own = parts[centers[:, 1].astype(int), centers[:, 0].astype(int)]
    reach = _ASPECT / 2 * width * rng.uniform(0.8, 1.2, len(centers))
    ahead = _free_reach(parts, own, centers, directions, reach)
    back = _free_reach(parts, own, centers, -directions, reach)
    order = np.argsort(own + rng.uniform(0, 1, len(own)))
    return _Strokes(centers[order], directions[order], back[order], ahead[order])


def _scatter(shape, angle, width, rng):
    """Points on a jittered grid that is turned by `angle`, those in the picture."""
    height, columns = shape
    along, across = 0.58 * _ASPECT * width, 0.8 * width
    radius = np.hypot(height, columns) / 2
    u, v = np.meshgrid(
        np.arange(-radius, radius, along), np.arange(-radius, radius, across)
    )
    u = u + rng.uniform(0, along, (len(u), 1)) + rng.uniform(-0.3, 0.3, u.shape) * along
    v = v + rng.uniform(-0.18, 0.18, v.shape) * across
    x = columns / 2 + u * np.cos(angle) - v * np.sin(angle)
    y = height / 2 + u * np.sin(angle) + v * np.cos(angle)
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < height)
    return np.stack([x[inside], y[inside]], -1)


def _free_reach(parts, own, centers, directions, reach):
    """How far each stroke may go before it meets another part of the scene."""
    steps = np.arange(1, 7) / 6
    ways = (reach[:, None] * directions)[:, None] * steps[:, None]
    x, y = np.moveaxis((centers[:, None] + ways).astype(int), -1, 0)
    x, y = np.clip(x, 0, parts.shape[1] - 1), np.clip(y, 0, parts.shape[0] - 1)
    blocked = parts[y, x] != own[:, None]
    free = np.where(blocked.any(1), blocked.argmax(1), len(steps))
    return reach * np.maximum(free, 0.6) / len(steps)


def _paint(scene, strokes, width, rng):
    """The strokes on their underpainting, `(3, h, w)`."""
    numbers = _stroke_map(strokes, width, scene.shape[1:])
    table = np.zeros((4, len(strokes.centers) + 1), "float32")
    table[:3, 1:] = _colors(scene, strokes, rng)
    table[3, 0] = 1  # where there is no stroke
    *planes, bare = average(numbers, table)
    relief = _relief(numbers[::2, ::2], strokes, width, rng)
    return np.stack(planes) + bare * scene + relief


def _colors(scene, strokes, rng):
    """Each stroke's colour, `(3, n)`: the scene's at its centre, mixed anew."""
    x, y = (strokes.centers / 2).astype(int).T
    shade = rng.normal(0, 0.027, len(x)) + rng.normal(0, 0.012, (3, len(x)))
    return scene[:, y, x] + shade


def _relief(numbers, strokes, width, rng):
    """What bristles and the light on thick paint add to each pixel, `(h, w)`."""
    normals = strokes.directions[:, ::-1] * (-1, 1) / width
    places = np.zeros((3, len(normals) + 1), "float32")
    places[:, 1:] = *normals.T, 0.5 - np.sum(normals * strokes.centers, 1)
    numbers = numbers.astype("intp")
    a, b, c = (place[numbers] for place in places)
    # In the stroke map's pixels, which are half as large.
    rows, columns = (2 * np.arange(n, dtype="float32") + 0.5 for n in numbers.shape)
    across = a * columns + b * rows[:, None] + c  # 0 at one rim, 1 at the other
    bristle = np.clip(across * _BRISTLES, 0, _BRISTLES - 1).astype("intp")
    return _profiles(places.shape[1], rng).ravel()[numbers * _BRISTLES + bristle]


def _profiles(count, rng):
    """Lightness across each stroke, `(count, bristles)`: lit on one side, dark rims."""
    across = (np.arange(_BRISTLES) + 0.5) / _BRISTLES - 0.5
    profiles = rng.normal(0, 0.016, (count, _BRISTLES)) + 0.06 * across
    profiles += 0.025 - 0.22 * across**2 - 1.6 * across**6
    profiles[0] = 0  # no stroke
    return profiles.astype("float32")


def _stroke_map(strokes, width, shape):
    """The number of the uppermost stroke at each pixel, counted from 1; 0: none."""
    canvas = Image.new("I", (2 * shape[1], 2 * shape[0]))
    draw = ImageDraw.Draw(canvas)
    outlines = _outlines(strokes, width).reshape(len(strokes.centers), -1).tolist()
    for number, outline in enumerate(outlines, 1):
        draw.polygon(outline, fill=number)
    return np.asarray(canvas)


def _outlines(strokes, width):
    """Polygons with blunt ends, `(n, 8, 2)`."""
    along = np.stack([-strokes.back, strokes.ahead], -1)[:, [0, 0, 1, 1, 1, 1, 0, 0]]
    along = along + width * np.array([-0.45, -0.1, 0.1, 0.45, 0.45, 0.1, -0.1, -0.45])
    across = width * np.array([-0.25, -0.5, -0.5, -0.25, 0.25, 0.5, 0.5, 0.25])
    directions = strokes.directions[:, None]
    normals = directions[..., ::-1] * (-1, 1)
    centers = strokes.centers[:, None]
    return centers + along[..., None] * directions + across[:, None] * normals
