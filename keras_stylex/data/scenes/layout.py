"""What stands where in a scene, in relative coordinates: apart from size and style."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sun:
    """A disc at `x`, `y` (shares of the picture); `radius` is a share of the side."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Cloud:
    """Puffs `(dx, dy, rx, ry)` around `x`, `y`; puffs in shares of the side."""

    x: float
    y: float
    puffs: tuple


@dataclass(frozen=True)
class Ridge:
    """Everything below a line is `role`; `heights` are equally spaced, 0 at the top."""

    role: str
    heights: tuple

    def height_at(self, x):
        """The line's height at `x`, both shares of the picture."""
        place = min(max(x, 0.0), 1.0) * (len(self.heights) - 1)
        left = min(int(place), len(self.heights) - 2)
        share = place - left
        return (1 - share) * self.heights[left] + share * self.heights[left + 1]


@dataclass(frozen=True)
class Tree:
    """A `conifer`, `round` tree or `cypress`, standing at `x`, `y`.

    `height` is a share of the side; `tone` in [-1, 1] makes it lighter or darker.
    """

    kind: str
    x: float
    y: float
    height: float
    tone: float


@dataclass(frozen=True)
class House:
    """Seen from a corner; `width` is a share of the side, `turn` +1 or -1."""

    x: float
    y: float
    width: float
    turn: int
    chimney: bool


@dataclass(frozen=True)
class Boat:
    """A sailing boat; `length` is a share of the side, `heading` +1 or -1."""

    x: float
    y: float
    length: float
    heading: int


@dataclass(frozen=True)
class Layout:
    """A scene's arrangement, from back to front.

    Attributes:
        horizon: Where water or ground meets the sky, a share of the height.
        light: Where light falls from: -1 left, +1 right.
        sun: A `Sun`, or None.
        clouds: `Cloud`s.
        ridges: `Ridge`s, the farthest first.
        lake: Whether there is water between ridges and ground.
        grounds: `Ridge`s of `near`, `field` and `ground`, the farthest first.
        path: Half widths and centres `(x, y, half_width)` from far to near, or ().
        trees, houses, boats: What stands in the scene, the farthest first.
    """

    horizon: float
    light: int
    sun: Sun | None
    clouds: tuple
    ridges: tuple
    lake: bool
    grounds: tuple
    path: tuple
    trees: tuple
    houses: tuple
    boats: tuple
