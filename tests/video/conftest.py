"""Reading videos back, apart from the code that is tested."""

import struct

import av
import numpy as np
import pytest

ONE = 1 << 16
MATRICES = {  # of QuickTime, row by row: (x, y) -> (a x + c y, b x + d y), y downwards
    0: (ONE, 0, 0, ONE),
    1: (0, -ONE, ONE, 0),  # a quarter turn to the left
    2: (-ONE, 0, 0, -ONE),
    3: (0, ONE, -ONE, 0),
}


@pytest.fixture(scope="session")
def turn():
    """`turn(path, quarters)`: has an MP4 file's video shown turned to the left."""

    def turn(path, quarters):
        content = path.read_bytes()
        at = content.index(b"tkhd") + 4 + 40
        a, b, c, d = MATRICES[quarters]
        matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
        path.write_bytes(content[:at] + matrix + content[at + 36 :])
        return path

    return turn


@pytest.fixture(scope="session")
def read_frames():
    """`read_frames(path)`: times in seconds, and RGB pictures, as far as they go."""

    def read(path):
        times, pictures = [], []
        with av.open(str(path)) as container:
            for packet in container.demux(video=0):
                try:
                    frames = packet.decode()
                except av.FFmpegError:
                    continue
                times += [float(frame.pts * frame.time_base) for frame in frames]
                pictures += [frame.to_ndarray(format="rgb24") for frame in frames]
        return np.array(times), np.array(pictures)

    return read


@pytest.fixture(scope="session")
def read_sound():
    """`read_sound(path)`: the kind of sound; seconds and bytes of its packets."""

    def read(path):
        with av.open(str(path)) as container:
            packets = [p for p in container.demux(audio=0) if p.size]
            codec = container.streams.audio[0].codec_context.name
            return codec, [(float(p.pts * p.time_base), bytes(p)) for p in packets]

    return read
