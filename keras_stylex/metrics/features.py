"""What describes a picture for KID and FID: any network, by name, path or itself."""

import re
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_stylex.data.images import to_uint8
from keras_stylex.errors import InputError

INCEPTION = "inception"
_INCEPTION_SIZE = (299, 299)
_BATCH = 16


class FeatureExtractor:
    """Brings pictures to one size and describes each by numbers.

    Pictures cover the network's size, bicubically and antialiased, and are cropped
    around their centre: whatever size they come in, results and references are treated
    alike.

    Args:
        network: Function of a `(batch, height, width, 3)` tensor, [0, 1], that gives
            `(batch, dimensions)`.
        size: `(height, width)` of its pictures, or `None` for any.
        dimensions: Integer.
        name: String, for people.
        source: What `open_features` opened, a string; `None` for a model in memory.

    Call arguments:
        images: `(batch, h, w, 3)` floats in [0, 1].

    Returns: a `(batch, dimensions)` float32 tensor.
    """

    def __init__(self, network, size, dimensions, name, source=None):
        self.source = source
        self.network = network
        self.size = size
        self.dimensions = dimensions
        self.name = name

    def __call__(self, images):
        images = ops.convert_to_tensor(images, "float32")
        if self.size is not None:
            images = cover(images, self.size)
        return ops.cast(self.network(images), "float32")

    def extract(self, images, track=iter):
        """Features of many pictures, NumPy, a few at a time.

        Args:
            images: `(count, h, w, 3)`.
            track: Goes through a list, for example with a progress bar.
        """
        starts = list(range(0, len(images), _BATCH))
        parts = [self(images[i : i + _BATCH]) for i in track(starts)]
        return np.concatenate([ops.convert_to_numpy(part) for part in parts])


def open_features(model=INCEPTION):
    """The features of a network.

    Args:
        model: One of
            - `"inception"`, the default: InceptionV3 with ImageNet weights, which Keras
              downloads once, 2048 features before its classes;
            - the path of a `.keras` file, or a Keras model: of one picture input,
              floats in [0, 1]; feature maps are averaged over the picture;
            - the path of a `.tflite` file of the same kind (uint8 pictures, too).
              Where it has several outputs, the first, or the one whose name ends in
              `:N` for `path.tflite:N`.

    Returns: a `FeatureExtractor`.

    Raises:
        InputError: when there is no such file, it is none of these, or the weights
            cannot be downloaded.
    """
    if isinstance(model, keras.Model):
        return _keras_features(model, model.name)
    features = _inception() if str(model) == INCEPTION else _file_features(model)
    features.source = str(model)
    return features


def _file_features(model):
    path, output = re.fullmatch(r"(.*?)(?:(?<=\.tflite)(:\d+))?", str(model)).groups()
    if not Path(path).is_file():
        raise InputError(
            f"{path}: there is no such file. Give a .keras or .tflite file, or "
            f"{INCEPTION}."
        )
    if path.lower().endswith(".tflite"):
        return _tflite_features(path, output)
    return _keras_file(path)


def cover(images, size):
    """Pictures at the smallest size that covers `size`, cropped around their centre."""
    height, width = images.shape[1:3]
    if (height, width) == tuple(size):
        return images
    scale = max(size[0] / height, size[1] / width)
    target = [round(scale * height), round(scale * width)]
    images = ops.image.resize(images, target, interpolation="bicubic", antialias=True)
    top, left = (target[0] - size[0]) // 2, (target[1] - size[1]) // 2
    images = images[:, top : top + size[0], left : left + size[1]]
    return ops.clip(images, 0, 1)


def _inception():
    try:
        network = keras.applications.InceptionV3(include_top=False, pooling="avg")
    except Exception as error:  # whatever the download raises
        reason = " ".join(str(error).split())[:120]
        raise InputError(
            f"The weights of Inception cannot be downloaded ({reason}). Give a "
            ".keras or .tflite file of your own, or leave KID and FID out."
        ) from error
    return FeatureExtractor(
        lambda images: network(2 * images - 1, training=False),
        _INCEPTION_SIZE,
        network.output_shape[-1],
        "InceptionV3 (ImageNet)",
    )


def _keras_file(path):
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises anything at all on damaged files
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"{path}: cannot be loaded as a Keras model ({reason}). Give a .keras or "
            ".tflite file."
        ) from error
    return _keras_features(model, Path(path).name)


def _keras_features(model, name):
    shapes = (getattr(model, "input_shape", None), getattr(model, "output_shape", None))
    if not _describes(*shapes):
        raise InputError(
            f"{name}: is no network of one picture that gives features: it maps "
            f"{shapes[0]} to {shapes[1]}"
        )
    axes = tuple(range(1, len(shapes[1]) - 1))

    def network(images):
        features = model(images, training=False)
        return ops.mean(features, axis=axes) if axes else features

    return FeatureExtractor(network, _size(shapes[0]), shapes[1][-1], name)


def _describes(inputs, outputs):
    """Whether shapes are those of one picture and of numbers."""
    if not all(isinstance(shape, tuple) for shape in (inputs, outputs)):
        return False
    return len(inputs) == 4 and inputs[-1] == 3 and len(outputs) in (2, 4)


def _size(shape):
    return None if None in shape[1:3] else tuple(shape[1:3])


def _tflite_features(path, suffix):
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_path=path)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(
            f"{path}: cannot be loaded as a TFLite file ({reason}). Copy it again."
        ) from error
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
    chosen = [o for o in outputs if o["name"].endswith(suffix or "")]
    if not chosen:
        names = ", ".join(f"{o['name']} {tuple(map(int, o['shape']))}" for o in outputs)
        raise InputError(f"{path}: has no output {suffix}. It has: {names}.")
    return _of_tensors(path, interpreter, inputs, chosen[0])


def _of_tensors(path, interpreter, inputs, output):
    """The features that one output of a TFLite file gives, picture by picture."""
    shapes = [tuple(map(int, t["shape"])) for t in (inputs[0], output)]
    types = inputs[0]["dtype"], output["dtype"]
    if (
        len(inputs) > 1
        or not _describes(*shapes)
        or types[0] not in (np.float32, np.uint8)
        or types[1] != np.float32
    ):
        raise InputError(
            f"{path}: is no network of one picture that gives features: it maps "
            f"{shapes[0]} {types[0].__name__} to {shapes[1]} {types[1].__name__}"
        )
    dimensions = shapes[1][-1]

    def describe(image):
        image = to_uint8(image) if types[0] == np.uint8 else image
        interpreter.set_tensor(inputs[0]["index"], image[None])
        interpreter.invoke()
        return interpreter.get_tensor(output["index"]).reshape(-1, dimensions).mean(0)

    def network(images):
        features = tf.numpy_function(
            lambda batch: np.stack([describe(image) for image in batch]),
            [images],
            tf.float32,
        )
        return tf.ensure_shape(features, (images.shape[0], dimensions))

    name = f"{Path(path).name}, output {output['name']}"
    return FeatureExtractor(network, shapes[0][1:3], dimensions, name)
