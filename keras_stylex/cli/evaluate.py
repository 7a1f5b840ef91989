"""`keras-stylex evaluate`."""

import argparse
import json
import sys

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.cli.model import list_shipped, open_model
from keras_stylex.errors import InputError

EPILOG = """\
A run trained on tfds:scenes/... is compared with the known truth of held-out scenes;
any other run with the pictures it is given: by default the first of its own sources.
Only figures of its own pictures are kept, for the model card of an export. Trained
weights of this package need --content and --style.

  keras-stylex evaluate runs/mine --report report.html
  keras-stylex evaluate runs/mine --content photos/ --style paintings/ --count 200 \\
      --features network.tflite --json
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how well a run paints",
        description="Measures a run, or trained weights of this package, and prints a "
        "table.",
        epilog=f"{EPILOG}\n{list_shipped()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="the folder of a training run, or trained weights of this package by name",
    )
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

    if options.count < 2:
        raise InputError(f"--count must be 2 or more. Received: {options.count}.")
    model = open_model(options.model)
    model.check_sources(options.content, options.style)
    evaluation = evaluate(model, options)
    name_skipped(model.skipped)
    show(evaluation.figures)
    for note in evaluation.notes:
        print(note)
    if not (options.content or options.style):
        keep(model, evaluation.figures)
    if options.report:
        write_report(options.report, f"Evaluation of {model.name}", evaluation)
        print(f"Wrote {options.report}.")
    if options.json:
        print(json.dumps(evaluation.figures))


def evaluate(model, options):
    """Evaluates a model with a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from keras_stylex.metrics import open_features

    features = open_features(options.features) if options.features else None
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    with bar:
        return model.evaluate(
            options.content,
            options.style,
            options.count,
            features,
            lambda sequence, description: bar.track(sequence, description=description),
        )


def keep(model, figures):
    """Keeps figures in the run's folder, where it can be written."""
    try:
        model.keep_evaluation(figures)
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
