"""`keras-stylex stylize`: videos."""

import argparse
import hashlib
import importlib.util
import sys
import time
from datetime import timedelta
from pathlib import Path

from keras_stylex import __version__
from keras_stylex.errors import InputError

LOG_SECONDS = 30  # from line to line where there is no terminal


def parse_strength(text):
    """A strength as `argparse` wants it: a float, or a `StrengthCurve`."""
    from keras_stylex.video.strength import parse_strength

    try:
        return parse_strength(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"must be a number, or seconds:strength of keyframes such as 0:0,2.5:1. "
            f"Received: {text}"
        ) from error


def first(strength):
    """The strength at the beginning."""
    return strength(0) if callable(strength) else strength


def check(options, videos, pictures):
    """Raises `InputError` unless all can be painted so."""
    if callable(options.strength) and pictures:
        raise InputError(
            f"{pictures[0][0]}: is no video, whose strength could vary over time; give "
            "one number with --strength."
        )
    if videos and importlib.util.find_spec("av") is None:
        raise InputError(
            f"{videos[0][0]}: is a video, which needs PyAV: "
            'pip install "keras_stylex[video]"'
        )


def paint(painter, source, target, options):
    """Paints a video; returns a list of what is wrong with it, in words."""
    from keras_stylex.video.painting import VideoPainting

    try:
        painting = VideoPainting(source, target, _how(painter, options), _job(options))
        painting.open()
        _tell_of_earlier_work(painting)
        with _Progress(source.name, painting.video.seconds) as progress:
            painted = painting.run(progress)
    except InputError as error:
        return [str(error)]
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from there.", file=sys.stderr)
        raise
    print(f"Painted {painted.frames} frames, {painted.seconds:.1f} s: {target}")
    for note in painted.notes:
        print(f"  {note}")
    return [f"{source}: {painted.damage}"] if painted.damage else []


def _how(painter, options):
    """`paint(picture, seconds)` of a painter of pictures."""
    from keras_stylex.inference.color import keep_color

    def paint(picture, seconds):
        if callable(options.strength):
            painted = painter(picture, options.strength(seconds))
        else:
            painted = painter(picture)
        return keep_color(painted, picture) if options.preserve_color else painted

    return paint


def _tell_of_earlier_work(painting):
    work = painting.work
    if work.changed:
        print(
            f"Begins {work.target} anew: not the same as when it was interrupted: "
            f"{', '.join(work.changed)}.",
            file=sys.stderr,
        )
    elif work.frames:
        print(f"Goes on after {work.frames} frames of {work.target}.", file=sys.stderr)


def _job(options):
    """What the painted frames depend on, besides the video."""
    return {
        "model": checksum(_model_files(options.model)),
        "style": checksum(options.style or ()),
        "weights": str(options.weights),
        "strength": str(options.strength),
        "preserve-color": str(options.preserve_color),
        "version": __version__,
    }


def _model_files(model):
    from keras_stylex.cli.model import open_model
    from keras_stylex.export import painters

    if model.lower().endswith(".tflite"):
        return painters.files_of(model)
    if folder := painters.latest_version(model):
        return sorted(path for path in folder.rglob("*") if path.is_file())
    return open_model(model).files


def checksum(files):
    """The checksum of files, and of names of styles, whose codes the model holds."""
    contents = [
        Path(file).read_bytes() if Path(file).is_file() else str(file).encode()
        for file in files
    ]
    checksums = [hashlib.sha256(content).digest() for content in contents]
    return hashlib.sha256(b"".join(checksums)).hexdigest()


class _Progress:
    """Tells how far it is: by a bar; in a log file, by a line now and then."""

    def __init__(self, name, seconds):
        self.name, self.seconds = name, seconds

    def __enter__(self):
        from rich.console import Console
        from rich.progress import Progress, TextColumn

        console = Console(stderr=True)
        columns = (*Progress.get_default_columns(), TextColumn("{task.fields[done]}"))
        self.bar = Progress(
            *columns,
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.bar.start()
        self.task, self.last = None, time.monotonic()
        return self.update

    def update(self, frames, seconds):
        done = f"{frames} frames, {seconds:.1f} s"
        if self.task is None:  # not before, so that the time left counts what is new
            self.task = self.bar.add_task(
                self.name, total=self.seconds, completed=seconds, done=done
            )
        self.bar.update(self.task, completed=seconds, done=done)
        if self.bar.disable and time.monotonic() - self.last > LOG_SECONDS:
            print(f"{self.name}: {done}{self._ahead()}", file=sys.stderr, flush=True)
            self.last = time.monotonic()

    def _ahead(self):
        """How long the video is and how much time is left, as far as that is known."""
        length = f" of {self.seconds:.1f} s" if self.seconds else ""
        left = self.bar.tasks[0].time_remaining
        return length if left is None else f"{length}, {timedelta(seconds=left)} left"

    def __exit__(self, *_):
        self.bar.stop()
