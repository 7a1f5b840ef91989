"""Pictures in TFRecord files: read in parallel, mixed, in memory that does not grow.

Files are read in blocks of a few dozen records, several blocks of different places at a
time. What is kept of the whole are the places of the blocks.
"""

import glob
import io
import os
import sys
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from keras_stylex.data import decode
from keras_stylex.data.images import read_training_image
from keras_stylex.data.manifest import UNFINISHED, read_manifest
from keras_stylex.data.records import Lost, find_blocks, read_block
from keras_stylex.data.source import Source
from keras_stylex.errors import InputError

OPEN_BLOCKS = 16  # that are read at the same time
SHUFFLE_BYTES = 2**27  # of undecoded pictures that are shuffled at a time
FILE, OFFSET, SIZE, FIRST, SKIP, TAKE, NUMBER = range(7)
_LOST = b"\0"  # no tf.train.Example begins with it


@dataclass(frozen=True)
class ShardSource(Source):
    """Pictures in TFRecord files of `tf.train.Example`s.

    Attributes:
        files: Paths of the files.
        blocks: int64 `(n, 7)`: the number of a block's file; its place there and its
            bytes; which record of the file is its first; how many of its records to
            skip and to take; the number of the first one taken among the pictures of
            the source.
        order: The order in which `numbered` goes through the blocks, several at a
            time; `None` for one after the other.
        certain: Whether all pictures could be decoded when they were written.
    """

    files: tuple
    blocks: np.ndarray
    order: np.ndarray | None = None
    certain: bool = False

    @property
    def numbered(self):
        if self.order is None:
            return self._records(tf.data.Dataset.range(len(self.blocks)), 1)
        order = tf.data.Dataset.from_tensor_slices(self.order)
        return self._records(order, OPEN_BLOCKS)

    def shuffled(self, buffer, seed):
        order = tf.data.Dataset.range(len(self.blocks))
        order = order.shuffle(len(self.blocks), seed)
        largest = SHUFFLE_BYTES // self._mean_bytes()
        buffer = max(1, min(buffer, largest))
        return self._records(order, OPEN_BLOCKS).shuffle(buffer, seed)

    def mixed(self, seed):
        order = np.random.default_rng(seed).permutation(len(self.blocks))
        return replace(self, order=order)

    def skip(self, numbered, seen):
        def whole(_, item):
            # From the first epoch on that is seen as a whole, what is lost is counted.
            return seen == 0 or tf.strings.substr(item, 0, 1) != _LOST

        return numbered.filter(whole).skip(seen)

    def part(self, start, stop):
        """The pictures `start` to `stop`, under the numbers that they have here."""
        blocks = self.blocks.copy()
        ends = blocks[:, NUMBER] + blocks[:, TAKE]
        cut = np.maximum(start - blocks[:, NUMBER], 0)
        blocks[:, SKIP] += cut
        blocks[:, NUMBER] += cut
        blocks[:, TAKE] = np.minimum(ends, stop) - blocks[:, NUMBER]
        blocks = blocks[blocks[:, TAKE] > 0]
        return replace(self, count=int(blocks[:, TAKE].sum()), blocks=blocks)

    def from_number(self, start):
        return self.part(start, self.count).numbered

    def _part_of(self, index, count):
        return self.part(*(self.count * n // count for n in (index, index + 1)))

    def read(self, item, label, cover, **options):
        content = io.BytesIO(image_bytes(item, label))
        return read_training_image(content, cover, label, **options)

    def short_side(self, item, label):
        return decode.short_side(io.BytesIO(image_bytes(item, label)), label)

    def label(self, index, item):
        row = np.searchsorted(self.blocks[:, NUMBER], index, side="right") - 1
        block = self.blocks[row]
        in_file = block[FIRST] + block[SKIP] + index - block[NUMBER]
        return f"{self.files[block[FILE]]}, picture {in_file}"

    def weight(self, item):
        return int(item[1:].split()[0]) if item.startswith(_LOST) else 1

    def state(self):
        for file in self.files:
            size = os.path.getsize(file) if os.path.exists(file) else None
            yield f"{os.path.basename(file)} {size}".encode()

    def _mean_bytes(self):
        return max(1, int(self.blocks[:, SIZE].mean() / self.blocks[:, TAKE].mean()))

    def _records(self, numbers, open_blocks):
        """`(number of the picture, record)` of all blocks of these numbers."""

        def block(number):
            kinds = (tf.int64, tf.string)
            numbers, items = tf.numpy_function(self._block, [number], kinds)
            pair = tf.ensure_shape(numbers, (None,)), tf.ensure_shape(items, (None,))
            return tf.data.Dataset.from_tensor_slices(pair)

        return numbers.interleave(
            block, open_blocks, num_parallel_calls=open_blocks, deterministic=True
        )

    def _block(self, number):
        file, offset, size, _, skip, take, first = self.blocks[number]
        records = read_block(self.files[file], offset, size, skip + take)[skip:]
        numbers, items = [], []
        for index, record in enumerate(records):
            if not isinstance(record, Lost):
                items.append(record)
            elif index and record == records[index - 1]:
                continue  # counted with the one before
            else:
                same = [other == record for other in records[index:]] + [False]
                items.append(_LOST + f"{same.index(False)} {record}".encode())
            numbers.append(first + index)
        return np.array(numbers, np.int64), np.array(items, object)


def shard_source(name, files, blocks_of=find_blocks, part_of=None, kind=ShardSource):
    """The source of all records of some TFRecord files.

    Args:
        name: What messages call it.
        files: Paths.
        blocks_of: `blocks_of(file)`: `(number of records, bytes)` of each block.
        part_of: `part_of(file)`: `(start, stop)`, which of its records; or `None`.
        kind: `ShardSource`, or a class of its kind.

    Raises:
        InputError: a file cannot be read, or there are no records.
    """
    rows = []
    for index, file in enumerate(files):
        start, stop = part_of(file) if part_of else (0, sys.maxsize)
        offset = first = 0
        for count, size in _blocks(file, blocks_of):
            skip = max(start - first, 0)
            take = min(count, stop - first) - skip
            if take > 0:
                rows.append((index, offset, size, first, skip, take, 0))
            offset, first = offset + size, first + count
    if not rows:
        raise InputError(f"{name}: no pictures in it")
    blocks = np.array(rows, np.int64)
    ends = blocks[:, TAKE].cumsum()
    blocks[:, NUMBER] = ends - blocks[:, TAKE]
    return kind(name, int(ends[-1]), tuple(files), blocks)


def _blocks(file, blocks_of):
    try:
        return blocks_of(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def prepared_source(folder):
    """The source of a folder that `keras-stylex prepare` wrote, or `None`.

    Raises:
        InputError: the folder is not finished.
    """
    blocks = _blocks_of_manifest(folder)
    if blocks is None:
        return None
    source = shard_source(os.fspath(folder), list(blocks), blocks.__getitem__)
    return replace(source, certain=True)


def tfrecord_source(pattern):
    """The source of the TFRecord files that match a pattern.

    Raises:
        InputError: there are none, or they are not finished.
    """
    files, known = sorted(glob.glob(pattern)), {}
    if not files:
        raise InputError(f"{pattern}: there is no such TFRecord file")
    for folder in {os.path.dirname(file) for file in files}:
        known |= _blocks_of_manifest(folder) or {}
    source = shard_source(
        pattern, files, lambda file: known[file] if file in known else find_blocks(file)
    )
    return replace(source, certain=set(files) <= set(known))


def _blocks_of_manifest(folder):
    """`{file: its blocks}` of a folder of prepared pictures, `None` of any other."""
    manifest = read_manifest(folder)
    if manifest is None:
        _check_finished(folder)
        return None
    return {os.path.join(folder, s.file): s.blocks for s in manifest.shards}


def _check_finished(folder):
    """Raises `InputError` if pictures are not completely prepared in a folder."""
    if os.path.exists(os.path.join(folder, UNFINISHED)):
        raise InputError(
            f"{folder}: its pictures are not completely prepared; start the same "
            "`keras-stylex prepare` again, it goes on where it was"
        )


def image_bytes(record, label):
    """The JPEG or PNG bytes in `image` or `image/encoded` of a `tf.train.Example`."""
    if record.startswith(_LOST):
        count, reason = record[1:].decode().split(" ", 1)
        rest = "" if count == "1" else f"; so are the {int(count) - 1} after it"
        raise InputError(f"{label}: cannot be read ({reason}){rest}")
    try:
        features = tf.train.Example.FromString(record).features.feature
    except Exception as error:  # protobuf's DecodeError is not ours to import
        raise InputError(f"{label}: is not a tf.train.Example ({error})") from error
    for key in ("image", "image/encoded"):
        if key in features and features[key].bytes_list.value:
            return features[key].bytes_list.value[0]
    found = ", ".join(sorted(features)) or "none"
    raise InputError(f"{label}: no bytes in image or image/encoded; it has {found}")
