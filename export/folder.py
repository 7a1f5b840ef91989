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
    path = Path(path)
    if path.exists() and not overwrite:
        raise InputError(
            f"{path}: exists. Add --overwrite to replace it, or choose another folder."
        )
    partial = path.with_name(f".partial-{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        partial.mkdir(parents=True)
        yield partial
        _replace(partial, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _replace(partial, path):
    if not path.exists():
        os.replace(partial, path)
        return
    old = path.with_name(f"{partial.name}-old")
    os.replace(path, old)
    try:
        os.replace(partial, path)
    except OSError:
        os.replace(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)
