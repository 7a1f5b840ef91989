"""Woodblock prints: flat areas, dark outlines, a graded sky on toned paper."""

from dataclasses import dataclass

import numpy as np

from keras_stylex.data.scenes.palettes import ROLE_INDEX, Palette, random_palette
from keras_stylex.data.scenes.regions import as_size, draw_regions
from keras_stylex.data.scenes.shading import (
    blend,
    blur_mask,
    color_of,
    finish,
    flat_planes,
    part_colors,
    sky_rows,
    smooth_noise,
)

_PAPER_LIGHT = np.array([0.97, 0.95, 0.90], "float32")
_PAPER_DARK = np.array([0.87, 0.79, 0.64], "float32")


@dataclass(frozen=True)
class UkiyoeStyle:
    """How a printer of woodblocks prints.

    Attributes:
        palette: A `Palette`.
        outline: Width of the lines, a share of the picture's side.
        paper: The paper's tone in [0, 1], from fresh and white to old and brown.
    """

    palette: Palette
    outline: float
    paper: float


def random_ukiyoe_style(rng):
    """Draws a `UkiyoeStyle` from a NumPy `Generator`."""
    outline, paper = float(rng.uniform(0.007, 0.014)), float(rng.uniform(0, 1))
    return UkiyoeStyle(random_palette(rng), outline, paper)


def paint_ukiyoe(layout, style, size, rng):
    """Prints `layout`; see `paint` for arguments and result."""
    regions = draw_regions(layout, size, scale=2)
    sky = _bokashi(style.palette, layout.horizon, len(regions.parts) // 2)
    planes = flat_planes(regions.parts, part_colors(regions, style.palette), sky)
    lines = _outlines(regions, style.outline * min(as_size(size)))
    blend(planes, lines, 0.35 * color_of(style.palette, "dark"))
    paper = _PAPER_LIGHT + style.paper * (_PAPER_DARK - _PAPER_LIGHT)
    planes *= paper[:, None, None] * (1 + 0.02 * _fibres(rng, planes.shape[1:]))
    return finish(planes)


def _bokashi(palette, horizon, height):
    """A sky that fades from a dark band at the top to paper, `(3, rows, 1)`."""
    rows = np.arange(sky_rows(horizon, height), dtype="float32")[:, None]
    depth = (rows + 0.5) / (height * horizon)
    share = np.exp(-((depth / 0.42) ** 2)) + 0.25 * np.exp(-(((depth - 1) / 0.25) ** 2))
    sky, low = (color_of(palette, role)[:, None, None] for role in ("sky", "horizon"))
    return low + share * (sky - low)


def _outlines(regions, width):
    """How much of each pixel is line, `(h, w)` in [0, 1], `width` in its pixels."""
    shapes = np.arange(len(regions.roles))
    # Lit leaves are no shape of their own to the engraver.
    shapes[regions.roles == ROLE_INDEX["leaf"]] -= 1
    shapes = shapes[regions.parts]
    edges = np.zeros(shapes.shape, bool)
    edges[1:] |= shapes[1:] != shapes[:-1]
    edges[:, 1:] |= shapes[:, 1:] != shapes[:, :-1]
    # The blurred line peaks near 1 / (2.5 * radius); cut it where it is `width` wide.
    blurred = blur_mask(edges, width)
    lines = np.clip(4.4 * blurred * width - 0.6, 0, 1)
    return 0.25 * sum(lines[i::2, j::2] for i in (0, 1) for j in (0, 1))


def _fibres(rng, shape):
    height, width = shape
    grain = smooth_noise(rng, shape, (height // 2, max(2, width // 16)))
    return grain + 0.5 * rng.standard_normal(shape, "float32")
