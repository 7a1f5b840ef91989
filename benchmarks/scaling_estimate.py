"""What replicas tell each other in a step, counted; and what that costs, estimated.

    python benchmarks/scaling_estimate.py
    python benchmarks/scaling_estimate.py --preset stylex_base --step-ms 40

The bytes are those of the tensors that a step really hands to all-reduce. The times are
computed: nothing was run on eight GPUs or on 64 workers.
"""

import argparse
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from statistics import median

import tensorflow as tf
from rich.console import Console
from training_throughput import conditions, readable

from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

R1_INTERVAL = 8


@dataclass(frozen=True)
class Network:
    """What is assumed of the way between replicas.

    Attributes:
        name: what the table calls it.
        replicas: how many there are.
        bandwidth: bytes per second that each sends and receives at once.
        latency: seconds for one message from one replica to the next.
    """

    name: str
    replicas: int
    bandwidth: float
    latency: float


NETWORKS = (
    Network("8 GPUs, PCIe 4.0 x16 (assumed 20 GB/s, 10 us)", 8, 20e9, 10e-6),
    Network("8 GPUs, NVLink (assumed 150 GB/s, 5 us)", 8, 150e9, 5e-6),
    Network("64 workers, 10 Gbit/s (assumed 1.1 GB/s, 50 us)", 64, 1.1e9, 50e-6),
    Network("64 workers, 100 Gbit/s (assumed 11 GB/s, 20 us)", 64, 11e9, 20e-6),
)
FASTER = (1, 10, 100)  # than this machine: no accelerator was measured


def main():
    args, load = parse_arguments(), os.getloadavg()[0]
    model = StyleTransferGAN(Generator.from_preset(args.preset), Discriminator())
    model.compile(r1_interval=R1_INTERVAL)
    with Console(stderr=True).status("tracing a step") as status:
        step, sent = traced_step(model, args)
        status.update("timing steps")
        seconds = (
            args.step_ms / 1000 if args.step_ms else step_seconds(step, args.rounds)
        )
    print(messages_table(model, sent, args.preset))
    origin = "given" if args.step_ms else "measured on this machine"
    print(
        f"\nA step of a replica, batch {args.batch} at {args.size}x{args.size}: "
        f"{1000 * seconds:.0f} ms ({origin}).\n"
    )
    print(estimate_table(sent, seconds))
    print(f"\n{conditions(load)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="stylex_mobile", help="of the generator")
    parser.add_argument("--size", type=int, default=128, help="of pictures, in pixels")
    parser.add_argument("--batch", type=int, default=4, help="pictures of a replica")
    parser.add_argument("--rounds", type=int, default=5, help="blocks of 8 steps")
    parser.add_argument("--step-ms", type=float, help="instead of measuring a step")
    return parser.parse_args()


@contextmanager
def recorded():
    """A list that fills with the bytes of each tensor that is handed to all-reduce."""
    kind = type(tf.distribute.get_replica_context())
    original, sent = kind.all_reduce, []

    def all_reduce(context, operation, value, options=None):
        tensors = tf.nest.flatten(value)
        sent.append(sum(prod(t.shape) * t.dtype.size for t in tensors))
        return original(context, operation, value, options)

    kind.all_reduce = all_reduce
    try:
        yield sent
    finally:
        kind.all_reduce = original


def traced_step(model, args):
    """The step of a replica as a function, and the bytes of each of its messages."""
    pictures = tf.random.uniform((2, args.batch, args.size, args.size, 3))
    step = tf.function(model.train_step, autograph=False)
    with recorded() as sent:
        step.get_concrete_function(tuple(pictures))
    return lambda: step(tuple(pictures)), sent


def step_seconds(step, rounds):
    """The median over blocks that each have one step with R1."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        for _ in range(R1_INTERVAL):
            float(min(step().values()))  # waits for the step
        times.append((time.perf_counter() - start) / R1_INTERVAL)
    return median(times[1:])


def messages_table(model, sent, preset):
    """Markdown: each message, its bytes, and what it is the gradients of."""
    figures, generator, discriminator = sent
    counts = [
        sum(prod(v.shape) for v in variables)
        for variables in (
            model.generator.trainable_variables,
            model.discriminator_variables,
        )
    ]
    assert [generator, discriminator] == [4 * count for count in counts]
    rows = [
        (f"figures of the step ({figures // 4} float32)", figures),
        (f"gradients of the generator ({counts[0]:,} float32)", generator),
        (f"gradients of the discriminators ({counts[1]:,} float32)", discriminator),
        ("together", sum(sent)),
    ]
    lines = [f"| per step, {preset} | bytes |", "|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {size:,} |" for what, size in rows)])


def all_reduce_seconds(sent, network):
    """Of rings, one after the other: `2 (n - 1) (bytes / (n bandwidth) + latency)`.

    After [Patarasu & Yuan, 2009](https://doi.org/10.1016/j.jpdc.2008.09.002).
    """
    n = network.replicas
    return sum(
        2 * (n - 1) * (size / n / network.bandwidth + network.latency) for size in sent
    )


def efficiency(seconds, sent, network):
    """Weak scaling: pictures/s over `n` times those of one replica, nothing hidden."""
    return seconds / (seconds + all_reduce_seconds(sent, network))


def estimate_table(sent, seconds):
    """Markdown: a row a network, a column for each speed of a replica."""
    steps = [f"{readable(1000 * seconds / faster)} ms" for faster in FASTER]
    lines = [
        "| computed, not run | all-reduce | " + " | ".join(steps) + " |",
        "|---" * (2 + len(FASTER)) + "|",
    ]
    for network in NETWORKS:
        cost = 1000 * all_reduce_seconds(sent, network)
        shares = [f"{efficiency(seconds / f, sent, network):.1%}" for f in FASTER]
        lines.append(f"| {network.name} | {cost:.2f} ms | {' | '.join(shares)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
