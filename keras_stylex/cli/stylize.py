"""`keras-stylex stylize`: pictures; videos are handed on."""

import argparse
import math
from pathlib import Path

from keras_stylex.cli import stylize_video
from keras_stylex.cli.libraries import load_libraries
from keras_stylex.cli.model import NO_REFERENCE, list_shipped, open_model
from keras_stylex.cli.stylize_files import plan
from keras_stylex.errors import InputError
from keras_stylex.video.files import is_video

EPILOG = """\
  keras-stylex stylize runs/mine photo.jpg --style painting.jpg -o painted.png
  keras-stylex stylize runs/mine holiday/ --style a.jpg b.jpg --weights 2 1 -o painted/
  keras-stylex stylize runs/mine photo.jpg --style a.jpg --size 864 -o painted.png
  keras-stylex stylize filter_int8.tflite clip.mp4 -o painted.mp4
"""

# Shorter sides of pictures, as multiples of what the network learned from.
TOO_LARGE, SUGGESTED = 4, 3


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "stylize",
        help="paint pictures and videos with a run or with what was exported",
        description="Paints pictures and videos in the style of references. A video "
        "that was interrupted goes on with the same command.",
        epilog=f"{EPILOG}\n{list_shipped()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_files(parser)
    _add_look(parser)
    parser.set_defaults(run=run)


def _add_files(parser):
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="the folder of a training run; trained weights of this package by name; "
        "or what `export` wrote: a .tflite filter or stylizer, a SavedModel",
    )
    parser.add_argument(
        "pictures",
        metavar="PICTURE",
        nargs="+",
        help="picture files, folders of them, or videos",
    )
    parser.add_argument(
        "-o",
        "--out",
        metavar="PATH",
        required=True,
        help="a picture or video file, or a folder when there are several",
    )
    parser.add_argument(
        "--size",
        metavar="PIXELS",
        type=int,
        help="shrink larger pictures to this shorter side before they are painted (all "
        "pictures keep their size)",
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that exist"
    )


def _add_look(parser):
    add_style(
        parser,
        "a reference, or several to mix; of trained weights of this package also "
        "styles by name; a filter has its own style",
        stylize_video.parse_strength,
        "; of a video also seconds:strength of keyframes, 0:0,2.5:1",
    )
    parser.add_argument(
        "--preserve-color", action="store_true", help="keep the colours of the picture"
    )


def add_style(parser, text, strength=float, more=""):
    """Adds the options that make a style of references.

    Args:
        parser: Parser.
        text: String, what `--style` is for.
        strength: Function, from text to a strength.
        more: String, what else a strength can be.
    """
    add = parser.add_argument
    add("--style", metavar="STYLE", nargs="+", help=text)
    add(
        "--weights",
        metavar="W",
        nargs="+",
        type=float,
        help="how much each reference counts (equally)",
    )
    add(
        "--strength",
        type=strength,
        default=1.0,
        help=f"0 keeps the look of a photo, 1 (default) is the full style{more}",
    )


def run(options):
    """Paints every picture; those that cannot be read are named at the end."""
    check_style(options)
    jobs = plan(options.pictures, Path(options.out))
    existing = [target for _, target in jobs if target.exists()]
    if existing and not options.overwrite:
        raise InputError(f"{existing[0]}: exists. Add --overwrite to replace it.")

    videos = [job for job in jobs if is_video(job[0])]
    pictures = [job for job in jobs if not is_video(job[0])]
    check_size(options.size, videos)
    stylize_video.check(options, videos, pictures)
    painter = load_painter(options)
    failed = paint_pictures(painter, pictures, options) if pictures else []
    for source, target in videos:
        failed += stylize_video.paint(painter, source, target, options)
    if failed:
        raise InputError("; ".join(failed))


def paint_pictures(painter, jobs, options):
    """Paints pictures; returns what is wrong with those that cannot be read."""
    from keras_stylex.data.images import read_image, to_float, write_image
    from keras_stylex.inference.color import keep_color

    failed, largest = [], 0
    for source, target in track(jobs):
        try:
            content = to_float(read_image(source, options.size))
        except InputError as error:
            failed.append(str(error))
            continue
        painted = painter(content)
        if options.preserve_color:
            painted = keep_color(painted, content)
        write_image(target, painted)
        largest = max(largest, min(content.shape[:2]))
    print(f"Painted {len(jobs) - len(failed)} of {len(jobs)} pictures: {options.out}")
    learned = getattr(painter, "learned_side", None)
    if learned and largest > TOO_LARGE * learned:
        print(
            f"What was learned from pictures of {learned:,} pixels comes out small at "
            f"{largest:,}; --size {SUGGESTED * learned} shows more of it."
        )
    return failed


def load_painter(options):
    """What paints one picture: trained weights, or a file or folder of an export."""
    load_libraries()
    from keras_stylex.export import painters

    model = options.model
    file = model.lower().endswith(".tflite")
    if not file and not painters.is_saved_model(model):
        return TrainedPainter(options)
    if file and not painters.takes_style(model):
        if options.style or options.strength != 1:
            raise InputError(
                f"{model}: has its style and strength folded in; leave --style and "
                "--strength out."
            )
        return painters.FilterPainter(model)
    return exported_painter(options, file)


def exported_painter(options, file):
    """Paints with an exported network that takes any style: a file, or a SavedModel."""
    from keras_stylex.data.images import read_reference
    from keras_stylex.export import painters

    if not options.style:
        raise InputError(f"{options.model}: {NO_REFERENCE}")
    references = [read_reference(path) for path in options.style]
    painter = painters.PairPainter if file else painters.SavedModelPainter
    strength = stylize_video.first(options.strength)
    return painter(options.model, references, options.weights, strength)


class TrainedPainter:
    """Paints with the generator of a run, or one of the package.

    Attributes:
        learned_side: Shorter side of the pictures that it learned from, pixels, or
            `None`.
    """

    def __init__(self, options):
        from keras_stylex.export.style import read_look
        from keras_stylex.inference import Stylizer

        model = open_model(options.model)
        looks = [read_look(reference) for reference in model.references(options.style)]
        self.learned_side = model.learned_side
        self._stylizer = Stylizer(model.load_generator())
        self._code = self._stylizer.style_code(looks, options.weights)
        self._strength = stylize_video.first(options.strength)

    def __call__(self, content, strength=None):
        strength = self._strength if strength is None else strength
        return self._stylizer(content, self._code, strength)


def track(jobs):
    """Goes through jobs with a progress bar, on standard error."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(jobs, "painting", console=console, disable=len(jobs) < 2)


def check_size(size, videos):
    """Raises `InputError` unless pictures can be shrunk to this size."""
    if size is None:
        return
    if size < 1:
        raise InputError(f"--size must be 1 or more. Received: {size}.")
    if videos:
        raise InputError(f"{videos[0][0]}: videos keep their size; leave --size out.")


def check_style(options):
    """Raises `InputError` unless weights and strength can be used."""
    strength = options.strength
    if isinstance(strength, float) and not 0 <= strength <= 1:
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
