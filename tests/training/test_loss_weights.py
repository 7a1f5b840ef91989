"""Loss weights from what a user gives."""

from dataclasses import asdict

import pytest

from keras_stylex.errors import InputError
from keras_stylex.training import LossWeights


def test_nothing_gives_the_defaults():
    assert LossWeights.of(None) == LossWeights.of({}) == LossWeights()


def test_loss_weights_stay_as_they_are():
    weights = LossWeights(cycle=7)
    assert LossWeights.of(weights) is weights


def test_a_dict_replaces_some():
    weights = LossWeights.of({"cycle": 7.0, "r1": 0})
    assert weights == LossWeights(cycle=7.0, r1=0)
    assert weights.to_dict() == asdict(weights)


def test_an_unknown_name_is_an_input_error_that_names_the_others():
    with pytest.raises(
        InputError,
        match="'cicle'.*color_transfer, strokes, texture, canvas, structure, r1",
    ):
        LossWeights.of({"cicle": 7.0})


@pytest.mark.parametrize("value", [-1.0, float("nan")])
def test_a_negative_weight_is_an_input_error(value):
    with pytest.raises(InputError, match=f"cycle must be 0 or more.*{value}"):
        LossWeights.of({"cycle": value})
