"""The checkpoints of a run: files with all that its training needs to go on."""

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from keras_stylex import __version__
from keras_stylex.errors import InputError
from keras_stylex.training.durable_file import durable_file
from keras_stylex.training.position import Position
from keras_stylex.training.run_config import FIXED
from keras_stylex.training.training_state import restore_state, state_variables

FORMAT = 1
KEPT = 3  # checkpoints
MANIFEST = "manifest"


class CheckpointWarning(UserWarning):
    """A checkpoint cannot be used; training goes on without it."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that was read.

    Attributes:
        file: Path it was read from.
        arrays: dict, the values of `state_variables` by name.
        position: `Position`.
        options: dict, the options of the run it was made with.
        version: That of the package that made it.
        paths: dict, what Keras called each variable.
    """

    file: Path
    arrays: dict
    position: Position
    options: dict
    version: str
    paths: dict

    def check(self, config):
        """Compares the options it was made with to those of the run.

        Raises:
            InputError: which options differ.
        """
        differing = [
            f"{name} is {self.options.get(name)} there and {getattr(config, name)} here"
            for name in FIXED
            if self.options.get(name) != getattr(config, name)
        ]
        if differing:
            raise InputError(
                f"{self.file}: is of another run: {'; '.join(differing)}. Put back "
                "the run.json or the checkpoints that belong here."
            )

    def restore(self, model):
        """Gives a model all variables; see `restore_state`.

        Raises:
            InputError: which variables differ.
        """
        differing = self._differing(model)
        if differing:
            more = f", and {len(differing) - 3} more" if len(differing) > 3 else ""
            raise InputError(
                f"{self.file}: was made by keras_stylex {self.version}, and does not "
                f"fit {__version__}, the one here: {'; '.join(differing[:3])}{more}. "
                "Install that version, or start another run."
            )
        restore_state(model, self.arrays)

    def _differing(self, model):
        here = {
            name: (variable.path, tuple(variable.shape))
            for name, variable in state_variables(model).items()
        }
        there = {
            name: (self.paths[name], array.shape) for name, array in self.arrays.items()
        }
        differing = []
        for name in {**here, **there}:
            path, shape = here.get(name, (None, None))
            other, other_shape = there.get(name, (None, None))
            if shape != other_shape:
                differing.append(
                    f"{path or other} is {shape or 'not'} here and "
                    f"{other_shape or 'not'} there"
                )
        return differing


class Checkpoints:
    """The folder of a run's checkpoints, of which the newest few are kept.

    A checkpoint is an `.npz` file: an array for each variable, and a manifest in JSON.
    It is written aside and renamed. Each array has a checksum (CRC-32, that of zip
    files), which is compared when it is read.

    Args:
        folder: Path.
        kept: Integer, how many are kept.
    """

    def __init__(self, folder, kept=KEPT):
        self.folder = Path(folder)
        self.kept = kept

    @property
    def files(self):
        """Paths of all checkpoints, the newest first."""
        return sorted(self.folder.glob("step_*.npz"), reverse=True)

    def write(self, arrays, paths, position, config):
        """Writes a checkpoint and removes the oldest ones.

        Args:
            arrays: dict, as `state_arrays` returned them.
            paths: dict, what Keras calls each variable.
            position: `Position`.
            config: `RunConfig`.

        Returns: its path.
        """
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "options": asdict(config),
            "position": asdict(position),
            "paths": paths,
        }
        encoded = np.frombuffer(json.dumps(manifest).encode(), "uint8")
        file = self.folder / f"step_{position.step:08d}.npz"
        with durable_file(file) as partial, open(partial, "wb") as stream:
            np.savez(stream, **arrays, **{MANIFEST: encoded})
        for old in self.files[self.kept :]:
            old.unlink()
        return file

    def newest(self):
        """The newest checkpoint that is whole, or `None` where there is none at all.

        Warns of each damaged one that is passed over.

        Raises:
            InputError: all are damaged, or one was made by a newer version.
        """
        damaged = []
        for file in self.files:
            try:
                checkpoint = read_checkpoint(file)
            except InputError:
                raise
            except Exception as error:  # zipfile raises anything on damaged files
                damaged.append((file, " ".join(str(error).split())[:100]))
                continue
            for bad, reason in damaged:
                warnings.warn(
                    f"{bad}: is damaged ({reason}); going on from {file.name}",
                    CheckpointWarning,
                    stacklevel=2,
                )
            return checkpoint
        if damaged:
            raise InputError(
                "{}: is damaged ({}), and there is no older checkpoint. Copy it again, "
                "or start another run.".format(*damaged[-1])
            )
        return None


def read_checkpoint(file):
    """Reads a checkpoint.

    Raises:
        InputError: when a newer version made it.
        Exception: of any kind, when it is damaged.
    """
    with open(file, "rb") as stream, np.load(stream, allow_pickle=False) as content:
        arrays = {name: content[name] for name in content.files}
    manifest = json.loads(arrays.pop(MANIFEST).tobytes())
    if manifest["format"] > FORMAT:
        raise InputError(
            f"{file}: was made by keras_stylex {manifest['version']}, newer than "
            f"{__version__}, the one here; install that version"
        )
    if manifest["paths"].keys() != arrays.keys():
        raise ValueError("some variables are missing")
    return Checkpoint(
        file=file,
        arrays=arrays,
        position=Position(**manifest["position"]),
        options=manifest["options"],
        version=manifest["version"],
        paths=manifest["paths"],
    )
