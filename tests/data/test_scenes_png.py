import io

import numpy as np
import pytest
from PIL import Image

from keras_stylex.data.scenes.png import encode_png

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1), (24, 37)])
def test_pillow_reads_the_same_picture(size):
    image = RNG.integers(0, 256, (*size, 3), "uint8")
    read = Image.open(io.BytesIO(encode_png(image)))
    assert read.format == "PNG" and read.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(read), image)


def test_tensorflow_reads_the_same_picture():
    import tensorflow as tf

    image = RNG.integers(0, 256, (12, 9, 3), "uint8")
    np.testing.assert_array_equal(tf.io.decode_png(encode_png(image)), image)


def test_smooth_pictures_become_small():
    image = np.linspace(0, 200, 64).astype("uint8")[None, :, None]
    image = np.broadcast_to(image, (64, 64, 3))
    assert len(encode_png(image)) < image.size / 20
