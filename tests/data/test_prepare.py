"""Prepared pictures: what is in them, and that nothing stops or spoils the work."""

import contextlib
import hashlib
import io
import itertools
import json
import os
import signal

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.data import open_source, shard_writer
from keras_stylex.data import prepare as module
from keras_stylex.data.manifest import NAME, UNFINISHED
from keras_stylex.data.prepare import PrepareOptions, prepare
from keras_stylex.errors import InputError

COVER = (8, 12)
TEN = PrepareOptions(16, "png", shard_size=10)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def records(path):
    """The pictures in a TFRecord file, as TensorFlow and Pillow read it."""
    for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
        features = tf.train.Example.FromString(record).features.feature
        (image,) = features["image"].bytes_list.value
        yield Image.open(io.BytesIO(image))


def levels(source):
    pictures = open_source(source).pictures(COVER).as_numpy_iterator()
    return [int(picture[0, 0, 0]) for picture in pictures]


@pytest.fixture
def photos(flat_pictures):
    """35 grey pictures and a broken one."""
    folder = flat_pictures("photos", range(35))
    (folder / "012b.jpg").write_text("no picture")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "prepared"


def test_every_picture_is_in_one_shard_and_the_bad_ones_are_named(photos, out):
    manifest = prepare([photos], out, TEN)
    names = [f"pictures-{n:05}-of-00004.tfrecord" for n in range(4)]
    assert sorted(contents(out)) == [NAME, *names]
    assert sorted(levels(out)) == list(range(35)) != levels(out)
    assert manifest.count == open_source(out).count == 35
    assert manifest.skipped == [
        (
            str(photos / "012b.jpg"),
            "is not a picture (JPEG, PNG, WebP, BMP, GIF or TIFF)",
            1,
        )
    ]


def test_the_manifest_holds_counts_and_checksums(photos, out):
    prepare([photos], out, TEN)
    written = json.loads((out / NAME).read_text())
    for shard in written["shards"]:
        content = (out / shard["file"]).read_bytes()
        assert shard["sha256"] == hashlib.sha256(content).hexdigest()
        assert shard["size"] == len(content)
        assert shard["count"] == len(list(records(out / shard["file"])))
        assert shard["count"] + len(shard["skipped"]) in (10, 6)
    assert written["options"]["size"] == 16


def test_pictures_are_shrunk_to_an_eighth_more_than_the_crops_but_not_enlarged(
    save, tmp_path, out
):
    for name, size in {"a": (90, 180), "b": (12, 30), "c": (700, 18)}.items():
        save(f"photos/{name}.png", np.zeros((*size, 3), "uint8"))
    prepare([tmp_path / "photos"], out, TEN)
    sizes = {image.size[::-1] for image in records(*out.glob("*.tfrecord"))}
    assert sizes == {(18, 36), (12, 30), (72, 18)}  # the last: the middle of a strip


@pytest.mark.parametrize("encoding, error", [("png", 0), ("jpeg", 6)])
def test_pictures_look_as_they_did(save, tmp_path, out, encoding, error):
    y, x = np.mgrid[:16, :24]
    picture = np.stack([15 * y, 10 * x, 5 * (x + y)], -1).astype("uint8")
    save("photos/a.png", picture)
    prepare([tmp_path / "photos"], out, PrepareOptions(16, encoding))
    (image,) = records(*out.glob("*.tfrecord"))
    assert image.format == encoding.upper()
    assert np.abs(np.asarray(image, int) - picture).max() <= error


def test_folders_and_files_are_mixed_and_other_sources_follow(flat_pictures, out):
    one, two = flat_pictures("one", range(20)), flat_pictures("two", range(100, 120))
    prepare([one], out / "a", TEN)
    prepare([out / "a", two, one / "003.png"], out / "b", TEN)
    seen = levels(out / "b")
    assert sorted(seen[:21]) == [3, *range(100, 120)]
    assert sorted(seen[21:]) == list(range(20))
    prepare([f"{out}/a/*.tfrecord"], out / "c", TEN)
    assert sorted(levels(f"{out}/c/*-of-*.tfrecord")) == list(range(20))


