"""`keras-stylex stylize`."""

import argparse
import math
from collections import Counter
from pathlib import Path

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.errors import InputError

EPILOG = """\
  keras-stylex stylize runs/mine photo.jpg --style painting.jpg -o painted.png
  keras-stylex stylize runs/mine holiday/ --style a.jpg b.jpg --weights 2 1 -o painted/
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "stylize",
        help="paint pictures with a run or with what was exported",
        description="Paints pictures of any size in the style of references.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_files(parser)
    _add_look(parser)
    parser.set_defaults(run=run)


def _add_files(parser):
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="the folder of a training run, or what `export` wrote: a .tflite filter "
        "or stylizer, a SavedModel",
    )
    parser.add_argument(
        "pictures", metavar="PICTURE", nargs="+", help="picture files or folders"
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="PATH",
        required=True,
        help="a picture file, or a folder when there are several pictures",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that exist"
    )


def _add_look(parser):
    add_style(parser, "a reference, or several to mix; a filter has its own style")
    parser.add_argument(
        "--preserve-color", action="store_true", help="keep the colours of the picture"
    )


def add_style(parser, text, **options):
    """Adds the options that make a style of references."""
    add = parser.add_argument
    add("--style", metavar="PICTURE", nargs="+", help=text, **options)
    add(
        "--weights",
        metavar="W",
        nargs="+",
        type=float,
        help="how much each reference counts (equally)",
    )
    add(
        "--strength",
        type=float,
        default=1.0,
        help="0 keeps the look of a photo, 1 (default) is the full style",
    )


def run(options):
    """Paints every picture; those that cannot be read are named at the end."""
    check_style(options)
    jobs = plan(options.pictures, Path(options.out))
    existing = [target for _, target in jobs if target.exists()]
    if existing and not options.overwrite:
        raise InputError(f"{existing[0]}: exists. Add --overwrite to replace it.")

    from keras_stylex.data.images import read_image, to_float, write_image
    from keras_stylex.inference.color import keep_color

    painter, failed = load_painter(options), []
    for source, target in track(jobs):
        try:
            content = to_float(read_image(source))
        except InputError as error:
            failed.append(str(error))
            continue
        painted = painter(content)
        if options.preserve_color:
            painted = keep_color(painted, content)
        write_image(target, painted)
    print(f"Painted {len(jobs) - len(failed)} of {len(jobs)} pictures: {options.out}")
    if failed:
        raise InputError("; ".join(failed))


def load_painter(options):
    """What paints one picture: of a run, or of a file or folder that was exported."""
    load_libraries()
    from keras_stylex.data.images import read_reference
    from keras_stylex.export import painters

    model, style = options.model, options.style
    file = model.lower().endswith(".tflite")
    if file and not painters.takes_style(model):
        if style or options.strength != 1:
            raise InputError(
                f"{model}: has its style and strength folded in; leave --style and "
                "--strength out."
            )
        return painters.FilterPainter(model)
    if not style:
        raise InputError(f"{model}: needs a reference; give one with --style.")
    references = [read_reference(path) for path in style]
    look = references, options.weights, options.strength
    if file:
        return painters.PairPainter(model, *look)
    if painters.is_saved_model(model):
        return painters.SavedModelPainter(model, *look)
    return run_painter(options, references)


def run_painter(options, references):
    """Paints with the generator of a training run."""
    from keras_stylex.inference import Stylizer
    from keras_stylex.training.run import Run

    stylizer = Stylizer(Run(options.model).load_generator())
    code = stylizer.style_code(references, options.weights)
    return lambda content: stylizer(content, code, options.strength)


def track(jobs):
    """Goes through jobs with a progress bar, on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(jobs, "painting", console=console, disable=len(jobs) < 2)


def plan(pictures, out):
    """Pairs of picture file and where its painting goes.

    Args:
        pictures: list of files and folders.
        out: Path: a file for one picture file, otherwise a folder, in which pictures
            keep their names and their places below the folders given.

    Raises:
        InputError: when two paintings would get one name, a folder has no pictures, or
            a painting cannot have its name.
    """
    from keras_stylex.data.images import check_suffix, list_images

    single = len(pictures) == 1 and not Path(pictures[0]).is_dir()
    if single and out.suffix and not out.is_dir():
        return [(Path(pictures[0]), check_suffix(out))]
    if out.is_file():
        raise InputError(f"{out}: is a file. Give a folder to paint to.")
    jobs = []
    for picture in map(Path, pictures):
        below = picture if picture.is_dir() else picture.parent
        files = list_images(picture) if picture.is_dir() else [picture]
        jobs += [(file, check_suffix(out / file.relative_to(below))) for file in files]
    targets = Counter(target for _, target in jobs)
    for source, target in jobs:
        if targets[target] > 1:
            raise InputError(
                f"{source}: another picture would be painted to {target} too. Paint "
                "them to different folders."
            )
    return jobs


def check_style(options):
    """Raises `InputError` unless weights and strength can be used."""
    if not 0 <= options.strength <= 1:
        raise InputError(
            f"--strength must lie in [0, 1]. Received: {options.strength}."
        )
    weights = options.weights
    if weights is None:
        return
    if len(weights) != len(options.style or ()):
        raise InputError(
            f"--weights needs one number per reference. Received: {len(weights)} for "
            f"{len(options.style or ())} references."
        )
    if not all(0 <= w < math.inf for w in weights) or not any(weights):
        raise InputError(
            "--weights must be finite, 0 or more, and not all 0. "
            f"Received: {' '.join(map(str, weights))}."
        )
