"""Random arrangements: where horizon, ridges, trees and houses may stand."""

import numpy as np

from keras_stylex.data.scenes.layout import (
    Boat,
    Cloud,
    House,
    Layout,
    Ridge,
    Sun,
    Tree,
)

PROFILE_POINTS = 49
_ACROSS = np.linspace(0, 1, PROFILE_POINTS)
_KINDS = ("conifer", "round", "cypress")
_TALLNESS = {"conifer": 1.0, "round": 0.85, "cypress": 1.15}


def random_layout(rng):
    """Draws a `Layout` from a NumPy `Generator`."""
    lake = bool(rng.uniform() < 0.5)
    horizon = float(rng.uniform(0.42, 0.58))
    sun = _sun(rng, horizon) if rng.uniform() < 0.75 else None
    grounds = _shore(rng) if lake else _meadow(rng, horizon)
    path = _path(rng, grounds) if rng.uniform() < (0.3 if lake else 0.5) else ()
    houses = _houses(rng, grounds)
    light = 1 if (sun.x if sun else rng.uniform()) > 0.5 else -1
    return Layout(
        horizon=horizon,
        light=light,
        sun=sun,
        clouds=tuple(_cloud(rng, horizon) for _ in range(rng.integers(0, 4))),
        ridges=_ridges(rng, horizon, lake),
        lake=lake,
        grounds=grounds,
        path=path,
        trees=_trees(rng, grounds, houses),
        houses=houses,
        boats=_boats(rng, horizon, grounds) if lake else (),
    )


def _either(rng):
    return 1 if rng.uniform() < 0.5 else -1


def _sun(rng, horizon):
    radius = rng.uniform(0.035, 0.075)
    y = rng.uniform(0.12, max(0.14, horizon - 0.16))
    return Sun(float(rng.uniform(0.1, 0.9)), float(y), float(radius))


def _cloud(rng, horizon):
    count = int(rng.integers(3, 6))
    length = rng.uniform(0.05, 0.13)
    dx = np.linspace(-1, 1, count) * length + rng.normal(0, 0.012, count)
    size = length * (0.75 - 0.45 * np.abs(np.linspace(-1, 1, count)))
    rx, ry = size * rng.uniform(0.9, 1.3, count), size * rng.uniform(0.35, 0.6, count)
    puffs = np.stack([dx, -ry * 0.7, rx, ry], -1)
    x, y = rng.uniform(0, 1), rng.uniform(0.08, horizon * 0.62)
    return Cloud(float(x), float(y), tuple(map(tuple, puffs.tolist())))


def _waves(rng, base, height, roughness, octaves=6, first=0.5):
    """A line through `base` rising by up to `height`; `roughness` in [0, 1]."""
    order = np.arange(octaves)
    frequency = first * 2.0**order * rng.uniform(0.8, 1.25, octaves)
    phase = frequency[:, None] * _ACROSS + rng.uniform(0, 1, (octaves, 1))
    if roughness > 0.5:
        waves = 1 - np.abs(2 * (phase % 1) - 1)  # peaks
    else:
        waves = 0.5 + 0.5 * np.sin(2 * np.pi * phase)
    line = (0.30 + 0.25 * roughness) ** order @ waves
    low, high = line.min(), line.max()
    return tuple((base - height * (line - low) / (high - low)).tolist())


def _ridges(rng, horizon, lake):
    ridges = []
    if rng.uniform() < 0.85:
        height = rng.uniform(0.12, 0.28)
        ridges.append(Ridge("far", _waves(rng, horizon - 0.05, height, 1.0)))
    height = rng.uniform(0.06, 0.13)
    ridges.append(Ridge("middle", _waves(rng, horizon - 0.015, height, 0.6)))
    if lake and rng.uniform() < 0.6:
        bank = np.asarray(_waves(rng, horizon + 0.02, rng.uniform(0.04, 0.09), 0.3))
        slope = _ACROSS if rng.uniform() < 0.5 else 1 - _ACROSS
        bank = bank + 0.11 * np.clip(slope * 1.6 - 0.6, -1, 1)  # sinks below the water
        ridges.append(Ridge("near", tuple(bank.tolist())))
    return tuple(ridges)


