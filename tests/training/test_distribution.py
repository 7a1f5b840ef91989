"""Replicas and workers with a share of the batch each learn what one learns with all.

Though they work through it in parts, one picture at a time; and though gradients are
clipped, and discriminators held back.
"""

import json
import pathlib
import socket

import numpy as np
import pytest

PROGRAM = pathlib.Path(__file__).with_name("learners.py")
OTHERS = ["mirrored", "worker 0", "worker 1"]


def results(file, process):
    assert process.wait() == 0, process.err
    return json.loads(file.read_text())


def free_addresses(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return [f"127.0.0.1:{port}" for port in ports]


@pytest.fixture(scope="module")
def learned(warm_python, tmp_path_factory):
    """What `learners.py` wrote: of one process, and of two workers."""
    folder = tmp_path_factory.mktemp("learners")
    cluster = {"worker": free_addresses(2)}
    processes = {}
    for index in range(2):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": cluster, "task": task})
        file = folder / f"{index}.json"
        words = (PROGRAM, file, "multi-worker")
        processes[file] = warm_python.start(*words, TF_CONFIG=config)
    file = folder / "alone.json"
    words = (PROGRAM, file, "none", "one-device", "mirrored")
    processes[file] = warm_python.start(*words)
    try:
        *workers, alone = (results(*each) for each in processes.items())
    finally:
        for process in processes.values():
            process.kill()
    return alone, workers


@pytest.fixture(scope="module")
def trained(learned):
    """What became of the toy, by who trained it."""
    alone, workers = learned
    names = enumerate(worker["multi-worker"] for worker in workers)
    return {**alone, **{f"worker {index}": worker for index, worker in names}}


def distance(weights, others):
    pairs = zip(weights, others, strict=True)
    return max(np.abs(np.subtract(*pair)).max() for pair in pairs)


@pytest.mark.parametrize("who", ["one-device", *OTHERS])
def test_the_weights_are_the_same(trained, who):
    one, other = trained["none"], trained[who]
    assert distance(one["before"], other["before"]) == 0
    assert distance(one["before"], one["weights"]) > 1e-2
    assert distance(one["weights"], other["weights"]) < 5e-5
    assert one["seed"] == other["seed"]


@pytest.mark.parametrize("who", ["one-device", *OTHERS])
@pytest.mark.parametrize("what", ["logs", "evaluated"])
def test_the_terms_are_those_of_the_whole_batch(trained, who, what):
    one, other = trained["none"][what], trained[who][what]
    assert other == pytest.approx(one, rel=5e-4, abs=1e-6)


def test_workers_are_the_same_to_the_bit(trained):
    assert trained["worker 0"] == trained["worker 1"]


@pytest.mark.parametrize("who", ["mirrored", "worker 0", "worker 1"])
def test_an_overflow_on_one_replica_stops_the_step_of_both(learned, who):
    alone, workers = learned
    if who == "mirrored":
        after_overflow, after_step = alone["overflow on mirrored"]
    else:
        after_overflow, after_step = workers[int(who[-1])]["overflow on multi-worker"]
    copies = 2 if who == "mirrored" else 1  # in one process
    assert after_overflow == [[[1, 1]] * copies, 512]
    expected = 1 - 0.5 * (512 + 1536) / 512
    assert after_step == [[[expected] * 2] * copies, 512]


def test_workers_scale_losses_in_step(learned):
    """The generator's are scaled too much at first, those of the critics are not."""
    _, workers = learned
    one, other = (worker["float16"] for worker in workers)
    assert one == other
    skipped = np.log2([2.0**40, 2.0**10]) - np.log2(one["scales"])
    assert skipped[0] == 3 and skipped[1] < 3
    assert one["updates"] == list(3 - skipped)
    assert distance(one["before"], one["weights"]) > 1e-3
    assert np.isfinite(list(one["logs"].values())).all()