class Killed(BaseException):
    """What stops the work at some moment."""


@pytest.fixture
def stop_at(monkeypatch):
    """`with stop_at(3):` the third time a file gets its final name, it does not."""

    @contextlib.contextmanager
    def stopping(moment):
        moves, replace = itertools.count(1), os.replace

        def stop(old, new):
            if next(moves) == moment:
                raise Killed
            replace(old, new)

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(os, "replace", stop)
            yield

    return stopping


@pytest.fixture
def writes(monkeypatch):
    """The names of the shards that are written."""
    names, write = [], shard_writer.ShardWriter.write

    def written(self, file, items):
        names.append(file)
        return write(self, file, items)

    monkeypatch.setattr(shard_writer.ShardWriter, "write", written)
    return names


@pytest.mark.parametrize("moment", range(1, 11))  # a manifest, 4 x (a shard, one), one
def test_work_that_was_stopped_goes_on_and_ends_with_the_same_bytes(
    photos, out, stop_at, writes, moment
):
    prepare([photos], out / "whole", TEN)
    whole = contents(out / "whole")
    with stop_at(moment):
        prepare([photos], out / "stopped", TEN)
    left = contents(out / "stopped")
    left.pop(UNFINISHED, None)
    assert left == {name: whole[name] for name in left} and NAME not in left
    writes.clear()
    prepare([photos], out / "stopped", TEN)
    assert len(writes) == 4 - max(0, moment // 2 - 1)
    assert contents(out / "stopped") == whole


def test_what_is_not_finished_is_no_source(photos, out, stop_at):
    with stop_at(6):
        prepare([photos], out, TEN)
    for source in (out, f"{out}/*.tfrecord"):
        with pytest.raises(InputError, match="not completely prepared; start the same"):
            open_source(source)


PROGRAM = """
import sys
from keras_stylex.data.prepare import PrepareOptions, prepare
prepare([sys.argv[1]], sys.argv[2], PrepareOptions(16, "png", shard_size=10))
"""


def test_a_killed_process_leaves_whole_shards_and_is_continued(
    warm_python, photos, tmp_path, out
):
    for level in range(35, 250):
        os.link(photos / "007.png", photos / f"{level}.png")
    (tmp_path / "program.py").write_text(PROGRAM)
    process = warm_python.start(tmp_path / "program.py", photos, out)
    process.wait_for(lambda: len(list(out.glob("*.tfrecord"))) >= 4)
    assert process.kill() == -signal.SIGKILL
    left = contents(out)
    prepare([photos], out, TEN)
    prepare([photos], tmp_path / "whole", TEN)
    whole = contents(tmp_path / "whole")
    assert contents(out) == whole and len(whole) == 27
    shards = {name for name in left if name.endswith(".tfrecord")}
    assert len(shards) >= 4 and all(left[name] == whole[name] for name in shards)


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_doing_it_again_repairs_what_is_damaged(photos, out, harm):
    prepare([photos], out, TEN)
    whole = contents(out)
    path = out / "pictures-00002-of-00004.tfrecord"
    content = whole[path.name]
    if harm == "remove":
        path.unlink()
    else:
        flipped = content[:99] + bytes([content[99] ^ 1]) + content[100:]
        path.write_bytes(flipped if harm == "flip" else content[:-1])
    prepare([photos], out, TEN)
    assert contents(out) == whole


def test_what_was_prepared_otherwise_is_replaced_only_if_asked(photos, out, save):
    prepare([photos], out, TEN)
    whole = contents(out)
    other = PrepareOptions(16, "png", shard_size=20)
    with pytest.raises(
        InputError, match="shard_size was 10 and is 20 now.*--overwrite"
    ):
        prepare([photos], out, other)
    with pytest.raises(InputError, match="sources was .* and is .* now"):
        prepare([photos / "001.png"], out, TEN)
    save("photos/001.png", np.full((20, 28, 3), 77, "uint8"))
    with pytest.raises(InputError, match="the pictures have changed since"):
        prepare([photos], out, TEN)
    assert contents(out) == whole
    prepare([photos], out, other, overwrite=True)
    assert len(contents(out)) == 3
    assert sorted(levels(out)) == [0, *range(2, 35), 77]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_of_something_else_is_left_alone(photos, out, overwrite):
    out.mkdir()
    (out / "thesis.txt").write_text("all of it")
    with pytest.raises(InputError, match="holds something else, such as thesis.txt"):
        prepare([photos], out, TEN, overwrite=overwrite)
    (out / NAME).write_text("{}")
    with pytest.raises(InputError, match="manifest.json: is no manifest of prepared"):
        prepare([photos], out, TEN, overwrite=overwrite)
    assert contents(out) == {"thesis.txt": b"all of it", NAME: b"{}"}


def test_one_process_at_a_time_prepares_pictures_in_a_folder(photos, out):
    out.mkdir()
    with (
        module._alone_in(out),
        pytest.raises(InputError, match="another process prepares pictures there"),
    ):
        prepare([photos], out, TEN)
    prepare([photos], out, TEN)


def test_a_link_that_leads_nowhere_is_a_bad_picture(photos, out):
    (photos / "link.png").symlink_to("nowhere.png")
    manifest = prepare([photos], out, TEN)
    assert manifest.count == 35
    assert (str(photos / "link.png"), "there is no such file", 1) in manifest.skipped


def test_pictures_of_which_none_can_be_used_are_refused(tmp_path, out):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("no picture")
    with pytest.raises(InputError, match="none of the 1 pictures .*a.jpg: is not a"):
        prepare([tmp_path / "photos"], out, TEN)
    assert contents(out) == {}


def test_shards_that_lost_all_their_pictures_are_empty(photos, out):
    prepare([photos], out / "a", TEN)
    path = out / "a" / "pictures-00001-of-00004.tfrecord"
    path.unlink()
    manifest = prepare([out / "a"], out / "b", PrepareOptions(16, "png", shard_size=3))
    kept = [shard.count for shard in manifest.shards]
    assert sum(kept) in (25, 26)  # the broken one may be in the shard that is gone
    assert 0 in kept and sum(p for *_, p in manifest.skipped) == 35 - sum(kept)
    assert sorted(levels(out / "b")) == sorted(levels(out / "a"))


@pytest.mark.parametrize(
    "options, reason",
    [
        ({"size": 0}, "size must be 1 or more. Received: 0"),
        ({"shard_size": 0}, "shard_size must be 1 or more. Received: 0"),
        ({"encoding": "gif"}, "no encoding 'gif'. Choose one of: jpeg, png"),
    ],
)
def test_impossible_options_are_refused(options, reason):
    with pytest.raises(InputError, match=reason):
        PrepareOptions(**options)


def test_a_full_disk_leaves_nothing_half_written(flat_pictures, small_disk):
    rng, folder = np.random.default_rng(0), flat_pictures("photos", [1])
    for index in range(40):
        noise = rng.integers(0, 256, (40, 60, 3), dtype="uint8")
        Image.fromarray(noise).save(folder / f"noise{index}.png")
    disk = small_disk(100)
    with pytest.raises(InputError, match="No space left on device.*free some space"):
        prepare([folder], disk, PrepareOptions(40, "png", shard_size=5))
    for name in contents(disk):
        assert name == UNFINISHED or len(list(records(disk / name))) == 5


def test_a_global_seed_changes_nothing(photos, tmp_path):
    for seed in (7, 8):
        tf.random.set_seed(seed)
        prepare([photos], tmp_path / str(seed), TEN)
    assert contents(tmp_path / "7") == contents(tmp_path / "8")
