"""Paints a video frame by frame, and goes on where it was interrupted."""

import contextlib
import dataclasses
import itertools

import av

from keras_stylex.errors import InputError, unwritable
from keras_stylex.video.join import join
from keras_stylex.video.picture import is_hdr, quarter_turns, to_picture
from keras_stylex.video.segment import SegmentWriter, VideoShape
from keras_stylex.video.source import VideoSource
from keras_stylex.video.work import Work

SEGMENT_FRAMES = 60  # what a kill loses at most, and from key frame to key frame


@dataclasses.dataclass
class PaintedVideo:
    """What came of painting a video.

    Args:
        frames: Integer, how many there are.
        seconds: Float, how long they last.
        notes: list of strings, what is not as in the source.
        damage: String, what of the source could not be read, or `None`.
    """

    frames: int
    seconds: float
    notes: list
    damage: str | None


class VideoPainting:
    """The painting of a video to a file, at rest or under way.

    Every `SEGMENT_FRAMES` frames are a finished file in a folder beside the target, so
    that memory does not grow with the video, and nothing but the last of them is
    painted anew after an interruption.

    Args:
        source: Path of the video.
        target: Path of the file to write, with a suffix of `files.CONTAINERS`.
        paint: `paint(picture, seconds)`: the painted picture of a `(height, width, 3)`
            picture in [0, 1] that is seen at a time.
        job: dict of strings: what `paint` depends on. An interrupted work of another
            one is thrown away.

    Attributes:
        work: `Work`: what is painted already, once it was opened.
        video: `VideoSource`.

    Raises:
        InputError: when the source is no video; when running, if it has no frames that
            can be read, or the target cannot be written.
    """

    def __init__(self, source, target, paint, job):
        self.video, self.paint = VideoSource(source), paint
        self.work = Work(target, {**job, **_identity(self.video.path)})
        self.first = None

    def open(self):
        """Finds what an earlier process painted, for `work` to tell."""
        with self._writing():
            self.work.open()

    def run(self, progress=lambda frames, seconds: None):
        """Paints what is missing and writes the video.

        Args:
            progress: Called with how many frames are painted, and how many seconds of
                the video they cover: before the first, and after each.

        Returns: `PaintedVideo`.
        """
        try:
            return self._run(progress)
        finally:
            self.work.close()

    def _run(self, progress):
        frames = self._unpainted()
        for frame in frames:
            rest = itertools.islice(frames, SEGMENT_FRAMES - 1)
            self._paint_segment(itertools.chain([frame], rest), progress)
        if not self.work.segments:
            self.work.discard()
            raise InputError(
                f"{self.video.path}: has no frames that can be decoded; give another "
                "file"
            )
        return self._finish()

    def _unpainted(self):
        """The frames that are in no segment yet."""
        for number, (time, frame) in enumerate(self.video.frames()):
            if number == 0:
                self.first = frame
            if number >= self.work.frames:
                yield time, frame

    def _paint_segment(self, frames, progress):
        path, done, count = self.work.place(), self.work.frames, 0
        writer = SegmentWriter(path, self._shape())
        progress(done, self._seconds(self.work.end))
        try:
            for time, frame in frames:
                picture = self._paint(time, frame)
                with self._writing():
                    writer.write(time, picture)
                count, end = count + 1, time + self.video.duration(frame)
                progress(done + count, self._seconds(end))
            with self._writing():
                writer.close()
                self.work.add(path, count, end, picture.shape[:2])
        finally:
            writer.abandon()

    def _paint(self, time, frame):
        width, height = self.first.width, self.first.height
        picture = to_picture(frame, width, height, self.video.transfer)
        return self.paint(picture, self._seconds(time))

    def _shape(self):
        aspect = self.video.pixel_aspect
        turned = quarter_turns(self.first) % 2
        return VideoShape(
            self.video.time_base, self.video.rate, 1 / aspect if turned else aspect
        )

    def _finish(self):
        path = self.work.place(self.work.target.suffix)
        with self._writing():
            converted = join(
                self.work.paths,
                self.work.end,
                self.video.time_base,
                self.video.path,
                path,
            )
            painted = PaintedVideo(
                self.work.frames,
                self._seconds(self.work.end),
                list(self._notes(converted)),
                self.video.damage.describe(),
            )
            self.work.finish(path)
        return painted

    def _notes(self, converted):
        height, width = self.work.segments[0].picture
        if height % 2 or width % 2:
            even = f"{width + width % 2}x{height + height % 2}"
            yield (
                f"{width}x{height} became {even}: H.264 needs even sides, so the last "
                "column or row is there twice."
            )
        if is_hdr(self.video.transfer):
            yield "Its high dynamic range was mapped to ordinary colours."
        for codec in converted:
            suffix = self.work.target.suffix
            yield f"Its sound was converted to AAC: {suffix} files cannot hold {codec}."

    def _seconds(self, time):
        return float(time * self.video.time_base)

    @contextlib.contextmanager
    def _writing(self):
        try:
            yield
        except OSError as error:
            raise unwritable(self.work.target, error) from error


def _identity(path):
    """What tells a video from another one, without reading all of it."""
    state = path.stat()
    return {
        "video": f"{path.name}, {state.st_size} bytes, {state.st_mtime_ns}",
        "PyAV version": av.__version__,
    }
