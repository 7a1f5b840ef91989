"""`keras-stylex train --strategy ...` in processes of its own.

One chain of jobs on two workers goes through the ends that a job can come to: its time
is up, Ctrl-C in one worker, one worker killed, all steps done.
"""

import json
import pathlib
import shutil
import signal
import socket
from types import SimpleNamespace

import numpy as np
import pytest

from keras_stylex.training.run import Run

PROGRAM = pathlib.Path(__file__).with_name("toy_command.py")
TINY = ("--preset", "toy", "--size", "32", "--batch-size", "2", "--epoch-steps", "4")
STEPS = 10


@pytest.fixture(scope="module")
def start(warm_python, photos, paintings):
    """Starts to train in a folder; returns the process."""
    processes = []

    def call(folder, *arguments, content=photos, **environment):
        sources = ("--content", content, "--style", paintings)
        words = ["train", *sources, *TINY, *arguments, "--out", folder]
        processes.append(warm_python.start(PROGRAM, *words, **environment))
        return processes[-1]

    yield call
    for process in processes:
        process.kill()


@pytest.fixture(scope="module")
def start_workers(start):
    """Starts two workers; each of them may have options of its own."""

    def call(folder, *arguments, own=({}, {}), extra=((), ()), **environment):
        arguments = ("--strategy", "multi-worker", *arguments)
        return [
            start(
                *(options.pop("out", folder), *arguments, *more),
                **{**environment, **options, "TF_CONFIG": config},
            )
            for config, options, more in zip(cluster(), own, extra, strict=True)
        ]

    return call


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


def codes(processes):
    return [process.wait() for process in processes]


def last_lines(processes):
    return [process.err.splitlines()[-1] for process in processes]


def said(processes):
    return [process.err for process in processes]


def checkpoint(folder):
    return Run(folder).checkpoints.newest()


def steps_of(folder):
    files = Run(folder).checkpoints.files
    return int(files[0].stem.removeprefix("step_")) if files else 0


def test_two_replicas_train_what_none_trains(start, tmp_path):
    alone, mirrored = tmp_path / "alone", tmp_path / "mirrored"
    processes = [
        start(alone, "--steps", 3),
        start(mirrored, "--steps", 3, "--strategy", "mirrored", TWO_CPUS="1"),
    ]
    assert codes(processes) == [0, 0], said(processes)
    one, two = (checkpoint(folder).arrays for folder in (alone, mirrored))
    assert one.keys() == two.keys()
    for name, array in one.items():
        np.testing.assert_allclose(two[name], array, atol=2e-4, err_msg=name)


