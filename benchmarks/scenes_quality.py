"""How well so many minutes of training paint `scenes`, against the known truth.

    python benchmarks/scenes_quality.py
    python benchmarks/scenes_quality.py --minutes 10 --seeds 0 1 2 --config mixed
    python benchmarks/scenes_quality.py --steps 1250

Trains from scratch, once per seed, with the options that `keras-stylex train` chooses
for pictures of --size, and evaluates on 64 held-out pairs. Of several seeds it prints
the median and the spread, from the least to the greatest. The runs stay in --out, with
their pictures.
"""

import argparse
from pathlib import Path
from statistics import median

from conditions import conditions

from keras_stylex.training.chosen_options import CHOSEN
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig
from keras_stylex.training.run_evaluation import evaluate_run


def main():
    args = parse_arguments()
    figures = [train_and_evaluate(args, seed) for seed in args.seeds]
    print(table(figures, args.seeds))
    print(f"\n{conditions()}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", default="strokes", help="manner of painting")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float)
    length.add_argument("--steps", type=int, help="instead of minutes")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--size", type=int, default=96, help="of pictures, in pixels")
    parser.add_argument("--out", type=Path, default=Path("runs/scenes_quality"))
    args = parser.parse_args()
    if args.steps is None and args.minutes is None:
        args.minutes = 5.0
    return args


def train_and_evaluate(args, seed):
    """The figures of one run, with its steps."""
    length = f"{args.steps}_steps" if args.steps else f"{args.minutes:g}_minutes"
    run = Run(args.out / f"{args.config}_{length}_seed_{seed}")
    config = configure(args, seed)
    run.create(config)
    model = run.train(config)
    steps = int(model.generator_optimizer.iterations)
    return {"steps": steps, **evaluate_run(run)}


def configure(args, seed):
    """What is not given is chosen from the data, as by the command."""
    given = {
        "content": f"tfds:scenes/{args.config}:trainA",
        "style": f"tfds:scenes/{args.config}:trainB",
        "image_size": args.size,
        "steps": args.steps,
        "minutes": args.minutes,
        "seed": seed,
    }
    return RunConfig(**{**dict.fromkeys(CHOSEN), **given})


def table(figures, seeds):
    """A Markdown table: a row a figure, a column a seed, the median, the spread."""
    head = ["figure", *(f"seed {seed}" for seed in seeds), "median", "spread"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name in figures[0]:
        values = [each[name] for each in figures]
        spread = f"{min(values):.4g} – {max(values):.4g}"
        rows.append([name, *(f"{v:.4g}" for v in [*values, median(values)]), spread])
    if len(seeds) == 1:  # one is its own median
        rows = [row[:2] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
