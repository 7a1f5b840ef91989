"""What of a video is painted already, kept beside it until all of it is."""

import contextlib
import dataclasses
import json
import os
from pathlib import Path

from keras_stylex.errors import InputError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

LOCK = ".lock"
MANIFEST = "manifest.json"
SEGMENT = "segment_{:05}.nut"
UNFINISHED = "unfinished"  # starts the names of files that are being written


@dataclasses.dataclass(frozen=True)
class Segment:
    """A finished file of painted frames.

    Args:
        name: String, its file in the folder.
        size: Integer, its bytes.
        frames: Integer, how many there are.
        end: Integer, the tick at which its last frame ends.
        picture: `(height, width)` of what was painted, before sides were made even.
    """

    name: str
    size: int
    frames: int
    end: int
    picture: tuple


class Work:
    """The folder `.NAME.partial` beside a video that is being painted.

    It holds finished segments and a manifest that names them, which is written after
    them: what a killed process leaves half-written is in no manifest.

    Args:
        target: Path of the video.
        job: dict of strings: all that the painted frames depend on.

    Attributes:
        segments: list of `Segment`, finished.
        changed: list of the keys of `job` in which an earlier, unfinished work differs,
            for which it was thrown away.
    """

    def __init__(self, target, job):
        self.target, self.job = Path(target), dict(job)
        self.folder = self.target.with_name(f".{self.target.name}.partial")
        self.segments, self.changed, self.lock = [], [], None

    def open(self):
        """Makes the folder, or finds what is in it, and keeps others out.

        Raises:
            InputError: when another process works in it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock()
        job, segments = self._read()
        if job is not None:
            self.changed = sorted(
                key for key in self.job | job if self.job.get(key) != job.get(key)
            )
        if job is None or self.changed:
            self._clear()
        else:
            self.segments = segments
        self._write()

    def close(self):
        """Lets others in. The system does so when a process ends, however it ends."""
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    @property
    def frames(self):
        """How many frames are painted."""
        return sum(segment.frames for segment in self.segments)

    @property
    def end(self):
        """The tick at which the last painted frame ends."""
        return self.segments[-1].end if self.segments else 0

    @property
    def paths(self):
        """The segments' files, in order."""
        return [self.folder / segment.name for segment in self.segments]

    def place(self, suffix=".nut"):
        """A path to write a file to that is not finished."""
        return self.folder / f"{UNFINISHED}{suffix}"

    def add(self, path, frames, end, picture):
        """Takes a file that was written to `place()` as the next segment."""
        name = SEGMENT.format(len(self.segments))
        _sync(path)
        os.replace(path, self.folder / name)
        size = (self.folder / name).stat().st_size
        self.segments.append(Segment(name, size, frames, end, picture))
        self._write()

    def finish(self, path):
        """Makes a file in the folder the video, and removes the folder."""
        _sync(path)
        os.replace(path, self.target)
        self.discard()

    def discard(self):
        """Removes the folder."""
        self._clear()
        self.close()  # Windows removes no open files
        (self.folder / LOCK).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # there is something else in it
            self.folder.rmdir()

    def _lock(self):
        self.lock = open(self.folder / LOCK, "a")  # noqa: SIM115
        try:
            if fcntl:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.close()
            raise InputError(
                f"{self.target}: another process is painting it. Wait until it has "
                "ended, or choose another name."
            ) from error
        except OSError:  # some network drives know no locks
            pass

    def _read(self):
        """The job and the whole segments of a manifest; `None` when there is none."""
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            segments = [Segment(**each) for each in manifest["segments"]]
            job = dict(manifest["job"])
        except (OSError, ValueError, KeyError, TypeError):
            return None, []
        return job, list(_whole(segments, self.folder))

    def _write(self):
        segments = [dataclasses.asdict(segment) for segment in self.segments]
        manifest = json.dumps({"job": self.job, "segments": segments}, indent=1)
        path = self.place(".json")
        path.write_text(manifest, "utf-8")
        _sync(path)
        os.replace(path, self.folder / MANIFEST)

    def _clear(self):
        self.segments = []
        for pattern in (SEGMENT.format(0).replace("00000", "*"), f"{UNFINISHED}*"):
            for path in self.folder.glob(pattern):
                path.unlink()
        (self.folder / MANIFEST).unlink(missing_ok=True)


def _whole(segments, folder):
    """The segments up to the first whose file is not as it was."""
    for segment in segments:
        path = folder / segment.name
        if not path.is_file() or path.stat().st_size != segment.size:
            return
        yield segment


def _sync(path):
    """Lets a file reach the disk before its name does."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