def _shore(rng):
    height = rng.uniform(0.06, 0.16)
    line = np.asarray(_waves(rng, rng.uniform(0.86, 0.94), height, 0.2, 4))
    bank = Ridge("ground", tuple(line.tolist()))
    if rng.uniform() < 0.5:
        return (bank,)
    strip = _waves(rng, float(line.max()) + 0.02, 0.04, 0.2, 3)
    return (Ridge("field", tuple((line - 0.035).tolist())), Ridge("ground", strip))


def _meadow(rng, horizon):
    grounds, base = [], horizon + 0.02
    for role in ("near", "field", "ground"):
        height = rng.uniform(0.04, 0.10)
        grounds.append(Ridge(role, _waves(rng, base + height / 2, height, 0.1, 3)))
        base += rng.uniform(0.10, 0.17)
    if rng.uniform() < 0.3:
        grounds.pop(1)
    return tuple(grounds)


def _path(rng, grounds):
    """A path winding from the foremost ground's crest down to the bottom edge."""
    depth = np.linspace(0, 1, 9)
    start, end = rng.uniform(0.25, 0.75), rng.uniform(0.2, 0.8)
    top = grounds[-1].height_at(start) + 0.004
    y = top + (1.02 - top) * depth
    sway = rng.uniform(0.04, 0.10) * _either(rng)
    x = start + (end - start) * depth**1.4 + sway * np.sin(2.6 * np.pi * depth**0.7)
    x += start - x[0]
    half_width = 0.008 + 0.065 * depth**1.3
    return tuple(map(tuple, np.stack([x, y, half_width], -1).tolist()))


def _stand(rng, grounds, x, low=0.02, high=0.1):
    """A place to stand at `x`: on one of the grounds, a little below its crest."""
    ground = grounds[int(rng.integers(0, len(grounds)))]
    front = [g.height_at(x) for g in grounds[grounds.index(ground) + 1 :]]
    y = ground.height_at(x) + rng.uniform(low, high)
    return float(min([y, 0.97, *[f + 0.01 for f in front]]))


def _scale_at(y):
    """How large things look that stand at `y`: the nearer, the larger."""
    return 0.45 + 1.3 * max(0.0, y - 0.5)


def _houses(rng, grounds):
    houses = []
    for _ in range((0, 1, 1, 1, 2)[rng.integers(5)]):
        x = float(rng.uniform(0.12, 0.88))
        y = _stand(rng, grounds, x, 0.03, 0.09)
        width = float(rng.uniform(0.2, 0.27) * _scale_at(y))
        turn, chimney = _either(rng), bool(rng.uniform() < 0.6)
        if all(abs(x - other.x) > 0.75 * (width + other.width) for other in houses):
            houses.append(House(x, y, width, turn, chimney))
    return tuple(sorted(houses, key=lambda house: house.y))


def _trees(rng, grounds, houses):
    favourite = int(rng.integers(3))
    trees = []
    for _ in range(int(rng.integers(3, 11))):
        kind = _KINDS[favourite if rng.uniform() < 0.65 else int(rng.integers(3))]
        x = float(rng.uniform(-0.02, 1.02))
        y = _stand(rng, grounds, x)
        height = rng.uniform(0.20, 0.40) * _TALLNESS[kind] * _scale_at(y)
        if not any(_hides(x, y, height, house) for house in houses):
            trees.append(Tree(kind, x, y, float(height), float(rng.uniform(-1, 1))))
    return tuple(sorted(trees, key=lambda tree: tree.y))


def _hides(x, y, height, house):
    return y > house.y and abs(x - house.x) < 0.5 * house.width + 0.2 * height


def _boats(rng, horizon, grounds):
    boats = []
    for _ in range((0, 1, 1, 2)[rng.integers(4)]):
        x = float(rng.uniform(0.1, 0.9))
        shore = min(ground.height_at(x) for ground in grounds)
        y = float(rng.uniform(horizon + 0.05, max(horizon + 0.06, shore - 0.05)))
        length = float(rng.uniform(0.13, 0.18) * (0.6 + 1.8 * (y - horizon)))
        if all(abs(x - other.x) > 0.2 for other in boats):
            boats.append(Boat(x, y, length, _either(rng)))
    return tuple(sorted(boats, key=lambda boat: boat.y))
