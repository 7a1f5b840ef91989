"""Two processes never train in one folder."""

import os
import subprocess
import sys

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training import run_lock
from keras_stylex.training.run_lock import RunLock

# Loads the module alone, which is quick.
HOLDER = """
import importlib.util, sys, time
spec = importlib.util.spec_from_file_location("run_lock", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
with module.RunLock(sys.argv[2]):
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, run_lock.__file__, tmp_path]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "locked\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_process_is_told_which_one_is_training(holder, tmp_path):
    with pytest.raises(InputError) as error, RunLock(tmp_path):
        pass
    line = f"{tmp_path}: process {holder.pid} is training in this folder. "
    assert str(error.value).startswith(line)
    assert (tmp_path / ".lock").exists()


def test_the_lock_of_a_killed_process_is_in_nobodys_way(holder, tmp_path):
    holder.kill()
    holder.wait()
    assert (tmp_path / ".lock").read_text() == str(holder.pid)
    with RunLock(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())
    assert not list(tmp_path.iterdir())


def test_one_process_takes_it_once_at_a_time(tmp_path):
    with RunLock(tmp_path / "new"):
        with pytest.raises(InputError, match=f"process {os.getpid()} "):
            RunLock(tmp_path / "new").__enter__()
        assert (tmp_path / "new" / ".lock").exists()
    with RunLock(tmp_path / "new"):
        pass


def test_a_lock_file_that_was_removed_meanwhile_is_made_anew(tmp_path, monkeypatch):
    take, times = run_lock._take, []

    def take_late(file):
        times.append(1)
        if len(times) == 1:  # the holder before has just ended
            os.unlink(tmp_path / ".lock")
        return take(file)

    monkeypatch.setattr(run_lock, "_take", take_late)
    with RunLock(tmp_path):
        assert len(times) == 2
        assert (tmp_path / ".lock").read_text() == str(os.getpid())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file/run: cannot be written"):
        RunLock(tmp_path / "file" / "run").__enter__()
