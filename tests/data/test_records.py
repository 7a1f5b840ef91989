"""Blocks of TFRecord files: where they are, and what damage costs."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data import records
from keras_stylex.data.records import CUT, DAMAGED, Lost, find_blocks, read_block

FRAME = 16  # bytes around a record
NUMBER = 150
RECORDS = [bytes([n]) * (n * 7 % 90) for n in range(NUMBER)]
STARTS = np.cumsum([0] + [FRAME + len(record) for record in RECORDS])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in RECORDS:
            writer.write(record)
    return path


def read(path, blocks=None):
    """All records of a file, read block by block."""
    found, offset = [], 0
    for count, size in find_blocks(path) if blocks is None else blocks:
        found += read_block(path, offset, size, count)
        offset += size
    return found


def damage(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_blocks_hold_64_records_and_lie_end_to_end(file):
    blocks = find_blocks(file)
    assert [count for count, _ in blocks] == [64, 64, NUMBER - 128]
    assert np.cumsum([size for _, size in blocks]).tolist() == [
        STARTS[64],
        STARTS[128],
        file.stat().st_size,
    ]
    assert read(file) == RECORDS


def test_a_block_ends_with_the_record_that_makes_it_a_megabyte(tmp_path):
    sizes, path = [2**20, 2**19, 2**19, 5, 6], tmp_path / "a.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for size in sizes:
            writer.write(b"x" * size)
    assert [count for count, _ in find_blocks(path)] == [1, 2, 2]
    assert [len(record) for record in read(path)] == sizes


def test_an_empty_file_has_no_blocks(tmp_path):
    (tmp_path / "a.tfrecord").write_bytes(b"")
    assert find_blocks(tmp_path / "a.tfrecord") == []


@pytest.mark.parametrize("into", [0, 1, 11, 12, 13, FRAME + len(RECORDS[70]) - 1])
def test_a_file_that_is_cut_gives_the_records_before(file, into):
    blocks, place = find_blocks(file), int(STARTS[70]) + into
    file.write_bytes(file.read_bytes()[:place])
    found = read(file)
    assert found[:70] == RECORDS[:70]
    assert found[70:] == ([CUT] if into else [])
    # Those who know how many records there were know how many are lost.
    assert read(file, blocks) == RECORDS[:70] + [CUT] * 80
    assert all(isinstance(record, Lost) for record in found[70:])


def test_a_damaged_record_is_lost_alone(file):
    damage(file, STARTS[70] + 12)
    assert read(file) == [*RECORDS[:70], DAMAGED, *RECORDS[71:]]
    damage(file, STARTS[149] - 1)  # in its checksum
    assert read(file)[148] == DAMAGED


@pytest.mark.parametrize("place", [0, 8])
def test_after_a_damaged_length_the_next_block_is_read_if_its_place_is_known(
    file, place
):
    blocks = find_blocks(file)
    damage(file, STARTS[70] + place)
    assert read(file) == [*RECORDS[:70], DAMAGED]
    assert read(file, blocks) == [*RECORDS[:70], *[DAMAGED] * 58, *RECORDS[128:]]


def test_a_file_that_is_gone_loses_its_records(file):
    blocks = find_blocks(file)
    file.unlink()
    assert read(file, blocks) == ["No such file or directory"] * NUMBER
    with pytest.raises(FileNotFoundError):
        find_blocks(file)


def test_something_else_is_one_damaged_record(tmp_path):
    path = tmp_path / "a.tfrecord"
    path.write_text("this is not a TFRecord file")
    assert read(path) == [DAMAGED]


def test_finding_blocks_reads_only_where_records_begin(file, monkeypatch):
    read_bytes, pread = [], records.os.pread
    monkeypatch.setattr(
        records.os, "pread", lambda *a: read_bytes.append(a[1]) or pread(*a)
    )
    find_blocks(file)
    assert sum(read_bytes) == 12 * NUMBER
