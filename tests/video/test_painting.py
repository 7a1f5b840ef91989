"""Whole videos: painted, with their sound and times; interrupted, and gone on with."""

import signal
import subprocess
import sys
import time
from fractions import Fraction

import av
import numpy as np
import pytest

from keras_stylex.data.images import to_float
from keras_stylex.errors import InputError
from keras_stylex.video import painting as module
from keras_stylex.video.painting import VideoPainting
from keras_stylex.video.source import VideoSource

LOSS = 0.03  # of H.264 and its coarser colours, of soft pictures: mean


def negative(picture, seconds):
    return 1 - picture


def paint(source, target, how=negative, progress=lambda *_: None, **job):
    painting = VideoPainting(source, target, how, job)
    painting.open()
    return painting.run(progress)


def assert_negative(read_frames, source, target):
    (seen, painted), (times, pictures) = read_frames(target), read_frames(source)
    np.testing.assert_allclose(seen, times, atol=0.0006)
    expected = 1 - to_float(pictures)
    assert np.abs(to_float(painted) - expected).mean((1, 2, 3)).max() < LOSS


def assert_alike(read_frames, one, other):
    """The same frames at the same times; x264 was seen to differ by a level or two."""
    (times, pictures), (expected_times, expected) = map(read_frames, (one, other))
    np.testing.assert_array_equal(times, expected_times)
    np.testing.assert_allclose(to_float(pictures), to_float(expected), atol=0.05)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv"])
def test_frames_keep_their_times_and_sound_its_packets(
    write_clip, read_frames, read_sound, tmp_path, name
):
    source, target = write_clip(tmp_path / name), tmp_path / "out" / name
    painted = paint(source, target)
    assert (painted.frames, painted.notes, painted.damage) == (24, [], None)
    assert painted.seconds == pytest.approx(24 * 100 / 3 / 600, abs=0.05)
    assert_negative(read_frames, source, target)
    assert read_sound(target) == read_sound(source)
    assert list(target.parent.iterdir()) == [target]


