"""A strength that varies over time."""

import pytest

from keras_stylex.errors import InputError
from keras_stylex.video.strength import StrengthCurve, parse_strength


def test_it_goes_in_straight_lines_and_stays_before_and_after():
    curve = parse_strength("1:0,3:1,4:0.5")
    times = (0, 1, 1.5, 2, 3, 3.5, 4, 100)
    strengths = [curve(seconds) for seconds in times]
    assert strengths == pytest.approx([0, 0, 0.25, 0.5, 1, 0.75, 0.5, 0.5])


def test_a_number_alone_is_a_number():
    assert parse_strength("0.8") == 0.8


@pytest.mark.parametrize("text", ["strong", "0:0,1", "0:a", "1:0:2", ":", "0:0,"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError):
        parse_strength(text)


@pytest.mark.parametrize(
    "times, strengths, words",
    [
        ((0, 1), (0, 1.5), "strength must lie in [0, 1]. Received: 1.5"),
        ((0, 1), (float("nan"), 1), "Received: nan"),
        ((0, 2, 1), (0, 1, 0), "rise. Received: 0, 2, 1"),
        ((1, 1), (0, 1), "rise"),
        ((-1, 1), (0, 1), "0 or more"),
        ((0, float("inf")), (0, 1), "rise"),
        ((float("nan"),), (0,), "rise"),
    ],
)
def test_impossible_curves_are_refused(times, strengths, words):
    with pytest.raises(InputError) as error:
        StrengthCurve(times, strengths)
    assert words in str(error.value)
