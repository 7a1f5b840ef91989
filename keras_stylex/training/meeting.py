"""A bound on how long TensorFlow may take to connect workers."""

import contextlib
import faulthandler
import json
import os
import subprocess
import sys

from keras_stylex.training import knocking

SAY_SECONDS = 10.0  # the longest time to find out which worker is lost, and to say so


@contextlib.contextmanager
def meeting(cluster, seconds):
    """Ends this process, with exit code 1, if what is within takes too long.

    TensorFlow waits for an hour in a call that keeps all of Python from running (signal
    handlers and other threads, too). So another process says which worker is lost, and
    a thread of C ends this one.

    Args:
        cluster: `Cluster`.
        seconds: Float, the longest time.
    """
    program = [sys.executable, "-I", "-S", knocking.__file__]
    words = [f"{seconds:g}", json.dumps(cluster.others)]
    with (
        open(os.devnull, "w") as nowhere,
        subprocess.Popen([*program, *words], stdin=subprocess.PIPE) as watcher,
    ):
        faulthandler.dump_traceback_later(
            seconds + SAY_SECONDS, exit=True, file=nowhere
        )
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
    if watcher.returncode == 1:  # it has said that this process ends
        sys.exit(1)
