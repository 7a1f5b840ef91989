"""A training that broke stops, and says what broke first."""

import keras
import numpy as np
import pytest

from keras_stylex.errors import TrainingError
from keras_stylex.training.callbacks import NaNGuard
from keras_stylex.training.step_health import StepHealth

NAMES = ["generator/cycle", "generator/palette", "gradient/r1", "logits/code_fake"]


class Model(keras.Model):
    """Has terms that are what the data say."""

    def __init__(self):
        super().__init__()
        self.health = StepHealth(NAMES)
        self.generator_optimizer = keras.optimizers.SGD()
        self.generator_optimizer.build([])
        self.generator_optimizer.iterations.assign(100)
        self.built = True

    def train_step(self, values):
        self.health.record([values[0, i] for i in range(len(NAMES))])
        return {"term": values[0, 0]}


class Witness(keras.callbacks.Callback):
    """Counts steps until it is told of the end."""

    steps, ended_after = 0, None

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1

    def on_train_end(self, logs=None):
        self.ended_after = self.steps


def train(witness, broken, every_steps, epochs=1):
    """Eight steps, those given with broken terms."""
    values = np.ones((8, len(NAMES)), "float32")
    for step, columns in broken.items():
        values[step - 1, columns] = np.nan
    model = Model()
    model.compile(run_eagerly=True)
    guard = NaNGuard(every_steps)
    options = {"shuffle": False, "verbose": 0, "epochs": epochs}
    data = values if epochs == 1 else values[:4]
    model.fit(data, batch_size=1, callbacks=[witness, guard], **options)


def test_it_names_the_step_and_the_terms_that_broke_first():
    words = "step 103 broke the training: .*: generator/palette, gradient/r1[.] What"
    with pytest.raises(TrainingError, match=words) as info:
        train(Witness(), {3: [1, 2], 4: [0]}, every_steps=2)
    assert "\n" not in str(info.value)


def test_it_names_three_of_many():
    with pytest.raises(TrainingError, match="gradient/r1 and 1 more[.]"):
        train(Witness(), {3: [0, 1, 2, 3]}, every_steps=2)


@pytest.mark.parametrize("every_steps, epochs, steps", [(3, 1, 6), (100, 2, 4)])
def test_it_stops_within_the_epoch_and_the_others_are_told_first(
    every_steps, epochs, steps
):
    witness = Witness()
    with pytest.raises(TrainingError):
        train(witness, {4: [0]}, every_steps, epochs)
    assert witness.ended_after == steps


def test_a_training_that_is_sound_goes_on():
    witness = Witness()
    train(witness, {}, every_steps=2)
    assert witness.ended_after == 8
