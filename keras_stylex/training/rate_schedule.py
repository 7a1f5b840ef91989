"""Learning rates that are functions of the step."""

import math

import keras
from keras import ops

from keras_stylex.errors import InputError

# The share of the rate at a share of the way from the end of the warm-up to the end.
SCHEDULES = {
    "constant": lambda way: ops.ones_like(way),
    "linear": lambda way: 1 - way,
    "cosine": lambda way: (1 + ops.cos(math.pi * way)) / 2,
}


@keras.saving.register_keras_serializable(package="keras_stylex")
class RateSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises over the warm-up, then falls to zero, or stays.

    `rate * min(1, (step + 1) / warmup_steps) * shape(way)`; the way runs from 0 at the
    end of the warm-up to 1 at `steps`. It depends on the step alone, so that a resumed
    training goes on as if it had not been interrupted.

    Args:
        rate: Float, the highest rate.
        shape: String, `constant`, `linear` or `cosine` (Loshchilov & Hutter, 2017).
        steps: Integer, steps of the whole training; `None` will do for `constant`.
        warmup_steps: Integer, steps until the rate is reached. Defaults to 0.

    Raises:
        InputError: when there is no such shape, or it needs a number of steps.
    """

    def __init__(self, rate, shape="constant", steps=None, warmup_steps=0):
        check_schedule(shape, steps, warmup_steps)
        self.rate = rate
        self.shape = shape
        self.steps = steps
        self.warmup_steps = warmup_steps

    def __call__(self, step):
        step = ops.cast(step, "float32")
        warmth = ops.minimum(1.0, (step + 1) / max(1, self.warmup_steps))
        length = max(1, (self.steps or 0) - self.warmup_steps)
        way = ops.clip((step - self.warmup_steps) / length, 0.0, 1.0)
        return self.rate * warmth * SCHEDULES[self.shape](way)

    def get_config(self):
        return {
            "rate": self.rate,
            "shape": self.shape,
            "steps": self.steps,
            "warmup_steps": self.warmup_steps,
        }


def check_schedule(shape, steps, warmup_steps):
    """Refuses a shape that there is not, or that needs to know where it ends.

    Raises:
        InputError: when it is one.
    """
    if shape not in SCHEDULES:
        raise InputError(
            f"There is no schedule {shape!r}. Choose one of: {', '.join(SCHEDULES)}."
        )
    if shape != "constant" and steps is None:
        raise InputError(
            f"--schedule {shape} falls to zero at the last step, and minutes do not "
            "say which that is. Give --steps instead of --minutes, or --schedule "
            "constant."
        )
    if warmup_steps < 0 or (steps is not None and warmup_steps > steps):
        raise InputError(
            f"The warm-up must take 0 steps or more, and end before the training. "
            f"Received: warmup_steps={warmup_steps}, steps={steps}."
        )
