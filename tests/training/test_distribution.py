"""Replicas and workers with a share of the batch each learn what one learns with all.

Though they work through it in parts, one picture at a time; and though gradients are
clipped, and discriminators held back.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(__file__).with_name("learners.py")
OTHERS = ["mirrored", "worker 0", "worker 1"]


def start(file, *strategies, **environment):
    environment |= {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.Popen(
        [sys.executable, PROGRAM, file, *strategies],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


def results(file, process):
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return json.loads(file.read_text())


def free_addresses(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return [f"127.0.0.1:{port}" for port in ports]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What became of the toy, by who trained it."""
    folder = tmp_path_factory.mktemp("learners")
    cluster = {"worker": free_addresses(2)}
    workers = {}
    for index in range(2):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": cluster, "task": task})
        file = folder / f"{index}.json"
        workers[file] = start(file, "multi-worker", TF_CONFIG=config)
    file = folder / "alone.json"
    try:
        alone = results(file, start(file, "none", "one-device", "mirrored"))
        for index, (file, process) in enumerate(workers.items()):
            alone[f"worker {index}"] = results(file, process)["multi-worker"]
    finally:
        for process in workers.values():
            process.kill()
            process.communicate()
    return alone


def distance(weights, others):
    pairs = zip(weights, others, strict=True)
    return max(np.abs(np.subtract(*pair)).max() for pair in pairs)


@pytest.mark.parametrize("who", ["one-device", *OTHERS])
def test_the_weights_are_the_same(trained, who):
    one, other = trained["none"], trained[who]
    assert distance(one["before"], other["before"]) == 0
    assert distance(one["before"], one["weights"]) > 1e-2
    assert distance(one["weights"], other["weights"]) < 1e-5
    assert one["seed"] == other["seed"]


@pytest.mark.parametrize("who", ["one-device", *OTHERS])
@pytest.mark.parametrize("what", ["logs", "evaluated"])
def test_the_terms_are_those_of_the_whole_batch(trained, who, what):
    one, other = trained["none"][what], trained[who][what]
    assert other == pytest.approx(one, rel=1e-4, abs=1e-6)


def test_workers_are_the_same_to_the_bit(trained):
    assert trained["worker 0"] == trained["worker 1"]


def test_an_overflow_on_one_replica_stops_the_step_of_both(trained):
    after_overflow, after_step = trained["overflow"]
    assert after_overflow == [[[1, 1], [1, 1]], 512]
    expected = 1 - 0.5 * (512 + 1536) / 512
    assert after_step == [[[expected] * 2] * 2, 512]
