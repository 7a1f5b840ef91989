"""Trains us and the baselines on the same pictures for the same minutes, and compares.

    python benchmarks/against_baselines.py --config strokes --minutes 10
    python benchmarks/against_baselines.py --content photos/ --style paintings/ \\
        --test-content other_photos/ --test-style other_paintings/ --minutes 30 \\
        --features network.tflite

Each trains alone, one after the other, with the batch size, rates and schedules of its
paper, and is evaluated like `keras-stylex evaluate` does; we paint with averaged
weights, the baselines with their last ones, as published. Runs, reports with pictures
and figures stay in --out. With --config, scenes are drawn and compared with their
truth; their training takes the data set's train splits.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from baselines.cyclegan import CycleGAN, slim_cyclegan
from baselines.munit import MUNIT, slim_munit
from conditions import conditions
from rich.console import Console
from rich.progress import Progress

from keras_stylex.data import load_pictures, unpaired_dataset
from keras_stylex.data.scenes import ground_truth
from keras_stylex.data.unpaired import MARGIN
from keras_stylex.metrics import Subject, evaluate, open_features
from keras_stylex.metrics.report import write_report
from keras_stylex.training.callbacks import (
    TrainingClock,
    TrainingLimit,
    TrainingProgress,
)
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.run_evaluation import DOMAIN, learn_domains, split_pictures

CONSOLE = Console(stderr=True)
EPOCH_STEPS = 100
MANY_EPOCHS = 1_000_000
WEIGHTS = (
    "stylex paints with its averaged weights, the baselines with their last ones, as "
    "published."
)


@dataclass(frozen=True)
class Painter:
    """Something that was trained.

    Attributes:
        generate: `generate(content, style)`, as `keras_stylex.metrics.Subject` wants.
        encode_style: its style encoder, or `None`.
        parameters: weights that it takes to paint.
        steps: that it was trained for.
        batch: pictures of each kind per step.
    """

    generate: Callable
    encode_style: Callable | None
    parameters: int
    steps: int
    batch: int


def train_ours(args):
    """As `keras-stylex train --no-strong-augmentation`: all see the same crops."""
    run = Run(args.out / "stylex")
    config = RunConfig(
        content=args.content,
        style=args.style,
        image_size=args.size,
        load_size=args.load_size or round(MARGIN * args.size),
        minutes=args.minutes,
        seed=args.seed,
        preset=args.preset,
        recolor=None,  # chosen from the pictures, as by the command
        look=args.look,
    )
    run.create(config)
    model = run.train(config, CONSOLE)
    generator = run.load_generator()
    return Painter(
        lambda content, style: np.asarray(generator([content, style])),
        generator.encode_style,
        generator.count_params(),
        int(np.asarray(model.generator_optimizer.iterations)),
        config.batch_size,
    )


def train_cyclegan(args, make):
    """With the paper's batch of one, and its rate, falling to zero from half time."""
    keras.utils.set_random_seed(args.seed)
    model = make(args.size, seed=args.seed)
    model.compile()
    clock = TrainingClock()
    steps = fit(model, args, clock, [FallingRate(clock, args.minutes)])
    return Painter(
        lambda content, style: np.asarray(model(content)),
        None,
        model.to_style.count_params(),
        steps,
        1,
    )


def train_munit(args, make):
    """With the paper's batch of one; its rate would be halved after 100,000 steps."""
    keras.utils.set_random_seed(args.seed)
    model = make(seed=args.seed)
    model.compile()
    steps = fit(model, args, TrainingClock(), [])
    return Painter(
        lambda content, style: np.asarray(model([content, style])),
        lambda pictures: np.asarray(model.encode_style(pictures)),
        model.parameters,
        steps,
        1,
    )


METHODS = {
    "stylex": train_ours,
    "cyclegan": lambda args: train_cyclegan(args, CycleGAN),
    "slim_cyclegan": lambda args: train_cyclegan(args, slim_cyclegan),
    "munit": lambda args: train_munit(args, MUNIT),
    "slim_munit": lambda args: train_munit(args, slim_munit),
}


def fit(model, args, clock, callbacks):
    """Trains a baseline on the pictures we are trained on; returns its steps."""
    dataset = unpaired_dataset(
        args.content,
        args.style,
        args.size,
        1,
        load_size=args.load_size,
        seed=args.seed,
        repeat=True,
    )
    model.fit(
        dataset,
        steps_per_epoch=EPOCH_STEPS,
        epochs=MANY_EPOCHS,  # TrainingLimit ends it
        callbacks=[
            TrainingProgress(1, minutes=args.minutes, console=CONSOLE),
            clock,
            *callbacks,
            TrainingLimit(clock, minutes=args.minutes),
        ],
        shuffle=False,  # the data set is shuffled
        verbose=0,
    )
    return clock.step


