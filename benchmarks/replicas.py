"""Two logical replicas against one, on the same cores: time per picture.

    python benchmarks/replicas.py
    python benchmarks/replicas.py --size 128 --batch 8 --rounds 15

Both learn from the same batch: one replica all of it, two replicas half of it each.
They take turns, a block of steps each, so that noise hits both alike; the ratio is that
of the medians over the rounds. On a machine that does other work, repeat it when it is
quiet.
"""

import argparse
import os
import time
from statistics import median

import keras
import tensorflow as tf
from rich.console import Console
from rich.progress import Progress
from training_throughput import conditions

from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

R1_INTERVAL = 8  # of our steps, one is longer
GOAL = 1.15


def main():
    args = parse_arguments()
    load = os.getloadavg()[0]
    two_logical_devices()
    blocks = {
        "1 replica": block(tf.distribute.get_strategy(), args),
        "2 replicas": block(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), args),
    }
    with Progress(console=Console(stderr=True)) as bar:
        times = measure(blocks, args.rounds, bar)
    print(table(times, args))
    print(f"\n{conditions(load)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=128, help="of pictures, in pixels")
    parser.add_argument("--batch", type=int, default=8, help="pictures per step")
    parser.add_argument("--rounds", type=int, default=9, help="blocks of each kind")
    parser.add_argument("--preset", default="stylex_mobile", help="of the generator")
    return parser.parse_args()


def two_logical_devices():
    cpu = tf.config.list_physical_devices("CPU")[0]
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)


def block(strategy, args):
    """A function that takes as many steps as there are from one R1 to the next."""
    keras.utils.set_random_seed(0)
    with strategy.scope():
        generator = Generator.from_preset(args.preset)
        model = StyleTransferGAN(generator, Discriminator())
        model.compile(r1_interval=R1_INTERVAL)
    pictures = tf.random.uniform((2, args.batch, args.size, args.size, 3), seed=0)
    data = tf.data.Dataset.from_tensors(tuple(pictures)).repeat()
    iterator = iter(strategy.experimental_distribute_dataset(data))
    model.make_train_function()

    def work():
        for _ in range(R1_INTERVAL):
            logs = model.train_function(iterator)
        float(logs["generator/cycle"])  # waits for the step

    return work


def measure(blocks, rounds, bar):
    """Milliseconds of each block, by name; the first ones build, and are left out."""
    task = bar.add_task("building", total=(rounds + 1) * len(blocks))
    times = {name: [] for name in blocks}
    for number in range(rounds + 1):
        for name, work in blocks.items():
            start = time.perf_counter()
            work()
            if number:
                times[name].append(1000 * (time.perf_counter() - start))
            bar.update(task, advance=1, description=name)
    return times


def table(times, args):
    """Markdown: a row for either, and the ratio of their medians."""
    pictures = R1_INTERVAL * args.batch
    shape = f"{args.preset}, {args.size}x{args.size}, batch {args.batch}"
    lines = [f"| {shape} | ms per picture | lowest to highest |", "|---|---|---|"]
    for name, values in times.items():
        low, middle, high = (f(values) / pictures for f in (min, median, max))
        lines.append(f"| {name} | {middle:.1f} | {low:.1f} to {high:.1f} |")
    one, two = (median(values) for values in times.values())
    least = min(times["2 replicas"]) / min(times["1 replica"])
    lines.append(
        f"| ratio | {two / one:.2f} (goal: {GOAL:g} at most) | of the lowest: "
        f"{least:.2f} |"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
