"""A TFLite file of ours, read and run without TensorFlow."""

import json
from functools import cached_property
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from ai_edge_litert.tools import flatbuffer_utils

from keras_stylex.data.images import to_float
from keras_stylex.errors import InputError

METADATA_NAME = b"keras_stylex"


class Network:
    """What `export` wrote into a `.tflite` file.

    Args:
        path: Path of the file.

    Attributes:
        name: Name of the file.
        content: Its bytes: what was looked at is what is served.
        metadata: The dict that `export` put in.

    Raises:
        InputError: when it cannot be read, is damaged, or none of ours.
    """

    def __init__(self, path):
        self.name = Path(path).name
        self.content = _read(path)
        try:
            self._interpreter = Interpreter(model_content=self.content)
            self._interpreter.allocate_tensors()
            self.metadata = _metadata(self.content)
        except (RuntimeError, ValueError) as error:
            raise InputError(
                f"{self.name}: is damaged, or no TFLite file. Export it again."
            ) from error
        if not _describes(self.metadata, self._interpreter.get_signature_list()):
            raise InputError(
                f"{self.name}: is none of ours, it does not say what it takes. Give "
                "files that `keras-stylex export` wrote."
            )

    @property
    def signature(self):
        """Name of its signature."""
        return self.metadata["signature"]

    @property
    def size(self):
        """`(height, width)` of the picture it takes."""
        return tuple(next(iter(self.metadata["inputs"].values()))[1:3])

    @cached_property
    def dtype(self):
        """Type of the picture it takes: `uint8` or `float32`."""
        return np.dtype(self._inputs[next(iter(self._inputs))]["dtype"]).name

    def __call__(self, **inputs):
        """Arrays by input name, pictures as uint8, to its output as it is."""
        given = {name: self._as_taken(name, value) for name, value in inputs.items()}
        return self._run(**given)[self.metadata["output"]]

    def _as_taken(self, name, value):
        takes_floats = self._inputs[name]["dtype"] == np.float32
        return to_float(value) if takes_floats and value.dtype == "uint8" else value

    @cached_property
    def _run(self):
        return self._interpreter.get_signature_runner(self.signature)

    @cached_property
    def _inputs(self):
        return self._run.get_input_details()


def _read(path):
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _metadata(content):
    """The dict that `export` put into a sound TFLite file, or `None`."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    for entry in model.metadata or []:
        if entry.name == METADATA_NAME:
            return json.loads(bytes(model.buffers[entry.buffer].data))
    return None


def _describes(metadata, signatures):
    """Does the metadata hold what is needed here, and is it of this network?"""
    try:
        signature = signatures[metadata["signature"]]
        names = [metadata["recipe"]["name"]]
        names += [metadata["style"]["name"]] if metadata.get("style") else []
        _, *size, _ = next(iter(metadata["inputs"].values()))
        return (
            set(metadata["inputs"]) == set(signature["inputs"])
            and metadata["output"] in signature["outputs"]
            and all(isinstance(name, str) for name in names)
            and [type(side) for side in size] == [int, int]
        )
    except (AttributeError, KeyError, StopIteration, TypeError, ValueError):
        return False