def test_frames_are_in_the_times_ticks_exactly(write_clip, tmp_path):
    source = write_clip(tmp_path / "a.mp4", 4, sound=None)
    paint(source, tmp_path / "b.mp4")
    with av.open(str(tmp_path / "b.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.time_base == VideoSource(source).time_base
        ticks = [f.pts * stream.time_base * 600 for f in container.decode(video=0)]
        length = stream.duration * stream.time_base * 600
    assert ticks == [0, 20, 70, 100]
    assert length in (120, 130, 150)  # the last frame's length is the encoder's guess


def test_the_painter_sees_each_picture_and_its_time(write_clip, read_frames, tmp_path):
    seen = []

    def look(picture, seconds):
        seen.append((seconds, picture))
        return picture

    source = write_clip(tmp_path / "a.mp4", 8)
    paint(source, tmp_path / "b.mp4", look)
    times, pictures = read_frames(source)
    np.testing.assert_allclose([seconds for seconds, _ in seen], times, atol=1e-6)
    shown = np.array([picture for _, picture in seen])
    assert np.abs(shown - to_float(pictures)).mean((1, 2, 3)).max() < 0.01


@pytest.mark.parametrize("size, even", [((47, 33), (48, 34)), ((48, 33), (48, 34))])
def test_odd_sides_are_made_even_and_it_says_so(
    write_clip, read_frames, tmp_path, size, even
):
    source = write_clip(
        tmp_path / "a.mkv", 3, size, codec="ffv1", pixels="bgr0", options={}
    )
    painted = paint(source, tmp_path / "b.mp4")
    words = f"{size[0]}x{size[1]} became {even[0]}x{even[1]}"
    assert [note[: len(words)] for note in painted.notes] == [words]
    (_, pictures), (_, expected) = (
        read_frames(tmp_path / name) for name in ("b.mp4", "a.mkv")
    )
    assert pictures.shape == (3, *even[::-1], 3)
    last = to_float(pictures)[:, size[1] - 1 :, size[0] - 1 :]
    assert np.ptp(last, axis=(1, 2)).max() < 0.05  # the last ones, twice
    inside = to_float(pictures)[:, : size[1], : size[0]]
    assert np.abs(inside - (1 - to_float(expected))).mean() < LOSS


def test_a_turned_video_comes_out_upright(write_clip, turn, read_frames, tmp_path):
    source = write_clip(tmp_path / "a.mp4", 3)
    _, stored = read_frames(source)
    paint(turn(source, 3), tmp_path / "b.mp4")
    _, painted = read_frames(tmp_path / "b.mp4")
    expected = 1 - to_float(np.rot90(stored, 3, (1, 2)))
    assert painted.shape == (3, 48, 32, 3)
    assert np.abs(to_float(painted) - expected).mean() < LOSS
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert next(container.decode(video=0)).rotation == 0


def test_pixels_that_are_not_square_stay_so(write_clip, turn, tmp_path):
    wide = {"sample_aspect_ratio": Fraction(4, 3)}
    source = write_clip(tmp_path / "a.mp4", 3, sound=None, tags=wide)
    for name, expected in (("b.mp4", "4/3"), ("c.mp4", "3/4")):
        paint(source, tmp_path / name)
        with av.open(str(tmp_path / name)) as container:
            assert str(container.streams.video[0].sample_aspect_ratio) == expected
        turn(source, 1)


@pytest.mark.parametrize("pixels", ["yuv420p10le", "yuv420p12le"])
def test_ten_and_twelve_bits_become_eight(write_clip, read_frames, tmp_path, pixels):
    source = write_clip(tmp_path / "a.mkv", 3, codec="ffv1", pixels=pixels)
    painted = paint(source, tmp_path / "b.mp4")
    assert painted.notes == []
    assert_negative(read_frames, source, tmp_path / "b.mp4")
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert container.streams.video[0].pix_fmt == "yuv420p"


@pytest.mark.parametrize("curve", [16, 18])
def test_of_a_high_dynamic_range_it_says_that_it_was_mapped(
    write_clip, tmp_path, curve
):
    tags = {"color_trc": curve, "colorspace": 9, "color_primaries": 9}
    source = write_clip(tmp_path / "a.mp4", 3, pixels="yuv420p10le", tags=tags)
    assert "high dynamic range" in paint(source, tmp_path / "b.mp4").notes[0]
    with av.open(str(tmp_path / "b.mp4")) as container:
        assert container.streams.video[0].color_trc == 1


def test_sound_that_the_container_refuses_becomes_aac(write_clip, read_sound, tmp_path):
    source = write_clip(tmp_path / "a.avi", 12, sound="adpcm_ms", codec="mpeg4")
    painted = paint(source, tmp_path / "b.mp4")
    assert painted.notes == [
        "Its sound was converted to AAC: .mp4 files cannot hold adpcm_ms."
    ]
    codec, _ = read_sound(tmp_path / "b.mp4")
    assert codec == "aac"
    heard = []
    for name in ("a.avi", "b.mp4"):
        with av.open(str(tmp_path / name)) as container:
            frames = [f.to_ndarray()[0] for f in container.decode(audio=0)]
            heard.append(np.concatenate(frames))
    assert len(heard[1]) >= len(heard[0])
    powers = [np.abs(np.fft.rfft(sound[2000:6000])) for sound in heard]
    assert abs(powers[0].argmax() - powers[1].argmax()) <= 1
    loudest = powers[0].max() / 2**15  # integers, and floats up to 1
    assert powers[1].max() == pytest.approx(loudest, rel=0.2)


def test_sound_stays_with_the_picture_where_a_broadcast_begins_late(
    write_clip, read_frames, read_sound, tmp_path
):
    late = {"output_ts_offset": "5"}
    source = write_clip(tmp_path / "a.ts", 12, container=late)
    paint(source, tmp_path / "b.mp4")
    (times, _), (seen, _) = read_frames(source), read_frames(tmp_path / "b.mp4")
    (_, before), (_, after) = read_sound(source), read_sound(tmp_path / "b.mp4")
    shifts = [times[0] - seen[0], before[0][0] - after[0][0]]
    assert shifts == pytest.approx([shifts[0]] * 2, abs=0.001)
    assert 4.9 < shifts[0] < 5.1 and len(after) == len(before)


PLACE = "+48.8577+002.2950/"
TAGS = {
    "title": "Holiday",
    "date": "2026-07-14",
    "creation_time": "2026-07-14T10:20:30.000000Z",
    "location": PLACE,
}


@pytest.fixture
def with_tags(write_clip, tmp_path):
    """`with_tags(name, tags, ...)`: a video of this title, date and so on."""

    def write(name, tags, **options):
        path, source = tmp_path / name, write_clip(tmp_path / "a.mkv", 3)
        with (
            av.open(str(source)) as old,
            av.open(str(path), "w", options=options) as new,
        ):
            new.metadata.update(tags)
            stream = new.add_stream_from_template(old.streams.video[0], opaque=True)
            for packet in old.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    new.mux(packet)
        return path

    return write


def tags_of(path):
    with av.open(str(path)) as container:
        return {key.lower(): value for key, value in container.metadata.items()}


@pytest.mark.parametrize("source", ["b.mp4", "b.mkv"])
@pytest.mark.parametrize("target", ["c.mp4", "c.mov", "c.mkv"])
def test_title_date_and_place_are_kept(with_tags, tmp_path, source, target):
    paint(with_tags(source, TAGS), tmp_path / target)
    assert TAGS.items() <= tags_of(tmp_path / target).items()


@pytest.mark.parametrize("target", ["c.mp4", "c.mov", "c.mkv"])
def test_the_place_that_an_iphone_writes_is_kept(with_tags, tmp_path, target):
    theirs = {"com.apple.quicktime.location.ISO6709": PLACE}
    paint(with_tags("b.mov", theirs, movflags="use_metadata_tags"), tmp_path / target)
    assert tags_of(tmp_path / target)["location"] == PLACE


@pytest.mark.parametrize("stop_at", [2, 13, 23])
def test_what_was_interrupted_goes_on_to_the_same_frames(
    write_clip, read_frames, tmp_path, monkeypatch, stop_at
):
    monkeypatch.setattr(module, "SEGMENT_FRAMES", 5)
    source = write_clip(tmp_path / "a.mp4")
    paint(source, tmp_path / "whole.mp4")
    left = stop_at

    def interrupt(picture, seconds):
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return negative(picture, seconds)

    target, told = tmp_path / "b.mp4", []
    with pytest.raises(KeyboardInterrupt):
        paint(source, target, interrupt)
    assert not target.exists()
    painted = []

    def count(picture, seconds):
        painted.append(seconds)
        return negative(picture, seconds)

    paint(source, target, count, lambda frames, _: told.append(frames))
    assert len(painted) == 24 - stop_at // 5 * 5
    assert told[0] == stop_at // 5 * 5 and told[-1] == 24
    assert_alike(read_frames, target, tmp_path / "whole.mp4")
    assert {path.name for path in tmp_path.iterdir()} == {
        *("a.mp4", "b.mp4", "whole.mp4")
    }


PROGRAM = """
import sys, time
from keras_stylex.video import painting
painting.SEGMENT_FRAMES = 5
source, target = sys.argv[1:]

def negative(picture, seconds):
    time.sleep(0.002)
    return 1 - picture

work = painting.VideoPainting(source, target, negative, {})
work.open()
work.run()
"""


def test_a_process_that_was_killed_is_gone_on_with_to_the_same_frames(
    write_clip, read_frames, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "SEGMENT_FRAMES", 5)
    source, target = write_clip(tmp_path / "a.mp4", 100), tmp_path / "b.mp4"
    program = tmp_path / "keras-stylex"  # by this name it imports no TensorFlow
    program.write_text(PROGRAM)
    running = subprocess.Popen([sys.executable, program, source, target])
    later = tmp_path / ".b.mp4.partial" / "segment_00002.nut"
    while not later.exists() and running.poll() is None:
        time.sleep(0.002)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    assert later.exists() and not target.exists()
    told = []
    paint(source, target, progress=lambda frames, _: told.append(frames))
    assert 10 <= told[0] < 100 and told[-1] == 100
    paint(source, tmp_path / "whole.mp4")
    assert_alike(read_frames, target, tmp_path / "whole.mp4")


def test_an_interruption_while_joining_paints_nothing_anew(
    write_clip, tmp_path, monkeypatch
):
    source, target = write_clip(tmp_path / "a.mp4", 7), tmp_path / "b.mp4"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, "join", interrupted)
        paint(source, target)
    assert paint(source, target, forbidden).frames == 7


def interrupted(*_):
    raise KeyboardInterrupt


def forbidden(picture, seconds):
    raise AssertionError("painted anew")


def test_of_a_broken_tail_what_is_there_is_painted(write_clip, read_frames, tmp_path):
    source = write_clip(tmp_path / "a.mkv", 40)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    painted = paint(source, tmp_path / "b.mkv")
    assert "is damaged" in painted.damage
    assert painted.frames > 10
    assert_negative(read_frames, source, tmp_path / "b.mkv")


def test_a_video_without_frames_is_named_and_leaves_nothing(write_clip, tmp_path):
    source = write_clip(tmp_path / "a.mkv", 3)
    content = source.read_bytes()
    with av.open(str(source)) as container:
        for packet in map(bytes, container.demux(video=0)):
            content = content.replace(packet, bytes(len(packet))) if packet else content
    source.write_bytes(content)
    with pytest.raises(InputError, match="a.mkv: has no frames that can be decoded"):
        paint(source, tmp_path / "b.mp4")
    assert list(tmp_path.iterdir()) == [source]


def test_a_full_disk_is_named_and_the_work_goes_on_later(
    write_clip, small_disk, tmp_path
):
    disk = small_disk(40)
    rng = np.random.default_rng(0)

    def noise(picture, seconds):
        return rng.random((96, 96, 3), "float32")

    source = write_clip(tmp_path / "a.mp4", 24)
    with pytest.raises(InputError, match="free some space first"):
        paint(source, disk / "b.mp4", noise)
    assert not (disk / "b.mp4").exists()


def test_a_place_that_cannot_be_written_is_named(write_clip, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="cannot be written"):
        paint(write_clip(tmp_path / "a.mp4", 3), tmp_path / "file" / "b.mp4")
