"""`keras-stylex stylize` of videos, from files to files."""

import re
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest

from keras_stylex.cli import stylize_video
from keras_stylex.data.images import read_reference, to_float
from keras_stylex.export.painters import FilterPainter, PairPainter
from keras_stylex.inference import Stylizer
from keras_stylex.video.picture import to_picture
from keras_stylex.video.segment import SegmentWriter, VideoShape
from keras_stylex.video.source import VideoSource


@pytest.fixture(scope="module")
def clip(write_clip, tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 12)


def frames_of(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def assert_painted(paint, source, target, folder):
    """The frames are those that come of painting one by one, and encoding them."""
    video, path = VideoSource(source), folder / "expected.nut"
    writer = SegmentWriter(path, VideoShape(video.time_base, video.rate))
    for ticks, frame in video.frames():
        picture = to_picture(frame, frame.width, frame.height)
        writer.write(ticks, paint(picture, float(ticks * video.time_base)))
    writer.close()
    painted, expected = (np.array(frames_of(file)) for file in (target, path))
    # x264 was seen to differ by a level or two, rarely.
    np.testing.assert_allclose(to_float(painted), to_float(expected), atol=0.05)


def test_a_filter_paints_a_video_as_it_paints_pictures(
    command, exported, clip, tmp_path
):
    model, out = exported.folder / "filter_my-filter_int8.tflite", tmp_path / "out.mp4"
    result = command("stylize", model, clip, "-o", out)
    assert (result.code, result.err) == (0, "")
    # 32x48 in a filter of 32x44
    assert result.out == (
        f"Painted 12 frames, 0.7 s: {out}\n  44x29 became 44x30: H.264 needs even "
        "sides, so the last column or row is there twice.\n"
    )
    painter = FilterPainter(model)
    assert_painted(lambda picture, _: painter(picture), clip, out, tmp_path)


def test_a_run_paints_videos_and_pictures_to_a_folder(
    command, toy_run, photos, paintings, clip, tmp_path
):
    out = tmp_path / "out"
    result = command(
        *("stylize", toy_run.folder, clip, photos / "a.png", "-o", out),
        *("--style", paintings / "x.png"),
    )
    assert (result.code, result.err) == (0, "")
    assert {path.name for path in out.iterdir()} == {"clip.mp4", "a.png"}


def test_the_strength_can_vary_over_time(command, toy_run, paintings, clip, tmp_path):
    out = tmp_path / "out.mp4"
    result = command(
        *("stylize", toy_run.folder, clip, "-o", out, "--strength", "0:0,0.3:1"),
        *("--style", paintings / "x.png"),
    )
    assert result.code == 0, result.err
    stylizer = Stylizer(toy_run.load_generator())
    code = stylizer.style_code([read_reference(paintings / "x.png")])
    assert_painted(
        lambda picture, time: stylizer(picture, code, min(time / 0.3, 1)),
        *(clip, out, tmp_path),
    )


def test_of_a_pair_the_strength_varies_too(
    command, exported, paintings, clip, tmp_path
):
    look = ("--style", paintings / "x.png", "--strength", "0:0,100:0")
    model, out = exported.folder / "stylizer_float16.tflite", tmp_path / "out.mp4"
    result = command("stylize", model, clip, "-o", out, *look)
    assert result.code == 0, result.err
    painter = PairPainter(model, [read_reference(paintings / "x.png")], strength=0)
    assert_painted(lambda picture, _: painter(picture), clip, out, tmp_path)


def test_another_strength_begins_anew_and_says_so(
    command, exported, clip, tmp_path, monkeypatch
):
    from keras_stylex.video import painting

    model, out = exported.folder / "filter_my-filter_int8.tflite", tmp_path / "out.mp4"
    with monkeypatch.context() as patch:
        patch.setattr(painting, "join", stop)
        result = command("stylize", model, clip, "-o", out)
    assert result.code == 1
    assert "The same command goes on from there." in result.err
    other = exported.folder / "filter_my-filter_float16.tflite"
    result = command("stylize", other, clip, "-o", out, "--preserve-color")
    assert result.code == 0
    assert result.err == (
        f"Begins {out} anew: not the same as when it was interrupted: model, "
        "preserve-color.\n"
    )


def stop(*_):
    raise KeyboardInterrupt


PROGRAM = """
import signal, sys
from keras_stylex.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells may ignore it
sys.exit(main())
"""


def test_after_ctrl_c_the_same_command_goes_on(command, exported, write_clip, tmp_path):
    model, out = exported.folder / "filter_my-filter_int8.tflite", tmp_path / "out.mp4"
    clip = write_clip(tmp_path / "clip.mkv", 240, sound=None)
    program, work = tmp_path / "program.py", tmp_path / ".out.mp4.partial"
    program.write_text(PROGRAM)
    running = subprocess.Popen(
        [sys.executable, program, "stylize", model, clip, "-o", out],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (work / "segment_00001.nut").exists() and running.poll() is None:
        time.sleep(0.002)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert (running.returncode, out.exists()) == (1, False)
    assert said.splitlines()[-2:] == [
        "Stopped. The same command goes on from there.",
        "keras-stylex: interrupted",
    ]
    resumed = command("stylize", model, clip, "-o", out)
    assert resumed.code == 0
    assert resumed.err.startswith("Goes on after ")
    assert len(frames_of(out)) == 240
    assert not work.exists()


def test_of_a_damaged_video_what_is_there_is_painted_and_the_exit_code_is_2(
    command, exported, write_clip, tmp_path
):
    clip, out = write_clip(tmp_path / "clip.mkv", 40), tmp_path / "out.mp4"
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    model = exported.folder / "filter_my-filter_int8.tflite"
    result = command("stylize", model, clip, "-o", out)
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert line.startswith(f"keras-stylex: {clip}: is damaged: of its frames, ")
    assert 10 < len(frames_of(out)) < 40
    assert str(out) in result.out


def test_a_log_file_is_told_how_far_it_is_and_what_time_is_left(
    command, exported, clip, tmp_path, monkeypatch
):
    monkeypatch.setattr(stylize_video, "LOG_SECONDS", 0)
    model = exported.folder / "filter_my-filter_int8.tflite"
    result = command("stylize", model, clip, "-o", tmp_path / "out.mp4")
    lines = result.err.splitlines()
    assert lines[0] == "clip.mp4: 0 frames, 0.0 s of 0.7 s"  # no pace yet
    told = r"clip.mp4: (\d+) frames, 0\.\d s of 0\.7 s, 0:00:\d\d left"
    later = [re.fullmatch(told, line)[1] for line in lines[2:]]
    assert later == [str(number) for number in range(2, 13)]


def test_the_time_left_is_by_the_pace_of_what_is_new(capsys, monkeypatch):
    monkeypatch.setattr(stylize_video, "LOG_SECONDS", 0)
    with stylize_video._Progress("a.mp4", 72.0) as tell:
        tell(1500, 50.0)  # of an earlier process
        started = time.monotonic()
        tell(1530, 51.0)
        time.sleep(0.2)
        tell(1560, 52.0)
        longest = time.monotonic() - started  # of a second of video
    line = capsys.readouterr().err.splitlines()[-1]
    seconds = int(re.fullmatch(r".* of 72\.0 s, 0:00:(\d\d) left", line)[1])
    assert 20 * 0.2 <= seconds <= 20 * longest + 1


def test_of_a_video_that_does_not_say_its_length_no_time_left_is_told(
    capsys, monkeypatch
):
    monkeypatch.setattr(stylize_video, "LOG_SECONDS", 0)
    with stylize_video._Progress("a.mp4", None) as tell:
        tell(0, 0.0)
        tell(30, 1.0)
        tell(60, 2.0)
    assert capsys.readouterr().err.endswith("a.mp4: 60 frames, 2.0 s\n")


@pytest.fixture
def filter_refused(refused, exported):
    def call(*arguments):
        model = exported.folder / "filter_my-filter_int8.tflite"
        return refused("stylize", model, *arguments)

    return call


def test_a_file_that_is_no_video_is_named(filter_refused, tmp_path):
    clip, out = tmp_path / "clip.mp4", tmp_path / "out.mp4"
    clip.write_text("Dear diary,")
    line = filter_refused(clip, "-o", out)
    assert line.startswith(f"{clip}: is no video")
    assert list(tmp_path.iterdir()) == [clip]


def test_containers_that_do_not_hold_the_video_are_refused(
    filter_refused, clip, tmp_path
):
    out = tmp_path / "out.webm"
    line = filter_refused(clip, "-o", out)
    assert line == (
        f"{out}: cannot hold H.264 video; end the name in .mp4, .m4v, .mov, .mkv"
    )


def test_a_video_that_exists_is_replaced_only_when_asked_for(
    filter_refused, clip, tmp_path
):
    out = tmp_path / "out.mp4"
    out.write_text("mine")
    line = filter_refused(clip, "-o", out)
    assert line == f"{out}: exists. Add --overwrite to replace it."
    assert out.read_text() == "mine"


def test_without_pyav_it_says_how_to_install_it(
    filter_refused, clip, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "av", None)
    line = filter_refused(clip, "-o", tmp_path / "out.mp4")
    assert line.endswith('needs PyAV: pip install "keras_stylex[video]"')


def test_a_filter_has_no_strength_that_varies(filter_refused, clip, tmp_path):
    out = tmp_path / "out.mp4"
    line = filter_refused(clip, "-o", out, "--strength", "0:0,1:1")
    assert "folded in" in line


def test_a_picture_has_no_time(refused, toy_run, photos, paintings, tmp_path):
    line = refused(
        *("stylize", toy_run.folder, photos / "a.png", "-o", tmp_path / "out.png"),
        *("--style", paintings / "x.png", "--strength", "0:0,1:1"),
    )
    assert line.startswith(f"{photos / 'a.png'}: is no video")


@pytest.mark.parametrize("text", ["strong", "0:0,1:2", "1:0,0:1"])
def test_a_strength_that_is_none_is_refused(command, capsys, clip, tmp_path, text):
    with pytest.raises(SystemExit) as error:
        command("stylize", "run", clip, "-o", tmp_path / "b.mp4", "--strength", text)
    assert error.value.code == 2
    assert "argument --strength: " in capsys.readouterr().err
