"""A layout's objects taken apart into flat polygons, each with a role."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

_TURN = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_CIRCLE = np.stack([np.cos(_TURN), np.sin(_TURN)], -1)


@dataclass(frozen=True)
class Part:
    """Polygons of one role and tone.

    `polygons` are `(points, 2)` arrays of `(x, y)`: shares of the picture, or, where
    there is an `anchor` (a point in shares of the picture), `scale` shares of the side
    from that point, so that things keep their shape in pictures that are not square.
    """

    role: str
    polygons: tuple
    anchor: tuple | None = None
    tone: float = 0.0
    scale: float = 1.0


def backdrop_parts(layout):
    """Sky, sun, clouds and ridges: what a lake mirrors."""
    parts = [Part("sky", (_box(0, 0, 1, 1),))]
    if layout.sun:
        sun = layout.sun
        parts.append(Part("sun", (_ellipse(0, 0, sun.radius),), (sun.x, sun.y)))
    parts += [_cloud(cloud) for cloud in layout.clouds]
    return parts + [_land(ridge) for ridge in layout.ridges]


def foreground_parts(layout):
    """Water, grounds, path and whatever stands on them."""
    parts = []
    if layout.lake:
        parts.append(Part("water", (_box(0, layout.horizon, 1, 1),)))
        parts += [part for boat in layout.boats for part in _boat(boat)]
    standing = sorted(layout.trees + layout.houses, key=lambda thing: thing.y)
    for index, ground in enumerate(layout.grounds):
        parts.append(_land(ground))
        if index == len(layout.grounds) - 1 and layout.path:
            parts.append(Part("wall", (_path(layout.path),), tone=-0.5))
    for thing in standing:
        parts += _PAINTERS[type(thing).__name__](thing, layout.light)
    return parts


def _box(left, top, right, bottom):
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _ellipse(x, y, rx, ry=None):
    return np.array((x, y)) + np.array((rx, rx if ry is None else ry)) * _CIRCLE


def _cloud(cloud):
    puffs = tuple(_ellipse(*puff) for puff in cloud.puffs)
    return Part("cloud", puffs, (cloud.x, cloud.y))


def _land(ridge):
    """Everything below the line."""
    outline = np.empty((len(ridge.heights) + 2, 2))
    outline[:-2, 0] = np.linspace(0, 1, len(ridge.heights))
    outline[:-2, 1] = ridge.heights
    outline[-2:] = (1, 1.01), (0, 1.01)
    return Part(ridge.role, (outline,))


def _path(path):
    x, y, half_width = np.array(path).T
    left, right = (np.stack([x + s * half_width, y], -1) for s in (-1, 1))
    return np.concatenate([left, right[::-1]])


def _tree(tree, light):
    shapes = _KINDS[tree.kind](light)
    placing = {"anchor": (tree.x, tree.y), "scale": tree.height}
    return [
        Part("trunk", shapes[0], **placing),
        Part("foliage", shapes[1], tone=tree.tone, **placing),
        Part("leaf", shapes[2], tone=tree.tone, **placing),
    ]


@lru_cache
def _conifer(light):
    """Polygons of trunk, foliage and lit foliage of a tree of height 1."""
    tiers = [(-0.12, -0.52, 0.26), (-0.36, -0.78, 0.20), (-0.62, -1.0, 0.14)]
    foliage, lit = [], []
    for bottom, top, half in tiers:
        foliage.append(np.array([(-half, bottom), (half, bottom), (0, top)]))
        inner, outer = 0.15 * half * light, half * light
        lit.append(np.array([(inner, bottom), (outer, bottom), (0, top)]))
    return _trunk(0.035), tuple(foliage), tuple(lit)


@lru_cache
def _round(light):
    puffs = [(-0.2, -0.5, 0.2), (0.2, -0.5, 0.2), (0, -0.7, 0.27), (0, -0.48, 0.24)]
    lit = [(0.12, -0.78, 0.14), (0.24, -0.58, 0.11), (0.02, -0.6, 0.1)]
    foliage = tuple(_ellipse(x, y, r) for x, y, r in puffs)
    return _trunk(0.045), foliage, tuple(_ellipse(x * light, y, r) for x, y, r in lit)


@lru_cache
def _cypress(light):
    y = np.linspace(-1, -0.06, 12)
    half = 0.15 * np.sin(np.pi * ((y + 1.0) / 0.97) ** 0.75) ** 0.8
    right, left = (np.stack([side * half, y], -1) for side in (1, -1))
    inner = np.stack([0.1 * half * light, y], -1)[1:-1]
    outer = np.stack([0.96 * half * light, y], -1)[1:-1]
    foliage = np.concatenate([right, left[::-1]])
    return _trunk(0.025, 0.1), (foliage,), (np.concatenate([outer, inner[::-1]]),)


def _trunk(half, length=0.4):
    return (_box(-half, -length, half, 0.0),)


_KINDS = {"conifer": _conifer, "round": _round, "cypress": _cypress}


def _house(house, light):
    pieces = _house_pieces(house.turn, house.chimney, light)
    anchor = (house.x, house.y)
    return [Part(*piece[:2], anchor, piece[2], house.width) for piece in pieces]


@lru_cache
def _house_pieces(turn, chimney, light):
    """A gable and a long side, the side away from the light in shade; width 1."""
    gable = [(-0.5, 0), (-0.5, -0.36), (-0.29, -0.66), (-0.08, -0.36), (-0.08, 0)]
    side = [(-0.08, 0), (-0.08, -0.36), (0.5, -0.36), (0.5, 0)]
    roof = [(-0.08, -0.34), (-0.31, -0.68), (0.33, -0.68), (0.55, -0.34)]
    stack = [(0.1, -0.6), (0.1, -0.84), (0.19, -0.84), (0.19, -0.6)]
    door = _box(-0.35, -0.22, -0.22, 0)
    windows = [_box(x, -0.27, x + 0.11, -0.13) for x in (0.03, 0.26)]
    bright, shaded = (0.2, -1.0) if light != turn else (-1.0, 0.2)
    pieces = [
        ("wall", [side], shaded),
        ("roof", [stack] * chimney, -0.6),
        ("wall", [gable], bright),
        ("roof", [roof], 0.0),
        ("dark", [door, *windows], 0.0),
    ]
    return [
        (role, tuple(np.array(shape) * (turn, 1) for shape in shapes), tone)
        for role, shapes, tone in pieces
        if shapes
    ]


def _boat(boat):
    pieces = _boat_pieces(boat.heading)
    anchor = (boat.x, boat.y)
    return [Part(*piece[:2], anchor, piece[2], boat.length) for piece in pieces]


@lru_cache
def _boat_pieces(heading):
    """Two sails and a hull of length 1."""
    hull = [(-0.5, -0.12), (0.55, -0.14), (0.36, 0.06), (-0.38, 0.06)]
    main = [(-0.02, -0.2), (-0.02, -1.05), (-0.46, -0.2)]
    jib = [(0.05, -0.2), (0.05, -0.9), (0.46, -0.2)]
    pieces = [("sail", jib, -0.5), ("sail", main, 0.0), ("dark", hull, 0.0)]
    return [(role, (np.array(p) * (heading, 1),), tone) for role, p, tone in pieces]


_PAINTERS = {"Tree": _tree, "House": _house}
