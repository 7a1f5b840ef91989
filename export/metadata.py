"""What whoever opens a file in a year needs to know of it."""

from dataclasses import asdict
from importlib.metadata import version

from keras_stylex import __version__

UNKNOWN_LICENCE = "not stated: that of the run and of the pictures it was trained on"
VALUE_RANGE = {
    "float32": "float32 in [0, 1], red green blue",
    "uint8": "uint8, 0 to the greatest, red green blue",
}


def describe(network, recipe, verification, style=None, licence=None):
    """The metadata of a TFLite file, ready for JSON.

    Args:
        network: `DeviceNetwork`.
        recipe: `Recipe`.
        verification: `TFLiteVerification`.
        style: `Style` that is folded in, or `None` for networks that take any.
        licence: String, or `None` when it is not known.

    Returns: dict.
    """
    return {
        "signature": network.signature,
        "inputs": {name: list(shape) for name, shape in network.inputs.items()},
        "output": network.output,
        "value_range": VALUE_RANGE["uint8" if recipe.integer else "float32"],
        "recipe": asdict(recipe),
        "style": None if style is None else _style(style),
        "parity": asdict(verification.parity),
        "licence": licence or UNKNOWN_LICENCE,
        "versions": versions(),
    }


def _style(style):
    return {
        "name": style.name,
        "strength": style.strength,
        "references": list(style.references),
    }


def versions():
    """Versions of what made a file, by package."""
    packages = ("keras", "tensorflow", "ai-edge-litert", "numpy")
    return {
        "keras_stylex": __version__,
        **{name: version(name) for name in packages},
    }
