"""How fast training goes: pictures per second, against CycleGAN, and of the data.

    python benchmarks/training_throughput.py
    python benchmarks/training_throughput.py --size 256 --seconds 30

Everything runs in turn, block by block, so that noise hits all alike; ratios are
medians over the rounds. "Pictures" are content pictures: each comes with a style
picture.
"""

import argparse
import os
import platform
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

import keras
import tensorflow as tf
from baselines.cyclegan import CycleGAN, slim_cyclegan
from data_pipeline import draw_pictures
from rich.console import Console
from rich.progress import Progress

import keras_stylex
from keras_stylex.data import unpaired_dataset
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

OURS, RESNET_9 = "StyleTransferGAN, stylex_mobile", "CycleGAN, resnet-9/64"
R1_INTERVAL = 8  # of our steps, one is longer


@dataclass
class Contender:
    """Something to measure.

    Attributes:
        name: what the table calls it.
        batch: pictures per step.
        against: name of the contender it is compared with.
        work: does a little of it and returns how many pictures that were.
        rates: pictures/s, one for each round.
    """

    name: str
    batch: int
    against: str
    work: Callable[[], int] | None = None
    rates: list[float] = field(default_factory=list)


def main():
    args = parse_arguments()
    load = os.getloadavg()[0]
    with (
        Progress(console=Console(stderr=True)) as bar,
        tempfile.TemporaryDirectory() as scratch,
    ):
        contenders = [*trainings(args), *pipelines(scratch, args)]
        measure(contenders, args, bar)
    print(table(contenders, args.size))
    print(f"\n{conditions(load)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=128, help="of pictures, in pixels")
    parser.add_argument("--seconds", type=float, default=10, help="per block")
    parser.add_argument("--rounds", type=int, default=5, help="blocks of each kind")
    parser.add_argument("--xla", action="store_true", help="compile the steps with XLA")
    parser.add_argument("--count", type=int, default=400, help="JPEG files to draw")
    parser.add_argument("--side", type=int, default=512, help="of the JPEG files")
    return parser.parse_args()


def trainings(args):
    ours = StyleTransferGAN(Generator.from_preset("stylex_mobile"), Discriminator())
    yield training(OURS, ours, args, batch=4, steps=R1_INTERVAL)
    yield training(RESNET_9, CycleGAN(args.size), args)
    # The paper uses six blocks for pictures of 128x128.
    yield training("CycleGAN, resnet-6/64", CycleGAN(args.size, blocks=6), args)
    yield training("CycleGAN, slim", slim_cyclegan(args.size), args)


def training(name, model, args, batch=1, steps=1):
    """Training steps on one batch, without the cost of data."""
    model.compile(jit_compile=args.xla)
    step = tf.function(model.train_step, jit_compile=args.xla, autograph=False)
    pictures = tf.random.uniform((2, batch, args.size, args.size, 3))

    def work():
        for _ in range(steps):
            float(min(step(tuple(pictures)).values()))  # waits for the step
        return steps * batch

    return Contender(name, batch, RESNET_9, work)


def pipelines(scratch, args):
    folders = [draw_pictures(Path(scratch, name), args) for name in ("one", "other")]
    for how, cache in (("decoding JPEG files", False), ("from its cache", True)):
        data = unpaired_dataset(*folders, args.size, batch_size=4, cache=cache)
        yield Contender(f"unpaired_dataset, {how}", 4, OURS, lambda d=data: epoch(d))


def epoch(dataset):
    return sum(len(content) for content, _ in dataset)


def measure(contenders, args, bar):
    """Fills the contenders' `rates`; their first calls build, and are not timed."""
    task = bar.add_task("building", total=(args.rounds + 1) * len(contenders))
    for contender in contenders:
        bar.update(task, description=f"building {contender.name}")
        contender.work()
        bar.advance(task)
    for _ in range(args.rounds):
        for contender in contenders:
            bar.update(task, description=contender.name)
            contender.rates.append(rate(contender.work, args.seconds))
            bar.advance(task)


def rate(work, seconds):
    """Pictures/s of working for at least so many seconds."""
    start, elapsed, pictures = time.perf_counter(), 0.0, 0
    while elapsed < seconds:
        pictures += work()
        elapsed = time.perf_counter() - start
    return pictures / elapsed


def table(contenders, size):
    """Markdown; ratios are medians of each round's ratio."""
    lines = [
        f"| at {size}x{size} | batch | pictures/s | lowest to highest | ratio |",
        "|---|---|---|---|---|",
    ]
    rates = {contender.name: contender.rates for contender in contenders}
    for contender in contenders:
        pairs = zip(contender.rates, rates[contender.against], strict=True)
        ratio = median(own / other for own, other in pairs)
        low, middle, high = (f(contender.rates) for f in (min, median, max))
        lines.append(
            f"| {contender.name} | {contender.batch} | {readable(middle)} | "
            f"{readable(low)} to {readable(high)} | "
            f"{readable(ratio)}x {contender.against} |"
        )
    return "\n".join(lines)


def readable(number):
    """Three digits at least, no exponents."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def conditions(load):
    """The machine, its load average at the start, the date, versions, the command."""
    return (
        f"{processor()}, {os.cpu_count()} cores, load {load:.1f} at the start; "
        f"{date.today()}; keras_stylex {keras_stylex.__version__}, "
        f"Keras {keras.__version__}, TensorFlow {tf.__version__}, "
        f"Python {platform.python_version()}; `python {shlex.join(sys.argv)}`"
    )


def processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    models = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return models[0] if models else platform.processor()


if __name__ == "__main__":
    main()
