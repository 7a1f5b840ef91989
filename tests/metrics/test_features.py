import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.errors import InputError
from keras_stylex.metrics import open_features

IMAGES = np.random.default_rng(0).uniform(size=(3, 12, 20, 3)).astype("float32")


def average_colors(size, dtype="float32"):
    """A network whose three features are the mean of each channel."""
    pictures = keras.Input((*size, 3), batch_size=1, dtype=dtype)
    pooled = keras.layers.GlobalAveragePooling2D()(keras.ops.cast(pictures, "float32"))
    return keras.Model(pictures, pooled)


def corner(size):
    """A network whose features are the first pixel's."""
    pictures = keras.Input((*size, 3), batch_size=1)
    return keras.Model(pictures, pictures[:, 0, 0] * 2)


@pytest.fixture
def write_tflite(tmp_path, capfd):
    def write(model, name="features.tflite"):
        content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def by_pillow(image, size):
    """Cover and centre crop by another implementation."""
    scale = max(size[0] / image.shape[0], size[1] / image.shape[1])
    height, width = (round(scale * side) for side in image.shape[:2])
    channels = [
        np.asarray(Image.fromarray(c).resize((width, height), Image.BICUBIC))
        for c in np.moveaxis(image, -1, 0)
    ]
    top, left = (height - size[0]) // 2, (width - size[1]) // 2
    return np.stack(channels, -1)[top : top + size[0], left : left + size[1]]


@pytest.mark.parametrize("size", [(6, 6), (4, 10), (7, 11), (12, 20)])
def test_pictures_cover_the_size_and_are_cropped_around_their_centre(size):
    model = keras.Sequential([keras.Input((*size, 3)), keras.layers.Flatten()])
    features = open_features(model).extract(IMAGES)
    expected = [np.clip(by_pillow(image, size), 0, 1).ravel() for image in IMAGES]
    np.testing.assert_allclose(features, expected, atol=2e-2)


def test_a_keras_model_gives_its_output(tmp_path):
    average_colors((12, 20)).save(tmp_path / "model.keras")
    features = open_features(tmp_path / "model.keras")
    assert (features.dimensions, features.name) == (3, "model.keras")
    np.testing.assert_allclose(
        features.extract(IMAGES[:1]), IMAGES[:1].mean((1, 2)), rtol=1e-5
    )


def test_feature_maps_are_averaged_over_pictures_of_any_size():
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Rescaling(2)])
    features = open_features(model)
    np.testing.assert_allclose(
        features.extract(IMAGES), 2 * IMAGES.mean((1, 2)), rtol=1e-5
    )


def test_a_tflite_file_gives_its_output_in_graphs_too(write_tflite):
    features = open_features(write_tflite(average_colors((12, 20))))
    assert (features.dimensions, features.size) == (3, (12, 20))
    expected = IMAGES.mean((1, 2))
    np.testing.assert_allclose(features.extract(IMAGES), expected, rtol=1e-5)
    np.testing.assert_allclose(tf.function(features)(IMAGES), expected, rtol=1e-5)


def test_a_tflite_file_of_bytes_gets_pixels(write_tflite):
    features = open_features(write_tflite(average_colors((12, 20), "uint8")))
    expected = np.round(255 * IMAGES).mean((1, 2))
    np.testing.assert_allclose(features.extract(IMAGES), expected, rtol=1e-4)


def test_one_of_several_outputs_is_chosen_by_the_end_of_its_name(write_tflite):
    pictures = keras.Input((12, 20, 3), batch_size=1)
    pooled = keras.layers.GlobalAveragePooling2D()(pictures)
    path = write_tflite(keras.Model(pictures, [pooled, pictures[:, 0, 0] * 2]))
    values = [
        open_features(f"{path}:{number}").extract(IMAGES[:1]) for number in (0, 1)
    ]
    expected = [IMAGES[:1].mean((1, 2)), 2 * IMAGES[:1, 0, 0]]
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    with pytest.raises(InputError, match=r"has no output :7. It has: .*:1 \(1, 3\)"):
        open_features(f"{path}:7")


def test_files_that_are_no_features_are_named(write_tflite, tmp_path):
    vector = keras.Input((5,), batch_size=1)
    path = write_tflite(keras.Model(vector, keras.layers.Dense(2)(vector)))
    (tmp_path / "broken.tflite").write_bytes(b"Dear diary,")
    (tmp_path / "broken.keras").write_bytes(b"Dear diary,")
    for name, reason in (
        (path, "is no network of one picture"),
        (tmp_path / "broken.tflite", "cannot be loaded as a TFLite file"),
        (tmp_path / "broken.keras", "cannot be loaded as a Keras model"),
        (tmp_path / "none.tflite", "there is no such file"),
        (tmp_path, "there is no such file"),
    ):
        with pytest.raises(InputError) as error:
            open_features(name)
        assert str(error.value).startswith(f"{name}: {reason}")
        assert "\n" not in str(error.value)


def test_a_keras_model_of_two_pictures_is_refused():
    pictures = [keras.Input((12, 20, 3)), keras.Input((12, 20, 3))]
    model = keras.Model(pictures, keras.layers.Add()(pictures))
    with pytest.raises(InputError, match="no network of one picture"):
        open_features(model)


class Recorder:
    """In place of Inception: records what it is made of, and what it sees."""

    output_shape = (None, 3)

    def __init__(self, **options):
        self.options = options

    def __call__(self, pictures, training):
        self.pictures, self.training = np.asarray(pictures), training
        return keras.ops.mean(pictures, axis=(1, 2))


def test_by_default_they_are_inception_s_which_sees_what_it_learned_from(monkeypatch):
    monkeypatch.setattr(keras.applications, "InceptionV3", Recorder)
    black_and_white = np.stack([np.zeros((12, 20, 3)), np.ones((12, 20, 3))])
    features = open_features()
    found = features(black_and_white)
    assert (features.dimensions, features.source) == (3, "inception")
    np.testing.assert_allclose(found, [[-1] * 3, [1] * 3], atol=1e-5)
    network = features.network.__closure__[0].cell_contents
    assert network.options == {"include_top": False, "pooling": "avg"}
    assert network.pictures.shape == (2, 299, 299, 3) and network.training is False


def test_inception_that_cannot_be_downloaded_is_one_line(monkeypatch, tmp_path):
    """Keras looks for its weights behind a proxy that is not there."""
    monkeypatch.setattr(
        "keras.src.utils.file_utils.config.keras_home", lambda: tmp_path
    )
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(InputError, match="Inception cannot be downloaded") as error:
        open_features("inception")
    assert "\n" not in str(error.value)
