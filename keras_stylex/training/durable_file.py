"""Files that are whole and on the disk, or not there."""

import contextlib
import os
from pathlib import Path

PARTIAL = ".partial-"  # starts the names of files that are being written


@contextlib.contextmanager
def durable_file(path):
    """Gives a temporary path to write to, and renames it when it is whole.

    Neither a killed process nor a power cut leaves half a file under `path`: the
    content reaches the disk before the name does. When anything fails, an older file of
    that name stays.

    Args:
        path: Path of the file; its folder is made.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{PARTIAL}{path.name}")
    try:
        yield partial
        sync_file(partial)
        os.replace(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def link_durably(source, target):
    """Gives a file that is never changed in place a second name; or copies it.

    Args:
        source: Path of a file that is only ever replaced as a whole.
        target: Path of the second name, replaced if it exists.
    """
    with durable_file(target) as partial:
        partial.unlink(missing_ok=True)
        try:
            os.link(source, partial)
        except OSError:  # file systems without links
            partial.write_bytes(Path(source).read_bytes())


def sync_folder(folder):
    """Lets the names in a folder reach the disk, where the system can."""
    if os.name == "posix":  # Windows opens no folders
        sync_file(folder)


def remove_partial_files(folders):
    """Removes what killed processes left half-written in these folders."""
    for folder in folders:
        for partial in (*folder.glob(f"{PARTIAL}*"), *folder.glob(".*.tmp")):
            partial.unlink(missing_ok=True)


def sync_file(path):
    """Lets the content of a file reach the disk."""
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
