"""When training stops, and what it counts."""

from types import SimpleNamespace

import pytest

from keras_stylex.training.callbacks import TrainingClock, TrainingLimit


@pytest.fixture
def steps_until_stop(monkeypatch):
    """Counts the steps taken, each of so many seconds."""

    def count(first_step=0, earlier_seconds=0.0, seconds=1.0, **limits):
        now = 50.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        clock = TrainingClock(first_step, earlier_seconds)
        limit = TrainingLimit(clock, **limits)
        model = SimpleNamespace(stop_training=False)
        limit.set_model(model)
        for step in range(1, 1000):
            now += 100 if step == 1 else seconds  # the graph is built
            clock.on_train_batch_end(step)
            limit.on_train_batch_end(step)
            assert model.stop_training == limit.reached
            if model.stop_training:
                return step
        return None

    return count


def test_steps_are_counted_from_the_start_of_the_training(steps_until_stop):
    assert steps_until_stop(steps=30) == 30
    assert steps_until_stop(steps=30, first_step=20) == 10


def test_minutes_are_counted_without_the_first_step(steps_until_stop):
    assert steps_until_stop(minutes=1, seconds=2.0) == 31
    assert steps_until_stop(minutes=1, first_step=20, seconds=2.0) == 31


def test_minutes_of_earlier_starts_count(steps_until_stop):
    assert steps_until_stop(minutes=1, earlier_seconds=40.0, seconds=2.0) == 11


def test_without_a_limit_training_goes_on(steps_until_stop):
    assert steps_until_stop() is None
