"""Evening out channels: the same picture, from evener features."""

import keras
import numpy as np
import pytest

from keras_stylex.export.bake import bake_filter
from keras_stylex.export.device_network import filter_network
from keras_stylex.export.equalize import CONVOLUTIONS, equalize
from keras_stylex.export.parity import compare
from keras_stylex.export.recipes import RECIPES
from keras_stylex.export.tflite import convert
from keras_stylex.export.tflite_runner import TFLiteRunner

SIZE = (32, 44)


@pytest.fixture(scope="module")
def uneven(make_generator):
    """A generator some of whose channels are a hundred times as large as others."""
    generator = make_generator()
    for layer in generator.content_encoder.downsample:
        scale = np.geomspace(0.1, 10, layer.filters)
        layer.set_weights([w * scale for w in layer.get_weights()])
    return generator


@pytest.fixture(scope="module")
def code(uneven, pictures):
    return uneven.encode_style(pictures(1, 20, 30, seed=1))


def spreads(model, frames):
    """Of each convolution, how much its largest channel outdoes its smallest."""
    outputs = [each.output for each in model.layers if isinstance(each, CONVOLUTIONS)]
    maps = keras.Model(model.inputs[0], outputs)(frames[:1])
    greatest = [np.abs(values).max((0, 1, 2)) for values in maps]
    return [values.max() / values.min() for values in greatest]


def test_the_picture_stays_and_the_channels_are_evened_out(uneven, code, pictures):
    frames = pictures(4, *SIZE)
    model = bake_filter(uneven, code, image_size=SIZE)
    before, uneven_spreads = np.asarray(model(frames[:1])), spreads(model, frames)
    equalize(model, frames)
    np.testing.assert_allclose(model(frames[:1]), before, atol=1e-5)
    even_spreads = spreads(model, frames)
    assert even_spreads[0] < 1.2 * uneven_spreads[0] ** 0.5
    assert np.log(even_spreads).mean() < 0.85 * np.log(uneven_spreads).mean()
    assert even_spreads[-1] == pytest.approx(uneven_spreads[-1], rel=1e-3)  # logits


def test_int8_comes_nearer_to_float(uneven, code, pictures):
    ramp = np.linspace(0.1, 0.9, SIZE[1])[:, None].astype("float32")
    frames = 0.7 * ramp + 0.3 * pictures(8, *SIZE)
    samples = [{"frame": frame[None]} for frame in frames]
    psnr = {}
    for name, shown in (("as it is", ()), ("evened", frames[:4])):
        network = filter_network(uneven, code, 1.0, SIZE, shown)
        runner = TFLiteRunner(convert(network, RECIPES["int8"], samples[:4]))
        painted = [runner(**sample) for sample in samples[4:]]
        expected = [network(**sample) for sample in samples[4:]]
        psnr[name] = compare(painted, expected).psnr
    assert psnr["evened"] > psnr["as it is"] + 1


def test_a_channel_that_is_always_zero_does_no_harm(uneven, code, pictures):
    model = bake_filter(uneven, code, image_size=SIZE)
    first = next(each for each in model.layers if isinstance(each, CONVOLUTIONS))
    first.set_weights([w * (np.arange(w.shape[-1]) > 0) for w in first.get_weights()])
    before = np.asarray(model(pictures(1, *SIZE)))
    equalize(model, pictures(2, *SIZE))
    np.testing.assert_allclose(model(pictures(1, *SIZE)), before, atol=1e-5)
