"""Writes a stretch of painted frames as a file of its own."""

import dataclasses
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from keras_stylex.data.images import to_uint8
from keras_stylex.video.source import file_url

CODEC = "libx264"
CONTAINER = "nut"  # keeps any time base exactly
# No frames that refer to later ones: so segments join as they are, whatever the times.
# One thread: the same file on any number of cores, and quicker for small frames.
_OPTIONS = {"preset": "fast", "crf": "18", "bf": "0", "threads": "1"}
_BT709 = 1  # number of its primaries, transfer and matrix (ITU-T H.273)
_MPEG_RANGE = 1


@dataclasses.dataclass(frozen=True)
class VideoShape:
    """What all segments of a video have in common.

    Args:
        time_base: Fraction, seconds of a tick.
        rate: Fraction, frames per second on average.
        pixel_aspect: Fraction, width of a pixel over its height.
    """

    time_base: Fraction
    rate: Fraction
    pixel_aspect: Fraction = Fraction(1)


class SegmentWriter:
    """Encodes frames as H.264; the first one is a key frame.

    Args:
        path: Path of the file to write.
        shape: `VideoShape`.
    """

    def __init__(self, path, shape):
        self.path, self.shape = path, shape
        self.container = self.stream = None

    def write(self, time, picture):
        """Adds a picture `(height, width, 3)` in [0, 1], to be shown from `time` on."""
        picture = pad_to_even(to_uint8(picture))
        if self.stream is None:
            self._open(picture.shape)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        frame.pts, frame.time_base = time, self.shape.time_base
        self._mux(frame)

    def close(self):
        """Writes what the encoder still holds, and the end of the file."""
        if self.stream is not None:
            self._mux(None)
        self.abandon()

    def abandon(self):
        """Closes the file as it is."""
        if self.container is not None:
            self.container.close()
            self.container = self.stream = None

    def _open(self, shape):
        self.container = av.open(file_url(self.path), "w", format=CONTAINER)
        stream = self.container.add_stream(CODEC, self.shape.rate, options=_OPTIONS)
        stream.height, stream.width = shape[:2]
        context = stream.codec_context
        context.time_base = self.shape.time_base
        context.sample_aspect_ratio = self.shape.pixel_aspect
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _MPEG_RANGE
        self.stream = stream

    def _mux(self, frame):
        for packet in self.stream.encode(frame):
            self.container.mux(packet)


def pad_to_even(picture):
    """Doubles the last row or column where sides are odd, which H.264 cannot have."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
