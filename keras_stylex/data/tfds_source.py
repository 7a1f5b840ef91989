"""TFDS data sets as sources of pictures: `tfds:name[/config]:split`."""

import contextlib
import difflib
import importlib
import os
import re

import numpy as np
import tensorflow_datasets as tfds
from tensorflow_datasets.core.download import downloader

from keras_stylex.data.shard_source import ShardSource, shard_source
from keras_stylex.data.sources import dataset_source
from keras_stylex.errors import InputError

_HOW = "write it as tfds:name[/config]:split, such as tfds:cycle_gan/monet2photo:trainA"
_NAME = re.compile(r"tfds:(?P<builder>[^:]+(:\d[\d.*]*)?):(?P<split>.+)")


def tfds_source(name, data_dir=None):
    """Opens a TFDS data set with an `image` feature; prepares it first if need be.

    Args:
        name: `tfds:name[/config][:version]:split`; the split may be sliced, as in
            `trainA[:100]`. `scenes` is this package's own.
        data_dir: Where TFDS keeps its data sets. Defaults to TFDS' own folder.

    Raises:
        InputError: no such data set, configuration or split; it cannot be downloaded;
            it holds no pictures.
    """
    parts = _NAME.fullmatch(name)
    if parts is None:
        raise InputError(f"{name}: no split is named; {_HOW}")
    builder = _prepared(parts["builder"], name, data_dir)
    split = _split(builder, parts["split"], name)
    if "image" not in builder.info.features:
        features = ", ".join(builder.info.features)
        raise InputError(f"{name}: has no feature called image, only {features}")
    return _source(builder, split, name)


def prepared_count(name, data_dir=None):
    """Pictures in a split of a TFDS data set that lies on this machine, or `None`.

    Raises:
        InputError: no such data set, configuration or split.
    """
    parts = _NAME.fullmatch(name)
    if parts is None:
        raise InputError(f"{name}: no split is named; {_HOW}")
    if parts["builder"].partition("/")[0] == "scenes":
        # Registers its name with TFDS.
        importlib.import_module("keras_stylex.data.scenes.tfds_builder")
    builder = _builder(parts["builder"], name, data_dir)
    if not os.path.exists(builder.data_path):
        return None
    return builder.info.splits[_split(builder, parts["split"], name)].num_examples


def _prepared(builder_name, name, data_dir):
    family, _, config = builder_name.partition("/")
    if family == "scenes":
        from keras_stylex.data import scenes

        return scenes.builder(*[config] if config else [], data_dir=data_dir)
    builder = _builder(builder_name, name, data_dir)
    config = tfds.download.DownloadConfig(try_download_gcs=False)
    try:
        with _few_retries():
            builder.download_and_prepare(download_config=config)
    except ImportError as error:
        raise InputError(
            f"{name}: TFDS cannot prepare it ({error}); pip install {error.name}"
        ) from error
    except Exception as error:  # whatever a download or a broken archive raises
        reason = " ".join(str(error).split())[:300]
        raise InputError(
            f"{name}: TFDS cannot prepare it ({type(error).__name__}: {reason}); check "
            f"the network, or prepare it elsewhere and copy it to {builder.data_dir}"
        ) from error
    return builder


@contextlib.contextmanager
def _few_retries():
    """TFDS calls an unreachable server for minutes; a few seconds tell as much."""
    patient = downloader.MAX_RETRIES
    downloader.MAX_RETRIES = 4
    try:
        yield
    finally:
        downloader.MAX_RETRIES = patient


def _builder(builder_name, name, data_dir):
    try:
        return tfds.builder(builder_name, data_dir=data_dir, try_gcs=False)
    except Exception as error:
        family = re.split("[/:]", builder_name)[0]
        known = tfds.list_builders(with_community_datasets=False)
        if family in known:
            known = [f"{family}/{c}" for c in tfds.builder_cls(family).builder_configs]
        close = difflib.get_close_matches(builder_name, known)
        hint = f" (is it {' or '.join(close)}?)" if close else ""
        raise InputError(f"{name}: TFDS has no {builder_name}{hint}; {_HOW}") from error


def _split(builder, split, name):
    try:
        info = builder.info.splits[split]
    except Exception as error:
        known = ", ".join(builder.info.splits)
        raise InputError(f"{name}: has no split {split}, only {known}") from error
    if not info.num_examples:
        raise InputError(f"{name}: no pictures in this split")
    return split


def _source(builder, split, name):
    """Encoded bytes where the data set holds such; what it decodes to otherwise."""
    feature, info = builder.info.features["image"], builder.info
    encoded = isinstance(feature, tfds.features.Image) and np.dtype(
        feature.np_dtype
    ) in ("uint8", "uint16")
    if encoded and info.file_format == tfds.core.FileFormat.TFRECORD:
        parts = {
            os.fspath(each.filename): (each.skip, each.skip + each.take)
            for each in info.splits[split].file_instructions
        }
        if all(map(os.path.exists, parts)):  # not in some cloud
            return shard_source(name, parts, kind=_ShuffledShards, part_of=parts.get)
    # Our own cache holds decoded pictures: TFDS need not keep their bytes, too.
    config = tfds.ReadConfig(try_autocache=False)
    dataset = builder.as_dataset(
        split=split,
        decoders=tfds.decode.PartialDecoding({"image": True}),
        read_config=config,
        shuffle_files=False,
    )
    return dataset_source(dataset, name)


class _ShuffledShards(ShardSource):
    """TFDS has shuffled the pictures when it wrote them."""

    def mixed(self, seed):
        return self
