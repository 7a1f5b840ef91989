"""How the stand-in server merges requests."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

STAND_IN = Path(__file__).parents[2] / "examples/serving/stand_in"


@pytest.fixture
def batching(monkeypatch):
    monkeypatch.syspath_prepend(str(STAND_IN))
    import batching

    yield batching
    for name in ("batching", "refusal"):
        sys.modules.pop(name)


@pytest.fixture
def merger(batching):
    """Makes a `Batching` of a model that doubles, and the list of batches it ran."""

    def make(size=4, micros=100_000, enqueued=9, hold=None):
        batches = []

        def double(signature, tensors):
            if hold:
                hold.wait(10)
            batches.append((signature, tensors["x"].shape[0]))
            return {"y": 2 * tensors["x"]}

        settings = batching.Settings(size, micros, enqueued, num_batch_threads=1)
        return batching.Batching(double, settings), batches

    return make


def _ask(merger, values, signature="double"):
    """Sends a request of so many rows for each value at once; gives all answers."""
    with ThreadPoolExecutor(len(values)) as pool:
        asked = [
            pool.submit(merger.run, signature, {"x": np.array(each)}) for each in values
        ]
    return [job.exception() or job.result()["y"].tolist() for job in asked]


def test_the_settings_are_those_that_were_exported(batching, exported):
    settings = batching.read_settings(exported[0] / "batching.config")
    assert settings == batching.Settings(16, 2000, 64, 2)


def test_requests_are_merged_until_the_batch_is_full(merger):
    merged, batches = merger(size=4, micros=10_000_000)
    answers = _ask(merged, [[1], [2], [3, 4], [5], [6, 7], [8]])
    assert answers == [[2], [4], [6, 8], [10], [12, 14], [16]]
    assert len(batches) < 6 and sum(rows for _, rows in batches) == 8
    assert max(rows for _, rows in batches) <= 4


def test_a_batch_that_is_not_full_goes_when_it_is_due(merger):
    merged, batches = merger(size=9, micros=200_000)
    assert _ask(merged, [[1], [2, 3]]) == [[2], [4, 6]]
    assert batches == [("double", 3)]


def test_signatures_are_not_merged(merger):
    merged, batches = merger(micros=50_000)
    with ThreadPoolExecutor(2) as pool:
        [*pool.map(lambda name: _ask(merged, [[1]], name), "ab")]
    assert sorted(batches) == [("a", 1), ("b", 1)]


def test_pictures_of_other_sizes_fail_the_batch(merger):
    merged, batches = merger(size=2, micros=10_000_000)
    answers = _ask(merged, [[[1, 2]], [[3]]])
    assert [each.status for each in answers] == ["INVALID_ARGUMENT"] * 2
    assert "different shapes" in answers[0].text
    assert _ask(merged, [[5], [6]]) == [[10], [12]]  # and nothing after it
    assert batches == [("double", 2)]


def test_a_model_that_fails_leaves_nobody_waiting(batching):
    def fail(signature, tensors):
        raise OSError("broken")

    merged = batching.Batching(fail, batching.Settings(2, 1000, 9, 1))
    for _ in range(2):
        assert [str(each) for each in _ask(merged, [[1], [2]])] == ["broken"] * 2


def test_a_full_queue_says_so(merger):
    hold = threading.Event()
    merged, batches = merger(size=1, micros=0, enqueued=2, hold=hold)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(_ask, merged, [[index]]) for index in range(8)]
        while sum(job.done() for job in jobs) < 5:  # 1 runs, 2 wait
            time.sleep(0.01)
        hold.set()
    refused = [each for job in jobs for each in job.result() if not _answered(each)]
    assert [each.status for each in refused] == ["UNAVAILABLE"] * 5
    assert len(batches) == 3


def _answered(answer):
    return isinstance(answer, list)
