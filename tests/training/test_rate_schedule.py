"""Learning rates follow their formula, whenever they are asked."""

import math

import keras
import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.training.rate_schedule import RateSchedule


def rates(*arguments, **options):
    schedule = RateSchedule(*arguments, **options)
    return [float(schedule(step)) for step in (0, 1, 3, 4, 8, 12, 20)]


def test_without_a_shape_the_rate_stays():
    np.testing.assert_allclose(rates(0.5), [0.5] * 7)


@pytest.mark.parametrize("shape", ["constant", "linear", "cosine"])
def test_the_warm_up_rises_in_equal_steps(shape):
    warmed = rates(0.4, shape, 12, warmup_steps=4)
    np.testing.assert_allclose(warmed[:4], [0.1, 0.2, 0.4, 0.4], rtol=1e-6)


def test_linear_falls_to_zero_at_the_last_step():
    falling = rates(0.4, "linear", 12, warmup_steps=4)
    np.testing.assert_allclose(falling[3:], [0.4, 0.2, 0, 0], atol=1e-7)


def test_cosine_falls_along_half_a_wave():
    expected = [0.2 * (1 + math.cos(math.pi * t / 12)) for t in (0, 1, 3, 4, 8)]
    np.testing.assert_allclose(
        rates(0.4, "cosine", 12), [*expected, 0, 0], rtol=1e-5, atol=1e-7
    )


def test_the_rate_of_a_step_is_what_the_optimizer_moves_by():
    schedule = RateSchedule(0.4, "linear", 4)
    optimizer = keras.optimizers.SGD(schedule)
    variable = keras.Variable(0.0)
    for step in range(4):
        before = float(variable)
        optimizer.apply([1.0], [variable])
        assert before - float(variable) == pytest.approx(float(schedule(step)))


def test_it_is_saved_with_the_optimizer():
    optimizer = keras.optimizers.Adam(RateSchedule(0.4, "cosine", 9, warmup_steps=2))
    saved = keras.saving.serialize_keras_object(optimizer)
    loaded = keras.saving.deserialize_keras_object(saved)
    loaded.iterations.assign(5)
    optimizer.iterations.assign(5)
    assert float(loaded.learning_rate) == float(optimizer.learning_rate)
    assert loaded.get_config() == optimizer.get_config()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"shape": "stairs"}, "no schedule 'stairs'.*linear, cosine"),
        ({"shape": "cosine"}, "Give --steps instead of --minutes"),
        ({"warmup_steps": -1}, "warm-up must take 0 steps or more"),
        ({"warmup_steps": 9, "steps": 8}, "warmup_steps=9, steps=8"),
    ],
)
def test_what_makes_no_schedule_is_an_input_error(options, words):
    with pytest.raises(InputError, match=words):
        RateSchedule(0.1, **options)
