"""`keras-stylex train --strategy ...` in processes of its own."""

import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from keras_stylex.training.run import Run

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(__file__).with_name("toy_command.py")
TINY = ("--preset", "toy", "--size", "32", "--batch-size", "2", "--epoch-steps", "2")


@pytest.fixture
def start(photos, paintings):
    """Starts to train in a folder; returns the process."""
    processes = []

    def call(folder, *arguments, **environment):
        sources = ("--content", photos, "--style", paintings)
        words = ["train", *sources, *TINY, *arguments, "--out", folder]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        process = subprocess.Popen(
            [sys.executable, PROGRAM, *map(str, words)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield call
    for process in processes:
        process.kill()
        process.communicate()


def ended(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def checkpoint(folder):
    return Run(folder).checkpoints.newest()


def test_two_replicas_train_what_none_trains(start, tmp_path):
    alone, mirrored = tmp_path / "alone", tmp_path / "mirrored"
    processes = [
        start(alone, "--steps", 3),
        start(mirrored, "--steps", 3, "--strategy", "mirrored", TWO_CPUS="1"),
    ]
    for process in processes:
        ended(process)
    one, two = (checkpoint(folder).arrays for folder in (alone, mirrored))
    assert one.keys() == two.keys()
    for name, array in one.items():
        np.testing.assert_allclose(two[name], array, atol=2e-4, err_msg=name)
