"""Keras' and TensorFlow's own ways to save a model for serving and for devices."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.errors import InputError
from keras_stylex.export import bake_filter
from keras_stylex.export.tflite_runner import load_interpreter
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

WAYS = {
    "Keras": lambda generator, path: generator.export(path, verbose=False),
    "TensorFlow": tf.saved_model.save,
}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("dtype, atol", [("float32", 1e-5), ("mixed_float16", 2e-3)])
def test_it_takes_any_batch_and_any_size(
    way, dtype, atol, make_generator, pictures, tmp_path
):
    generator = make_generator(dtype=dtype)
    if way == "TensorFlow":
        generator([pictures(1), pictures(1)])  # it saves only what has been called
    WAYS[way](generator, str(tmp_path))
    served = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    _, specs = served.structured_input_signature
    names = sorted(specs)  # content first, whatever they are called
    for batch, size in ((1, (16, 24)), (3, (17, 25))):
        inputs = [pictures(batch, *size), pictures(batch, 20, 13, seed=1)]
        (painted,) = served(**dict(zip(names, inputs, strict=True))).values()
        np.testing.assert_allclose(painted, generator(inputs), atol=atol)


def to_litert(model, folder):
    model.export(folder / "model.tflite", format="litert", verbose=False)
    return (folder / "model.tflite").read_bytes()


def to_tflite(model, folder):
    return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def run_file(content, *inputs):
    interpreter = load_interpreter(content)
    details = interpreter.get_input_details()
    for each, values in zip(details, inputs, strict=True):
        interpreter.resize_tensor_input(each["index"], values.shape)
    interpreter.allocate_tensors()
    for each, values in zip(details, inputs, strict=True):
        interpreter.set_tensor(each["index"], values)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


@pytest.mark.parametrize("way", [to_litert, to_tflite])
def test_files_of_a_generator_take_any_batch_and_size(
    way, make_generator, pictures, tmp_path, capfd
):
    generator = make_generator()
    content = way(generator, tmp_path)
    for batch, size in ((1, (32, 44)), (2, (17, 25))):
        inputs = [pictures(batch, *size), pictures(batch, 20, 13, seed=1)]
        painted = run_file(content, *inputs)
        np.testing.assert_allclose(painted, generator(inputs), atol=1e-5)


@pytest.mark.parametrize("way", [to_litert, to_tflite])
def test_files_of_a_baked_filter_paint_what_it_paints(
    way, generator, pictures, tmp_path, capfd
):
    code = np.asarray(generator.encode_style(pictures(1, 20, 30, seed=1)))
    baked = bake_filter(generator, code, 0.9, (32, 44))
    frame = pictures(1, 32, 44)
    painted = run_file(way(baked, tmp_path), frame)
    np.testing.assert_allclose(painted, baked(frame), atol=1e-5)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
def test_a_file_that_no_device_loads_is_not_written(make_generator, tmp_path, dtype):
    generator = make_generator(dtype=dtype)
    with pytest.raises(InputError, match=r"computes in b?float16.*export_folder"):
        to_litert(generator, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_loaded_generator_is_exported_without_having_been_called(
    generator, pictures, tmp_path
):
    # 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
    with pytest.warns(DeprecationWarning):
        generator.save(tmp_path / "generator.keras")
    loaded = keras.saving.load_model(tmp_path / "generator.keras")
    loaded.export(tmp_path / "served", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "served"))
    inputs = [pictures(2), pictures(2, seed=1)]
    np.testing.assert_allclose(served.serve(inputs), generator(inputs), atol=1e-5)


def test_unknown_formats_are_refused(generator, tmp_path):
    with pytest.raises(ValueError, match="format=tflite.*litert"):
        generator.export(tmp_path / "a.tflite", format="tflite")


def test_of_a_model_in_training_the_average_is_exported(
    make_generator, pictures, tmp_path
):
    gan = StyleTransferGAN(make_generator(), Discriminator(1))
    gan.generator.set_weights([0 * w for w in gan.generator.get_weights()])
    gan.export(tmp_path / "served", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "served"))
    inputs = [pictures(2), pictures(2, seed=1)]
    np.testing.assert_allclose(served.serve(inputs), gan(inputs), atol=1e-5)
    assert len(served.variables) == len(Generator(**_config(gan)).variables)


def _config(gan):
    return gan.averaged_generator.get_config()


def test_a_model_in_training_is_not_converted_to_something_else(make_generator, capfd):
    gan = StyleTransferGAN(make_generator(), Discriminator(1))
    converter = tf.lite.TFLiteConverter.from_keras_model(gan)
    with pytest.raises(ValueError, match="input shapes have not been set"):
        converter.convert()
