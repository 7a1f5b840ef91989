"""Paints with what was exported, so that people see what ships."""

from pathlib import Path

import numpy as np
from PIL import Image

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.errors import InputError
from keras_stylex.export.tflite_runner import TFLiteRunner
from keras_stylex.models.style_codes import mix_styles


class FilterPainter:
    """Paints with a TFLite filter, at the filter's own size.

    A picture is scaled to fit, as a camera's frame would be, and what the frame has
    besides is filled with its border and cut off again.

    Args:
        path: Path of a `.tflite` file that `export` wrote.

    Raises:
        InputError: when it is none of ours, or takes styles.
    """

    def __init__(self, path):
        self.runner = load_runner(path)
        if set(self.runner.inputs) != {"frame"}:
            raise InputError(
                f"{path}: takes {', '.join(self.runner.inputs)}; painting needs a file "
                "with one style folded in, such as filter_*_int8.tflite."
            )
        (details,) = self.runner.inputs.values()
        self.size = tuple(int(side) for side in details["shape"][1:3])

    def __call__(self, picture):
        """`(height, width, 3)`, [0, 1], to a picture that fits the filter's size."""
        frame, (height, width) = fit_frame(picture, self.size)
        return self.runner(frame=frame[None])[0, :height, :width]


class SavedModelPainter:
    """Paints with a SavedModel that `export` wrote, pictures of any size.

    Args:
        folder: Path of the SavedModel, or of the folder that holds its versions.
        references: list of `(height, width, 3)` pictures, [0, 1]: one style.
        weights: list of floats, or `None`: how much each reference counts.
        strength: Float in [0, 1].

    Raises:
        InputError: when it is none of ours.
    """

    def __init__(self, folder, references, weights=None, strength=1.0):
        import tensorflow as tf

        try:
            self.model = tf.saved_model.load(str(latest_version(folder)))
            self.signatures = self.model.signatures
            encode, self.stylize = (
                self.signatures[name] for name in ("encode_style", "stylize_with_code")
            )
        except (OSError, KeyError, ValueError) as error:
            raise InputError(f"{folder}: is no SavedModel of ours ({error})") from error
        codes = [
            encode(style=tf.constant(picture[None]))["style_code"]
            for picture in references
        ]
        weights = [1.0] * len(codes) if weights is None else weights
        code = mix_styles(np.concatenate(codes), weights)
        self.code = np.asarray(code)
        self.strength = np.full((1, 1), strength, "float32")

    def __call__(self, picture):
        """`(height, width, 3)`, [0, 1], to a picture of the same size."""
        import tensorflow as tf

        outputs = self.stylize(
            content=tf.constant(picture[None]),
            style_code=tf.constant(self.code),
            strength=tf.constant(self.strength),
        )
        return outputs["stylized"].numpy()[0]


def load_runner(path):
    """The `TFLiteRunner` of a file.

    Raises:
        InputError: when it cannot be read, or is no TFLite file; names it.
    """
    try:
        return TFLiteRunner(Path(path).read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def is_saved_model(folder):
    """Whether a folder is a SavedModel, or holds versions of one."""
    return latest_version(folder) is not None


def latest_version(folder):
    """The SavedModel in a folder: itself, or its highest version; `None` for none."""
    folder = Path(folder)
    if (folder / "saved_model.pb").is_file():
        return folder
    versions = [p.parent for p in folder.glob("[0-9]*/saved_model.pb")]
    return max(versions, key=lambda p: int(p.name), default=None)


def fit_frame(picture, size):
    """Scales a picture to fit `size`, and repeats its border to fill the rest.

    Returns: `(frame, (height, width))`: the frame, and how much of it is the picture.
    """
    scale = min(size[0] / picture.shape[0], size[1] / picture.shape[1])
    height, width = (
        min(whole, max(1, round(side * scale)))
        for side, whole in zip(picture.shape[:2], size, strict=True)
    )
    image = Image.fromarray(to_uint8(picture))
    scaled = image.resize((width, height), Image.Resampling.LANCZOS)
    rest = (0, size[0] - height), (0, size[1] - width), (0, 0)
    return np.pad(to_float(np.asarray(scaled)), rest, mode="edge"), (height, width)
