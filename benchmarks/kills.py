"""Kills training runs at random moments, resumes them, and compares what they come to.

    python benchmarks/kills.py
    python benchmarks/kills.py --kills 5 --steps 30

A run is trained in one go; others, with the same options, are killed (SIGKILL) and
resumed until they are done. In turn they are killed while a file is being written, at
any time after a checkpoint, at any time after the start. Then everything is compared to
the bit: all variables of the last checkpoint (weights, averages, slots of both
optimizers, seeds, means of the epoch), the position in the data, the log, the sample
grids, TensorBoard's figures.
"""

import argparse
import io
import math
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial, partialmethod
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console

from keras_stylex.models import Discriminator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN, run_training
from keras_stylex.training.durable_file import PARTIAL
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig

TOY = {
    "widths": (2, 3),
    "encoder_blocks": 0,
    "decoder_blocks": (0, 0),
    "style_widths": (2,),
}
EPOCH_STEPS = 7
CHECKPOINT_SECONDS = 0.3
SECONDS = 4.0  # within which a kill comes


@dataclass
class Tally:
    """What has happened so far."""

    kills: int = 0
    while_writing: int = 0
    runs: list[Run] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def main():
    args = parse_arguments()
    PRESETS["toy"] = TOY
    tally, moments = Tally(), random.Random(args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        config = make_config(Path(scratch), args.steps)
        whole = Run(Path(scratch, "whole"))
        if train(whole, config):
            raise SystemExit("the run that is not killed does not train")
        end = time.monotonic() + 60 * (args.minutes or math.inf)

        def more():
            return tally.kills < args.kills and time.monotonic() < end

        while more() and not tally.lost:
            tally.runs.append(Run(Path(scratch, f"killed{len(tally.runs)}")))
            train_with_kills(tally.runs[-1], config, more, moments, tally)
        if not tally.lost:
            for run in tally.runs:
                tally.differing += differences(whole, run)
    print(table(tally, args.steps))
    return 1 if tally.lost or tally.differing else 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--steps", type=int, default=150, help="of each run")
    parser.add_argument("--seed", type=int, default=0, help="decides the moments")
    parser.add_argument("--minutes", type=float, help="kill no more after so long")
    return parser.parse_args()


def make_config(scratch, steps):
    rng = np.random.default_rng(0)
    for name, count in (("content", 7), ("style", 4)):
        Path(scratch, name).mkdir()
        for index in range(count):
            pixels = rng.integers(0, 256, (40, 56, 3), dtype="uint8")
            Image.fromarray(pixels).save(Path(scratch, name, f"{index}.png"))
    return RunConfig(
        content=str(scratch / "content"),
        style=str(scratch / "style"),
        image_size=32,
        batch_size=2,
        preset="toy",
        steps=steps,
        epoch_steps=EPOCH_STEPS,
    )


def train(run, config, kill=None):
    """Trains in a process of its own, from where the run is.

    Args:
        kill: Called with the process' number; may kill it.

    Returns: 0 when the training came to its end, or what else the system says.
    """
    # Forked before TensorFlow does anything, it need not be imported each time.
    process = os.fork()
    if not process:
        os._exit(train_here(run, config))
    if kill:
        kill(process)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def train_here(run, config):
    # Building a graph takes longer than all steps of a life.
    StyleTransferGAN.compile = partialmethod(StyleTransferGAN.compile, run_eagerly=True)
    run_training.Discriminator = partial(Discriminator, 1)
    try:
        if not run.config_file.exists():
            run.create(config)
        run.train(config, Console(file=io.StringIO()), CHECKPOINT_SECONDS)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def train_with_kills(run, config, more, moments, tally):
    """Trains a run to its end, and kills it as long as `more()` says so."""
    number = len(tally.runs)
    while True:
        kill = partial(
            kill_some_time, run, moments.uniform(0, SECONDS), tally.kills % 3
        )
        code = train(run, config, kill if more() else None)
        if code == 0:
            return
        if code != -signal.SIGKILL:
            tally.lost.append(f"run {number}: exit code {code}")
            return
        tally.kills += 1
        tally.while_writing += bool(partial_files(run))
        # No bar: its thread would not survive the forks.
        print(f"killed {tally.kills} times, run {number}", file=sys.stderr)


def kill_some_time(run, seconds, kind, process):
    """Kills a process while it writes a file (kind 0), or after so many seconds.

    They are counted from its start (kind 2) or from its first checkpoint (0 and 1).
    """
    before = newest(run)
    if kind < 2:
        wait(process, lambda: newest(run) != before)
    start = time.monotonic()
    wait(process, lambda: time.monotonic() - start > seconds)
    if kind == 0:
        wait(process, lambda: partial_files(run))
    os.kill(process, signal.SIGKILL)


def newest(run):
    return run.checkpoints.files[:1]


def partial_files(run):
    folders = run.folder, run.checkpoints.folder, run.best
    return [file for folder in folders for file in folder.glob(f"{PARTIAL}*")]


def wait(process, condition):
    """Waits for something; or for the end of the process, which stays to be reaped."""
    while not condition():
        if os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.0005)


def differences(whole, killed):
    """The names of all that differs between two runs."""
    one, other = (run.checkpoints.newest() for run in (whole, killed))
    names = [
        name
        for name in sorted(one.arrays.keys() | other.arrays.keys())
        if not np.array_equal(one.arrays.get(name), other.arrays.get(name))
    ]
    if one.position.step != other.position.step:
        names.append("position")
    if whole.log_file.read_text() != killed.log_file.read_text():
        names.append("log.csv")
    if samples(whole) != samples(killed):
        names.append("samples")
    if figures(whole) != figures(killed):
        names.append("tensorboard")
    return names


def samples(run):
    return {file.name: file.read_bytes() for file in run.samples.iterdir()}


def figures(run):
    """All that TensorBoard shows of a run, in the order it reads it."""
    import tensorflow as tf

    found = []
    for file in sorted(run.tensorboard.rglob("events.*")):
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            found += [
                (file.parent.name, event.step, value.tag, value.SerializeToString())
                for value in event.summary.value
            ]
    return found


def table(tally, steps):
    lines = [
        f"| kills | while a file was written | runs of {steps} steps | lost runs | "
        "differing |",
        "|---|---|---|---|---|",
        f"| {tally.kills} | {tally.while_writing} | {len(tally.runs)} | "
        f"{len(tally.lost)} | {len(tally.differing)} |",
    ]
    return "\n".join([*lines, *tally.lost, *tally.differing])


if __name__ == "__main__":
    sys.exit(main())
