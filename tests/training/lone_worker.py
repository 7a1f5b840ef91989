"""A worker that meets the others, and has TensorFlow connect them: no test.

A program for tests that need a process of their own: `python lone_worker.py SECONDS`.
"""

import sys

from keras_stylex.training import meeting
from keras_stylex.training.strategies import make_strategy

meeting.SAY_SECONDS = 2.0
make_strategy("multi-worker", float(sys.argv[1]))
