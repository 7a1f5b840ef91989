"""A batch in parts teaches what the batch teaches as a whole."""

import keras
import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.training import throttle as module

STEPS = 3


@pytest.fixture(scope="module")
def large_batch(batch):
    """Eight pictures of each kind, all different."""
    return np.concatenate([batch, 1 - batch[:, :, ::-1]], axis=1)


@pytest.fixture(scope="module", autouse=True)
def _throttled():
    """Every discriminator learns at about half its rate: its factor matters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FULL", 1.5)
        patch.setattr(module, "NONE", 0.5)
        yield


@pytest.fixture(scope="module")
def trained(make_gan, fit, large_batch):
    def train(parts, **options):
        sgd = [keras.optimizers.SGD(0.1) for _ in range(2)]
        model = make_gan(
            generator_optimizer=sgd[0],
            discriminator_optimizer=sgd[1],
            accumulate=parts,
            r1_interval=2,
            **options,
        )
        return model, fit(model, large_batch, STEPS)

    return train


@pytest.fixture(scope="module")
def trained_whole(trained):
    """What each batch as a whole has taught, and its logs."""
    return trained(1)


@pytest.mark.parametrize("eagerly", [True, False])
def test_parts_change_neither_weights_nor_logs(
    trained, trained_whole, assert_same_weights, eagerly
):
    whole, logs = trained_whole
    parts, logs_of_parts = trained(4, run_eagerly=eagerly)
    assert logs_of_parts == pytest.approx(logs, rel=1e-4, abs=1e-6)
    near = {"rtol": 3e-5, "atol": 1e-5}
    assert_same_weights(parts.get_weights(), whole.get_weights(), **near)
    states = [model.seed_generator.state.numpy() for model in (whole, parts)]
    np.testing.assert_array_equal(*states)


def test_a_batch_that_the_parts_do_not_divide_is_an_input_error(trained):
    with pytest.raises(InputError, match="batch of 8.*3 equal parts"):
        trained(3)
