"""The manifest of a folder of prepared pictures: what was made of what, and checksums.

It is written beside the shards when all of them are complete. Until then it lies there
under another name, with the shards that are complete so far.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from keras_stylex.errors import InputError

FORMAT = "keras_stylex prepared pictures, version 1"
NAME = "manifest.json"
PARTIAL = ".partial-"  # names of what is not complete begin with it
UNFINISHED = f"{PARTIAL}manifest.json"


@dataclass(frozen=True)
class Shard:
    """A TFRecord file.

    Attributes:
        file: Its name.
        count: How many pictures it holds.
        size: Bytes.
        sha256: Checksum of the whole file.
        blocks: `(number of records, bytes)` of its blocks, see `records`.
        skipped: `(picture, reason, how many)` of those that were left out.
    """

    file: str
    count: int
    size: int
    sha256: str
    blocks: tuple
    skipped: tuple


@dataclass(frozen=True)
class Manifest:
    """All shards of a folder.

    Attributes:
        options: dict of what decides the shards' bytes.
        shards: The complete ones, by their names.
    """

    options: dict
    shards: tuple = ()

    @property
    def count(self):
        """How many pictures all shards hold."""
        return sum(shard.count for shard in self.shards)

    @property
    def skipped(self):
        """`(picture, reason, how many)` of all that were left out."""
        return [tuple(each) for shard in self.shards for each in shard.skipped]

    def with_shard(self, shard):
        """A copy with one more shard, or another of that name."""
        shards = {each.file: each for each in (*self.shards, shard)}
        ordered = tuple(shards[name] for name in sorted(shards))
        return Manifest(self.options, ordered)

    def write(self, folder, name=NAME):
        """Writes the manifest; it appears when it is complete."""
        shards = [json.dumps(asdict(shard)) for shard in self.shards]
        lines = ",\n    ".join(shards)
        text = (
            f'{{\n  "format": "{FORMAT}",\n  "options": {json.dumps(self.options)},\n'
            f'  "shards": [\n    {lines}\n  ]\n}}\n'
        )
        partial = Path(folder, f"{PARTIAL}text.json")
        try:
            partial.write_text(text)
            os.replace(partial, Path(folder, name))
        finally:
            partial.unlink(missing_ok=True)


def read_manifest(folder, name=NAME):
    """The manifest in a folder, or `None` where there is no such file.

    Raises:
        InputError: it is damaged, or another file of that name.
    """
    path = Path(folder, name)
    try:
        content = json.loads(path.read_text())
        if content["format"] != FORMAT:
            raise ValueError(f"its format is {content['format']!r}")
        shards = tuple(Shard(**shard) for shard in content["shards"])
        return Manifest(dict(content["options"]), shards)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: is no manifest of prepared pictures ({error}); prepare them "
            "again, in another folder"
        ) from error
