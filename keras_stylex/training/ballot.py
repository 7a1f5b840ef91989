"""How workers agree to stop: a vote that travels with the figures of a step."""

import keras
import numpy as np

TIME_UP, INTERRUPTED = range(2)


class Ballot:
    """Votes for stopping, one kind a reason, added up over all replicas at each step.

    A worker that just stopped would leave the others waiting for it without end.
    """

    def __init__(self):
        self.own, self.counted = (
            keras.Variable(
                np.zeros(2, "float32"), trainable=False, name=f"{name}_votes"
            )
            for name in ("own", "counted")
        )

    def vote(self, reason):
        """Votes from the next step on."""
        self.own.assign(np.eye(2, dtype="float32")[reason])

    def result(self):
        """The reason that the last step counted a vote for, or `None`.

        The same on all workers. An interruption goes before the time.
        """
        counted = np.asarray(self.counted)
        return int(np.flatnonzero(counted).max()) if counted.any() else None

    def reset(self):
        """Takes all votes back."""
        for votes in (self.own, self.counted):
            votes.assign(np.zeros(2, "float32"))
