"""The first step that broke, and what broke in it."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.lesson import GRADIENT_NAMES
from keras_stylex.training.step_health import Failure, StepHealth

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "steps, failure",
    [
        ([[1, 2, 3], [1e38, -1e38, 0]], None),
        ([[1, 2, 3], [1, NAN, 3], [NAN, NAN, NAN]], Failure(2, ["b"])),
        ([[INF, 2, -INF], [1, NAN, 1], [1, 1, 1]], Failure(1, ["a", "c"])),
    ],
)
def test_it_remembers_the_first_step_with_a_value_that_is_not_finite(steps, failure):
    health = StepHealth(["a", "b", "c"])
    record = tf.function(lambda values: health.record(tf.unstack(values)))
    for values in steps:
        record(tf.constant(values, "float32"))
    assert health.failure() == failure
    health.reset()
    assert health.failure() is None
    record(tf.constant([1, 2, NAN]))
    assert health.failure() == Failure(1, ["c"])


@pytest.mark.parametrize("which", [0, 1])
def test_a_step_names_the_terms_that_a_broken_picture_breaks(
    make_gan, fit, batch, which
):
    """Those which are not finite when they are evaluated on that picture alone."""
    model = make_gan(r1_interval=1)
    broken = batch.copy()
    broken[which, 2, 12:20] = NAN
    logs = model.test_step(tuple(tf.constant(each) for each in broken))
    expected = [name for name in logs if not np.isfinite(logs[name])]
    fit(model, batch, steps=2)
    fit(model, broken)
    fit(model, broken)
    step, names = model.health.failure()
    assert step == 3
    assert [name for name in names if name in expected] == expected
    # All gradients pass through the pictures; R1 sees those of style alone.
    others = {*names} - {*expected}
    r1 = {"discriminator/r1", "gradient/r1"} if which else set()
    assert others == {*GRADIENT_NAMES[:2], *r1}
