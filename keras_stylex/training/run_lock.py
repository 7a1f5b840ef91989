"""Keeps a second process out of a run's folder while it is trained."""

import contextlib
import errno
import os
from pathlib import Path

from keras_stylex.errors import InputError, unwritable

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

# Where Windows locks a byte: far behind the number that others read.
LOCKED_BYTE = 1 << 30
CANNOT_LOCK = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)  # some network drives


class RunLock(contextlib.AbstractContextManager):
    """Holds the lock of a run's folder: `with RunLock(folder): ...`.

    The system takes the lock back when the process ends, however it ends: what a killed
    process leaves behind stands in nobody's way. Where a file system knows no locks,
    there is none.

    Args:
        folder: Path, made when it does not exist.

    Raises:
        InputError: on entering, when another process holds the lock, or the folder
            cannot be written.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.path = self.folder / ".lock"

    def __enter__(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.file = self._lock()
            self.file.truncate(0)
            self.file.write(str(os.getpid()))
            self.file.flush()
        except OSError as error:
            raise unwritable(self.folder, error) from error
        return self

    def __exit__(self, *exception):
        with contextlib.suppress(OSError):  # Windows removes no open files
            self.path.unlink()
        self.file.close()

    def _lock(self):
        while True:
            file = open(self.path, "a+")  # noqa: SIM115
            try:
                if not _take(file):
                    raise InputError(self._taken(file))
                if self._is_current(file):
                    return file
            except BaseException:
                file.close()
                raise
            file.close()

    def _is_current(self, file):
        """Whether the holder before has not removed the file in the meantime."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _taken(self, file):
        file.seek(0)
        number = file.read(20).strip()
        holder = f"process {number}" if number.isdecimal() else "another process"
        return (
            f"{self.folder}: {holder} is training in this folder. Wait until it has "
            "ended, or choose another folder."
        )


def _take(file):
    """Whether the lock was free; it is ours until the file is closed."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError as error:
        return error.errno in CANNOT_LOCK
    return True
