"""When a run is saved, and what is noted then."""

from types import SimpleNamespace

import pytest

from keras_stylex.training.callbacks import Checkpoint, TrainingClock
from keras_stylex.training.position import DISTANCES, Position

EPOCH_STEPS = 3
WEIGHTS = {name: 10**place for place, name in enumerate(DISTANCES)}
LOGS = {f"generator/{name}": 1 + i % 9 for i, name in enumerate(DISTANCES)}


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Takes steps of ten seconds; returns the positions and distances saved."""

    def run(steps, first_step=0, every_seconds=0.0, stopped=False):
        now = 0.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        saved, log = [], tmp_path / "log.csv"

        def save(model, position, distance):
            saved.append((position, distance))
            return distance or position.best

        clock = TrainingClock(first_step)
        callback = Checkpoint(save, clock, log, EPOCH_STEPS, 7.0, every_seconds)
        callback.set_model(SimpleNamespace(stop_training=stopped, term_weights=WEIGHTS))
        callback.on_epoch_begin(0)
        for step in range(first_step + 1, first_step + steps + 1):
            now += 10
            clock.on_train_batch_end(step)
            callback.on_train_batch_end(step)
            if step % EPOCH_STEPS == 0:
                log.write_text(log.read_text() + "row\n" if log.exists() else "row\n")
                callback.on_epoch_end(0, LOGS)
                callback.on_epoch_begin(1)
        callback.on_train_end()
        return saved

    return run


def steps_of(saved):
    return [position.step for position, _ in saved]


def test_it_saves_when_it_is_time_and_at_the_end(train):
    assert steps_of(train(10, every_seconds=3600.0)) == [10]
    assert steps_of(train(10, every_seconds=25.0)) == [3, 6, 9, 10]
    assert steps_of(train(4, every_seconds=15.0)) == [2, 4]


def test_what_was_just_saved_is_not_saved_again(train):
    assert steps_of(train(3)) == [1, 2, 3]


def test_a_training_that_is_stopped_is_saved_once_at_its_end(train):
    assert steps_of(train(2, stopped=True)) == [2]


def test_the_log_counts_up_to_the_last_whole_epoch(train):
    sizes = [position.log_bytes for position, _ in train(7)]
    assert sizes == [0, 0, 4, 4, 4, 8, 8]


def test_the_distance_is_that_of_a_whole_epoch(train):
    distances = [distance for _, distance in train(5)]
    assert distances == [None, None, 1987654321, None, None]


def test_the_least_distance_is_passed_on(train):
    assert [position.best for position, _ in train(4)] == [7.0, 7.0, 7.0, 1987654321]


def test_steps_of_earlier_starts_count(train):
    assert train(2, first_step=9, every_seconds=3600.0) == [
        (Position(11, 10.0, EPOCH_STEPS, 0, 7.0), None)
    ]
