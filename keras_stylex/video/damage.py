"""What of a video could not be read."""

import av

LEAST_GAP = 0.5  # seconds that must be missing at the end to count as cut off


class Damage:
    """Counts while a video is read.

    Args:
        container: Container that was opened to read.
        stream: The stream whose frames count.
        start: Fraction, seconds by which all times are late.
        rate: Fraction, frames per second on average.

    Attributes:
        broken: Integer, packets that could not be decoded; most are a frame each.
        since: Float, seconds of the first of them, or `None`.
        missing: Integer, frames that should come after the last one; known at the end.
    """

    def __init__(self, container, stream, start, rate):
        self.container, self.stream = container, stream
        self.start, self.rate = start, rate
        self.broken, self.since, self.missing = 0, None, 0
        self.seen, self.end, self.longest = 0, 0.0, 0.0
        # In an MP4 file it is whole from the beginning.
        index = "mp4" in container.format.name and stream.index_entries
        self.promised = len(index) if index else None

    def __bool__(self):
        return bool(self.broken or self.missing)

    def note(self, packet):
        """Notes a packet that was read, of any stream."""
        ours = packet.stream.index == self.stream.index
        self.seen += ours and packet.size > 0
        if packet.pts is not None and packet.stream.type in ("video", "audio"):
            end = self._seconds(packet) + float(
                (packet.duration or 0) * packet.time_base
            )
            self.longest = max(self.longest, end)
            self.end = max(self.end, end) if ours else self.end

    def count(self, packet=None):
        """Counts a packet that could not be decoded, or one that could not be read."""
        known = packet is not None and packet.pts is not None
        time = self._seconds(packet) if known else self.end
        self.broken += 1
        self.since = time if self.since is None else min(self.since, time)

    def close(self):
        """Compares what was read with what the file's header promises."""
        if self.promised is not None:
            self.missing = max(0, self.promised - self.seen)
        elif self.container.duration is not None:
            # The longest stream tells: sound may go on when the picture has ended.
            gap = self.container.duration / av.time_base - self.longest
            if gap > max(LEAST_GAP, 2 / float(self.rate)):
                self.missing = round(gap * float(self.rate))

    def describe(self):
        """In words, or `None`."""
        if not self:
            return None
        lost = []
        if self.broken:
            lost.append(f"{self.broken} from {self.since:.2f} s on cannot be decoded")
        if self.missing:
            about = "" if self.promised else "about "
            lost.append(f"{about}{self.missing} are missing after {self.end:.2f} s")
        return f"is damaged: of its frames, {' and '.join(lost)}"

    def _seconds(self, packet):
        return float(packet.pts * packet.time_base - self.start)
