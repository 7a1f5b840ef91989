"""Python processes that need not import TensorFlow: forked from one that has.

The import takes most of the time of a small program. `WarmPython` starts this file as a
program; that imports TensorFlow, does nothing with it, and forks at each order. What
runs then is a process as any other: it has its own signals, files and exit code.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMEOUT = 300  # seconds


class WarmPython:
    """Starts Python programs. A context manager."""

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.count = 0
        environment = {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        self.parent = subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *exception):
        self.parent.communicate()
        self.scratch.cleanup()

    def start(self, program, *arguments, **environment):
        """Runs a file; returns the `Process`."""
        self.count += 1
        output = Path(self.scratch.name, f"out{self.count}")
        errors = Path(self.scratch.name, f"err{self.count}")
        words = [str(word) for word in (program, *arguments)]
        files = [str(output), str(errors)]
        number = self.ask(words=words, environment=environment, files=files)
        return Process(self, number, output, errors)

    def ask(self, **order):
        """What the parent of all answers."""
        print(json.dumps(order), file=self.parent.stdin, flush=True)
        return json.loads(self.parent.stdout.readline())


class Process:
    """A program that was started."""

    def __init__(self, python, number, output, errors):
        self.python = python
        self.number = number
        self.output = output
        self.errors = errors
        self.code = None

    @property
    def out(self):
        """What it has printed so far."""
        return self.output.read_text() if self.output.exists() else ""

    @property
    def err(self):
        """What it has printed on standard error so far."""
        return self.errors.read_text() if self.errors.exists() else ""

    def poll(self):
        """Its exit code, or `None` as long as it runs."""
        if self.code is None:
            self.code = self.python.ask(poll=self.number)
        return self.code

    def wait(self, timeout=TIMEOUT):
        """Waits for its end; returns its exit code."""
        self.wait_for(lambda: False, timeout)
        return self.code

    def wait_for(self, condition, timeout=TIMEOUT):
        """Waits until something is so, or it ends."""
        end = time.monotonic() + timeout
        while self.poll() is None and not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited for {timeout} s; it said: {self.err}")
            time.sleep(0.01)

    def send(self, number):
        """Sends it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.number, number)

    def kill(self):
        """Ends it, if it has not ended."""
        self.send(signal.SIGKILL)
        return self.wait()


def serve():
    """Forks at each order."""
    for line in sys.stdin:
        order = json.loads(line)
        if "poll" in order:
            number, status = os.waitpid(order["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if number else None
        else:
            answer = os.fork()
            if not answer:
                return run(**order)
        print(json.dumps(answer), flush=True)


def run(words, environment, files):
    """Becomes a program of its own."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(environment)
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")


if __name__ == "__main__":
    import keras_stylex.metrics
    import keras_stylex.training.run  # noqa: F401

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends pytest, which ends this
    serve()
