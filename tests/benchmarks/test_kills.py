"""Runs that are killed and resumed: a few of those that `benchmarks/kills.py` kills."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_runs_come_to_the_same_as_one_that_is_not():
    command = [sys.executable, SCRIPT, "--kills", "3", "--steps", "10"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    *_, row = result.stdout.splitlines()
    kills, while_writing, _, lost, differing = (
        int(cell) for cell in row.strip("| ").split("|")
    )
    assert (kills, lost, differing) == (3, 0, 0)
    assert while_writing >= 1
