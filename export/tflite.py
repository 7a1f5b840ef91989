"""From a network to the bytes of a TFLite file."""

import contextlib
import os
import tempfile
import warnings

import keras
import numpy as np
import tensorflow as tf

from keras_stylex.errors import InputError

LEAST_CALIBRATION = 4  # pictures


def convert(network, recipe, calibration=None):
    """Converts a network.

    By way of a SavedModel: of the converter's other ways, some write files without
    weights and say nothing.

    Args:
        network: `DeviceNetwork`.
        recipe: `Recipe`.
        calibration: list of dicts of input arrays by name, for an integer recipe: the
            value ranges of all layers are read off these.

    Returns: bytes.

    Raises:
        InputError: when an integer recipe gets too few pictures to calibrate on.
    """
    if recipe.integer and len(calibration or ()) < LEAST_CALIBRATION:
        raise InputError(
            f"The recipe {recipe.name} needs at least {LEAST_CALIBRATION} pictures "
            "like those the filter will see, to read value ranges off: give a folder "
            f"of them with --calibrate. Received: {len(calibration or ())}."
        )
    with tempfile.TemporaryDirectory() as folder, _quiet():
        _save(network, folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            folder, signature_keys=[network.signature]
        )
        _set_recipe(converter, recipe, network.signature, calibration)
        return converter.convert()


def _save(network, folder):
    model, output = network.model, network.output
    specs = {
        name: tf.TensorSpec(shape, "float32", name=name)
        for name, shape in network.inputs.items()
    }

    def compute(inputs):
        return {output: model([inputs[name] for name in specs])}

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(network.signature, compute, input_signature=[specs])
    archive.write_out(folder, verbose=False)


def _set_recipe(converter, recipe, signature, calibration):
    if recipe.weights != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if recipe.weights == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if recipe.integer:
        calibration = [*calibration, _full_range(calibration)]
        samples = [(signature, sample) for sample in calibration]
        converter.representative_dataset = lambda: iter(samples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.uint8
        converter.inference_output_type = tf.uint8


def _full_range(samples):
    """The sample of most contrast, stretched to reach from black to white.

    The input's range then is exactly [0, 1], and a uint8 file takes raw pixels.
    """
    most = max(samples, key=lambda sample: min(np.ptp(v) for v in sample.values()))
    return {
        name: (values - values.min()) / max(np.ptp(values), 1e-6)
        for name, values in most.items()
    }


@contextlib.contextmanager
def _quiet():
    """Keeps the converter's own notes, written by C++ too, off standard error."""
    with warnings.catch_warnings(), open(os.devnull, "w") as nowhere:
        warnings.simplefilter("ignore")
        standard_error = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
