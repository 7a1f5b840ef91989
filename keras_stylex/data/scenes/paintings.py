"""The manners a scene can be painted in, by name."""

from keras_stylex.data.scenes.pointillist import (
    PointillistStyle,
    paint_pointillist,
    random_pointillist_style,
)
from keras_stylex.data.scenes.strokes import (
    StrokeStyle,
    paint_strokes,
    random_stroke_style,
)
from keras_stylex.data.scenes.ukiyoe import (
    UkiyoeStyle,
    paint_ukiyoe,
    random_ukiyoe_style,
)
from keras_stylex.errors import InputError

_RANDOM_STYLE = {
    "strokes": random_stroke_style,
    "ukiyoe": random_ukiyoe_style,
    "pointillist": random_pointillist_style,
}
_PAINTER = {
    StrokeStyle: paint_strokes,
    UkiyoeStyle: paint_ukiyoe,
    PointillistStyle: paint_pointillist,
}

MANNERS = tuple(_RANDOM_STYLE)
"""How scenes are painted; each is a configuration of the data set."""

_MANNER = dict(zip(_PAINTER, MANNERS, strict=True))

CONFIGS = (*MANNERS, "mixed")
"""The configurations: the manners, and all of them together."""


def random_style(config, rng):
    """Draws the parameters of a painting.

    Args:
        config: One of `CONFIGS`; `mixed` draws a manner first.
        rng: A NumPy `Generator`.

    Returns: a `StrokeStyle`, `UkiyoeStyle` or `PointillistStyle`.

    Raises:
        InputError: there is no such configuration.
    """
    check_config(config)
    manner = MANNERS[rng.integers(len(MANNERS))] if config == "mixed" else config
    return _RANDOM_STYLE[manner](rng)


def manner_of(style):
    """One of `MANNERS`: that of what `random_style` returns."""
    return _MANNER[type(style)]


def check_config(config):
    """Raises `InputError` unless `config` is one of `CONFIGS`."""
    if config not in CONFIGS:
        known = ", ".join(CONFIGS)
        raise InputError(f"scenes/{config}: no such configuration; choose from {known}")


def paint(layout, style, size, rng):
    """Paints `layout` in a style.

    Args:
        layout: A `Layout`.
        style: What `random_style` returns.
        size: Pixels, one number or `(height, width)`.
        rng: A NumPy `Generator`: where strokes, dots or fibres lie.

    Returns: a `(height, width, 3)` float32 array in [0, 1].
    """
    return _PAINTER[type(style)](layout, style, size, rng)
