"""Loading the libraries, in processes of their own."""

import subprocess
import sys

# As our own command, which imports nothing before it has to.
LOAD = """
import sys
sys.argv = ["keras-stylex"]
from keras_stylex.cli.libraries import load_libraries
load_libraries()
"""


def run(program):
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


def test_loading_says_nothing_and_gives_standard_error_back():
    done = run(f"{LOAD}print('tensorflow' in sys.modules); print(1, file=sys.stderr)")
    assert (done.stdout, done.stderr) == ("True\n", "1\n")


def test_a_failure_shows_what_was_said():
    fail = "lambda name: (os.write(2, b'said\\n'), 1 / 0)"
    done = run(f"import importlib, os; importlib.import_module = {fail}\n{LOAD}")
    assert done.returncode == 1
    assert done.stderr.startswith("said\n") and "ZeroDivisionError" in done.stderr
