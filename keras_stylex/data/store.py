"""A folder of decoded pictures, for sets that do not fit into memory."""

import hashlib
import os
import uuid
from pathlib import Path

import numpy as np

from keras_stylex.errors import InputError


class PictureStore:
    """Keeps decoded pictures as `.npy` files, so that each is decoded once.

    The files are named after what the picture is made of (path, size and time of
    change; or its bytes) and its size in pixels: a store is never out of date, and may
    be shared by several trainings at once and over time.

    Args:
        folder: Path of a folder, made when it does not exist.

    Raises:
        InputError: the folder cannot be made.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{folder}: cannot be made as a cache folder ({error.strerror})"
            ) from error

    def remember(self, read, identity):
        """`read(item, label, cover)`, looked up here first, by `identity(item)`."""

        def remembered(item, label, cover):
            file = self.folder / f"{_digest(identity(item), cover)}.npy"
            try:
                return np.load(file)
            except (OSError, ValueError, EOFError):
                picture = read(item, label, cover)
            _save(picture, file)
            return picture

        return remembered


def _digest(identity, cover):
    return hashlib.sha256(f"{cover} ".encode() + identity).hexdigest()[:40]


def _save(picture, file):
    unfinished = file.with_name(f"{file.name}.{uuid.uuid4().hex}.tmp")
    try:
        with open(unfinished, "xb") as handle:
            np.save(handle, picture)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
