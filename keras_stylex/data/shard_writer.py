"""Writes one shard: pictures in, shrunk and encoded by several threads; a file out."""

import hashlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import tensorflow as tf

from keras_stylex.data.images import encode_image
from keras_stylex.data.manifest import PARTIAL, Shard
from keras_stylex.data.records import Blocks
from keras_stylex.errors import InputError

_AHEAD = 4  # pictures in work, per thread


class ShardWriter:
    """Writes shards into a folder.

    Args:
        folder: Path.
        side: Pixels: larger pictures are shrunk to this shorter side.
        kind: `JPEG` or `PNG`.
    """

    def __init__(self, folder, side, kind):
        self.folder, self.side, self.kind = folder, side, kind
        self.threads = os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self.threads)

    def write(self, file, items):
        """Writes the pictures of `(source, index, item)` triples.

        Returns: a `Shard`; the file is there, under its name, when it is complete.
        """
        partial, blocks, skipped = self.folder / f"{PARTIAL}shard", Blocks(), []
        try:
            with tf.io.TFRecordWriter(str(partial)) as writer:
                for record, reason in self._in_order(items):
                    if reason is not None:
                        skipped.append(reason)
                        continue
                    blocks.add(len(record))
                    writer.write(record)
            size, checksum = _finished(partial)
            os.replace(partial, self.folder / file)
        finally:
            partial.unlink(missing_ok=True)
        count = sum(count for count, _ in blocks.blocks)
        found = tuple(blocks.blocks), tuple(skipped)
        return Shard(file, count, size, checksum, *found)

    def close(self):
        """Drops what waits to be done."""
        self.pool.shutdown(cancel_futures=True)

    def _in_order(self, items):
        waiting = deque()
        for item in items:
            waiting.append(self.pool.submit(self._record, *item))
            if len(waiting) >= _AHEAD * self.threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _record(self, source, index, item):
        """`(record, None)`, or `(None, (picture, reason, how many))` if it is bad."""
        label = source.label(index, item)
        try:
            picture = source.read(item, label, (self.side, self.side), enlarge=False)
        except InputError as error:
            reason = str(error).removeprefix(f"{label}: ")
            return None, (label, reason, source.weight(item))
        return _example(encode_image(picture, self.kind)), None


def checksum(path):
    """SHA-256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()


def _finished(path):
    """Size and checksum of a file, once it is safe on the disk."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
    return os.path.getsize(path), checksum(path)


def _example(image):
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[image]))
    example = tf.train.Example(features=tf.train.Features(feature={"image": feature}))
    return example.SerializeToString(deterministic=True)
