"""Keras' and TensorFlow's own ways to save a generator for serving."""

import numpy as np
import pytest
import tensorflow as tf

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
    generator([pictures(1), pictures(1)])  # Keras exports only what has been called
    WAYS[way](generator, str(tmp_path))
    served = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    _, specs = served.structured_input_signature
    names = sorted(specs)  # content first, whatever they are called
    for batch, size in ((1, (16, 24)), (3, (17, 25))):
        inputs = [pictures(batch, *size), pictures(batch, 20, 13, seed=1)]
        (painted,) = served(**dict(zip(names, inputs, strict=True))).values()
        np.testing.assert_allclose(painted, generator(inputs), atol=atol)
