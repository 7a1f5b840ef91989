"""Folders, lists, TFDS, TFRecord and tf.data: what they give, what they refuse."""

import io
import logging
import os
import threading

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.data import SkippedFiles, load_pictures, open_source, to_float
from keras_stylex.data.sources import count_pictures
from keras_stylex.errors import InputError

COVER = (10, 14)


def levels(source, **kwargs):
    """The grey level of each picture of a source."""
    pictures = open_source(source).pictures(COVER, **kwargs)
    return [int(picture[0, 0, 0]) for picture in pictures.as_numpy_iterator()]


def flat(level, size=(20, 28)):
    return np.full((*size, 3), level, "uint8")


def encode(picture, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


def write_records(path, records):
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)


def example(**features):
    feature = {
        name.replace("__", "/"): tf.train.Feature(
            bytes_list=tf.train.BytesList(value=[value])
        )
        for name, value in features.items()
    }
    return tf.train.Example(
        features=tf.train.Features(feature=feature)
    ).SerializeToString()


def test_a_folder_gives_its_pictures_in_order_shrunk_to_cover(flat_pictures):
    folder = flat_pictures("photos", range(40))
    source = open_source(folder)
    assert source.count == 40
    assert levels(folder) == levels(str(folder)) == list(range(40))
    for picture in source.pictures(COVER):
        assert picture.dtype == tf.uint8 and picture.shape == (10, 14, 3)


def test_the_order_of_decoding_in_parallel_does_not_show(flat_pictures, monkeypatch):
    from keras_stylex.data import source as module

    read, first = module.read_training_image, threading.Event()

    def slow_first(file, *args):
        if file.endswith("000.png"):
            first.wait(0.3)
        return read(file, *args)

    monkeypatch.setattr(module, "read_training_image", slow_first)
    assert levels(flat_pictures("photos", range(9))) == list(range(9))


def test_a_list_gives_all_its_folders_and_files(flat_pictures):
    one, two = flat_pictures("one", [1, 2]), flat_pictures("two", [3, 4])
    assert levels([one, str(two / "004.png")]) == [1, 2, 4]
    assert levels((two / "003.png", one)) == [3, 1, 2]


def test_file_names_may_be_anything_the_system_allows(save, tmp_path):
    save("photos/été, 雪 *.jpg", flat(9))
    path = save("photos/b.png", flat(5))
    os.rename(path, os.fsencode(path.parent) + b"/\xff.png")
    assert levels(tmp_path / "photos") == [9, 5]


@pytest.mark.parametrize(
    "source, reason",
    [
        ([], "no pictures in it"),
        ("nowhere", "nowhere: there is no such folder"),
        (["nowhere"], "nowhere: there is no such folder"),
        ("nowhere/*.tfrecord", r"nowhere/\*.tfrecord: there is no such TFRecord"),
    ],
)
def test_sources_that_are_not_there_are_refused(source, reason):
    with pytest.raises(InputError, match=reason):
        open_source(source)


