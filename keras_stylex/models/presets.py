"""Named sizes of the networks."""

from keras_stylex.errors import InputError

PRESETS = {
    "stylex_mobile": {
        "widths": (16, 32, 96),
        "encoder_blocks": 2,
        "decoder_blocks": (1, 1, 3),
        "style_widths": (16, 32, 64, 64),
    },
}


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
