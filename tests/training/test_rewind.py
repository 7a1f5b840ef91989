"""Logs that go back to where the newest checkpoint was taken."""

import pytest
import tensorflow as tf

from keras_stylex.training.rewind import rewind_events, rewind_log, rewind_samples


def test_a_log_is_cut_but_never_made_longer(tmp_path):
    log = tmp_path / "log.csv"
    rewind_log(log, 4)
    assert not log.exists()
    log.write_text("0,1\n1,2\n2,")
    rewind_log(log, 8)
    assert log.read_text() == "0,1\n1,2\n"
    rewind_log(log, 100)
    assert log.read_text() == "0,1\n1,2\n"


def test_sample_grids_of_later_steps_are_removed(tmp_path):
    for name in ("step_000000", "step_000010", "step_000011", "step_1000000", "mine"):
        (tmp_path / f"{name}.png").touch()
    rewind_samples(tmp_path, 10)
    left = sorted(file.name for file in tmp_path.iterdir())
    assert left == ["mine.png", "step_000000.png", "step_000010.png"]


@pytest.fixture
def events(tmp_path):
    """A file of figures at steps 1 to 5."""
    writer = tf.summary.create_file_writer(str(tmp_path / "train"))
    with writer.as_default():
        for step in range(1, 6):
            tf.summary.scalar("cycle", 0.5 * step, step=step)
    writer.close()
    (file,) = (tmp_path / "train").iterdir()
    return file


def steps_of(file):
    found = []
    for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
        event = tf.compat.v1.Event.FromString(record)
        for value in event.summary.value:
            assert float(tf.make_ndarray(value.tensor)) == 0.5 * event.step
            found.append(event.step)
    return found


def test_events_of_later_steps_are_removed(events, tmp_path):
    rewind_events(tmp_path, 3)
    assert steps_of(events) == [1, 2, 3]
    before = events.stat().st_ino
    rewind_events(tmp_path, 3)
    assert events.stat().st_ino == before  # nothing to do


def test_a_file_that_a_killed_process_was_writing_is_mended(events, tmp_path):
    events.write_bytes(events.read_bytes()[:-5])
    rewind_events(tmp_path, 100)
    assert steps_of(events) == [1, 2, 3, 4]
