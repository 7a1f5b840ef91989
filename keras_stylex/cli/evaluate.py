"""`keras-stylex evaluate`."""

import argparse
import json
import sys

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.errors import InputError

EPILOG = """\
A run trained on tfds:scenes/... is compared with the known truth of held-out scenes;
any other run with the pictures it is given: by default the first of its own sources.

  keras-stylex evaluate runs/mine --report report.html
  keras-stylex evaluate runs/mine --content photos/ --style paintings/ --count 200 \\
      --features network.tflite --json
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
        "--features",
        metavar="MODEL",
        nargs="?",
        const="inception",
        help="compute KID and FID on the features of a .keras or .tflite file; without "
        "MODEL, of Inception, whose weights are downloaded",
    )
    parser.add_argument(
        "--report", metavar="FILE", help="write a page with pictures, report.html"
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
    from keras_stylex.metrics.report import write_report
    from keras_stylex.training.run import Run

    if options.count < 2:
        raise InputError(f"--count must be 2 or more. Received: {options.count}.")
    run = Run(options.model)
    evaluation = evaluate(run, options)
    name_skipped(run.skipped)
    show(evaluation.figures)
    for note in evaluation.notes:
        print(note)
    keep(run, evaluation.figures, options.content, options.style)
    if options.report:
        write_report(options.report, f"Evaluation of {run.folder}", evaluation)
        print(f"Wrote {options.report}.")
    if options.json:
        print(json.dumps(evaluation.figures))


def evaluate(run, options):
    """Evaluates a run with a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from keras_stylex.metrics import open_features
    from keras_stylex.training.run_evaluation import evaluate_run_fully

    features = open_features(options.features) if options.features else None
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    with bar:
        return evaluate_run_fully(
            run,
            options.content,
            options.style,
            options.count,
            features,
            lambda sequence, description: bar.track(sequence, description=description),
        )


def keep(run, figures, content=None, style=None):
    """Keeps figures in the run's folder, where it can be written."""
    from keras_stylex.training.kept_evaluation import keep_evaluation

    try:
        keep_evaluation(run, figures, content, style)
    except InputError as error:  # to read a run is enough to evaluate it
        print(f"Not kept for model cards: {error}", file=sys.stderr)


def show(figures):
    """Prints figures as a table."""
    from rich.console import Console
    from rich.table import Column, Table

    from keras_stylex.metrics.glossary import MEANINGS, readable

    figure = Column("figure", no_wrap=True)
    value = Column("value", no_wrap=True, justify="right")
    table = Table(figure, value, Column("better", no_wrap=True), "what it says")
    for name, number in figures.items():
        better, text = MEANINGS[name]
        table.add_row(name.replace("_", " "), readable(number), better, text)
    Console().print(table)
