"""The folder in which a video is painted."""

import json

import pytest

from keras_stylex.errors import InputError
from keras_stylex.video.work import LOCK, MANIFEST, Work

JOB = {"model": "a", "strength": "1.0"}


@pytest.fixture
def begin(tmp_path):
    works = []

    def begin(**job):
        for work in works:
            work.close()
        works.append(Work(tmp_path / "out.mp4", JOB | job))
        works[-1].open()
        return works[-1]

    yield begin
    works[-1].close()


def add(work, content, end):
    work.place().write_bytes(content)
    work.add(work.place(), 3, end, (4, 6))


def test_what_was_added_is_found_again(begin, tmp_path):
    work = begin()
    assert work.folder == tmp_path / ".out.mp4.partial"
    add(work, b"one", 30)
    add(work, b"two", 60)
    work.place().write_bytes(b"half")  # what a kill leaves
    again = begin()
    assert (again.frames, again.end, again.changed) == (6, 60, [])
    assert [path.read_bytes() for path in again.paths] == [b"one", b"two"]
    add(again, b"three", 90)
    assert begin().paths[-1].read_bytes() == b"three"


def test_another_job_begins_anew_and_says_what_is_other(begin):
    add(begin(), b"one", 30)
    work = begin(strength="0.5", style="b")
    assert (work.frames, work.changed) == (0, ["strength", "style"])
    assert {path.name for path in work.folder.iterdir()} == {MANIFEST, LOCK}
    assert begin(strength="0.5", style="b").changed == []


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_segments_count_up_to_the_first_that_is_damaged(begin, damage):
    work = begin()
    for number in range(3):
        add(work, b"whole", 30 * number)
    if damage == "gone":
        work.paths[1].unlink()
    else:
        work.paths[1].write_bytes(b"who")
    assert begin().frames == 3


@pytest.mark.parametrize("text", ["", "{", "[]", '{"job": {}}', '{"segments": [1]}'])
def test_a_manifest_that_is_none_begins_anew(begin, text):
    work = begin()
    add(work, b"one", 30)
    (work.folder / MANIFEST).write_text(text)
    assert begin().frames == 0
    assert json.loads((work.folder / MANIFEST).read_text())["job"] == JOB


def test_the_finished_video_gets_its_name_and_the_folder_goes(begin, tmp_path):
    work = begin()
    add(work, b"one", 30)
    whole = work.place(".mp4")
    whole.write_bytes(b"video")
    work.finish(whole)
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]
    assert (tmp_path / "out.mp4").read_bytes() == b"video"


def test_what_others_put_into_the_folder_stays(begin, tmp_path):
    work = begin()
    (work.folder / "mine.txt").write_text("mine")
    work.place(".mp4").write_bytes(b"video")
    work.finish(work.place(".mp4"))
    assert [path.name for path in work.folder.iterdir()] == ["mine.txt"]


def test_a_second_process_is_kept_out_until_the_first_has_ended(begin):
    work = begin()
    add(work, b"one", 30)
    second = Work(work.target, JOB | {"strength": "0"})
    with pytest.raises(InputError, match="another process is painting it"):
        second.open()
    assert work.paths[0].read_bytes() == b"one"
    work.close()
    second.open()
    second.close()
    assert second.changed == ["strength"]
