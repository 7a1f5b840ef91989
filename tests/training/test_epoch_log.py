"""The log of a run."""

import pytest

from keras_stylex.training.callbacks import EpochLog


@pytest.fixture
def log(tmp_path):
    """Logs epochs from a number on; returns the file's text."""

    def write(first, *epochs):
        callback = EpochLog(tmp_path / "log.csv")
        for epoch, logs in enumerate(epochs, first):
            callback.on_epoch_end(epoch, logs)
        return (tmp_path / "log.csv").read_text()

    return write


def test_every_epoch_is_a_line_under_one_header(log):
    log(0, {"b": 0.1, "a": 2}, {"b": 0.25, "a": float("nan")})
    assert log(2, {"a": 3, "b": 1}) == "epoch,b,a\n0,0.1,2.0\n1,0.25,nan\n2,1.0,3.0\n"


def test_an_emptied_log_gets_its_header_again(log, tmp_path):
    (tmp_path / "log.csv").touch()
    assert log(3, {"a": 1}) == "epoch,a\n3,1.0\n"


def test_an_older_file_keeps_its_columns(log):
    log(0, {"a": 1, "old": 2})
    assert log(1, {"a": 1, "new": 3}) == "epoch,a,old\n0,1.0,2.0\n1,1.0,\n"