def bad_files(folder):
    """Files named like pictures which cannot be learned from, and why."""
    whole = encode(np.random.default_rng(0).integers(0, 256, (64, 64, 3), "uint8"))
    (folder / "zero.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("no picture at all")
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    return {
        "zero.jpg": "is empty (0 bytes)",
        "text.jpg": "is not a picture",
        "cut.png": "is damaged",
        "dot.png": "1x1 pixels are too few",
    }


def test_bad_files_are_left_out_and_named(flat_pictures, caplog):
    folder = flat_pictures("photos", [10, 20, 30])
    reasons = bad_files(folder)
    skipped = SkippedFiles()
    with caplog.at_level(logging.WARNING):
        assert levels(folder, skipped=skipped) == [10, 20, 30]
    assert len(skipped) == len(reasons) == len(caplog.messages)
    for file, reason in skipped:
        expected = reasons.pop(os.path.basename(file))
        assert reason.startswith(expected) and os.path.dirname(file) == str(folder)


def test_a_source_of_bad_files_only_is_refused_with_an_example(tmp_path):
    bad_files(tmp_path)
    with pytest.raises(
        InputError, match="none of its 4 pictures .*cut.png: is damaged"
    ):
        open_source(tmp_path).pictures(COVER)


def test_skipped_files_are_listed_once_and_may_be_added_by_many_threads(caplog):
    skipped = SkippedFiles()

    def add():
        for i in range(300):
            skipped.add(f"file {i}", f"reason {i}")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        list(skipped)  # reading meanwhile
    assert len(skipped) == len(caplog.messages) == 300
    assert list(skipped) == sorted((f"file {i}", f"reason {i}") for i in range(300))
    assert skipped.pictures == 300


def test_a_skipped_part_of_a_file_counts_as_the_pictures_in_it():
    skipped = SkippedFiles()
    skipped.add("a.jpg", "is empty")
    for _ in range(2):
        skipped.add("a.tfrecord, picture 3", "is cut", 61)
    assert len(skipped) == 2 and skipped.pictures == 62


def test_shards_are_disjoint_and_complete(flat_pictures):
    source = open_source(flat_pictures("photos", range(7)))
    shards = [source.shard(i, 3) for i in range(3)]
    assert [shard.count for shard in shards] == [3, 2, 2]
    seen = [
        [int(p[0, 0, 0]) for p in shard.pictures(COVER).as_numpy_iterator()]
        for shard in shards
    ]
    assert seen == [[0, 3, 6], [1, 4], [2, 5]]


def test_impossible_shards_are_refused(flat_pictures):
    source = open_source(flat_pictures("photos", range(3)))
    with pytest.raises(InputError, match="has 3 pictures, fewer than the 4 workers"):
        source.shard(0, 4)
    for index in (-1, 2):
        with pytest.raises(InputError, match=f"shard {index} of 2"):
            source.shard(index, 2)


def test_tfrecords_give_back_what_was_written(tmp_path):
    smooth = np.add.outer(np.arange(20), np.arange(28)).astype("uint8")
    picture = np.stack([smooth, 2 * smooth, 3 * smooth], -1)
    write_records(
        tmp_path / "a.tfrecord-00000-of-00002",
        [example(image=encode(flat(1))), example(image__encoded=encode(flat(2)))],
    )
    write_records(
        tmp_path / "a.tfrecord-00001-of-00002", [example(image=encode(picture))]
    )
    source = open_source(f"{tmp_path}/a.tfrecord*")
    assert source.count == 3
    pictures = list(source.pictures((20, 28)).as_numpy_iterator())
    for got, expected in zip(pictures, [flat(1), flat(2), picture], strict=True):
        np.testing.assert_array_equal(got, expected)


def test_bad_records_are_left_out_and_named(tmp_path):
    path = tmp_path / "a.tfrecord"
    jpeg = encode(flat(128), "JPEG")
    write_records(
        path,
        [
            example(label=b"1"),
            b"\xff\xff",
            example(image=jpeg[:99]),
            example(image=jpeg),
        ],
    )
    skipped = SkippedFiles()
    assert levels(str(path), skipped=skipped) == [128]
    names, reasons = zip(*skipped, strict=True)
    assert names == tuple(f"{path}, picture {i}" for i in range(3))
    for reason, words in zip(
        reasons, ("it has label", "not a tf.train.Example", "damaged"), strict=True
    ):
        assert words in reason


def test_a_tfrecord_file_that_is_cut_or_something_else_is_refused(tmp_path):
    whole, cut, text = (tmp_path / f"{n}.tfrecord" for n in ("whole", "cut", "text"))
    write_records(whole, [example(image=encode(flat(1)))])
    cut.write_bytes(whole.read_bytes()[:-9])
    text.write_text("this is not a TFRecord file")
    (tmp_path / "empty.tfrecord").write_bytes(b"")
    for path, reason in ((cut, "the file is cut off"), (text, "is damaged")):
        source = open_source(str(path))
        with pytest.raises(InputError, match=f"none of its 1 pictures .*{reason}"):
            source.pictures(COVER)
    with pytest.raises(InputError, match="empty.tfrecord: no pictures in it"):
        open_source(tmp_path / "empty.tfrecord")


PICTURES = np.stack([flat(level) for level in (7, 8, 9)])


@pytest.mark.parametrize(
    "dataset",
    [
        lambda: tf.data.Dataset.from_tensor_slices(PICTURES),
        lambda: tf.data.Dataset.from_tensor_slices(to_float(PICTURES)),
        lambda: tf.data.Dataset.from_tensor_slices((PICTURES, [1, 2, 3])),
        lambda: tf.data.Dataset.from_tensor_slices(
            {"label": [1, 2, 3], "image": PICTURES}
        ),
        lambda: tf.data.Dataset.from_tensor_slices(({"x": PICTURES}, [1, 2, 3])),
        lambda: tf.data.Dataset.from_tensor_slices(PICTURES[..., :1]),
        lambda: tf.data.Dataset.from_tensor_slices(PICTURES).batch(2),
        lambda: tf.data.Dataset.from_tensor_slices(PICTURES).filter(lambda _: True),
    ],
    ids=["uint8", "float", "tuple", "dict", "nested", "grey", "batches", "unknown"],
)
def test_datasets_of_pictures_are_sources(dataset):
    source = open_source(dataset())
    assert source.count == 3
    assert levels(dataset()) == [7, 8, 9]
    assert all(p.shape == (10, 14, 3) for p in source.pictures(COVER))


@pytest.mark.parametrize(
    "dataset, reason",
    [
        (lambda: tf.data.Dataset.from_tensor_slices(PICTURES).repeat(), "never ends"),
        (lambda: tf.data.Dataset.from_tensor_slices(PICTURES).take(0), "no pictures"),
        (lambda: tf.data.Dataset.range(4), "expected pictures"),
        (
            lambda: tf.data.Dataset.from_tensors(tf.constant([["a"] * 9] * 9)),
            "none of its 1 pictures .*has object pixels",
        ),
        (
            lambda: tf.data.Dataset.from_tensor_slices(PICTURES.astype("float32")),
            r"none of its 3 pictures .*must lie in \[0, 1\]",
        ),
    ],
    ids=["endless", "empty", "numbers", "strings", "range"],
)
def test_datasets_of_something_else_are_refused(dataset, reason):
    with pytest.raises(InputError, match=reason):
        open_source(dataset()).pictures(COVER)


def test_load_pictures_gives_the_first_ones_cropped_around_the_centre(save, tmp_path):
    wide = np.zeros((10, 30, 3), "uint8")
    wide[:, 8:22] = 51
    save("photos/a.png", wide)
    save("photos/b.png", flat(102))
    save("photos/c.png", flat(0))
    batch = load_pictures(tmp_path / "photos", 2, COVER)
    assert batch.dtype == np.float32 and batch.shape == (2, 10, 14, 3)
    np.testing.assert_allclose(batch[0], 0.2, rtol=1e-6)
    np.testing.assert_allclose(batch[1], 0.4, rtol=1e-6)
    assert load_pictures(tmp_path / "photos", 9, 16).shape == (3, 16, 16, 3)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The folder of three small TFDS data sets, made here."""
    import tensorflow_datasets as tfds

    folder = str(tmp_path_factory.mktemp("tfds"))

    class Tiny(tfds.core.GeneratorBasedBuilder, skip_registration=True):
        VERSION = tfds.core.Version("1.0.0")
        url_infos = None  # nothing is downloaded: no checksums are looked for
        image = {}

        def _info(self):
            features = {"label": tfds.features.Scalar(np.int64), **self.image}
            return tfds.core.DatasetInfo(
                builder=self, features=tfds.features.FeaturesDict(features)
            )

        def _split_generators(self, dl_manager):
            return {"trainA": self._generate_examples()}

        def _generate_examples(self):
            for level in range(5):
                row = {"image": flat(level), "label": level}
                yield level, {key: row[key] for key in self.info.features}

    image = tfds.features.Image(shape=(None, None, 3))
    tensor = tfds.features.Tensor(shape=(20, 28, 3), dtype=np.uint8)
    for name, features in {
        "tiny_pictures": {"image": image},
        "tiny_tensors": {"image": tensor},
        "tiny_numbers": {},
    }.items():
        kind = type(Tiny)("Kind", (Tiny,), {"name": name, "image": features})
        kind(data_dir=folder).download_and_prepare()
    return folder


@pytest.mark.parametrize(
    "name", ["tiny_pictures", "tiny_tensors", "tiny_pictures:1.0.0"]
)
def test_a_tfds_name_gives_the_pictures_of_its_split(tiny, name):
    source = open_source(f"tfds:{name}:trainA", data_dir=tiny)
    assert source.count == 5
    seen = [int(p[0, 0, 0]) for p in source.pictures(COVER).as_numpy_iterator()]
    assert sorted(seen) == [0, 1, 2, 3, 4]


def test_a_tfds_split_may_be_sliced(tiny):
    assert open_source("tfds:tiny_pictures:trainA[1:3]", data_dir=tiny).count == 2


@pytest.mark.parametrize(
    "name, reason",
    [
        ("tiny_pictures:test", "has no split test, only trainA"),
        ("tiny_pictures:trainA[9:]", "has no split trainA"),
        ("tiny_pictures", "no split is named; write it as tfds:name"),
        ("tiny_numbers:trainA", "has no feature called image, only label"),
        ("no_such_set:train", "TFDS has no no_such_set; write it as tfds:name"),
        (
            "cycle_gan/monet2foto:trainA",
            r"TFDS has no .*\(is it .*cycle_gan/monet2photo",
        ),
        ("cycle_gann:trainA", r"TFDS has no cycle_gann \(is it cycle_gan"),
        ("some:thing/else:train", "TFDS has no"),
    ],
)
def test_a_tfds_name_that_leads_nowhere_is_refused(tiny, name, reason):
    with pytest.raises(InputError, match=f"tfds:{name}: ".replace("[", r"\[") + reason):
        open_source(f"tfds:{name}", data_dir=tiny)


@pytest.mark.parametrize(
    "name, count",
    [("trainA", 5), ("trainA[1:3]", 2), ("test", None), ("trainA[9:]", None)],
)
def test_pictures_of_a_prepared_tfds_name_are_counted(tiny, name, count):
    assert count_pictures(f"tfds:tiny_pictures:{name}", data_dir=tiny) == count


@pytest.mark.parametrize(
    "name", ["scenes/ukiyoe:trainA", "cycle_gan/monet2photo:trainA", "no_such:x", "x"]
)
def test_counting_neither_draws_nor_downloads(tmp_path, name):
    assert count_pictures(f"tfds:{name}", data_dir=str(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_pictures_of_a_folder_are_counted_where_there_is_one(flat_pictures):
    folder = flat_pictures("photos", range(3))
    assert count_pictures(folder) == 3
    assert count_pictures(folder / "nowhere") is None


def test_a_tfds_download_that_fails_says_why_and_is_not_tried_for_long(
    tmp_path, monkeypatch
):
    import tensorflow_datasets as tfds
    from tensorflow_datasets.core.download import downloader

    tries = []

    def unreachable(self, *args, **kwargs):
        tries.append(downloader.MAX_RETRIES)
        raise ConnectionError("no route\nto host")

    patience = downloader.MAX_RETRIES
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", unreachable)
    name = "tfds:cycle_gan/monet2photo:trainA"
    with pytest.raises(InputError, match="ConnectionError: no route to host") as caught:
        open_source(name, data_dir=str(tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert tries[0] <= 5 and patience == downloader.MAX_RETRIES


def test_scenes_are_drawn_on_the_fly(monkeypatch, tiny):
    import tensorflow_datasets as tfds

    from keras_stylex.data import scenes

    asked = []

    def builder(*config, data_dir=None):
        asked.append((config, data_dir))
        return tfds.builder("tiny_pictures", data_dir=tiny)

    monkeypatch.setattr(scenes, "builder", builder, raising=False)
    assert open_source("tfds:scenes/strokes:trainA", data_dir=tiny).count == 5
    assert open_source("tfds:scenes:trainA").count == 5
    assert asked == [(("strokes",), tiny), ((), None)]


def test_shorter_sides_are_read_off_headers(save, tmp_path):
    save("photos/a.png", flat(1, (20, 30)))
    save("photos/deep/b.jpg", flat(2, (50, 40)))
    upright = Image.Exif()
    upright[0x0112] = 6  # turned by 90 degrees: its shorter side stays the same
    save("photos/c.jpg", flat(3, (12, 60)), exif=upright)
    bad_files(tmp_path / "photos")
    sides = open_source(tmp_path / "photos").short_sides(100)
    # One that is cut off later has a header: 64. Training leaves it out and says so.
    assert sorted(sides) == [12, 20, 40, 64]


def test_shorter_sides_of_some_pictures_come_from_all_over_a_folder(save, tmp_path):
    for number in range(40):
        save(f"photos/{number:02}.png", flat(1, (10 + number, 99)))
    source = open_source(tmp_path / "photos")
    sides = source.short_sides(8)
    assert sides == source.short_sides(8) and len(set(sides)) == 8
    assert min(sides) < 24 < 36 < max(sides)


def test_records_and_arrays_have_shorter_sides_too(tmp_path):
    file = tmp_path / "a.tfrecord"
    pictures = [flat(1, (20, 30)), flat(2, (70, 60))]
    records = [example(image=encode(each)) for each in pictures]
    write_records(file, [*records, example(label=b"3"), example(image=b"text")])
    assert sorted(open_source(file).short_sides(9)) == [20, 60]
    arrays = tf.data.Dataset.from_tensor_slices(np.stack([flat(1, (20, 30))] * 2))
    assert open_source(arrays).short_sides(9) == [20, 20]
