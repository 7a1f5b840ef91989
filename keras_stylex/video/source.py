"""Reads the frames of a video file, with their times, as far as they can be read."""

import contextlib
from fractions import Fraction
from pathlib import Path

import av

from keras_stylex.errors import InputError
from keras_stylex.video.damage import Damage

USUAL_RATE = 30  # frames per second, where a file does not say


class VideoSource:
    """The first video stream of a file.

    Args:
        path: Path of the file.

    Attributes:
        time_base: Fraction, seconds of a tick, in which frames have their times.
        start: Fraction, seconds by which the file's times are late as a whole.
        step: Integer, ticks of a usual frame.
        rate: Fraction, frames per second on average.
        pixel_aspect: Fraction, width of a pixel over its height, as stored.
        transfer: Integer, what values mean as light, by its number in ITU-T H.273.
        seconds: Float, how long it is by its header, or `None`.
        damage: `Damage`, once frames were read.

    Raises:
        InputError: when the file cannot be read or has no video; names it.
    """

    def __init__(self, path):
        self.path = Path(path)
        with open_media(path) as container:
            stream = video_stream(container, path)
            self.time_base = stream.time_base or Fraction(1, av.time_base)
            self.start = start_of(container)
            self.rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
            self.pixel_aspect = stream.sample_aspect_ratio or Fraction(1)
            self.transfer = stream.codec_context.color_trc
            self.seconds = _seconds(container, stream)
        self.step = max(1, round(1 / (self.rate * self.time_base)))
        self.damage = None

    def frames(self):
        """Yields `(time, frame)`: ticks, which rise, and a `av.VideoFrame`.

        What cannot be decoded is left out and counted.
        """
        last = -1
        with open_media(self.path) as container:
            stream = video_stream(container, self.path)
            self.damage = Damage(container, stream, self.start, self.rate)
            shift = round(self.start / self.time_base)
            for frame in self._decode(container, stream):
                pts = last + self.step if frame.pts is None else frame.pts - shift
                last = max(pts, last + 1)
                yield last, frame
            self.damage.close()

    def duration(self, frame):
        """Ticks for which a frame is shown, by the file or as usual."""
        return getattr(frame, "duration", None) or self.step

    def _decode(self, container, stream):
        for packet in self._packets(container):
            if packet.stream.index != stream.index:
                continue
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damage.count(packet)

    def _packets(self, container):
        try:
            for packet in container.demux():
                self.damage.note(packet)
                yield packet
        except av.FFmpegError:  # such as a bad spot of the disk
            self.damage.count()


@contextlib.contextmanager
def open_media(path):
    """Opens a file to read; raises `InputError` when it is none that can be."""
    try:
        container = av.open(file_url(path))
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file") from error
    except av.InvalidDataError as error:
        raise InputError(
            f"{path}: is no video, or was cut off before its index was written; give "
            "another file"
        ) from error
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason})") from error
    with container:
        yield container


def file_url(path):
    """What FFmpeg takes for a file, whatever its name looks like."""
    return f"file:{path}"


def video_stream(container, path):
    """The first video stream that is no cover picture, and can be decoded."""
    streams = [s for s in container.streams.video if not _is_cover(s)]
    if not streams:
        raise InputError(f"{path}: has no video in it; give another file")
    if streams[0].codec_context is None:
        raise InputError(
            f"{path}: its video is of a kind that PyAV cannot decode; convert it to "
            "H.264 first"
        )
    return streams[0]


def start_of(container):
    """Seconds, a Fraction, by which all times are late: broadcasts start anywhere."""
    return Fraction(max(0, container.start_time or 0), av.time_base)


def _is_cover(stream):
    return bool(stream.disposition & type(stream.disposition).attached_pic)


def _seconds(container, stream):
    if stream.duration is not None and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration and container.duration / av.time_base
