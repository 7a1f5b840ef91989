"""What checkpoints cost, and how long a resumed run takes to its first step.

    python benchmarks/checkpointing.py
    python benchmarks/checkpointing.py --presets stylex_mobile --size 96

A checkpoint includes the averaged generator, and the best checkpoint's second names; it
is compared with the time between two at the default interval. Each start is a process
of its own, on the scenes that the package draws. Seconds of CPU, in which other work on
the machine does not count, stand in brackets.
"""

import argparse
import inspect
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

STEPS = 4  # of the run that is resumed
IMPORT, FIRST_STEP, SAVE = "import", "first step", "save"


def main():
    args = parse_arguments()
    if args.child:
        return child(Path(args.child), args)
    load = os.getloadavg()[0]
    lines = [
        f"| at {args.size}x{args.size} | a checkpoint | of the time | on the disk | "
        "import | then to the first step of a new run | of a resumed run |",
        "|---|---|---|---|---|---|---|",
    ]
    for preset in args.presets:
        with tempfile.TemporaryDirectory() as scratch:
            lines.append(row(preset, Path(scratch, "run"), args))
    print("\n".join(lines))
    print(f"\n{conditions(load)}")
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    presets = ["stylex_mobile", "stylex_base"]
    parser.add_argument("--presets", nargs="+", default=presets)
    parser.add_argument("--size", type=int, default=128, help="of crops, in pixels")
    parser.add_argument("--saves", type=int, default=7, help="checkpoints to time")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def row(preset, folder, args):
    """Starts a run and resumes it, in a process each."""
    new, resumed = (start(preset, folder, args) for _ in range(2))
    save = [median(times) for times in zip(*resumed[SAVE], strict=True)]
    every = resumed["every_seconds"]
    return (
        f"| {preset} | {shown(save, 2)} | {save[0] / every:.2%} of {every:g} s | "
        f"{resumed['bytes'] / 1e6:.0f} MB | {shown(resumed[IMPORT])} | "
        f"{shown(new[FIRST_STEP])} | {shown(resumed[FIRST_STEP])} |"
    )


def shown(times, digits=1):
    wall, processor = (f"{seconds:.{digits}f}" for seconds in times)
    return f"{wall} s ({processor})"


def start(preset, folder, args):
    options = ["--presets", preset, "--size", args.size, "--saves", args.saves]
    command = [sys.executable, __file__, *map(str, options), "--child", str(folder)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(result.stdout.splitlines()[-1])


def child(folder, args):
    """Trains some steps, and prints times in seconds as JSON."""
    begin = now()
    from keras_stylex.training.run import Run
    from keras_stylex.training.run_config import RunConfig
    from keras_stylex.training.run_training import RunTraining

    imported = now()
    run, steps = Run(folder), []
    if run.checkpoints.files:
        config = run.config.with_changes(steps=2 * STEPS)
    else:
        config = RunConfig(
            "tfds:scenes/strokes:trainA",
            "tfds:scenes/strokes:trainB",
            image_size=args.size,
            preset=args.presets[0],
            steps=STEPS,
        )
        run.create(config)
    note_steps(steps)
    training = RunTraining(run, config)
    model = training.train()
    defaults = inspect.signature(Run.train).parameters
    report = {
        IMPORT: since(begin, imported),
        FIRST_STEP: since(imported, steps[0]),
        SAVE: [time_of_save(training, model) for _ in range(args.saves)],
        "every_seconds": defaults["checkpoint_seconds"].default,
        "bytes": run.checkpoints.files[0].stat().st_size
        + run.generator_file.stat().st_size,
    }
    print(json.dumps(report))
    return 0


def note_steps(steps):
    """Lets every training note when its steps end."""
    from keras_stylex.training.callbacks import TrainingClock

    count = TrainingClock.on_train_batch_end

    def counted(clock, batch, logs=None):
        count(clock, batch, logs)
        steps.append(now())

    TrainingClock.on_train_batch_end = counted


def time_of_save(training, model):
    from keras_stylex.training.position import Position
    from keras_stylex.training.run_saver import RunSaver

    position = Position(step=training.clock.step)
    begin = now()
    RunSaver(training.run, training.config)(model, position, distance=1.0)
    return since(begin, now())


def now():
    """By the clock on the wall, and by that of the process."""
    return time.perf_counter(), time.process_time()


def since(begin, end):
    return [after - before for before, after in zip(begin, end, strict=True)]


def conditions(load):
    """The machine, its load average at the start, the date, versions, the command."""
    import keras
    import tensorflow as tf

    import keras_stylex

    return (
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load "
        f"{load:.1f} at the start; {date.today()}; keras_stylex "
        f"{keras_stylex.__version__}, Keras {keras.__version__}, TensorFlow "
        f"{tf.__version__}, Python {platform.python_version()}; "
        f"`python {shlex.join(sys.argv)}`"
    )


if __name__ == "__main__":
    sys.exit(main())
