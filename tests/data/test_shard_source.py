"""TFRecord files as a source: their order, their parts, what damage costs."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data import SkippedFiles, open_source, shard_source, unpaired_dataset
from keras_stylex.data.prepare import PrepareOptions, prepare

COVER = (10, 14)
COUNTS = (100, 3, 147)
TOTAL = sum(COUNTS)


def example(level):
    picture = tf.fill((10, 14, 3), tf.cast(level, tf.uint8))
    image = tf.io.encode_png(picture).numpy()
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[image]))
    features = tf.train.Features(feature={"image": feature})
    return tf.train.Example(features=features).SerializeToString()


@pytest.fixture(scope="module")
def content():
    """The bytes of three files, whose pictures have the grey levels 0 to 249."""
    return [example(level) for level in range(TOTAL)]


@pytest.fixture
def pattern(tmp_path, content):
    records = iter(content)
    for index, count in enumerate(COUNTS):
        with tf.io.TFRecordWriter(str(tmp_path / f"{index}.tfrecord")) as writer:
            for _ in range(count):
                writer.write(next(records))
    return f"{tmp_path}/*.tfrecord"


def numbers(numbered):
    return [int(index) for index, _ in numbered.as_numpy_iterator()]


def levels(source, skipped=None):
    pictures = source.pictures(COVER, skipped).as_numpy_iterator()
    return [int(picture[0, 0, 0]) for picture in pictures]


def in_order(source, seed):
    return numbers(source.shuffled(20, tf.constant(seed, tf.int64)))


def test_pictures_come_in_the_order_of_the_files_unless_mixed(pattern):
    source = open_source(pattern)
    assert source.count == TOTAL
    assert levels(source) == list(range(TOTAL))
    mixed = levels(source.mixed(3))
    assert sorted(mixed) == list(range(TOTAL))
    assert mixed == levels(source.mixed(3)) != levels(source.mixed(4))


def test_a_seed_decides_the_order_and_all_places_come_early(pattern):
    source = open_source(pattern)
    order = in_order(source, 3)
    assert sorted(order) == list(range(TOTAL))
    assert order == in_order(source, 3) != in_order(source, 4)
    # Not only from where the first block lies, nor in the order of the blocks.
    assert {number // 64 for number in order[:40]} == {0, 1, 2, 3}
    assert np.abs(np.corrcoef(order, range(TOTAL))[0, 1]) < 0.2


def test_blocks_are_read_in_a_random_order(pattern, monkeypatch):
    monkeypatch.setattr("keras_stylex.data.records.BLOCK_RECORDS", 5)
    monkeypatch.setattr(shard_source, "OPEN_BLOCKS", 1)
    source = open_source(pattern)
    order = numbers(source.shuffled(1, tf.constant(3, tf.int64)))
    assert sorted(order) == list(range(TOTAL))
    assert np.abs(np.corrcoef(order, range(TOTAL))[0, 1]) < 0.4


def test_pictures_are_read_as_they_are_needed(pattern, monkeypatch):
    reads, read = [], shard_source.read_block
    monkeypatch.setattr(
        shard_source, "read_block", lambda *a: reads.append(a) or read(*a)
    )
    monkeypatch.setattr(shard_source, "OPEN_BLOCKS", 1)
    monkeypatch.setattr("keras_stylex.data.records.BLOCK_RECORDS", 5)
    source = open_source(pattern)
    iterator = source.shuffled(10, tf.constant(0, tf.int64)).as_numpy_iterator()
    for _ in range(5):
        next(iterator)
    assert 3 <= len(reads) <= 8  # of 51
    assert all(count <= 5 for *_, count in reads)


def test_large_pictures_are_shuffled_fewer_at_a_time(pattern, monkeypatch):
    source = open_source(pattern)
    size = source.blocks[:, 2].sum() / TOTAL
    order = {}
    for pictures in (1, 20):
        monkeypatch.setattr(shard_source, "SHUFFLE_BYTES", int(size * pictures + 9))
        order[pictures] = numbers(source.shuffled(1000, tf.constant(0, tf.int64)))
    monkeypatch.undo()
    assert order[20] == in_order(source, 0) != order[1]


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_workers_read_disjoint_parts_of_equal_size(pattern, workers):
    source = open_source(pattern)
    parts = [source.shard(index, workers) for index in range(workers)]
    seen = [levels(part) for part in parts]
    assert sum(seen, []) == list(range(TOTAL))
    assert [len(part) for part in seen] == [part.count for part in parts]
    assert max(map(len, seen)) - min(map(len, seen)) <= 1
    shuffled = [in_order(part, 1) for part in parts]
    assert [sorted(part) for part in shuffled] == seen


def test_a_worker_reads_no_more_blocks_than_its_part_lies_in(pattern):
    part = open_source(pattern).shard(2, 5)  # pictures 100 to 149
    assert part.blocks[:, :2].tolist() == [[1, 0], [2, 0]]


def test_pictures_are_called_by_their_places_in_the_files(pattern, tmp_path):
    part = open_source(pattern).part(90, 240)
    assert part.label(90, b"") == f"{tmp_path}/0.tfrecord, picture 90"
    assert part.label(102, b"") == f"{tmp_path}/1.tfrecord, picture 2"
    assert part.label(239, b"") == f"{tmp_path}/2.tfrecord, picture 136"


def test_going_on_from_a_number_leaves_out_those_before(pattern):
    source = open_source(pattern)
    assert numbers(source.from_number(101)) == list(range(101, TOTAL))


def test_a_cut_shard_is_named_and_training_goes_on_with_the_others(pattern, tmp_path):
    path = tmp_path / "0.tfrecord"
    path.write_bytes(path.read_bytes()[:-3])
    skipped = SkippedFiles()
    dataset = unpaired_dataset(
        *[pattern] * 2, (8, 12), 6, augment=False, cache=False, skipped=skipped
    )
    seen = [np.round(255 * c[:, 0, 0, 0]).astype(int) for c, _ in dataset]
    assert set(np.concatenate(seen)) == set(range(TOTAL)) - {99}
    assert list(skipped) == [
        (f"{path}, picture 99", "cannot be read (the file is cut off before its end)")
    ]


@pytest.mark.parametrize("cache", [True, False])
def test_what_is_lost_while_training_is_counted(pattern, tmp_path, cache):
    skipped = SkippedFiles()
    options = {"cache": cache, "skipped": skipped}
    dataset = unpaired_dataset(*[pattern] * 2, (8, 12), 5, **options)
    path = tmp_path / "2.tfrecord"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    steps = [len(content) for content, _ in dataset]
    assert steps == [5] * (TOTAL // 5)
    assert 70 < skipped.pictures < 78 and len(skipped) == 2
    for file, reason in skipped:
        assert file.startswith(f"{path}, picture")
        assert "the file is cut off before its end" in reason and "after it" in reason
    path.unlink()
    assert len(list(dataset.take(50))) == 50


@pytest.mark.parametrize("prepared", [True, False])
@pytest.mark.parametrize("first", [17, 26])  # epochs of 25 batches
def test_going_on_within_an_epoch_decodes_only_what_is_not_prepared(
    pattern, tmp_path, monkeypatch, prepared, first
):
    options = PrepareOptions(16, "png", 100)
    prepare([f"{tmp_path}/?.tfrecord"], tmp_path / "out", options)
    path = tmp_path / "out" / "pictures-00001-of-00003.tfrecord"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    if not prepared:
        (tmp_path / "out" / "manifest.json").unlink()
    skipped = SkippedFiles()
    how = {"repeat": True, "cache": False, "skipped": skipped}
    sources = [f"{tmp_path}/out/*.tfrecord", pattern]
    whole = unpaired_dataset(*sources, (8, 12), 10, **how)
    expected = [np.stack(pair) for pair in whole.take(first + 3)][first:]
    assert skipped.pictures == 1
    reads, read = [], shard_source.read_training_image
    monkeypatch.setattr(
        shard_source,
        "read_training_image",
        lambda file, cover, name: reads.append(name) or read(file, cover, name),
    )
    later = unpaired_dataset(*sources, (8, 12), 10, first_batch=first, **how)
    reads.clear()
    actual = [np.stack(pair) for pair in later.take(3)]
    np.testing.assert_array_equal(actual, expected)
    decoded = sum("/out/" in name for name in reads)
    assert (decoded < 10 * 3 + 100) == (prepared or first == 26)
