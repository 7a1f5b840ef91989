"""Turns any sources into a folder of TFRecord shards that training can stream.

A shard is a function of the options and of which pictures it is made of. So a
preparation that was killed goes on with the shard it was at, and ends with the same
bytes; and all that a folder holds under its final name is complete.
"""

import contextlib
import fcntl
import hashlib
import itertools
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import tensorflow as tf

from keras_stylex.data.images import ENCODINGS
from keras_stylex.data.manifest import (
    NAME,
    PARTIAL,
    UNFINISHED,
    Manifest,
    read_manifest,
)
from keras_stylex.data.shard_writer import ShardWriter, checksum
from keras_stylex.data.sources import is_container, open_source
from keras_stylex.data.unpaired import MARGIN
from keras_stylex.errors import InputError, unwritable

_SHARDS = "pictures-*-of-*.tfrecord"


@dataclass(frozen=True)
class PrepareOptions:
    """What decides the bytes of prepared pictures, their sources apart.

    Attributes:
        size: Pixels: the side of the crops that training will cut. Pictures are kept
            an eighth larger than that on their shorter side, or as small as they are.
        encoding: `jpeg`, of high quality; or `png`, without loss, but larger.
        shard_size: How many pictures a shard is made of.
    """

    size: int = 256
    encoding: str = "jpeg"
    shard_size: int = 1000

    def __post_init__(self):
        for name in ("size", "shard_size"):
            value = getattr(self, name)
            if value < 1:
                raise InputError(f"{name} must be 1 or more. Received: {value}.")
        if self.encoding not in ENCODINGS:
            known = ", ".join(ENCODINGS)
            raise InputError(
                f"There is no encoding {self.encoding!r}. Choose one of: {known}."
            )


def prepare(
    sources, folder, options=None, *, overwrite=False, data_dir=None, progress=None
):
    """Writes the pictures of some sources as TFRecord shards, and a manifest of them.

    What the folder holds of this already is kept, unless its checksum tells that it is
    damaged.

    Args:
        sources: list of sources, see `open_source`. Folders and files are mixed.
        folder: Path of the folder to write.
        options: `PrepareOptions`.
        overwrite: Whether pictures in the folder that were prepared from something
            else, or in another way, are replaced.
        data_dir: Where TFDS keeps its data sets.
        progress: `progress(what, done, total)`, called for every picture.

    Returns: the `Manifest`.

    Raises:
        InputError: a source is not there, none of the pictures can be used, the folder
            holds something else or cannot be written.
    """
    options, folder = options or PrepareOptions(), Path(folder)
    opened = _open(sources, data_dir)
    new = Manifest({**asdict(options), **_description(sources, opened)})
    work = _Preparation(opened, folder, options, progress or _silent)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            return work.complete(_what_is_there(folder, new, overwrite))
    except (OSError, tf.errors.OpError) as error:
        raise unwritable(folder, error) from error


