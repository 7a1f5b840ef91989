"""Opens whatever holds pictures: folders, TFDS names, TFRecord files, tf.data."""

import os

import numpy as np
import tensorflow as tf

from keras_stylex.data.augment import centre_crop
from keras_stylex.data.images import list_images, to_float
from keras_stylex.data.shard_source import prepared_source, tfrecord_source
from keras_stylex.data.source import ArraySource, FileSource
from keras_stylex.errors import InputError

_TFDS, _TFRECORD = "tfds:", ".tfrecord"


def open_source(source, *, data_dir=None):
    """Opens whatever holds pictures.

    Args:
        source: One of
            - the path of a folder (with its subfolders), or of a file;
            - a folder that `keras-stylex prepare` wrote;
            - a list of such paths;
            - `"tfds:name[/config]:split"`, any TFDS data set with an `image`, for
              example `"tfds:scenes/strokes:trainA"`, which is drawn on the fly;
            - a TFRecord file or glob, its name containing `.tfrecord`, of
              `tf.train.Example`s with JPEG or PNG bytes in `image` or `image/encoded`;
            - a finite `tf.data.Dataset` of `(h, w, 3)` pictures or batches of them,
              uint8 or floats in [0, 1]; alone, first in a tuple, or under `image` (or
              first) in a dict. One of unknown length is read once to count it.
        data_dir: Where TFDS keeps its data sets. Defaults to TFDS' own folder.

    Returns: a `Source`.

    Raises:
        InputError: there is no such source, or it holds no pictures.
    """
    if isinstance(source, tf.data.Dataset):
        return dataset_source(source, "the tf.data.Dataset")
    if isinstance(source, (list, tuple)):
        return _file_source(f"the list of {len(source)} paths", source)
    name = os.fspath(source)
    if name.startswith(_TFDS):
        from keras_stylex.data.tfds_source import tfds_source

        return tfds_source(name, data_dir)
    if _TFRECORD in os.path.basename(name):
        return tfrecord_source(name)
    return prepared_source(name) or _file_source(name, [name])


def is_container(source):
    """Whether the path or name of a source is not that of picture files or folders."""
    name = os.fspath(source)
    if name.startswith(_TFDS) or _TFRECORD in os.path.basename(name):
        return True
    return prepared_source(name) is not None


def count_pictures(source, *, data_dir=None):
    """How many pictures a source lists now, those that cannot be read included.

    Nothing is downloaded or drawn.

    Args:
        source: A path or name, as for `open_source`.
        data_dir: Where TFDS keeps its data sets.

    Returns: an integer, or `None` where the source is not on this machine.
    """
    name = os.fspath(source)
    try:
        if name.startswith(_TFDS):
            from keras_stylex.data.tfds_source import prepared_count

            return prepared_count(name, data_dir)
        return open_source(name).count
    except InputError:
        return None


def load_pictures(source, count, image_size, *, skipped=None, data_dir=None):
    """The first pictures of a source, for a fixed evaluation batch.

    Args:
        source: As for `open_source`.
        count: How many; a source that has fewer gives what it has.
        image_size: Pixels, an int or `(height, width)`.
        skipped: A `SkippedFiles` that collects what was left out, and why.
        data_dir: Where TFDS keeps its data sets.

    Returns: `(n, height, width, 3)` float32 in [0, 1]: each picture at the smallest
        size which covers `image_size`, cropped around its centre.
    """
    size = as_size(image_size)
    pictures = open_source(source, data_dir=data_dir).pictures(size, skipped)
    return np.stack(
        [to_float(centre_crop(p, size).numpy()) for p in pictures.take(count)]
    )


def as_size(size):
    """`(height, width)` from an int or a pair."""
    height, width = (size, size) if np.ndim(size) == 0 else size
    return int(height), int(width)


def dataset_source(dataset, name):
    """The `Source` of a `tf.data.Dataset` of pictures."""
    images = dataset.map(lambda *element: _image_of(element))
    spec = images.element_spec
    if not isinstance(spec, tf.TensorSpec) or spec.shape.rank not in (None, 2, 3, 4):
        raise InputError(f"{name}: gives {spec}; expected pictures (height, width, 3)")
    if spec.shape.rank == 4:
        images = images.unbatch()
    return ArraySource(name, _count(images, name), images)


def _file_source(name, paths):
    files = [os.fsencode(file) for path in paths for file in list_images(path)]
    if not files:
        raise InputError(f"{name}: no pictures in it; give at least one folder")
    return FileSource(name, len(files), tf.data.Dataset.from_tensor_slices(files))


def _image_of(element):
    while isinstance(element, (tuple, dict)):
        if isinstance(element, dict):
            element = element.get("image", next(iter(element.values())))
        else:
            element = element[0]
    return element


def _count(dataset, name):
    """The number of elements, counted where the data set does not know it."""
    count = int(dataset.cardinality())
    if count == tf.data.INFINITE_CARDINALITY:
        raise InputError(f"{name}: never ends; give a part of it, dataset.take(1000)")
    if count == tf.data.UNKNOWN_CARDINALITY:
        count = _read_through(dataset, name)
    if not count:
        raise InputError(f"{name}: no pictures in it")
    return count


def _read_through(dataset, name):
    try:
        return int(dataset.reduce(np.int64(0), lambda count, _: count + 1))
    except tf.errors.OpError as error:
        reason = f"cannot be read to its end ({error.message})"
        raise InputError(f"{name}: {reason}") from error
