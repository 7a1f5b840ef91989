"""Takes the sound of one file over to another."""

import contextlib

import av

# What AAC can be, of what there is.
_RATES = (8000, 11025, 16000, 22050, 32000, 44100, 48000)
_LAYOUTS = ("mono", "stereo", "3.0", "4.0", "5.0", "5.1")


class Sound:
    """All audio streams of a file: as they are where the other container takes them.

    Args:
        original: Container that was opened to read.
        container: Container that was opened to write; gets a stream for each.

    Attributes:
        converted: list of strings, the codecs that the container does not take.
    """

    def __init__(self, original, container):
        self.original, self.tracks, self.converted = original, {}, []
        for stream in original.streams.audio:
            if stream.codec_context is None:  # FFmpeg does not know what it is
                continue
            try:
                track = _Copy(stream, container)
            except ValueError:
                track = _Converted(stream, container)
                self.converted.append(stream.codec_context.codec.canonical_name)
            track.stream.metadata.update(stream.metadata)
            self.tracks[stream.index] = track

    def packets(self, start):
        """Yields `(seconds, packet)` as they come, `start` seconds taken off.

        Where the file breaks off, they end.
        """
        for packet in self._demux():
            yield from self.tracks[packet.stream.index].take(packet, start)
        for track in self.tracks.values():
            yield from track.rest()

    def _demux(self):
        packets = self.original.demux([*self.tracks]) if self.tracks else iter(())
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                return
            if packet is None:
                return
            if packet.size:
                yield packet


class _Copy:
    """Packets as they are, with another zero of time."""

    def __init__(self, stream, container):
        self.stream = container.add_stream_from_template(stream, opaque=True)
        self.last = None

    def take(self, packet, start):
        shift = round(start / packet.time_base)
        time = packet.pts if packet.dts is None else packet.dts
        if time is None or (self.last is not None and time <= self.last):
            return  # no container takes times that do not rise
        self.last = time
        pts = time if packet.pts is None else packet.pts
        packet.pts, packet.dts = pts - shift, time - shift
        packet.stream = self.stream
        yield packet.dts * packet.time_base, packet

    def rest(self):
        return ()


class _Converted:
    """Sound that is decoded and encoded as AAC."""

    def __init__(self, stream, container):
        rate = stream.rate if stream.rate in _RATES else max(_RATES)
        layout = stream.layout.name
        if layout not in _LAYOUTS:
            layout = "mono" if stream.channels == 1 else "stereo"
        self.stream = container.add_stream("aac", rate=rate, layout=layout)
        self.resampler = av.AudioResampler("fltp", layout, rate)

    def take(self, packet, start):
        frames = []
        with contextlib.suppress(av.FFmpegError):  # what is broken stays silent
            frames = packet.decode()
        for frame in frames:
            if frame.pts is not None:
                frame.pts -= round(start / frame.time_base)
            yield from self._encode(frame)

    def rest(self):
        yield from self._encode(None)
        yield from self._timed(self.stream.encode(None))

    def _encode(self, frame):
        for resampled in self.resampler.resample(frame):
            yield from self._timed(self.stream.encode(resampled))

    def _timed(self, packets):
        for packet in packets:
            yield packet.dts * packet.time_base, packet
