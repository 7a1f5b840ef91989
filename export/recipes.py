"""How a network is written into a TFLite file."""

from dataclasses import dataclass

from keras_stylex.errors import InputError


@dataclass(frozen=True)
class Recipe:
    """A named way to convert.

    Attributes:
        name: What users call it.
        weights: Type the weights are stored in: `float32`, `float16`, `int8`.
        integer: Whether everything is computed in int8, with uint8 pictures in and
            out; needs pictures to calibrate on.
        gpu: Whether it is meant for GPUs, and checked on one's delegate.
        least_psnr: Decibels against the float network below which an export fails.
        suits: What it is good for, for people.
    """

    name: str
    weights: str
    integer: bool
    gpu: bool
    least_psnr: float
    suits: str


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("float32", "float32", False, True, 90.0, "reference, any device"),
        Recipe("float16", "float16", False, True, 50.0, "GPUs, WebGPU, Core ML"),
        Recipe("dynamic", "int8", False, False, 40.0, "any CPU, no calibration"),
        Recipe("int8", "int8", True, False, 32.0, "CPUs and NPUs"),
    )
}


def recipe_named(name):
    """The recipe of that name.

    Raises:
        InputError: when there is none.
    """
    if name not in RECIPES:
        raise InputError(
            f"There is no recipe {name!r}. Choose from: {', '.join(RECIPES)}."
        )
    return RECIPES[name]
