"""The `keras-stylex` command: parses, calls, prints.

Nothing here imports TensorFlow before a command runs, so that `--help` is quick.
"""

import argparse
import logging
import os
import sys
import warnings

from keras_stylex import __version__
from keras_stylex.cli import (
    benchmark,
    camera,
    evaluate,
    export,
    prepare,
    quickstart,
    stylize,
    train,
)
from keras_stylex.errors import InputError, TrainingError, VerificationError

DESCRIPTION = """\
Learn to paint one set of pictures in the style of another, without pairs.

  keras-stylex quickstart                        try it on embedded pictures
  keras-stylex train --content photos/ --style paintings/ --out runs/mine
  keras-stylex prepare photos/ --out prepared/   for more pictures than fit in memory
  keras-stylex stylize runs/mine photo.jpg --style painting.jpg -o painted.png
  keras-stylex evaluate runs/mine
  keras-stylex export runs/mine --style painting.jpg --out exported
  keras-stylex benchmark exported/*.tflite
  keras-stylex camera exported/                  live, in a browser
"""


def build_parser():
    """The parser of the whole command."""
    parser = argparse.ArgumentParser(
        prog="keras-stylex",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (
        *(quickstart, prepare, train, stylize, evaluate, export, benchmark),
        camera,
    ):
        command.add_parser(commands)
    return parser


def main(arguments=None):
    """Runs the command.

    Returns: the exit code: 0 done, 2 the user's input is wrong or cannot be read or
        written, 1 anything else.
    """
    try:
        options = build_parser().parse_args(arguments)
        _silence_libraries()
        options.run(options)
    except InputError as error:
        print(f"keras-stylex: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # such as a full disk
        print(f"keras-stylex: {error}", file=sys.stderr)
        return 2
    except (TrainingError, VerificationError) as error:
        print(f"keras-stylex: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("keras-stylex: interrupted", file=sys.stderr)
        return 1
    return 0


def _silence_libraries():
    """Leaves standard error to our own progress, warnings and errors."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("absl").setLevel(logging.ERROR)
    # Each command names the pictures that it left out at its end.
    logging.getLogger("keras_stylex").setLevel(logging.ERROR)
    warnings.showwarning = _show_warning


def _show_warning(message, category, filename, lineno, file=None, line=None):
    """Prints our own warnings in one line; those of libraries are for developers."""
    if category.__module__.startswith("keras_stylex"):
        print(f"warning: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
