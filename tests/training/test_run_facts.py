"""What a run says of itself."""

import numpy as np
import pytest

from keras_stylex.training.kept_evaluation import keep_evaluation
from keras_stylex.training.position import Position
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.run_facts import run_facts


@pytest.fixture
def run(flat_pictures, tmp_path):
    photos = flat_pictures("photos", range(5))
    config = RunConfig(str(photos), "gone", steps=900, seed=7, image_size=96)
    run = Run(tmp_path / "run")
    run.create(config)
    run.generator_file.write_bytes(b"weights")
    run.log_file.write_text("epoch,loss\n0,1\n1,1\n")
    return run


def checkpoint(run):
    position = Position(step=123, seconds=90.0)
    return run.checkpoints.write({"a": np.zeros(2)}, {"a": "a"}, position, run.config)


def test_facts_of_a_run_that_was_trained_and_evaluated(run):
    checkpoint(run)
    keep_evaluation(run, {"pictures": 2})
    facts = run_facts(run)
    assert (facts["content"], facts["style"]) == (run.config.content, "gone")
    assert (facts["content_pictures"], facts["style_pictures"]) == (5, None)
    assert (facts["steps"], facts["minutes"]) == (123, 1.5)
    assert (facts["seed"], facts["image_size"], facts["batch_size"]) == (7, 96, 4)
    assert facts["loss_weights"] == run.config.all_loss_weights.to_dict()
    assert facts["evaluation"]["figures"] == {"pictures": 2}


def test_without_a_whole_checkpoint_the_log_tells_the_steps(run):
    facts = run_facts(run)
    assert (facts["steps"], facts["minutes"]) == (200, None)
    checkpoint(run).write_bytes(b"damaged")
    assert run_facts(run) == facts
    assert facts["evaluation"] is None
