"""Paints with what was exported, so that people see what ships."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.errors import InputError
from keras_stylex.export.tflite_runner import TFLiteRunner
from keras_stylex.models.style_codes import check_strength, mix_references

STYLIZE_WITH_CODE = "stylize_with_code"  # the signature that takes any style


class FilterPainter:
    """Paints with a TFLite filter, at the filter's own size.

    A picture is scaled to fit, as a camera's frame would be, and what the frame has
    besides is filled with its border and cut off again.

    Args:
        path: Path of a `.tflite` file that `export` wrote.

    Raises:
        InputError: when it is no filter of ours; names it.
    """

    def __init__(self, path):
        self.runner = load_runner(path, "stylize", "filter_*.tflite")
        self.size = _size(self.runner, "frame")

    def __call__(self, picture):
        """`(height, width, 3)`, [0, 1], to a picture that fits the filter's size."""
        frame, (height, width) = fit_frame(picture, self.size)
        return self.runner(frame=frame[None])[0, :height, :width]


class PairPainter:
    """Paints with the stylizer of a pair, at its own size as `FilterPainter` does.

    The style encoder must lie beside it, under the name that `export` gave it:
    `style_encoder_float16.tflite` with `stylizer_float16.tflite`.

    Args:
        path: Path of the pair's stylizer, a `.tflite` file that `export` wrote.
        references: list of `(height, width, 3)` pictures, [0, 1]: one style.
        weights: list of floats, or `None`: how much each reference counts.
        strength: Float in [0, 1].

    Raises:
        InputError: when a file is missing or none of ours, or weights or strength
            cannot be used.
    """

    def __init__(self, path, references, weights=None, strength=1.0):
        check_strength(strength)
        self.runner = load_runner(path, STYLIZE_WITH_CODE, "stylizer_*.tflite")
        encoder = _encoder_beside(path)
        self.encoder = load_runner(encoder, "encode_style", "style_encoder_*.tflite")
        _, code = self.encoder.output
        if tuple(code["shape"]) != tuple(self.runner.inputs["style_code"]["shape"]):
            raise InputError(f"{encoder}: is of another export than {path}.")
        self.size = _size(self.runner, "frame")
        self.style = {
            "style_code": mix_references(self, references, weights),
            "strength": np.full((1, 1), strength, "float32"),
        }

    def encode_style(self, pictures):
        """The style code of `(1, height, width, 3)`, cut to the encoder's shape."""
        frame = cover_frame(pictures[0], _size(self.encoder, "style"))
        return self.encoder(style=frame[None])

    def __call__(self, picture, strength=None):
        """`(height, width, 3)`, [0, 1], to a picture that fits the stylizer's size.

        Another `strength` holds for this picture alone.
        """
        frame, (height, width) = fit_frame(picture, self.size)
        style = dict(self.style)
        if strength is not None:
            style["strength"] = np.full((1, 1), strength, "float32")
        return self.runner(frame=frame[None], **style)[0, :height, :width]


class SavedModelPainter:
    """Paints with a SavedModel that `export` wrote, pictures of any size.

    Args:
        folder: Path of the SavedModel, or of the folder that holds its versions.
        references: list of `(height, width, 3)` pictures, [0, 1]: one style.
        weights: list of floats, or `None`: how much each reference counts.
        strength: Float in [0, 1].

    Raises:
        InputError: when it is none of ours, or weights or strength cannot be used.
    """

    def __init__(self, folder, references, weights=None, strength=1.0):
        import tensorflow as tf

        check_strength(strength)
        try:
            self.model = tf.saved_model.load(str(latest_version(folder)))
            self.encode, self.stylize = (
                self.model.signatures[name]
                for name in ("encode_style", STYLIZE_WITH_CODE)
            )
        except Exception as error:  # TensorFlow raises anything on damaged files
            reason = " ".join(str(error).split())[:200]
            raise InputError(
                f"{folder}: is no SavedModel of ours, or a damaged one ({reason})"
            ) from error
        self.code = mix_references(self, references, weights)
        self.strength = np.full((1, 1), strength, "float32")

    def encode_style(self, pictures):
        """The style codes of `(batch, height, width, 3)` pictures."""
        return self.encode(style=pictures)["style_code"]

    def __call__(self, picture, strength=None):
        """`(height, width, 3)`, [0, 1], to a picture of the same size.

        Another `strength` holds for this picture alone.
        """
        import tensorflow as tf

        strength = self.strength if strength is None else [[strength]]
        outputs = self.stylize(
            content=tf.constant(picture[None]),
            style_code=tf.constant(self.code),
            strength=tf.constant(strength, tf.float32),
        )
        return outputs["stylized"].numpy()[0]


def load_runner(path, signature=None, kind="one"):
    """The `TFLiteRunner` of a file.

    Args:
        path: Path of the file.
        signature: String, the signature it must have, or `None` for any.
        kind: String, what to give instead.

    Raises:
        InputError: when it cannot be read, is no TFLite file, or has another
            signature; names it.
    """
    try:
        runner = TFLiteRunner(Path(path).read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    if signature not in (None, runner.signature):
        raise InputError(
            f"{path}: its signature is {runner.signature}, not {signature}. Give a "
            f"{kind} that `export` wrote."
        )
    return runner


def takes_style(path):
    """Whether a TFLite file is the stylizer of a pair.

    Raises:
        InputError: as `load_runner`.
    """
    return load_runner(path).signature == STYLIZE_WITH_CODE


def files_of(path):
    """The TFLite files that a painter reads: a filter, or a pair's two.

    Raises:
        InputError: as `PairPainter`.
    """
    return [path, _encoder_beside(path)] if takes_style(path) else [path]


def _encoder_beside(stylizer):
    """The style encoder that was exported with a stylizer; raises `InputError`."""
    stylizer = Path(stylizer)
    name = stylizer.name.replace("stylizer", "style_encoder", 1)
    if name == stylizer.name:
        raise InputError(
            f"{stylizer}: was renamed, so its style encoder cannot be found: name the "
            "two as `export` did, stylizer_*.tflite and style_encoder_*.tflite."
        )
    if not stylizer.with_name(name).is_file():
        raise InputError(f"{stylizer}: needs {name} of the same export beside it.")
    return stylizer.with_name(name)


def _size(runner, name):
    return tuple(int(side) for side in runner.inputs[name]["shape"][1:3])


def is_saved_model(folder):
    """Whether a folder is a SavedModel, or holds versions of one."""
    return latest_version(folder) is not None


def latest_version(folder):
    """The SavedModel in a folder: itself, or its highest version; `None` for none."""
    folder = Path(folder)
    if (folder / "saved_model.pb").is_file():
        return folder
    files = folder.glob("*/saved_model.pb")
    versions = [file.parent for file in files if file.parent.name.isdecimal()]
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


def cover_frame(picture, size):
    """Scales a picture to cover `size`, and cuts off what juts out on both sides."""
    image = Image.fromarray(to_uint8(picture))
    height, width = size
    fitted = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return to_float(np.asarray(fitted))
