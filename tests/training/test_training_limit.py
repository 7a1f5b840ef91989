"""When training stops."""

from types import SimpleNamespace

import pytest

from keras_stylex.training.callbacks import TrainingLimit


@pytest.fixture
def steps_until_stop(monkeypatch):
    """Counts the steps taken, each of so many seconds."""

    def count(limit, first_step=0, seconds=1.0):
        now = 0.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        optimizer = SimpleNamespace(iterations=first_step)
        model = SimpleNamespace(generator_optimizer=optimizer, stop_training=False)
        limit.set_model(model)
        limit.on_train_begin()
        for step in range(1, 1000):
            now += 100 if step == 1 else seconds  # the graph is built
            limit.on_train_batch_end(step)
            if model.stop_training:
                return step
        return None

    return count


def test_steps_are_counted_from_the_start_of_the_training(steps_until_stop):
    assert steps_until_stop(TrainingLimit(steps=30)) == 30
    assert steps_until_stop(TrainingLimit(steps=30), first_step=20) == 10


def test_minutes_are_counted_from_now_without_the_first_step(steps_until_stop):
    assert steps_until_stop(TrainingLimit(minutes=1), seconds=2.0) == 31
    limit = TrainingLimit(minutes=1)
    assert steps_until_stop(limit, first_step=20, seconds=2.0) == 31


def test_without_a_limit_training_goes_on(steps_until_stop):
    assert steps_until_stop(TrainingLimit()) is None
