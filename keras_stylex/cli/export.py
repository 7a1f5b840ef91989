"""`keras-stylex export`."""

import argparse
import json
import sys

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.cli.model import list_shipped, open_model
from keras_stylex.cli.stylize import add_style
from keras_stylex.errors import InputError

EPILOG = """\
  keras-stylex export runs/mine --style painting.jpg --out exported
  keras-stylex export runs/mine --style a.jpg b.jpg --weights 2 1 --strength 0.8 \\
      --formats int8 --size 256 --calibrate photos/ --out filter

Formats: saved-model (TensorFlow Serving); float32, float16, dynamic, int8 (TFLite
filters with the style folded in); pair, pair-float32, pair-dynamic (two TFLite
networks each, that take any style; pair computes in float16).
Each file is compared with the original on pictures before it is kept; the report in
OUT/report.html shows how near it comes and how fast it is. OUT/MODEL_CARD.md says what
it was made of; figures of `keras-stylex evaluate RUN`, if it was run before, are in it.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "export",
        help="write filters for devices, and a model for TensorFlow Serving",
        description="Exports a run, or trained weights of this package, and proves "
        "what it exported.",
        epilog=f"{EPILOG}\n{list_shipped()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "model",
        metavar="MODEL",
        help="the folder of a training run, or trained weights of this package by name",
    )
    add_style(
        parser,
        "one reference, or several to mix; of trained weights of this package also "
        "styles by name",
    )
    add(
        "--formats",
        default="saved-model,float16,int8",
        help="separated by commas (saved-model,float16,int8)",
    )
    add("--size", default="256", help="SIDE or HEIGHTxWIDTH, pixels (256)")
    add(
        "--calibrate",
        metavar="SOURCE",
        help="pictures like those the filter will see, 8 or more (the run's content "
        "pictures)",
    )
    add("--name", help="name of the style in file names (the reference's)")
    add("--licence", help="licence of the filter, for its metadata (the weights')")
    add("--out", metavar="DIR", required=True, help="the folder to make")
    add("--overwrite", action="store_true", help="replace the folder if it exists")
    add(
        "--json",
        action="store_true",
        help="print every figure as one JSON object on the last line",
    )
    parser.set_defaults(run=run)


def image_size(text):
    """`256` or `240x320` as `(height, width)`.

    Raises:
        InputError: when it is neither, or no filter can have that size.
    """
    from keras_stylex.export.image_size import check_image_size

    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.strip().isdecimal() for side in sides):
        raise InputError(
            "--size must be SIDE or HEIGHTxWIDTH in pixels, such as 256 or 240x320. "
            f"Received: {text}."
        )
    sides = [int(side) for side in sides]
    return check_image_size(sides * 2 if len(sides) == 1 else sides)


def run(options):
    """Exports, prints a table, and says what to look at."""
    load_libraries()
    from keras_stylex.cli.stylize import check_style
    from keras_stylex.export.export_folder import check_folder, check_formats

    check_style(options)
    formats = [name.strip() for name in options.formats.split(",")]
    check_formats(formats)
    size = image_size(options.size)
    check_folder(options.out, options.overwrite)
    artefacts = export(
        open_model(options.model),
        options.out,
        options.style,
        formats,
        weights=options.weights,
        strength=options.strength,
        name=options.name,
        calibrate=options.calibrate,
        size=size,
        licence=options.licence,
        overwrite=options.overwrite,
    )
    show(artefacts)
    print(f"Wrote {options.out}; look at {options.out}/report.html.")
    print(f"Complete what {options.out}/MODEL_CARD.md calls not stated.")
    if options.json:
        figures = {"artefacts": [artefact.figures() for artefact in artefacts]}
        print(json.dumps(figures, allow_nan=False))


def export(
    model,
    out,
    style,
    formats,
    *,
    weights=None,
    strength=1.0,
    name=None,
    calibrate=None,
    size=256,
    licence=None,
    overwrite=False,
):
    """Exports a model, with a progress bar; returns the artefacts.

    Warns when it was hardly trained.
    """
    from keras_stylex.export.export_folder import export_folder, training_warnings
    from keras_stylex.export.style import read_style

    generator = model.load_generator()
    references = model.references(style)
    style = read_style(generator, references, weights, strength, name)
    pictures = calibration_pictures(model, calibrate, size)
    warnings = training_warnings(model.steps)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return export_folder(
        generator,
        style,
        pictures,
        out,
        formats,
        size,
        licence or model.licence,
        overwrite,
        warnings,
        _track,
        model.facts(),
    )


PICTURES = 64  # half calibrate, half prove


def calibration_pictures(model, source, size):
    """Real pictures of the filter's size, from a source or the model's own.

    Raises:
        InputError: when there are none; says how to give them.
    """
    from keras_stylex.data import load_pictures

    if not source:
        return model.calibration_pictures(PICTURES, size)
    return load_pictures(source, PICTURES, size)


def show(artefacts):
    """Prints what was exported as a table."""
    from rich.console import Console
    from rich.table import Column, Table

    file = Column("file", no_wrap=True)
    table = Table(file, "KB", "ms, 1 thread", "PSNR dB", "largest difference")
    for artefact in artefacts:
        latency = artefact.latency
        table.add_row(
            artefact.name,
            f"{artefact.bytes / 1000:.0f}",
            f"{latency.median:.1f}" if latency else "",
            f"{artefact.parity.psnr:.1f}",
            f"{artefact.parity.max:.4f}",
        )
    Console().print(table)


def _track(formats):
    """Goes through the formats with a progress bar, on standard error."""
    from rich.console import Console
    from rich.progress import track

    return track(formats, "exporting", console=Console(stderr=True))
