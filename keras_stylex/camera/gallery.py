"""What hangs in the gallery: filters, and what they paint of a sample."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_stylex.camera.network import Network
from keras_stylex.camera.sample import sample
from keras_stylex.data.images import to_uint8
from keras_stylex.errors import InputError

FILTER, STYLIZER, ENCODER = "stylize", "stylize_with_code", "encode_style"
RAW_PIXELS, FLOATS = "uint8", "float32"


@dataclass(frozen=True)
class Exhibit:
    """A filter, or a stylizer with the encoder that gives it a style.

    Attributes:
        network: `Network` that takes frames.
        painted: `(height, width, 3)` uint8, what it paints of the sample photo.
        encoder: `Network` of the styles, or `None` for a filter.
    """

    network: Network
    painted: np.ndarray
    encoder: Network | None = None

    @property
    def title(self):
        """What to show people."""
        style = self.network.metadata.get("style")
        return style["name"] if style else "Your own style"


def find_files(paths):
    """The `.tflite` files among paths and in folders, style encoders left out.

    Raises:
        InputError: a path does not exist, or there are none.
    """
    found = [file for path in paths for file in _tflite_files(Path(path))]
    found = [file for file in found if not file.name.startswith("style_encoder")]
    if not found:
        raise InputError(
            f"{', '.join(map(str, paths))}: no .tflite files here. Make some: "
            "keras-stylex export RUN --style PAINTING --out exported"
        )
    return found


def read_exhibit(path):
    """Loads a file, and paints the sample with it.

    Raises:
        InputError: when it is none of ours, damaged, or its encoder is missing.
    """
    network = Network(path)
    if network.signature == FILTER:
        frame = sample("photo", network.size)[None]
        return Exhibit(network, _pixels(network(frame=frame)))
    if network.signature == STYLIZER:
        encoder = _encoder(Path(path))
        return Exhibit(network, _paint(network, encoder), encoder)
    raise InputError(f"{network.name}: paints no frames. Give filter_*.tflite files.")


def _tflite_files(path):
    if path.is_dir():
        return sorted(path.glob("*.tflite"))
    if not path.is_file():
        raise InputError(f"{path}: there is no such file or folder")
    return [path]


def _encoder(stylizer):
    name = stylizer.name.replace("stylizer", "style_encoder", 1)
    if name == stylizer.name or not stylizer.with_name(name).is_file():
        raise InputError(
            f"{stylizer.name}: needs the style encoder of the same export beside it."
        )
    return Network(stylizer.with_name(name))


def _paint(stylizer, encoder):
    code = encoder(style=sample("painting", encoder.size)[None])
    frame = sample("photo", stylizer.size)[None]
    full = np.ones((1, 1), "float32")
    try:
        return _pixels(stylizer(frame=frame, style_code=code, strength=full))
    except ValueError as error:
        raise InputError(
            f"{stylizer.name}: {encoder.name} is of another export."
        ) from error


def _pixels(painted):
    return painted[0] if painted.dtype == RAW_PIXELS else to_uint8(painted[0])
