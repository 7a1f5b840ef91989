"""A strength that varies over time."""

import dataclasses
import math

import numpy as np

from keras_stylex.errors import InputError


@dataclasses.dataclass(frozen=True)
class StrengthCurve:
    """Goes in straight lines from keyframe to keyframe; before and after, it stays.

    Args:
        times: Tuple of floats, seconds, rising.
        strengths: Tuple of floats in [0, 1], one each.

    Raises:
        InputError: when a time does not rise, or a strength lies elsewhere.
    """

    times: tuple
    strengths: tuple

    def __post_init__(self):
        pairs = zip((-1.0, *self.times), self.times, strict=False)
        if not all(before < time < math.inf for before, time in pairs):
            raise InputError(
                "The times of a strength must be 0 or more and rise. "
                f"Received: {', '.join(map(str, self.times))}."
            )
        for strength in self.strengths:
            if not 0 <= strength <= 1:
                raise InputError(
                    f"A strength must lie in [0, 1]. Received: {strength}."
                )

    def __call__(self, seconds):
        """The strength at a time."""
        return float(np.interp(seconds, self.times, self.strengths))


def parse_strength(text):
    """`"0.8"` to a float, `"0:0,2.5:1"` to a `StrengthCurve` of seconds:strength.

    Raises:
        ValueError: when it is neither; what argparse expects.
    """
    if ":" not in text:
        return float(text)
    keyframes = [keyframe.split(":") for keyframe in text.split(",")]
    times, strengths = zip(*([float(x) for x in pair] for pair in keyframes), strict=1)
    return StrengthCurve(times, strengths)
