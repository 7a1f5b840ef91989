"""High dynamic range to what any screen shows.

PQ and HLG by ITU-R BT.2100-2, the white of paper at 203 cd/m2 (ITU-R BT.2408). Light
is scaled by a curve of its largest channel, so that hues stay; up to the knee it is
left as it is.
"""

import numpy as np

PAPER_WHITE = 203.0  # cd/m2
HLG_PEAK = 1000.0  # cd/m2, of the screen that HLG is shown on by convention
HLG_GAMMA = 1.2  # of such a screen
KNEE = 0.6  # of paper white

_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593], "float32")
_TO_709 = np.array(  # from the primaries of BT.2020, ITU-R BT.2087
    [
        [1.6605, -0.5876, -0.0728],
        [-0.1246, 1.1329, -0.0083],
        [-0.0182, -0.1006, 1.1187],
    ],
    "float32",
)
_STEPS = 4096  # of tables: 12 bits


def pq_light(values):
    """PQ values in [0, 1] to light, in units of paper white."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = np.asarray(values, "float64") ** (1 / m2)
    light = (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    return 10000 / PAPER_WHITE * light


def hlg_scene_light(values):
    """HLG values in [0, 1] to the light that fell into the camera, in [0, 1]."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    values = np.asarray(values, "float64")
    return np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)


def screen_values(light):
    """Light in [0, 1] to the values of a picture in sRGB (IEC 61966-2-1)."""
    light = np.asarray(light, "float64")
    bright = 1.055 * np.maximum(light, 1e-9) ** (1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, 12.92 * light, bright)


def _pq(values):
    return _look_up(values, _PQ)


def _hlg(values):
    scene = _look_up(values, _HLG)
    luminance = np.maximum(scene @ _LUMA_2020, 1e-6)[..., None]
    return HLG_PEAK / PAPER_WHITE * luminance ** (HLG_GAMMA - 1) * scene


def tone_map(values, curve):
    """Pictures of a high dynamic range to ordinary ones.

    Args:
        values: `(height, width, 3)` float32 in [0, 1], as stored, BT.2020 primaries.
        curve: One of `CURVES`: from such values to light in units of paper white.

    Returns: `(height, width, 3)` float32 in [0, 1], sRGB.
    """
    light = np.maximum(curve(values) @ _TO_709.T, 0)
    largest = np.maximum(light.max(-1, keepdims=True), 1e-6)
    return _look_up(light * (_shoulder(largest) / largest), _SCREEN)


def _shoulder(light):
    """Leaves light up to the knee, and bends the rest smoothly to below 1."""
    room = 1 - KNEE
    bent = 1 - room * np.exp(-(np.maximum(light, KNEE) - KNEE) / room)
    return np.where(light <= KNEE, light, bent)


def _look_up(values, table):
    """A function's table, in [0, 1], at values; straight lines in between."""
    place = np.clip(values, 0, 1) * np.float32(len(table) - 1)
    below = np.minimum(place.astype(np.int32), len(table) - 2)
    part = place - below
    return table[below] * (1 - part) + table[below + 1] * part


def _table(function):
    return function(np.linspace(0, 1, _STEPS)).astype("float32")


_PQ, _HLG, _SCREEN = (_table(f) for f in (pq_light, hlg_scene_light, screen_values))
CURVES = {16: _pq, 18: _hlg}  # by their numbers in ITU-T H.273
