"""`keras-stylex quickstart`."""

import argparse
from pathlib import Path

from keras_stylex.cli.libraries import load_libraries

SCENES = "tfds:scenes/strokes"
SIZE = 96  # pixels
FORMATS = ("saved-model", "float16", "int8")
FILTER_SIZE = 256  # pixels
SHOWN = 8  # pictures on the grid

EPILOG = """\
Draws the embedded scenes, trains on them, evaluates against their known truth, and
shows pictures that were not trained on; exports a camera filter. Takes a few minutes
on two cores.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "quickstart",
        help="scenes -> train -> evaluate -> export, in a few minutes",
        description="Does everything once, on embedded pictures.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        default="runs/quickstart",
        help="the run's folder (runs/quickstart)",
    )
    parser.add_argument(
        "--minutes", type=float, default=5.5, help="minutes of training (5.5)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed gives the same run (0)"
    )
    parser.set_defaults(run=run)


def run(options):
    """Trains, evaluates, paints, and says what to try next."""
    load_libraries()
    from keras_stylex.cli import evaluate, export, train
    from keras_stylex.cli.model import RunModel
    from keras_stylex.training.run import Run
    from keras_stylex.training.run_config import RunConfig
    from keras_stylex.training.run_evaluation import evaluate_run

    run = Run(options.out)
    config = RunConfig(
        content=f"{SCENES}:trainA",
        style=f"{SCENES}:trainB",
        image_size=SIZE,
        minutes=options.minutes,
        seed=options.seed,
    )
    run.create(config)
    train.train(run, config)
    figures = evaluate_run(run)
    evaluate.show(figures)
    evaluate.keep(RunModel(run), figures)
    grid, reference = paint(run)
    exported = Path(run.folder, "exported")
    export.show(
        export.export(
            RunModel(run),
            exported,
            [reference],
            FORMATS,
            size=FILTER_SIZE,
            overwrite=True,
        )
    )
    names = {"grid": grid, "reference": reference, "exported": exported}
    print(NEXT.format(run=run.folder, samples=run.samples, **names))


def paint(run):
    """Writes a grid of content, reference, result, truth, and the first reference.

    Returns: `(grid, reference)`, their paths.
    """
    from keras_stylex.data.images import write_image
    from keras_stylex.data.picture_grid import picture_grid
    from keras_stylex.data.scenes import ground_truth

    truth = ground_truth("strokes", SHOWN, SIZE)
    painted = run.load_generator().predict([truth.content, truth.style], verbose=0)
    grid, reference = (
        Path(run.folder, name) for name in ("quickstart.png", "reference.png")
    )
    write_image(grid, picture_grid([truth.content, truth.style, painted, truth.truth]))
    write_image(reference, truth.style[0])
    return grid, reference


NEXT = """
Wrote
  {grid}   rows: photo, reference, painted, truth
  {samples}/          how it learned
  {run}/generator.keras   the trained generator
  {exported}/   a camera filter and a served model; see report.html there

Next
  keras-stylex stylize {run} PHOTO.jpg --style PAINTING.jpg -o painted.png
  keras-stylex stylize {exported}/filter_reference_int8.tflite PHOTO.jpg -o filtered.png
  keras-stylex train --resume --minutes 30 --out {run}
  keras-stylex train --content PHOTOS/ --style PAINTINGS/ --out runs/mine"""
