"""The training data: batches of content and style pictures that have no relation.

Pictures that fit are decoded once and kept as uint8 at `load_size`; others are streamed
from where they lie. Shuffling and augmentation come after the cache, so that no two
epochs show the same crops.
"""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import tensorflow as tf

from keras_stylex.data.augment import (
    centre_crop,
    random_crop_and_flip,
    random_view,
    vary_colors,
)
from keras_stylex.data.images import to_float
from keras_stylex.data.skipped import SkippedFiles
from keras_stylex.data.sources import as_size, open_source
from keras_stylex.data.store import PictureStore
from keras_stylex.errors import InputError

MARGIN = 1.125  # side of the pictures kept over side of the crops
STRONG_MARGIN = 1.5  # ... under strong augmentation
STRONG = "strong"
SHUFFLE_BUFFER = 1024  # pictures
CACHE_BYTES = 2**30  # of decoded pictures that are kept in memory unless asked for


def unpaired_dataset(
    content,
    style,
    image_size=128,
    batch_size=4,
    *,
    load_size=None,
    seed=0,
    augment=True,
    cache=None,
    shard=None,
    repeat=False,
    first_epoch=0,
    first_batch=0,
    skipped=None,
    data_dir=None,
):
    """Batches of content pictures and, independently of them, of style pictures.

    One iteration is an epoch. It has `ceil(n / batch_size)` batches, `n` being the
    number of pictures in the larger source: each of its pictures is seen, the last
    batch is filled up from the beginning, and the smaller source repeats. Pictures
    which cannot be read are left out and replaced by others, so that the length holds.
    Every epoch has its own order and its own crops, a function of `seed` (and of
    TensorFlow's global seed, if that is set) and of the number of the epoch alone.

    Args:
        content: Content pictures: a folder, a list of folders and files, a
            `"tfds:name[/config]:split"`, a TFRecord glob or a `tf.data.Dataset`; see
            `open_source`.
        style: Style pictures, likewise. May be the same as `content`.
        image_size: Size of the crops in pixels, an int or `(height, width)`.
        batch_size: Pictures of either kind per batch (of this worker).
        load_size: Size the crops are cut from, an int or `(height, width)`: pictures
            are shrunk (or enlarged) to the smallest size that covers it. Defaults to
            1.125 times `image_size`, to 1.5 times under strong augmentation, or to
            `image_size` when not augmenting.
        seed: Integer >= 0.
        augment: Shuffle, crop at random and mirror. `"strong"`, for small sets: zoom
            and turn a little, too, and vary the colours of content pictures; those of
            style pictures are the style. `False`, for evaluation: the pictures in the
            source's order, cropped around the centre, each time.
        cache: `True` keeps the decoded pictures in memory: for square pictures
            `n * load_size**2 * 3` bytes, 62 MB per thousand at the default size. A
            path keeps them in that folder instead, `False` decodes anew in each epoch.
            `None` keeps them in memory where both sources together, as if all their
            pictures were square, take at most a GiB, and does not keep them where
            they would take more.
        shard: `(index, count)`: this is worker `index` of `count`, and sees every
            `count`-th picture; of TFRecord and TFDS files, a part that lies together.
            All workers get the same number of batches.
        repeat: `True` puts the epochs one after the other, without end.
        first_epoch: Number of the first epoch; a training that goes on after its third
            epoch with `first_epoch=3` sees what it would have seen.
        first_batch: With `repeat`: how many batches to leave out, from the start
            of the first epoch on, over as many epochs as it takes. They are neither
            cropped nor put together; but those of an epoch that is begun are decoded
            where they are not cached, unless they were prepared, when they are only
            read: else there is no telling which of them cannot be used.
        skipped: A `SkippedFiles` that collects what was left out, and why.
        data_dir: Where TFDS keeps its data sets.

    Returns: a `tf.data.Dataset` of `(content, style)`, both float32 in [0, 1] of shape
        `(batch_size, height, width, 3)`; it knows its length.

    Raises:
        InputError: a source does not exist, is empty, or holds nothing readable.
    """
    size = as_size(image_size)
    _check(size, batch_size, augment, repeat, first_batch)
    load_size = _load_size(load_size, size, augment)
    worker, workers = shard or (0, 1)
    sources = [open_source(source, data_dir=data_dir) for source in (content, style)]
    cache = _fits(sources, workers, load_size) if cache is None else cache
    reader = _Reader(load_size, cache, skipped)
    steps = max(_ceil(_ceil(s.count, workers), batch_size) for s in sources)
    first_epoch, left_out = first_epoch + first_batch // steps, first_batch % steps
    domains = [
        _domain(source.shard(worker, workers), reader, augment, _mix(seed, worker, i))
        for i, source in enumerate(sources)
    ]

    def epoch(number):
        # For this function's graph alone: TensorFlow compares a global seed of 0 with
        # the symbolic seeds of shuffles, and fails.
        tf.random.set_seed(1)
        seen = tf.where(number == first_epoch, left_out * batch_size, 0)
        seen = tf.cast(seen, tf.int64) if left_out else 0
        streams = tuple(domain.epoch(number, seen) for domain in domains)
        return tf.data.Dataset.zip(streams).take(steps * batch_size - seen)

    dataset = _epoch_numbers(first_epoch, repeat).flat_map(epoch)
    dataset = _batches(dataset, _croppers(size, augment), batch_size)
    length = tf.data.INFINITE_CARDINALITY if repeat else steps
    dataset = dataset.apply(tf.data.experimental.assert_cardinality(length))
    return dataset.with_options(_options()).prefetch(tf.data.AUTOTUNE)


