"""TFRecord files, read a block at a time, around what is damaged.

TensorFlow's own reader gives up a file at its first damaged record, says nothing of how
many records that costs, and cannot begin in the middle.
"""

import os
import struct

from keras_stylex.data.checksum import masked_crc32c

BLOCK_RECORDS = 64  # at most, and
BLOCK_BYTES = 2**20  # a block ends with the record that reaches this
_HEADER = struct.Struct("<QI")  # a record's length, and that field's checksum
_FRAME = _HEADER.size + 4  # the record's checksum follows it
CUT, DAMAGED = "the file is cut off before its end", "is damaged"


class Blocks:
    """Divides records into blocks, as they come.

    Attributes:
        blocks: `(number of records, bytes)` of every block.
    """

    def __init__(self):
        self.blocks = []
        self._full = True

    def add(self, size):
        """Adds a record of `size` bytes, its frame not counted."""
        count, total = (0, 0) if self._full else self.blocks.pop()
        count, total = count + 1, total + _FRAME + size
        self.blocks.append((count, total))
        self._full = count >= BLOCK_RECORDS or total >= BLOCK_BYTES


def find_blocks(path):
    """The blocks of a TFRecord file; reads no more of it than where records begin.

    What cannot be made sense of, to the end of the file, counts as one record.

    Raises:
        OSError: the file cannot be read.
    """
    found, offset = Blocks(), 0
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        while offset < size:
            length = _length(os.pread(file.fileno(), _HEADER.size, offset))
            if length is None or offset + _FRAME + length > size:
                found.add(0)
                break
            found.add(length)
            offset += _FRAME + length
    return found.blocks


def read_block(path, offset, size, count):
    """The records of a block.

    Returns: a list of `count` records, each bytes, or a `Lost`.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            data = os.pread(file.fileno(), size, offset)
    except OSError as error:
        return [Lost(error.strerror)] * count
    records, sums, reason = _records(data)
    right = masked_crc32c(records) == sums
    records = [
        record if good else Lost(DAMAGED)
        for record, good in zip(records, right, strict=True)
    ]
    return (records + [Lost(reason)] * (count - len(records)))[:count]


class Lost(str):
    """Why a record cannot be read."""


def _records(data):
    """The records up to the first whose end is not found, their checksums, and why."""
    records, sums, offset = [], [], 0
    while offset + _FRAME <= len(data):
        length = _length(data[offset : offset + _HEADER.size])
        if length is None:
            return records, sums, DAMAGED
        start, end = offset + _HEADER.size, offset + _HEADER.size + length
        if end + 4 > len(data):
            break
        records.append(data[start:end])
        offset = end + 4
        sums.append(int.from_bytes(data[end:offset], "little"))
    return records, sums, CUT


def _length(header):
    if len(header) < _HEADER.size:
        return None
    length, checksum = _HEADER.unpack(header)
    return length if masked_crc32c([header[:8]])[0] == checksum else None
