"""Which term of the losses was the first that was no number any more."""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops


class Failure(NamedTuple):
    """Where a training broke.

    Attributes:
        step: Number of the step, counted from 1 at the last reset.
        names: What was not finite in it.
    """

    step: int
    names: list


class StepHealth:
    """Remembers, within the graph, the first step with a value that is not finite.

    A callback sees means over an epoch, and would not know which term was the first.

    Args:
        names: list of strings, what the values are.
    """

    def __init__(self, names):
        self.names = list(names)
        self._steps = _counter("steps", ())
        self._broken_step = _counter("broken_step", ())
        self._broken = _counter("broken", (len(self.names),))

    def record(self, values):
        """Looks at the values of a step, which are the same on all replicas.

        Args:
            values: list of scalar tensors, in the order of the names.
        """
        self._steps.assign(self._steps.value + 1)
        broken = ops.cast(~ops.isfinite(ops.stack(values)), "int32")
        first = ops.logical_and(ops.any(broken > 0), self._broken_step.value == 0)
        for variable, value in (
            (self._broken_step, self._steps.value),
            (self._broken, broken),
        ):
            variable.assign(ops.where(first, value, variable.value))

    def failure(self):
        """The first `Failure` since the last reset, or `None`."""
        step, broken = int(self._broken_step.numpy()), np.asarray(self._broken)
        names = [name for name, bad in zip(self.names, broken, strict=True) if bad]
        return Failure(step, names) if step else None

    def reset(self):
        """Forgets all steps."""
        for variable in (self._steps, self._broken_step, self._broken):
            variable.assign(np.zeros(variable.shape, "int32"))


def _counter(name, shape):
    zeros = np.zeros(shape, "int32")
    return keras.Variable(zeros, dtype="int32", trainable=False, name=name)