@pytest.fixture(scope="module")
def whole(start_workers, tmp_path_factory):
    """A run of two workers that was never interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    workers = start_workers(folder, "--steps", STEPS)
    assert codes(workers) == [0, 0], said(workers)
    return Run(folder)


@pytest.fixture(scope="module")
def chain(start_workers, tmp_path_factory):
    """What became of a run that was ended in all ways, and resumed each time."""
    run = Run(tmp_path_factory.mktemp("chain") / "run")
    jobs, steps = {}, {}

    def go_on(name, *arguments, harm=lambda workers: None, **environment):
        workers = start_workers(run.folder, *arguments, **environment)
        harm(workers)
        codes(workers)
        jobs[name], steps[name] = workers, steps_of(run.folder)

    def at_next_step(number):
        def harm(workers):
            before = steps_of(run.folder)
            workers[0].wait_for(lambda: steps_of(run.folder) > before)
            workers[1].send(number)

        return harm

    go_on("minutes", "--minutes", 0.001)
    kept = len(run.checkpoints.files)
    often = {"CHECKPOINT_SECONDS": "0"}
    resume = ("--resume", "--steps", STEPS)
    go_on("Ctrl-C", *resume, harm=at_next_step(signal.SIGINT), **often)
    go_on("killed", *resume, harm=at_next_step(signal.SIGKILL), **often)
    go_on("done", *resume)
    return SimpleNamespace(run=run, jobs=jobs, steps=steps, kept=kept)


def test_the_minutes_of_the_chief_end_the_training_of_all(chain):
    workers = chain.jobs["minutes"]
    assert codes(workers) == [0, 0], said(workers)
    assert 1 < chain.steps["minutes"] < STEPS
    assert chain.kept == 1  # one checkpoint, that of the end


def test_ctrl_c_in_one_worker_stops_and_saves_all(chain):
    workers = chain.jobs["Ctrl-C"]
    assert codes(workers) == [1, 1], said(workers)
    assert last_lines(workers) == ["keras-stylex: interrupted"] * 2
    assert chain.steps["minutes"] < chain.steps["Ctrl-C"] < STEPS


def test_the_others_end_when_a_worker_is_killed_and_say_how_to_go_on(chain):
    workers = chain.jobs["killed"]
    assert codes(workers) == [1, -signal.SIGKILL], said(workers)
    (line,) = (line for line in workers[0].err.splitlines() if "keras-stylex" in line)
    assert line.startswith("keras-stylex: worker 1 (127.0.0.1:")
    assert line.endswith(f"keras-stylex train --resume --out {chain.run.folder}")
    assert chain.steps["Ctrl-C"] < chain.steps["killed"] < STEPS


def test_what_was_interrupted_comes_to_the_same_as_what_was_not(chain, whole):
    workers = chain.jobs["done"]
    assert codes(workers) == [0, 0], said(workers)
    one, other = whole.checkpoints.newest(), chain.run.checkpoints.newest()
    assert one.position.step == other.position.step == STEPS
    assert one.arrays.keys() == other.arrays.keys()
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(other.arrays[name], array, err_msg=name)
    assert chain.run.log_file.read_text() == whole.log_file.read_text()
    assert len(whole.log_file.read_text().splitlines()) == 1 + 3
    assert not list(chain.run.folder.glob(".*"))


@pytest.mark.parametrize("index", [0, 1])
def test_what_one_worker_cannot_use_is_said_by_all(start_workers, tmp_path, index):
    (tmp_path / "file").write_text("")
    own = [{}, {}]
    if index == 0:
        own[0] = {"out": tmp_path / "file" / "run"}
        line = f"{tmp_path / 'file' / 'run'}: cannot be written (Not a directory)"
    else:
        own[1] = {"content": tmp_path / "nowhere"}
        line = f"{tmp_path / 'nowhere'}: "
    workers = start_workers(tmp_path / "run", "--steps", 2, own=own)
    assert codes(workers) == [2, 2], said(workers)
    lines = last_lines(workers)
    assert lines[index].startswith(f"keras-stylex: {line}")
    other = f"keras-stylex: worker {index} cannot train: {line}"
    assert lines[1 - index].startswith(other)
    assert not checkpoint(tmp_path / "run")


def test_workers_with_other_options_are_named(start_workers, tmp_path):
    extra = ((), ("--accumulate", 1, "--clip-norm", 3))
    workers = start_workers(tmp_path / "run", "--steps", 2, extra=extra)
    assert codes(workers) == [2, 2], said(workers)
    line = "keras-stylex: worker 1 has clip_norm=3.0, and the first one None. "
    assert [line in last for last in last_lines(workers)] == [True, True]


def test_a_checkpoint_of_another_run_is_refused_by_all(start_workers, whole, tmp_path):
    run = Run(shutil.copytree(whole.folder, tmp_path / "run"))
    text = run.config_file.read_text()
    run.config_file.write_text(text.replace('"seed": 0', '"seed": 7'))
    workers = start_workers(run.folder, "--resume", "--steps", STEPS + 2)
    assert codes(workers) == [2, 2], said(workers)
    for line in last_lines(workers):
        assert "is of another run: seed is 0 there and 7 here" in line
    assert steps_of(run.folder) == STEPS
