"""Where one worker wants to stop, all do, after the same step."""

import keras
import numpy as np
import pytest

from keras_stylex.training.ballot import Ballot
from keras_stylex.training.callbacks import StopTogether


class Model(keras.Model):
    """Counts votes as `StyleTransferGAN` does, alone."""

    def __init__(self):
        super().__init__()
        self.ballot, self.steps = Ballot(), 0
        self.built = True

    def train_step(self, data):
        self.steps += 1
        self.ballot.counted.assign(self.ballot.own.value)
        return {"term": data[0, 0]}


class StopAt(keras.callbacks.Callback):
    """Wants to stop after so many steps."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        if self.model.steps == self.step:
            self.model.stop_training = True


def steps(callbacks, model=None):
    """Trains for four epochs of two steps; returns how many it took."""
    model = model or Model()
    model.compile(run_eagerly=True)
    before = model.steps
    model.fit(np.ones((2, 1)), batch_size=1, epochs=4, verbose=0, callbacks=callbacks)
    return model.steps - before


@pytest.mark.parametrize("wish, stop", [(1, 2), (2, 3), (3, 4)])
def test_a_wish_becomes_a_vote_that_the_next_step_counts(wish, stop):
    assert steps([StopAt(wish), StopTogether()]) == stop


def test_what_all_workers_know_needs_no_vote():
    assert steps([StopTogether(), StopAt(3)]) == 3


def test_a_vote_of_another_worker_counts():
    class Other(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.ballot.counted.assign(1.0)

    assert steps([Other(), StopTogether()]) == 1


def test_a_new_training_has_no_votes():
    model, together = Model(), StopTogether()
    assert steps([StopAt(1), together], model) == 2
    assert steps([together], model) == 8
