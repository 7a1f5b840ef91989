"""Sizes that a file on a device can have."""

from keras_stylex.errors import InputError

STEP = 4  # pixels: cameras and codecs give sides divisible by it
SMALLEST = 32  # pixels


def check_image_size(image_size):
    """Gives `(height, width)` of an integer or a pair of them.

    Raises:
        InputError: when a side is not divisible by 4, or below 32 pixels.
    """
    sides = (image_size,) * 2 if isinstance(image_size, int) else tuple(image_size)
    if len(sides) != 2 or any(side < SMALLEST or side % STEP for side in sides):
        raise InputError(
            f"The sides of a filter must be divisible by {STEP}, and at least "
            f"{SMALLEST} pixels. Received: {' x '.join(map(str, sides))}."
        )
    return sides
