"""TF_CONFIG: read, refused, and its workers waited for."""

import contextlib
import json
import socket
import threading
import time

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training.cluster import Cluster
from keras_stylex.training.knocking import lost

WORKERS = {"worker": ["a:1", "b:2"]}
TASK = {"type": "worker", "index": 1}


@pytest.fixture
def cluster(monkeypatch):
    def read(config):
        text = config if isinstance(config, str) else json.dumps(config)
        monkeypatch.setenv("TF_CONFIG", text)
        return Cluster.from_environment()

    return read


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def listening(cluster, name):
    port = int(cluster.addresses[name].rpartition(":")[2])
    return contextlib.closing(socket.create_server(("", port)))


def pair():
    """Two workers on this machine, as each sees them."""
    ports = free_port(), free_port()
    addresses = {f"worker {i}": f"127.0.0.1:{port}" for i, port in enumerate(ports)}
    return [Cluster(addresses, name) for name in addresses]


def test_workers_are_numbered_as_tensorflow_does(cluster):
    config = {"cluster": {**WORKERS, "chief": ["c:3"]}, "task": TASK}
    read = cluster(config)
    assert read.addresses == {"chief 0": "c:3", "worker 0": "a:1", "worker 1": "b:2"}
    assert (read.own, read.index) == ("worker 1", 2)


@pytest.mark.parametrize(
    "config, words",
    [
        ("", "is not set"),
        ("{", "is no JSON"),
        ("[]", "lacks a cluster or a task"),
        ({"cluster": WORKERS}, "lacks a cluster or a task"),
        ({"cluster": {"worker": 3}, "task": TASK}, "lacks a cluster or a task"),
        ({"cluster": WORKERS, "task": {"type": "worker", "index": 2}}, "worker 2"),
        ({"cluster": {**WORKERS, "ps": ["c:3"]}, "task": TASK}, "names a ps"),
        ({"cluster": {"worker": ["a:1", "b"]}, "task": TASK}, "'b', not host:port"),
        ({"cluster": {"worker": ["a:1", "b:x"]}, "task": TASK}, "not host:port"),
        ({"cluster": {"worker": ["a:1", "b:99999"]}, "task": TASK}, "not host:port"),
        ({"cluster": {"worker": ["a:1", "a:1"]}, "task": TASK}, "the same address"),
    ],
)
def test_what_is_wrong_with_it_is_said_in_one_line(cluster, config, words):
    with pytest.raises(InputError, match=words) as info:
        cluster(config)
    assert str(info.value).startswith("TF_CONFIG ")
    assert "\n" not in str(info.value) and '"index": 0' in str(info.value)


def test_workers_wait_for_each_other():
    first, second = pair()
    waited, met = [], threading.Event()

    def come_late():
        time.sleep(0.5)
        second.wait(10)
        with listening(second, "worker 1"):  # as TensorFlow does then
            met.wait(10)

    late = threading.Thread(target=come_late)
    late.start()
    first.wait(10, waited.append)
    met.set()
    late.join()
    assert set(waited) == {"waiting for worker 1"}


def test_a_worker_that_never_comes_is_named():
    first, _ = pair()
    address = first.addresses["worker 1"]
    start = time.monotonic()
    with pytest.raises(InputError, match=rf"worker 1 \({address}\).*0.5 s.*refused"):
        first.wait(0.5)
    assert time.monotonic() - start < 5


def test_a_port_that_is_taken_is_named():
    first, _ = pair()
    with (
        listening(first, "worker 0"),
        pytest.raises(InputError, match="port .* of worker 0.*in use"),
    ):
        first.wait(1)


def test_workers_that_do_not_answer_any_more_are_lost():
    first, second = pair()
    with listening(second, "worker 1"):
        assert lost(first.others, 0.3) == []
    assert lost(first.others) == [f"worker 1 ({first.addresses['worker 1']})"]
