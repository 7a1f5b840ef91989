"""`keras-stylex train --strategy ...` in processes of its own."""

import json
import os
import pathlib
import socket
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


@pytest.fixture
def cluster():
    """TF_CONFIG of two workers on this machine."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    workers = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    return [
        json.dumps(
            {
                "cluster": {"worker": workers},
                "task": {"type": "worker", "index": index},
            }
        )
        for index in range(2)
    ]


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


def test_workers_train_together_and_the_chief_writes(start, cluster, tmp_path):
    run, arguments = tmp_path / "run", ("--steps", 3, "--strategy", "multi-worker")
    workers = [start(run, *arguments, TF_CONFIG=config) for config in cluster]
    for worker in workers:
        ended(worker)
    assert checkpoint(run).position.step == 3
    log = (run / "log.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in log] == ["epoch", "0", "1"]
    assert not list(run.glob(".*"))
