"""A folder that appears when it is whole."""

import contextlib
import os
import shutil
import uuid
from pathlib import Path

from keras_stylex.errors import InputError, unwritable


@contextlib.contextmanager
def whole_folder(path, overwrite=False):
    """Gives a hidden folder beside `path` that takes its place in the end.

    When anything fails, nothing is left, and what was there before stays.

    Args:
        path: Path of the folder to make.
        overwrite: Boolean, whether it may replace one.

    Raises:
        InputError: when it exists and may not be replaced, or cannot be written.
    """
    check_place(path, overwrite)
    place = Path(path).resolve()  # of a link: what it leads to is replaced
    partial = place.with_name(f".partial-{place.name}-{uuid.uuid4().hex[:8]}")
    try:
        partial.mkdir(parents=True)
        yield partial
        _replace(partial, place, overwrite)
    except OSError as error:
        raise unwritable(path, error) from error
    except InputError as error:  # names files by where they would have gone
        raise InputError(str(error).replace(str(partial), str(path))) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_place(path, overwrite=False):
    """Raises `InputError` when a folder cannot be made there, or may not replace one.

    Args:
        path: Path of the folder to make.
        overwrite: Boolean, whether it may replace one.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"{path}: is a file. Choose another name for the folder.")
    if path.exists() and not overwrite:
        raise InputError(
            f"{path}: exists. Pass overwrite=True (--overwrite) to replace it, or "
            "choose another folder."
        )


def _replace(partial, place, overwrite):
    if not overwrite or not place.exists():
        os.replace(partial, place)  # fails when another has filled it meanwhile
        return
    old = place.with_name(f"{partial.name}-old")
    os.replace(place, old)
    try:
        os.replace(partial, place)
    except OSError:
        os.replace(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)
