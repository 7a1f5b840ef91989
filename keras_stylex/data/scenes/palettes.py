"""Palettes a painter would use: one colour for each role in a scene."""

import colorsys
from dataclasses import dataclass

import numpy as np

from keras_stylex.data.images import to_float

ROLES = (
    "sky",
    "horizon",
    "cloud",
    "sun",
    "far",
    "middle",
    "near",
    "water",
    "ground",
    "field",
    "foliage",
    "leaf",
    "trunk",
    "wall",
    "roof",
    "dark",
    "sail",
)
"""What a pixel can be. `horizon` is the sky's colour where it meets the land."""

ROLE_INDEX = {role: index for index, role in enumerate(ROLES)}

# One row a palette, six hexadecimal digits a role, in the order of ROLES.
_PAINTERS = {
    "monet_morning": "8fb8de f6d3c3 fdf1e6 ffdca0 9aa4d0 7f9bb8 7aa68c 86b3cf "
    "9cbf86 dccf94 4f7f68 8ab46a 6b5a63 f3e6da b5748a 50506e fff6e8",
    "van_gogh_night": "1b2f6e 4a7fc0 86a8d8 ffe26a 24386b 2c4f7c 2f5d62 22508f "
    "41604a 8a8f3f 16302c 2f5a3c 1a1a24 d9b95c 7a4a3a 10142e f0e0a0",
    "van_gogh_wheat": "8fc8d2 e2ead2 f6f3e2 fff3b0 6f8fb8 5f8f9a 7fa05a 6fb0b8 "
    "e0b23c f5d667 2f5a3a 6f9a45 6a4a2a f3e7c8 c8693a 3a3a4a fff6dc",
    "gauguin_tahiti": "f4b860 f7d794 fbe3c0 fff4d0 6b4c9a 2f7f86 3f9a5f 1f8a9a "
    "d9563f f08fa0 1d5b4a 5fae4f 4a2540 f5d9a8 8a3a2a 2a1a3a ffe9c8",
    "turner_sunset": "d9a05a ffe3a0 f2c98a fffbe0 b98a7a a06a4a 8a5a3a d8a86a "
    "7a5230 b98a4a 4f3a22 8a6a34 3a281a eecf9f 9a4f2f 3a2a28 fff0d0",
    "hokusai_wave": "2f6aa3 e9dfc0 f4ecd6 e0593f 8fb0c4 4f86ae 27598a 1f4a80 "
    "c9c19a dcd4b0 1c4a5a 4a8080 2a3a4a efe6cc 6a7f8f 16284a faf4e2",
    "hiroshige_dusk": "2b3a67 e8796a f0b8a8 f2542d 6a5a8a 4a4f7f 3a5f5f 4f6f9f "
    "6f7f5a b0a070 23403f 4a7050 2f2730 ecd9c0 7a4a5a 1c1f3a f4e6d6",
    "munch_evening": "d94a2a f7b23f f2843f ffe08a 27406a 2f5a78 3a5a4a 23507f "
    "5a3a3a a0603f 1f3038 47684a 2a1a1f d9a070 6a2a2a 161a2a f0c890",
    "matisse_harbour": "ef8fb5 ffd0c0 fff0f0 ffd23f 7a4fb0 2f6fd0 1fa08a 2f9fe0 "
    "3fae5f ff8a3f 0f6a4f 7fd04f c02f5f fff0b0 e03f3f 2a2a7a ffffff",
    "cezanne_provence": "9fb8c8 d6dccf e8e8dc f8edc8 8f9cb8 8a9a8a 7f8f5a 7fa3a8 "
    "c0a060 d8bc7a 3f5a3a 7a8f40 6a5038 eadbb4 c07a4a 4a4a50 f6efdc",
    "klimt_garden": "c9a23a ecd878 f4e4a0 fff6c8 4f7a6a 3a6a4a 4f8a3a 3f9a9a "
    "5f8a2f d0b030 244a24 7aaa34 5a3a5a f4ead0 b04a5a 3a2a4a fff4d0",
    "sisley_snow": "b4bcc8 e0dee0 eeeeee faf4dc a0a8bc 8f97a8 c4cad4 8a98ac "
    "e4e6ec f4f2ee 56606a 98a4a8 4a4648 c8b8a8 8a5a5a 3a3e48 f4f0ea",
}

