"""What is shown of a training's progress."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from keras_stylex.training.callbacks import TrainingProgress


@pytest.fixture
def train(monkeypatch):
    """Goes through epochs of four steps, one second each; returns what is printed."""

    def run(epochs, first_step=0, terminal=False, **options):
        now = 0.0
        monkeypatch.setattr("time.monotonic", lambda: now)
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
        callback = TrainingProgress(batch_size=2, console=console, **options)
        optimizer = SimpleNamespace(iterations=first_step)
        callback.set_model(SimpleNamespace(generator_optimizer=optimizer))
        callback.on_train_begin()
        for epoch in range(epochs):
            for step in range(4):
                now += 60 if epoch == step == 0 else 1  # the graph is built
                callback.on_train_batch_end(step)
            callback.on_epoch_end(epoch)
        callback.on_train_end()
        return console.file.getvalue()

    return run


def test_a_log_file_gets_a_line_per_epoch(train):
    assert train(2, steps=21).splitlines() == [
        "training: step 4 of 21, 2.0 pictures/s, 0:00:17 left",
        "training: step 8 of 21, 2.0 pictures/s, 0:00:13 left",
    ]


def test_a_resumed_training_counts_its_own_time(train):
    assert train(1, first_step=10, steps=21).splitlines() == [
        "training: step 14 of 21, 2.0 pictures/s, 0:00:07 left",
    ]


def test_minutes_count_from_the_second_step(train):
    assert train(1, minutes=0.5).splitlines() == [
        "training: step 4, 2.0 pictures/s, 0:00:27 left",
    ]


def test_a_terminal_gets_a_bar_and_its_cursor_back(train):
    printed = train(2, steps=8, terminal=True)
    assert "step 8 of 8" in printed and "━" in printed
    assert printed.rindex("\x1b[?25h") > printed.rindex("\x1b[?25l")


def test_an_epoch_of_a_single_step_is_no_trouble(monkeypatch):
    console = Console(file=io.StringIO())
    callback = TrainingProgress(batch_size=2, steps=1, console=console)
    optimizer = SimpleNamespace(iterations=0)
    callback.set_model(SimpleNamespace(generator_optimizer=optimizer))
    callback.on_train_begin()
    callback.on_train_batch_end(0)
    callback.on_epoch_end(0)
    callback.on_train_end()
    assert console.file.getvalue() == ""