class _Preparation:
    """The work of one call of `prepare`."""

    def __init__(self, sources, folder, options, progress):
        self.sources, self.folder, self.progress = sources, folder, progress
        self.options = options
        self.listed = sum(source.count for source in sources)
        count = -(-self.listed // options.shard_size)
        self.names = [f"pictures-{n:05}-of-{count:05}.tfrecord" for n in range(count)]

    def complete(self, manifest):
        manifest = self._sound(manifest)
        sound = {shard.file for shard in manifest.shards}
        missing = [n for n, name in enumerate(self.names) if name not in sound]
        if missing:
            manifest = self._write(manifest, missing)
        if not manifest.count:
            self._refuse(manifest)
        if missing or not (self.folder / NAME).exists():
            manifest.write(self.folder, NAME)
        (self.folder / UNFINISHED).unlink(missing_ok=True)
        return manifest

    def _sound(self, manifest):
        """The manifest without shards that are missing or damaged."""
        sound = Manifest(manifest.options)
        for n, shard in enumerate(manifest.shards):
            path = self.folder / shard.file
            self.progress("checking what is there", n, len(manifest.shards))
            if path.exists() and checksum(path) == shard.sha256:
                sound = sound.with_shard(shard)
        return sound

    def _write(self, manifest, missing):
        manifest.write(self.folder, UNFINISHED)
        side = round(MARGIN * self.options.size)
        writer = ShardWriter(self.folder, side, self.options.encoding)
        with contextlib.closing(writer):
            for n, items in self._shards(missing):
                manifest = manifest.with_shard(writer.write(self.names[n], items))
                manifest.write(self.folder, UNFINISHED)
        return manifest

    def _shards(self, missing):
        """`(number of the shard, its pictures)` of those that are missing, in order."""
        size = self.options.shard_size
        pictures = self._pictures(missing[0] * size)
        shards = itertools.groupby(pictures, lambda picture: picture[0] // size)
        number, items = next(shards, (None, ()))
        for wanted in missing:
            while number is not None and number < wanted:
                number, items = next(shards, (None, ()))
            # A shard of which the sources lost every picture has none.
            yield wanted, (i[1:] for i in (items if number == wanted else ()))

    def _pictures(self, start):
        """`(number among all, source, its number there, item)` from `start` on."""
        first = 0
        for source in self.sources:
            if start < first + source.count:
                pairs = source.from_number(max(0, start - first))
                for index, item in pairs.as_numpy_iterator():
                    self.progress("preparing", first + int(index), self.listed)
                    yield first + int(index), source, index, item
            first += source.count

    def _refuse(self, manifest):
        _clear(self.folder)
        picture, reason, _ = manifest.skipped[0]
        raise InputError(
            f"none of the {self.listed} pictures can be used, for example {picture}: "
            f"{reason}"
        )


def _open(sources, data_dir):
    """Folders and files as one source, mixed; then the others."""
    files = [source for source in sources if not is_container(source)]
    others = [source for source in sources if is_container(source)]
    opened = [open_source(source, data_dir=data_dir) for source in others]
    return ([open_source(files).mixed(0)] if files else []) + opened


def _description(sources, opened):
    """What is prepared, as far as it can be told without reading all of it."""
    state = hashlib.sha256()
    for source in opened:
        for part in source.state():
            state.update(part + b"\0")
    names = [os.path.normpath(source) for source in sources]
    return {"sources": names, "state": state.hexdigest()}


@contextlib.contextmanager
def _alone_in(folder):
    """Refuses to work where another process does; a killed one leaves no trace."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InputError(
            f"{folder}: another process prepares pictures there; wait for it"
        ) from error
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        os.close(handle)


def _what_is_there(folder, new, overwrite):
    """The manifest of what the folder holds of `new`; makes room for it if need be."""
    found = read_manifest(folder) or read_manifest(folder, UNFINISHED)
    if found is None:
        others = [each for each in os.listdir(folder) if not each.startswith(PARTIAL)]
        if others:
            raise InputError(
                f"{folder}: holds something else, such as {min(others)}; choose "
                "another folder for prepared pictures"
            )
    elif found.options == new.options:
        return found
    elif not overwrite:
        raise InputError(
            f"{folder}: holds pictures that were prepared otherwise "
            f"({_difference(found.options, new.options)}); choose another folder, or "
            "--overwrite them"
        )
    else:
        _clear(folder)
    return new


def _difference(old, new):
    name = next(name for name in new if old.get(name) != new[name])
    if name == "state":
        return "the pictures have changed since"
    return f"{name} was {old.get(name)} and is {new[name]} now"


def _clear(folder):
    """Removes what `prepare` wrote; the manifest first, which says that it is whole."""
    for path in (folder / NAME, *folder.glob(_SHARDS), folder / UNFINISHED):
        path.unlink(missing_ok=True)


def _silent(what, done, total):
    pass