class _Reader:
    """How pictures are decoded and kept; the same for both sources."""

    def __init__(self, cover, cache, skipped):
        in_folder = isinstance(cache, (str, os.PathLike))
        store = PictureStore(cache) if in_folder else None
        self.in_memory = cache is True
        self._how = (cover, SkippedFiles() if skipped is None else skipped, store)

    def pictures(self, source):
        return source.pictures(*self._how)

    def decode(self, source, numbered, seen):
        """The pictures of `numbered` but for the first `seen`."""
        if source.certain:
            return source.decode(source.skip(numbered, seen), *self._how)
        pictures = source.decode(numbered, *self._how)
        return pictures.skip(seen)


@dataclass(frozen=True)
class _Domain:
    """The pictures of one source, and the seed of all that is random in them.

    elements: `elements(seed)`: what is decoded, in the order that belongs to a seed.
    decode: `decode(elements, seen)`: the pictures, but for the first `seen`.
    """

    elements: Callable
    decode: Callable
    seed: int

    def epoch(self, number, seen):
        """Endless `(picture, seed)`; order and seeds belong to epoch `number`.

        The first `seen` of them are left out.
        """
        pictures = self.decode(self.elements(self.seed + number).repeat(), seen)
        first = number * 2**32 + seen
        return pictures.enumerate().map(
            lambda i, picture: (picture, tf.stack([self.seed, first + i]))
        )


def _domain(source, reader, shuffled, seed):
    source = source.mixed(seed) if shuffled else source
    pictures = reader.pictures(source)
    # One more than needed, so that the first fill meets the end of small sets and
    # thereby completes their cache.
    buffer = min(source.count, SHUFFLE_BUFFER) + 1
    if reader.in_memory or not source.light:
        pictures = pictures.cache() if reader.in_memory else pictures
        ordered, mixed = pictures, partial(pictures.shuffle, buffer)
        decode = tf.data.Dataset.skip
    else:
        # Shuffled before decoding: a buffer of decoded pictures would be refilled from
        # the next round, decoding up to a whole round in vain.
        ordered, mixed = source.numbered, partial(source.shuffled, buffer)
        decode = partial(reader.decode, source)
    return _Domain(mixed if shuffled else lambda _: ordered, decode, seed)


def _epoch_numbers(first, repeat):
    """One number for each iteration over the data set; or all of them in one."""
    if repeat:
        return tf.data.Dataset.counter(first)
    numbers = itertools.count(first)

    def number(_):
        n = tf.numpy_function(lambda: np.int64(next(numbers)), (), tf.int64)
        return tf.ensure_shape(n, ())

    return tf.data.Dataset.from_tensors(0).map(number)


def _croppers(size, augment):
    """What content and style pictures go through, functions of picture and seed."""

    def centre(picture, seed):
        return centre_crop(picture, size)

    def crop(picture, seed):
        return random_crop_and_flip(picture, size, seed)

    def view(picture, seed):
        return random_view(picture, size, seed)

    def varied_view(picture, seed):
        view_seed, color_seed = tf.unstack(tf.random.split(seed, 2))
        return vary_colors(view(picture, view_seed), color_seed)

    if augment == STRONG:
        return varied_view, view
    return (crop, crop) if augment else (centre, centre)


def _batches(dataset, crops, batch_size):
    of_content, of_style = crops

    # No branch here depends on a tensor: AutoGraph would take a second to find nothing.
    @tf.autograph.experimental.do_not_convert
    def cropped(content, style):
        return of_content(*content), of_style(*style)

    @tf.autograph.experimental.do_not_convert
    def floats(content, style):
        return to_float(content), to_float(style)

    dataset = dataset.map(cropped, tf.data.AUTOTUNE)
    return dataset.batch(batch_size, drop_remainder=True).map(floats)


def _options():
    options = tf.data.Options()
    # Workers get their part by `shard`: tf.distribute must not divide it again.
    policy = tf.data.experimental.AutoShardPolicy.OFF
    options.experimental_distribute.auto_shard_policy = policy
    return options


def _load_size(load_size, size, augment):
    if load_size is None:
        margin = STRONG_MARGIN if augment == STRONG else MARGIN
        return tuple(round(margin * side) for side in size) if augment else size
    load_size = as_size(load_size)
    if load_size[0] < size[0] or load_size[1] < size[1]:
        raise InputError(
            f"load_size={load_size} is smaller than image_size={size}; make it at "
            "least as large"
        )
    return load_size


def _fits(sources, workers, load_size):
    """Whether memory shall hold a worker's pictures: a function of their number alone.

    Not of the memory that is free: a training that goes on later, or elsewhere, must
    see its pictures in the same order.
    """
    pixels = sum(_ceil(s.count, workers) for s in sources) * load_size[0] * load_size[1]
    return 3 * pixels <= CACHE_BYTES


def _check(size, batch_size, augment, repeat, first_batch):
    if min(size) < 1 or batch_size < 1:
        raise InputError(
            f"image_size={size} and batch_size={batch_size} must be at least 1"
        )
    if augment not in (True, False, STRONG):
        raise InputError(f'augment={augment!r} must be True, False or "{STRONG}"')
    if first_batch < 0 or (first_batch and not repeat):
        raise InputError(
            f"first_batch={first_batch} must be at least 0, and needs repeat=True"
        )


def _mix(*numbers):
    """One well-mixed int64 from several small numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 2)


def _ceil(n, d):
    return -(-n // d)
