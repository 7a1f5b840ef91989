"""`keras-stylex prepare`, and `train` on what it wrote."""

import pytest

from keras_stylex.cli import prepare
from keras_stylex.data.manifest import read_manifest


@pytest.fixture
def out(tmp_path):
    return tmp_path / "prepared"


def test_pictures_are_prepared_and_bad_ones_named(command, broken, photos, out):
    sources = (broken, photos)
    result = command("prepare", *sources, "--size", 32, "--shard-size", 3, "--out", out)
    assert result.code == 0
    (line,) = result.out.splitlines()
    assert line.startswith(f"Wrote 4 pictures to {out}: 3 files, 0.0 MB. ")
    lines = [line.strip() for line in result.err.splitlines() if line.strip()]
    assert lines[0] == "Pictures left out: 5"
    assert len(lines) == 6
    assert any(line.startswith(f"{broken / 'zero.png'}: is empty") for line in lines)
    assert read_manifest(out).options["shard_size"] == 3


# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)
def test_a_run_trains_on_prepared_pictures(
    small_and_eager, command, photos, paintings, out, tmp_path
):
    for name, folder in {"photos": photos, "paintings": paintings}.items():
        prepared = command("prepare", folder, "--size", 32, "--out", out / name)
        assert prepared.code == 0
    result = command(
        *("train", "--content", out / "photos", "--out", tmp_path / "run"),
        *("--style", f"{out / 'paintings'}/*.tfrecord", "--preset", "toy"),
        *("--size", 32, "--batch-size", 2, "--steps", 1),
    )
    assert result.code == 0, result
    assert "left out" not in result.err


def test_an_option_that_cannot_be_is_refused(refused, photos, out):
    line = refused("prepare", photos, "--encoding", "gif", "--out", out)
    assert line == "There is no encoding 'gif'. Choose one of: jpeg, png."
    assert not out.exists()


def test_what_was_prepared_otherwise_is_refused(command, refused, photos, out):
    assert command("prepare", photos, "--size", 32, "--out", out).code == 0
    line = refused("prepare", photos, "--size", 64, "--out", out)
    assert "size was 32 and is 64 now" in line and "--overwrite" in line
    again = command("prepare", photos, "--size", 64, "--out", out, "--overwrite")
    assert again.code == 0


def test_a_log_file_gets_a_line_now_and_then(command, photos, out, monkeypatch):
    monkeypatch.setattr(prepare, "LOG_SECONDS", 0)
    result = command("prepare", photos, "--out", out)
    expected = [f"preparing: {done} of 3" for done in range(3)]
    assert result.err.splitlines() == expected