_DAYLIGHT = {
    "noon": "4f8fd0 cfe2f0 ffffff fffbe8 8fa6bf 6f8f80 5f8a48 4f83a8 "
    "6a9440 b0a860 2f5426 6a9438 5a4632 e8e0d2 a0523c 3a3a3e fafafa",
    "morning": "8fb0d0 f2e2d0 fbf4ee fff0d0 a0aec0 7f968c 6f9058 8aa4b4 "
    "86a052 b8b070 3c5a36 7c9a4a 60503e ede2d0 a8664e 444448 faf6f0",
    "golden": "6f94c4 f8d29a fbe6c8 fff0b8 98909c 80826c 74803e 8890a0 "
    "84883a c09c4c 3a4a22 8c9238 5c4028 f2d8b0 a4522e 3c3430 fcecd4",
    "autumn": "7fa4cc dce4e8 f8f8f6 fffae0 8c9cb0 7c8474 8e8648 6a8498 "
    "928c48 c4a050 7c4a1e c87c2c 503c2c e6dccc 8c4a3a 38363a f6f4f0",
    "overcast": "a4b0bc dde0e2 ececec fffbf0 909ca8 768680 627c54 7c8c98 "
    "6c8450 a09c68 34502e 648248 524a40 dcd6cc 8a5a4a 3e4044 f0f0ee",
}

# A palette built on one key hue: turn of the hue (1 is the full circle), saturation and
# value of each role. Sky, distance and water lie near the key, what grows opposite.
_HARMONY = {
    "sky": (0.00, 0.55, 0.88),
    "horizon": (0.06, 0.28, 0.97),
    "cloud": (0.04, 0.10, 1.00),
    "sun": (0.50, 0.45, 1.00),
    "far": (0.05, 0.42, 0.74),
    "middle": (0.10, 0.50, 0.62),
    "near": (0.20, 0.55, 0.52),
    "water": (-0.07, 0.60, 0.70),
    "ground": (0.45, 0.55, 0.66),
    "field": (0.40, 0.50, 0.86),
    "foliage": (0.54, 0.65, 0.36),
    "leaf": (0.48, 0.60, 0.56),
    "trunk": (0.58, 0.50, 0.24),
    "wall": (0.50, 0.16, 0.95),
    "roof": (0.93, 0.75, 0.60),
    "dark": (0.00, 0.50, 0.22),
    "sail": (0.50, 0.07, 0.99),
}

_HUE_JITTER = 0.03
_VALUE_JITTER = 0.06


@dataclass(frozen=True)
class Palette:
    """A colour for every role.

    Attributes:
        name: What it was mixed from, for people.
        colors: A tuple `(red, green, blue)` in [0, 1] per role, ordered like `ROLES`.
    """

    name: str
    colors: tuple

    def array(self):
        """Returns the colours as a `(roles, 3)` float32 array."""
        return np.asarray(self.colors, "float32")


def _parse(name, text):
    colors = to_float(np.frombuffer(bytes.fromhex(text), "uint8")).reshape(-1, 3)
    return Palette(name, _as_tuples(colors))


def _as_tuples(colors):
    return tuple(map(tuple, np.asarray(colors).tolist()))


PALETTES = {name: _parse(name, text) for name, text in _PAINTERS.items()}
"""The named palettes that paintings are mixed from."""

DAYLIGHT = {name: _parse(name, text) for name, text in _DAYLIGHT.items()}
"""The natural colours that photos are mixed from."""


def random_palette(rng, palettes=PALETTES):
    """Mixes two of `palettes` and turns hue and value of all colours a little.

    Mixtures lie nearer to one of the two, since half and half of opposite colours
    is grey; the styles are continuous all the same.
    """
    names = list(palettes)
    first, step = rng.integers(len(names)), rng.integers(1, len(names))
    first, second = names[first], names[(first + step) % len(names)]
    share = 0.5 * rng.uniform() ** 1.5
    colors = (1 - share) * palettes[first].array() + share * palettes[second].array()
    hue, value = rng.uniform(-1, 1, 2) * (_HUE_JITTER, _VALUE_JITTER)
    colors = [_turn(color, hue, 1 + value) for color in colors.tolist()]
    return Palette(f"{first}+{share:.2f}*{second}", _as_tuples(colors))


def key_palette(hue):
    """The harmony of one key hue in [0, 1): its neighbours and its complements."""
    colors = [
        colorsys.hsv_to_rgb((hue + turn) % 1.0, saturation, value)
        for turn, saturation, value in map(_HARMONY.get, ROLES)
    ]
    return Palette(f"hue {hue:.3f}", _as_tuples(colors))


def _turn(color, hue, value):
    h, s, v = colorsys.rgb_to_hsv(*color)
    return colorsys.hsv_to_rgb((h + hue) % 1.0, s, min(1.0, v * value))
