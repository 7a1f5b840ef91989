"""Features that are the same for every picture."""

import keras
import numpy as np
import pytest

from keras_stylex.layers import AppendChannels


# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_channels_come_after_those_of_the_picture(tmp_path):
    rng = np.random.default_rng(0)
    x, channels = (
        rng.random((1, 3, 5, 2), "float32"),
        rng.random((1, 3, 5, 4), "float32"),
    )
    layer = AppendChannels((3, 5, 4))
    layer.set_weights([channels])
    np.testing.assert_array_equal(layer(x), np.concatenate([x, channels], -1))

    frame = keras.Input((3, 5, 2), batch_size=1)
    keras.Model(frame, layer(frame)).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), layer(x))
