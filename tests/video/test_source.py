"""Frames of files: whole ones, odd ones, broken ones."""

import re

import av
import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.video.source import VideoSource


def times(source):
    return np.array([float(time * source.time_base) for time, _ in source.frames()])


def expected_times(count):
    steps = np.resize([20, 50, 30], count)
    return np.cumsum(steps) / 600 - steps / 600


@pytest.mark.parametrize(
    "name, options, atol",
    [
        ("a.mp4", {}, 0),
        ("a.mov", {"sound": None, "options": {"preset": "fast", "bf": "3"}}, 0),
        ("a.mkv", {"options": {"preset": "fast", "bf": "3"}}, 0.0006),
        ("a.avi", {"codec": "mpeg4"}, 0.0006),
    ],
)
def test_frames_have_the_times_of_the_file(write_clip, tmp_path, name, options, atol):
    source = VideoSource(write_clip(tmp_path / name, **options))
    seen = times(source)
    if name == "a.avi":  # it has empty frames in the gaps, and begins late by one
        seen = seen - seen[1] + 20 / 600
        seen[0] = 0
    np.testing.assert_allclose(seen, expected_times(24), atol=atol + 1e-9)
    assert not source.damage


def test_a_broadcast_begins_at_zero(write_clip, tmp_path):
    late = {"output_ts_offset": "5"}
    source = VideoSource(write_clip(tmp_path / "a.ts", container=late))
    seen = times(source)
    assert source.start >= 4.9 and 0 <= seen[0] < 0.1
    np.testing.assert_allclose(seen - seen[0], expected_times(24), atol=0.0006)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_of_a_broken_tail_the_frames_before_are_read(write_clip, tmp_path, name):
    options = {"movflags": "faststart"} if name == "a.mp4" else {}
    path = write_clip(tmp_path / name, 40, container=options)
    whole = len(times(VideoSource(path)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    source = VideoSource(path)
    seen = times(source)
    assert 10 < len(seen) < whole == 40
    np.testing.assert_allclose(seen, expected_times(len(seen)), atol=0.0006)
    (count,) = re.findall(r"(about \d+|\d+) are missing", source.damage.describe())
    lost = 40 - len(seen)
    if name == "a.mp4":  # says how many there should be
        assert int(count) == lost - source.damage.broken
    else:
        assert count.startswith("about ")
        assert abs(source.damage.missing - lost) <= lost // 2


def test_a_hole_in_the_middle_is_counted_and_passed(write_clip, tmp_path):
    path = write_clip(tmp_path / "a.mkv", 40, options={"g": "5"})
    content = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
        start, size = content.index(bytes(packets[20])), packets[20].size
    content[start : start + size] = bytes(size)
    path.write_bytes(content)
    source = VideoSource(path)
    seen = times(source)
    assert 35 <= len(seen) < 40
    assert seen[-1] == pytest.approx(expected_times(40)[-1], abs=0.001)
    assert source.damage.broken >= 1
    assert source.damage.since == pytest.approx(expected_times(21)[-1], abs=0.001)
    assert "from 1.12 s on" in source.damage.describe()


def test_where_the_index_points_beyond_the_file_frames_up_to_there_are_read(
    write_clip, tmp_path
):
    path = write_clip(tmp_path / "a.mp4", 40)
    content = bytearray(path.read_bytes())
    at = content.index(b"stco") + 8
    count = int.from_bytes(content[at : at + 4], "big")
    half = at + 4 * (1 + count // 2)
    content[half : at + 4 * (1 + count)] = b"\x7f\0\0\0" * (count - count // 2)
    path.write_bytes(content)
    source = VideoSource(path)
    seen = times(source)
    assert 10 < len(seen) < 40
    np.testing.assert_allclose(seen, expected_times(len(seen)), atol=1e-9)
    assert source.damage.missing == 40 - len(seen)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is no video, or was cut off"),
        (b"Dear diary,\n" * 100, "is no video, or was cut off"),
        (None, "there is no such file"),
    ],
)
def test_what_is_no_video_is_named(tmp_path, content, words):
    path = tmp_path / "a: b.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        VideoSource(path)
    assert str(error.value).startswith(f"{path}: {words}")


def test_a_video_without_its_index_is_named(write_clip, tmp_path):
    path = write_clip(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="cut off before its index"):
        VideoSource(path)


def test_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), "int16"), "s16", "mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame) + stream.encode(None))
    with pytest.raises(InputError, match="has no video in it"):
        VideoSource(path)


def test_a_cover_picture_is_no_video(write_clip, tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuvj420p"
        stream.disposition = type(stream.disposition).attached_pic
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 48, 3), "uint8"))
        container.mux(stream.encode(frame) + stream.encode(None))
    with pytest.raises(InputError, match="has no video in it"):
        VideoSource(path)
