"""What figures depend on besides the code: the last line of a benchmark's output."""

import os
import platform
import shlex
import sys
from datetime import date

import keras
import tensorflow as tf


def conditions():
    """Date, machine, versions and the command, as one sentence of Markdown."""
    load = os.getloadavg()[2]
    return (
        f"{date.today()}, {os.cpu_count()} cores of {platform.machine()} (load of the "
        f"last 15 minutes: {load:.1f}), Python {platform.python_version()}, "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}; "
        f"`python {shlex.join(sys.argv)}`"
    )
