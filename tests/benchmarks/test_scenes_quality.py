import sys

import pytest
from scenes_quality import configure, parse_arguments, table

from keras_stylex.training.chosen_options import CHOSEN


def test_of_several_seeds_the_table_has_the_median_and_the_spread():
    figures = [{"palette_gap": gap, "steps": 1250} for gap in (0.5, 0.25, 0.3)]
    assert table(figures, [0, 1, 7]).splitlines() == [
        "| figure | seed 0 | seed 1 | seed 7 | median | spread |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| palette_gap | 0.5 | 0.25 | 0.3 | 0.3 | 0.25 – 0.5 |",
        "| steps | 1250 | 1250 | 1250 | 1250 | 1250 – 1250 |",
    ]


def test_of_one_seed_it_has_the_figures():
    assert table([{"palette_gap": 0.5}], [3]).splitlines() == [
        "| figure | seed 3 |",
        "| --- | ---: |",
        "| palette_gap | 0.5 |",
    ]


@pytest.mark.parametrize(
    "words, minutes, steps", [([], 5.0, None), (["--steps", "9"], None, 9)]
)
def test_what_is_not_given_is_chosen_as_by_the_command(
    monkeypatch, words, minutes, steps
):
    monkeypatch.setattr(sys, "argv", ["", "--config", "mixed", *words])
    config = configure(parse_arguments(), seed=2)
    assert config.content == "tfds:scenes/mixed:trainA"
    assert (config.minutes, config.steps, config.seed) == (minutes, steps, 2)
    given = {"image_size": 96}
    assert {name: getattr(config, name) for name in CHOSEN} == {
        **dict.fromkeys(CHOSEN),
        **given,
    }
