"""Named sizes of the networks."""

from keras_stylex.errors import InputError


def _preset(width):
    """All widths in proportion.

    No block at half the picture's size: it costs most there, and rings.
    """
    return {
        "widths": (2 * width, 3 * width, 6 * width),
        "encoder_blocks": 2,
        "decoder_blocks": (0, 2, 2),
        "style_widths": (width, 2 * width, 4 * width, 4 * width),
    }


PRESETS = {
    "stylex_mobile": _preset(16),
    "stylex_small": _preset(24),
    "stylex_base": _preset(48),
}


def presets():
    """Names of the sizes, a tuple, smallest first."""
    return tuple(PRESETS)


def preset_config(preset):
    """The arguments of `Generator` for a named preset.

    Raises:
        InputError: when there is no preset of that name.
    """
    if preset not in PRESETS:
        raise InputError(
            f"There is no preset {preset!r}. Choose one of: {', '.join(PRESETS)}."
        )
    return dict(PRESETS[preset])
