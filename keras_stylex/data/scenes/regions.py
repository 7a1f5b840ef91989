"""A layout as a map of regions, at any size: which part of the scene each pixel is."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from keras_stylex.data.scenes.palettes import ROLE_INDEX
from keras_stylex.data.scenes.parts import backdrop_parts, foreground_parts


@dataclass(frozen=True)
class Regions:
    """Which part of the scene each pixel shows.

    Attributes:
        parts: `(height, width)` uint8, indices into the arrays below; parts are
            numbered from back to front.
        backdrop: The same before water and foreground were drawn: what water mirrors.
        roles: `(parts,)` indices into `ROLES`.
        tones: `(parts,)` in [-1, 1], how much lighter or darker than its role's colour.
        tops: `(parts,)` the uppermost point of each part that spans the picture, a
            share of the height; 0 of the others.
    """

    parts: np.ndarray
    backdrop: np.ndarray
    roles: np.ndarray
    tones: np.ndarray
    tops: np.ndarray

    def role_map(self):
        """Returns `(height, width)` indices into `ROLES`."""
        return self.roles[self.parts]


def as_size(size):
    """`(height, width)` of a size given as one number or as a pair."""
    height, width = (size, size) if np.isscalar(size) else size
    return int(height), int(width)


def draw_regions(layout, size, scale=1):
    """Draws the region map of `layout`, `scale` times as large as `size`."""
    height, width = (scale * n for n in as_size(size))
    canvas = Image.new("L", (width, height))
    behind, front = backdrop_parts(layout), foreground_parts(layout)
    tops = _draw(canvas, behind, 0)
    backdrop = np.array(canvas)
    tops += _draw(canvas, front, len(behind))
    both = behind + front
    return Regions(
        parts=np.array(canvas),
        backdrop=backdrop,
        roles=np.array([ROLE_INDEX[part.role] for part in both]),
        tones=np.array([part.tone for part in both], "float32"),
        tops=np.array(tops, "float32"),
    )


def _draw(canvas, parts, first):
    """Draws `parts`, numbered from `first`; returns their uppermost points."""
    draw, tops = ImageDraw.Draw(canvas), []
    width, height = canvas.size
    for index, part in enumerate(parts, first):
        if part.anchor is None:
            scale, shift = np.array([width, height]), np.array(-0.5)
        else:
            scale = part.scale * min(width, height)
            shift = np.array([part.anchor[0] * width, part.anchor[1] * height]) - 0.5
        for polygon in part.polygons:
            draw.polygon((polygon * scale + shift).ravel().tolist(), fill=index)
        tops.append(0.0 if part.anchor else float(part.polygons[0][:, 1].min()))
    return tops
