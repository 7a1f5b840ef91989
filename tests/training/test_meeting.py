"""Workers that have met, and go before TensorFlow has connected them."""

import json
import pathlib
import re
import socket
import time

import pytest

from keras_stylex.training import meeting
from keras_stylex.training.cluster import Cluster

PROGRAM = pathlib.Path(__file__).with_name("lone_worker.py")


@pytest.fixture
def server():
    """The other worker, as far as answering goes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def cluster_with(server):
    """This process as the first worker of two."""
    address = f"127.0.0.1:{server.getsockname()[1]}"
    return Cluster({"worker 0": "127.0.0.1:1", "worker 1": address}, "worker 0")


@pytest.fixture
def start(warm_python):
    """`start(index, other)`: a process that is worker 0 or 1, and waits for `other`."""
    processes = []

    def call(index, other):
        with socket.create_server(("127.0.0.1", 0)) as own:
            servers = [own, other] if index == 0 else [other, own]
            ports = [server.getsockname()[1] for server in servers]
        workers = [f"127.0.0.1:{port}" for port in ports]
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": workers}, "task": task})
        processes.append(warm_python.start(PROGRAM, 0.5, TF_CONFIG=config))
        return processes[-1]

    yield call
    for process in processes:
        process.kill()


def test_a_process_ends_when_another_goes_before_tensorflow_connects(start):
    processes = []
    for index in (0, 1):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(60)
            processes.append(start(index, server))
            server.accept()[0].close()
    for index, process in enumerate(processes):
        assert process.wait(60) == 1, process.err
        (line,) = (each for each in process.err.splitlines() if "keras-stylex" in each)
        other = rf"keras-stylex: worker {1 - index} \(127.0.0.1:\d+\) has gone\. Start "
        assert re.match(other, line)


def test_nothing_ends_that_was_in_time(server, monkeypatch, capfd):
    monkeypatch.setattr(meeting, "SAY_SECONDS", 0.1)
    with meeting.meeting(cluster_with(server), 0.4):
        pass
    time.sleep(0.7)
    assert capfd.readouterr().err == ""


def test_a_process_ends_that_was_said_to_end(server, capfd, monkeypatch):
    monkeypatch.setattr(meeting, "SAY_SECONDS", 60)
    said = ""
    with pytest.raises(SystemExit) as info, meeting.meeting(cluster_with(server), 0.1):
        while not said.endswith("\n"):
            said += capfd.readouterr().err
            time.sleep(0.01)
    assert info.value.code == 1
    assert said == (
        "keras-stylex: workers did not connect in 0.1 s. Start all workers again.\n"
    )
