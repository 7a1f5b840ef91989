"""`keras-stylex evaluate`."""

import argparse
import json

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.errors import InputError

EPILOG = """\
A run trained on tfds:scenes/... is compared with the known truth of held-out scenes;
any other run with the pictures it is given: by default the first of its own sources.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how well a run paints",
        description="Measures a run and prints a table.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="RUN", help="the folder of a training run")
    parser.add_argument("--content", metavar="SOURCE", help="other content pictures")
    parser.add_argument("--style", metavar="SOURCE", help="other style pictures")
    parser.add_argument(
        "--count", type=int, default=64, help="pictures to evaluate on (64)"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print every figure as one JSON object on the last line",
    )
    parser.set_defaults(run=run)


def run(options):
    """Evaluates and prints."""
    load_libraries()
    from keras_stylex.cli.train import name_skipped
    from keras_stylex.training.run import Run
    from keras_stylex.training.run_evaluation import evaluate_run

    if options.count < 2:
        raise InputError(f"--count must be 2 or more. Received: {options.count}.")
    run = Run(options.model)
    figures = evaluate_run(run, options.content, options.style, options.count)
    name_skipped(run.skipped)
    show(figures)
    if options.json:
        print(json.dumps(figures))


def show(figures):
    """Prints figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:.4f}")
    Console().print(table)
