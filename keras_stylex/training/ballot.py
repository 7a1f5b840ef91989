"""How workers agree to stop: a vote that travels with the figures of a step."""

import keras
import numpy as np


class Ballot:
    """Votes for stopping, added up over all replicas at each step.

    A worker that just stopped would leave the others waiting for it without end.
    """

    def __init__(self):
        self.own, self.counted = (
            keras.Variable(np.float32(0), trainable=False, name=f"{name}_votes")
            for name in ("own", "counted")
        )

    def vote(self):
        """Votes for stopping, from the next step on."""
        self.own.assign(1.0)

    @property
    def decided(self):
        """Whether the last step counted a vote: the same on all workers."""
        return bool(self.counted.numpy() > 0)

    def reset(self):
        """Takes all votes back."""
        self.own.assign(0.0)
        self.counted.assign(0.0)
