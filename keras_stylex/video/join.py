"""Joins painted segments and the sound of the source to one file."""

import heapq
import itertools
from fractions import Fraction
from operator import itemgetter

import av

from keras_stylex.video.files import CONTAINERS
from keras_stylex.video.sound import Sound
from keras_stylex.video.source import file_url, open_media, start_of

_OF_CONTAINERS = ("major_brand", "minor_version", "compatible_brands", "encoder")
_PLACE_OF_IPHONES = "com.apple.quicktime.location.ISO6709"  # MP4 does not know it
# Players start before they have all of it.
_OPTIONS = {"mp4": {"movflags": "+faststart"}, "mov": {"movflags": "+faststart"}}


def join(segments, end, time_base, source, path):
    """Writes the video: segments one after another, sound as it is where it can be.

    Args:
        segments: list of paths of segments, in order.
        end: Integer, the tick at which the last frame ends.
        time_base: Fraction, seconds of a tick.
        source: Path of the video whose sound and whose title, date etc. to take.
        path: Path of the file to write; its suffix is one of `CONTAINERS`.

    Returns: list of strings, the kinds of sound that were converted to AAC, because the
        container cannot hold them.
    """
    kind = CONTAINERS[path.suffix.lower()]
    with (
        open_media(source) as original,
        av.open(file_url(path), "w", kind, options=_OPTIONS.get(kind, {})) as container,
    ):
        container.metadata.update(_tags(original))
        stream = _add_video(container, segments[0], time_base)
        sound = Sound(original, container)
        packets = heapq.merge(
            _video_packets(segments, stream, end, time_base),
            sound.packets(start_of(original)),
            key=itemgetter(0),
        )
        for _, packet in packets:
            container.mux(packet)
        return sound.converted


def _tags(original):
    """Title, date, place and the like."""
    tags = {k: v for k, v in original.metadata.items() if k not in _OF_CONTAINERS}
    place = tags.get(_PLACE_OF_IPHONES)
    return {"location": place, **tags} if place else tags


def _add_video(container, segment, time_base):
    with av.open(file_url(segment)) as first:
        stream = container.add_stream_from_template(first.streams.video[0], opaque=True)
    stream.time_base = time_base
    return stream


def _video_packets(segments, stream, end, time_base):
    """Yields `(seconds, packet)`, each with the time until the next as duration."""
    packets = itertools.chain(_packets(segments, time_base), [None])
    for packet, following in itertools.pairwise(packets):
        until = end if following is None else following.pts
        packet.duration, packet.stream = until - packet.pts, stream
        yield packet.pts * time_base, packet


def _packets(segments, time_base):
    """All packets, in the order in which they are seen; in ticks of `time_base`."""
    for path in segments:
        with av.open(file_url(path)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    time = Fraction(packet.pts) * packet.time_base / time_base
                    packet.time_base = time_base
                    packet.pts = packet.dts = round(time)
                    yield packet
