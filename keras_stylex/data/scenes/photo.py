"""A scene as a camera would see it: soft light, haze, gradients and a little noise."""

import numpy as np

from keras_stylex.data.scenes.palettes import (
    DAYLIGHT,
    ROLE_INDEX,
    ROLES,
    random_palette,
)
from keras_stylex.data.scenes.regions import draw_regions
from keras_stylex.data.scenes.shading import (
    average,
    blend,
    blur_mask,
    color_of,
    finish,
    flat_planes,
    horizon_row,
    mirror,
    part_colors,
    rows_and_columns,
    sky_planes,
    smooth_noise,
)

# How much of the air's colour lies over a role, and how rough its surface looks.
_HAZE = {"far": 0.38, "middle": 0.22, "near": 0.08, "water": 0.05}
_ROUGHNESS = {
    "far": 0.03,
    "middle": 0.06,
    "near": 0.09,
    "ground": 0.10,
    "field": 0.10,
    "foliage": 0.16,
    "leaf": 0.14,
    "wall": 0.02,
    "roof": 0.04,
}


def photograph(layout, size, rng):
    """Takes a photo of `layout`.

    Args:
        layout: A `Layout`.
        size: Pixels, one number or `(height, width)`.
        rng: A NumPy `Generator`: daylight, texture and noise.

    Returns: a `(height, width, 3)` float32 array in [0, 1].
    """
    palette = random_palette(rng, DAYLIGHT)
    regions = draw_regions(layout, size, scale=2)
    planes = _scene(layout, regions, palette)
    grain = rng.standard_normal(planes.shape[1:], "float32")
    _roughen(planes, regions, grain, rng)
    _glow(planes, layout, palette)
    _expose(planes, layout, grain, rng)
    return finish(planes)


def _scene(layout, regions, palette):
    """Colours, clouds, air and the lake's mirror, without texture."""
    sky = _sky(layout, regions, palette)
    planes = _land(layout, regions, regions.parts, palette, sky)
    if layout.lake:
        start = horizon_row(layout, planes)
        behind = regions.backdrop[: 2 * start]
        behind = _land(layout, regions, behind, palette, sky)
        mirror(planes, start, regions, behind, 0.55)
    return planes


def _sky(layout, regions, palette):
    """`sky_planes` with soft clouds."""
    height, width = (n // 2 for n in regions.parts.shape)
    sky = sky_planes(palette, layout.horizon, height)
    if not layout.clouds:
        return sky
    clouds = regions.roles == ROLE_INDEX["cloud"]
    radius = 0.012 * min(height, width)
    share = blur_mask(clouds[regions.backdrop[: 2 * sky.shape[1] : 2, ::2]], radius)
    # A cloud is lit from above: it is darker where there is cloud higher up.
    above = np.roll(share, round(2.5 * radius), axis=0)
    light = color_of(palette, "cloud")[:, None, None] * (1 - 0.14 * above)
    return sky + 0.9 * share * (light - sky)


def _land(layout, regions, parts, palette, sky):
    """`parts` in hazy colours before the `sky`; `parts` may end further up."""
    air, haze = color_of(palette, "horizon"), _per_part(_HAZE, regions)
    colors = part_colors(regions, palette)
    colors += 0.75 * haze * (air[:, None] - colors)
    # The sky has its clouds already.
    shown = np.arange(len(haze), dtype="uint8") * (regions.roles != ROLE_INDEX["cloud"])
    planes = flat_planes(shown[parts], colors, sky)
    _add_mist(planes, layout, regions, parts[::2, ::2], haze, air)
    return planes


def _add_mist(planes, layout, regions, parts, haze, air):
    """Air that gathers in the valleys, towards the foot of a ridge; in place."""
    height = len(regions.parts) // 2
    first = int(height * regions.tops[haze > 0].min())
    most = 0.6 * haze
    slope = most / np.maximum(layout.horizon - regions.tops, 0.05)
    rows = np.arange(first, len(parts), dtype="float32")[:, None] / height
    parts = parts[first:].astype("intp")
    mist = rows * slope[parts] - (slope * regions.tops)[parts]
    blend(planes[:, first:], np.clip(mist, 0, most[parts]), air)


def _per_part(by_role, regions):
    table = np.array([by_role.get(role, 0.0) for role in ROLES], "float32")
    return table[regions.roles]


def _roughen(planes, regions, grain, rng):
    """Leaves, grass and rock, in place: coarse and fine noise times roughness."""
    height, width = shape = planes.shape[1:]
    coarse = smooth_noise(rng, shape, (max(2, height // 6), max(2, width // 10)))
    rough = average(regions.parts, _per_part(_ROUGHNESS, regions))
    planes *= 1 + rough * (0.9 * coarse + 0.35 * grain)


def _glow(planes, layout, palette):
    """Brightens the air around the sun, in place."""
    if layout.sun is None:
        return
    height, width = shape = planes.shape[1:]
    rows, columns = rows_and_columns(shape)
    reach = 4.0 * layout.sun.radius * min(height, width)
    across = np.exp(-0.5 * ((columns - layout.sun.x) * (width / reach)) ** 2)
    down = np.exp(-0.5 * ((rows - layout.sun.y) * (height / reach)) ** 2)
    blend(planes, 0.5 * down * across, color_of(palette, "sun"))


def _expose(planes, layout, grain, rng):
    """Light from one side, a darker foreground and rim, and sensor noise, in place."""
    rows, columns = rows_and_columns(planes.shape[1:])
    across = 1 + 0.06 * layout.light * (2 * columns - 1) - 0.10 * (columns - 0.5) ** 2
    down = 0.16 * np.maximum(rows - 0.55, 0) + 0.10 * (rows - 0.5) ** 2
    planes *= rng.uniform(0.94, 1.06) * (across - down)
    planes += 0.008 * grain
