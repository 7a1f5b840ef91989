"""One source of pictures, and two of its kinds: files, and arrays in memory."""

import contextlib
import os
from dataclasses import dataclass, replace

import numpy as np
import tensorflow as tf

from keras_stylex.data import decode
from keras_stylex.data.images import (
    MIN_SIDE,
    fit_training_image,
    read_training_image,
)
from keras_stylex.data.skipped import SkippedFiles
from keras_stylex.errors import InputError


@dataclass(frozen=True)
class Source:
    """Pictures that are not decoded yet.

    Attributes:
        name: What messages call the source.
        count: How many pictures it lists, those which cannot be read included.
        light: Whether undecoded pictures take less memory than decoded ones.
        certain: Whether `skip` knows which pictures can be used.
    """

    name: str
    count: int
    light = True
    certain = False

    @property
    def numbered(self):
        """`(index, item)` pairs, an item of each picture: what `decode` takes."""
        raise NotImplementedError

    def read(self, item, label, cover, **options):
        """The picture as uint8 `(h, w, 3)`, at the smallest size covering `cover`.

        See `images.read_training_image`, also for options.
        """
        raise NotImplementedError

    def short_side(self, item, label):
        """Pixels of the picture's shorter side, without decoding it."""
        raise NotImplementedError

    def short_sides(self, count):
        """The shorter sides of up to `count` pictures, from all over the source.

        Pictures that training would leave out are left out, as far as headers tell.

        Returns: a list of integers, always the same for the same source.
        """
        sides = []
        for index, item in self.mixed(0).numbered.take(count).as_numpy_iterator():
            with contextlib.suppress(InputError):
                sides.append(self.short_side(item, self.label(index, item)))
        return [int(side) for side in sides if side >= MIN_SIDE]

    def label(self, index, item):
        """What messages call the picture."""
        return f"{self.name}, picture {index}"

    def identity(self, item):
        """Bytes that are the same only for the same picture."""
        return item

    def weight(self, item):
        """How many pictures an item that cannot be read stands for."""
        return 1

    def state(self):
        """Bytes that change when a picture does; as a rule, some of each picture."""
        raise NotImplementedError

    def shard(self, index, count):
        """The part of worker `index` of `count`: disjoint, and all make the whole."""
        if not 0 <= index < count:
            raise InputError(f"shard {index} of {count}: counts from 0 to {count - 1}")
        if self.count < count:
            raise InputError(
                f"{self.name}: has {self.count} pictures, fewer than the {count} "
                "workers that share it"
            )
        return self if count == 1 else self._part_of(index, count)

    def _part_of(self, index, count):
        raise NotImplementedError

    def from_number(self, start):
        """The `numbered` pairs from that index on."""
        return self.numbered.skip(start)

    def skip(self, numbered, seen):
        """`numbered` without the first `seen` that can be used."""
        raise NotImplementedError

    def mixed(self, seed):
        """The same pictures in another, fixed order, where that costs nothing."""
        return self

    def shuffled(self, buffer, seed):
        """`numbered` in an order that `seed` decides, `buffer` of them in memory."""
        return self.numbered.shuffle(buffer, seed)

    def pictures(self, cover, skipped=None, store=None):
        """All pictures that can be used, in order.

        Args:
            cover: `(height, width)`; each picture comes at the smallest size which
                covers it (see `images.read_training_image`).
            skipped: `SkippedFiles` that collects what was left out.
            store: `PictureStore` to keep decoded pictures in.

        Returns: a `tf.data.Dataset` of uint8 `(h, w, 3)`.

        Raises:
            InputError: not one picture of the source can be used.
        """
        skipped = SkippedFiles() if skipped is None else skipped
        load = self._loader(cover, skipped, store)
        if not any(load(*pair).size for pair in self.numbered.as_numpy_iterator()):
            raise InputError(
                f"{self.name}: none of its {self.count} pictures can be used, for "
                "example {}: {}".format(*next(iter(skipped)))
            )
        return self.decode(self.numbered, cover, skipped, store)

    def decode(self, numbered, cover, skipped, store=None):
        """Pictures of `(index, item)` pairs, by several threads, in their order."""
        load = self._loader(cover, skipped, store)

        def decoded(index, item):
            picture = tf.numpy_function(load, (index, item), tf.uint8)
            return tf.ensure_shape(picture, (None, None, 3))

        pictures = numbered.map(decoded, tf.data.AUTOTUNE, deterministic=True)
        return pictures.filter(lambda picture: tf.size(picture) > 0)

    def _loader(self, cover, skipped, store):
        """`load(index, item)`: the picture, or one without pixels if it is bad."""
        read = self.read if store is None else store.remember(self.read, self.identity)

        def load(index, item):
            label = self.label(index, item)
            try:
                return read(item, label, cover)
            except InputError as error:
                reason = str(error).removeprefix(f"{label}: ")
                skipped.add(label, reason, self.weight(item))
                return np.zeros((0, 0, 3), "uint8")

        return load


@dataclass(frozen=True)
class ItemSource(Source):
    """A source whose `items` are a finite `tf.data.Dataset`, one of each picture."""

    items: tf.data.Dataset

    @property
    def numbered(self):
        return self.items.enumerate()

    def _part_of(self, index, count):
        kept = len(range(index, self.count, count))
        return replace(self, count=kept, items=self.items.shard(count, index))


class FileSource(ItemSource):
    """Pictures in files; `items` are their paths."""

    def read(self, item, label, cover, **options):
        return read_training_image(label, cover, **options)

    def short_side(self, item, label):
        return decode.short_side(label, label)

    def label(self, index, item):
        return os.fsdecode(item)

    def identity(self, item):
        try:
            status = os.stat(item)
        except OSError as error:
            raise InputError(f"{os.fsdecode(item)}: {error.strerror}") from error
        return f"{os.path.abspath(item)} {status.st_mtime_ns} {status.st_size}".encode()

    def state(self):
        for item in self.items.as_numpy_iterator():
            with contextlib.suppress(InputError):  # `read` tells what is wrong with it
                item = self.identity(item)
            yield item

    def mixed(self, seed):
        # Not `Dataset.shuffle`, whose order depends on TensorFlow's global seed, too.
        order = np.random.default_rng(seed).permutation(self.count)
        files = np.array(list(self.items.as_numpy_iterator()), object)
        return replace(self, items=tf.data.Dataset.from_tensor_slices(files[order]))


class ArraySource(ItemSource):
    """Pictures in memory; `items` are arrays."""

    light = False

    def read(self, item, label, cover, **options):
        return fit_training_image(item, cover, label, **options)

    def short_side(self, item, label):
        return min(item.shape[:2])

    def identity(self, item):
        return f"{item.dtype} {item.shape}".encode() + item.tobytes()

    def state(self):
        yield f"{self.name} {self.count}".encode()