class FallingRate(keras.callbacks.Callback):
    """CycleGAN's schedule by the clock: constant, then linear to zero from half time.

    Args:
        clock: `TrainingClock`, called before this.
        minutes: Float, of the whole training.
    """

    def __init__(self, clock, minutes):
        super().__init__()
        self.clock = clock
        self.seconds = 60 * minutes

    def on_train_begin(self, logs=None):
        self.rate = float(self.model.generator_optimizer.learning_rate)

    def on_train_batch_end(self, batch, logs=None):
        left = 1 - self.clock.seconds / self.seconds
        rate = self.rate * min(1.0, max(0.0, 2 * left))
        self.model.generator_optimizer.learning_rate = rate
        self.model.critic_optimizer.learning_rate = rate


@dataclass(frozen=True)
class Ground:
    """What all are evaluated on: see `keras_stylex.metrics.evaluate`."""

    contents: np.ndarray
    references: np.ndarray
    truth: object
    classifier: object
    features: object


def main():
    args = parse_arguments()
    with Progress(console=CONSOLE, disable=not CONSOLE.is_terminal) as bar:
        ground = lay_ground(args, tracker(bar))
    figures = {name: compare(name, args, ground) for name in args.methods}
    print(table(figures))
    print(f"\n{WEIGHTS}\n\n{conditions()}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--config", help="scenes in this manner, such as strokes, instead of sources")
    add("--content", help="source of content pictures to train on")
    add("--style", help="source of style pictures to train on")
    add("--test-content", help="content pictures to paint (the first of --content)")
    add("--test-style", help="references to paint with (the first of --style)")
    add("--minutes", type=float, default=10.0, help="of training, each (10)")
    add("--size", type=int, default=128, help="of crops, in pixels (128)")
    add(
        "--load-size",
        type=int,
        help="of the pictures that crops are cut from, and of those painted, in pixels "
        "(crops of pictures 1.125 times --size, and painted at --size)",
    )
    add("--count", type=int, default=64, help="pictures to evaluate on (64)")
    add("--features", help="compute KID and FID on these: see keras-stylex evaluate")
    add(
        "--methods",
        nargs="+",
        choices=METHODS,
        default=list(METHODS),
        help="only these (all)",
    )
    add("--preset", default="stylex_mobile", help="our generator's size")
    add("--look", help="our loss weights: any, prints, paintings (chosen)")
    add("--seed", type=int, default=0)
    add("--out", type=Path, default=Path("runs/against_baselines"))
    args = parser.parse_args()
    if args.config:
        args.content = f"tfds:scenes/{args.config}:trainA"
        args.style = f"tfds:scenes/{args.config}:trainB"
    if not (args.content and args.style):
        parser.error("give --config, or --content and --style")
    if args.load_size and args.load_size < args.size:
        parser.error("--load-size must be --size or more: crops are cut from these")
    return args


def lay_ground(args, track):
    """The pictures to paint, a classifier of others (if enough), and the features."""
    features = open_features(args.features) if args.features else None
    size = args.load_size or args.size
    if args.config:
        truth = ground_truth(args.config, args.count, size)
        other = ground_truth(args.config, DOMAIN, size, seed=1)
        pictures, domains = (truth.content, truth.style), (other.content, other.style)
    else:
        truth, own = None, (args.content, args.style)
        sources = (args.test_content or args.content, args.test_style or args.style)
        pictures, domains = split_pictures(
            sources, own, args.count, lambda *part: load_pictures(*part, size)
        )
    classifier = domains and learn_domains(*domains, track)
    return Ground(*pictures, truth, classifier, features)


def compare(name, args, ground):
    """Trains one method and evaluates it; returns its figures."""
    CONSOLE.print(f"{name}: training for {args.minutes:g} minutes")
    painter = METHODS[name](args)
    subject = Subject(
        painter.generate, ground.contents, ground.references, painter.encode_style
    )
    with Progress(console=CONSOLE, disable=not CONSOLE.is_terminal) as bar:
        evaluation = evaluate(
            subject, ground.truth, ground.classifier, ground.features, tracker(bar)
        )
    figures = {
        "steps": painter.steps,
        "batch": painter.batch,
        "parameters": painter.parameters,
        **evaluation.figures,
    }
    folder = args.out / name
    write_report(
        folder / "report.html", f"{name}, {args.minutes:g} minutes", evaluation
    )
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    return figures


def tracker(bar):
    return lambda sequence, description: bar.track(sequence, description=description)


def table(figures):
    """A Markdown table: a row a figure, a column a method."""
    names = list(dict.fromkeys(name for each in figures.values() for name in each))
    rows = [["figure", *figures], ["---", *["---:"] * len(figures)]]
    for name in names:
        values = [each.get(name) for each in figures.values()]
        rows.append([name, *map(readable, values)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def readable(value):
    """Counts as they are, other figures with three digits, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


if __name__ == "__main__":
    main()
