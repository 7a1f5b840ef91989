"""CRC-32C against published values, and against what TensorFlow writes."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data.checksum import crc32c, masked_crc32c

PUBLISHED = {  # RFC 3720, appendix B.4, and the check value of CRC catalogues
    b"123456789": 0xE3069283,
    b"\x00" * 32: 0x8A9136AA,
    b"\xff" * 32: 0x62A8AB43,
    bytes(range(32)): 0x46DD794E,
    bytes(range(31, -1, -1)): 0x113FDB5C,
    b"": 0,
}


def test_published_values():
    np.testing.assert_array_equal(crc32c(list(PUBLISHED)), list(PUBLISHED.values()))


@pytest.mark.parametrize("prefix", [b"", b"\x00", b"\x07"])
def test_records_of_all_sizes_have_the_checksums_that_tensorflow_writes(
    tmp_path, prefix
):
    sizes = [0, 1, 31, 32, 33, 127, 128, 129, 255, 256, 257, 1000, 4096, 70_001]
    random = np.random.default_rng(0)
    records = [prefix + random.bytes(size) for size in sizes]
    written = []
    for index, record in enumerate(records):
        file = str(tmp_path / f"{index}.tfrecord")
        with tf.io.TFRecordWriter(file) as writer:
            writer.write(record)
        written.append(np.fromfile(file, "<u4", offset=12 + len(record))[0])
    np.testing.assert_array_equal(masked_crc32c(records), written)


def test_no_records_have_no_checksums():
    assert crc32c([]).shape == (0,)
