"""A discriminator that wins is held back, and one that does not is not."""

import numpy as np
import pytest

from keras_stylex.training.throttle import FULL, NONE, throttle

CHANCE = 1.4


@pytest.mark.parametrize(
    "share, factor", [(1.2, 1), (FULL, 1), ((FULL + NONE) / 2, 0.5), (NONE, 0), (0, 0)]
)
def test_the_factor_falls_from_1_to_0_as_the_loss_falls_below_chance(share, factor):
    loss = np.float32(share * CHANCE)
    np.testing.assert_allclose(throttle(loss, CHANCE), factor, atol=1e-5)
