"""How long a run was trained, by its log."""

import pytest

from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig


@pytest.fixture
def steps_of(tmp_path):
    """The steps of a run of epochs of 100 steps, whose log has these lines."""

    def steps(*lines, **options):
        config = RunConfig("a", "b", **(options or {"minutes": 1}))
        run = Run(tmp_path)
        run.config_file.write_text(config.to_json())
        if lines:
            run.log_file.write_text("\n".join(["epoch,loss", *lines]) + "\n")
        return run.steps

    return steps


def test_a_run_that_has_no_log_or_an_empty_one_was_not_trained(steps_of, tmp_path):
    assert steps_of() == 0
    (tmp_path / "log.csv").touch()
    assert steps_of() == 0
    (tmp_path / "log.csv").write_text("epoch,loss\n")
    assert steps_of() == 0


def test_epochs_are_counted_from_one(steps_of):
    assert steps_of("0,0.5", "1,0.25") == 200


def test_no_more_steps_are_counted_than_were_asked_for(steps_of):
    assert steps_of("0,0.5", "1,0.25", steps=130) == 130
    assert steps_of("0,0.5", "1,0.25", steps=1300) == 200


def test_a_resumed_run_counts_in_the_epochs_it_has_now(steps_of):
    lines = [f"{epoch},0.5" for epoch in (0, 1, 2, 3, 1)]  # first of 50, then of 100
    assert steps_of(*lines) == 200


def test_lines_that_are_no_epochs_are_left_out(steps_of):
    assert steps_of("0,0.5", "1,0.25", "epoch,loss", "", "\x00\x00") == 200
