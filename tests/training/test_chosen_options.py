"""What is chosen where a `RunConfig` leaves options to the data."""

import numpy as np
import pytest

from keras_stylex.data import write_image
from keras_stylex.training.chosen_options import (
    CHOSEN,
    PictureSet,
    choose_options,
    open_options,
    reached_by_most,
    shared_hue,
    summary,
)
from keras_stylex.training.run_config import RunConfig

PLENTY = PictureSet(5000, 2000)


def open_config(**options):
    length = {} if "steps" in options else {"minutes": 60}
    options = {**dict.fromkeys(CHOSEN), **length, **options}
    return RunConfig("photos", "paintings", **options)


def chosen(content=PLENTY, style=PLENTY, **options):
    choices = choose_options(open_config(**options), content, style)
    return {name: choice.value for name, choice in choices.items()}


@pytest.mark.parametrize(
    "minutes, size",
    [(0.001, 96), (14.9, 96), (15, 128), (60, 128), (149, 128), (150, 192), (239, 192)]
    + [(240, 256), (10000, 256)],
)
def test_crops_grow_with_the_minutes(minutes, size):
    assert chosen(minutes=minutes)["image_size"] == size


@pytest.mark.parametrize("steps", [1, 10**6])
def test_a_number_of_steps_does_not_say_how_much_time_there_is(steps):
    assert chosen(steps=steps)["image_size"] == 128


@pytest.mark.parametrize(
    "side, size",
    [(8, 32), (36, 32), (44, 32), (45, 40), (100, 88), (128, 112), (143, 120)]
    + [(144, 128), (100_000, 128), (None, 128)],
)
def test_crops_leave_a_margin_of_an_eighth_of_the_smaller_pictures(side, size):
    few = PictureSet(200, side)
    for sets in ((few, PLENTY), (PLENTY, few)):
        value = chosen(*sets)["image_size"]
        assert value == size
        assert side is None or value == 32 or 1.125 * value <= side
        RunConfig("photos", "paintings", steps=1, image_size=value)  # takes it


def test_what_was_prepared_for_a_size_has_room_for_it():
    for size in (96, 128, 192, 256):
        room = PictureSet(200, round(1.125 * size))
        assert chosen(room, minutes=1000)["image_size"] == size


@pytest.mark.parametrize("steps", [*range(1200, 60_000, 617), 60_000])
def test_a_run_has_two_to_five_dozen_sample_grids(steps):
    assert 24 <= steps / chosen(steps=steps)["epoch_steps"] <= 60


@pytest.mark.parametrize("steps, epoch", [(1, 50), (1199, 50), (10**7, 1000)])
def test_grids_come_neither_all_the_time_nor_rarely(steps, epoch):
    assert chosen(steps=steps)["epoch_steps"] == epoch


@pytest.mark.parametrize(
    "options, epoch",
    [
        # 3,600 s * 400,000 pixels/s / (4 * 128**2 pixels) = 21,973 steps
        ({"minutes": 60}, 500),
        # 300 s * 400,000 / (4 * 96**2) = 3,255 steps
        ({"minutes": 5}, 100),
        # A given size, and a given batch, make steps longer: 5,493 each.
        ({"minutes": 60, "image_size": 256}, 200),
        ({"minutes": 60, "batch_size": 16}, 200),
    ],
)
def test_minutes_are_worth_as_many_steps_as_their_pixels_take(options, epoch):
    assert chosen(**options)["epoch_steps"] == epoch


@pytest.mark.parametrize(
    "content, style, strong",
    [(100, 100, False), (99, 5000, True), (5000, 99, True), (2, 1, True)],
)
def test_few_pictures_of_either_kind_are_augmented_strongly(content, style, strong):
    sets = PictureSet(content, 500), PictureSet(style, 500)
    assert chosen(*sets)["strong_augmentation"] is strong


@pytest.mark.parametrize(
    "hue, recolor", [(0.0, 1.0), (0.29, 1.0), (0.31, 0.2), (1, 0.2)]
)
def test_colours_come_from_the_reference_alone_where_paintings_have_all_hues(
    hue, recolor
):
    assert chosen(style=PictureSet(5000, 2000, hue))["recolor"] == recolor
    assert chosen(content=PictureSet(5000, 2000, hue))["recolor"] == 0.2


def test_prints_are_cut_from_pictures_that_show_their_outlines():
    small, large = PictureSet(200, 256), PictureSet(200, 1000)
    for sets, size in (((large, large), 288), ((small, large), 256)):
        assert chosen(*sets)["load_size"] == size
        assert chosen(*sets[::-1], look="paintings")["load_size"] == size
    assert chosen(PictureSet(200, None), PictureSet(200, None))["load_size"] == 288
    assert chosen(small, small, image_size=230)["load_size"] == 259  # 1.125 times


@pytest.mark.parametrize(
    "hue, look", [(0.0, "any"), (0.29, "any"), (0.31, "prints"), (1, "prints")]
)
def test_the_look_is_that_of_prints_where_style_pictures_share_hues(hue, look):
    choices = chosen(style=PictureSet(5000, 2000, hue))
    assert choices["look"] == look
    assert ("load_size" in choices) == (look != "any")


def test_what_has_been_chosen_is_settled():
    for hue in (0.0, 1.0):
        config = open_config()
        choices = choose_options(config, PLENTY, PictureSet(200, 400, hue))
        values = {name: choice.value for name, choice in choices.items()}
        assert open_options(config.with_changes(**values)) == []


def test_pictures_of_one_hue_share_it_and_opposite_ones_cancel_out():
    red, blue = np.array([0.8, 0.4, 0.4]), np.array([0.4, 0.8, 0.8])
    picture = np.ones((4, 6, 1))
    assert shared_hue(np.stack([red * picture] * 3)) == pytest.approx(1)
    assert shared_hue(np.stack([red * picture, blue * picture])) < 0.05
    assert shared_hue(np.stack([red * picture, red * picture, blue * picture])) == (
        pytest.approx(1 / 3, abs=0.01)
    )
    grey = np.full((2, 4, 6, 3), 0.3)
    assert shared_hue(grey) < 0.1


def test_scenes_come_in_all_hues_and_prints_do_not():
    hues = {
        name: PictureSet.of(f"tfds:scenes/{name}:trainB", colors=True).shared_hue
        for name in ("strokes", "ukiyoe")
    }
    assert hues["strokes"] < 0.2 < 0.5 < hues["ukiyoe"]


def test_what_was_given_is_kept():
    given = {
        "image_size": 64,
        "epoch_steps": 7,
        "strong_augmentation": False,
        "recolor": 0.5,
        "look": "paintings",
        "load_size": 90,
    }
    few = PictureSet(3, 40)
    for name, value in given.items():
        assert open_options(open_config(**{name: value})) == [
            other for other in CHOSEN if other != name
        ]
        assert name not in chosen(few, few, **{name: value})
    assert chosen(few, few, **given) == {}


def test_three_in_four_pictures_reach_a_side():
    assert reached_by_most([]) is None
    assert reached_by_most([7]) == 7
    assert reached_by_most([500, 90, 400, 300]) == 300
    rng = np.random.default_rng(0)
    for count in range(1, 40):
        sides = [int(side) for side in rng.integers(8, 99, count)]
        side = reached_by_most(sides)
        assert np.mean(np.array(sides) >= side) >= 0.75
        assert np.mean(np.array(sides) > side) <= 0.75


def test_the_summary_names_what_there_is_what_was_chosen_and_why():
    sets = PictureSet(1322, 512), PictureSet(91, 256)
    choices = choose_options(open_config(), *sets)
    facts, options = summary(choices, *sets).splitlines()
    assert facts == (
        "1,322 content and 91 style pictures; three in four have 512 and 256 pixels or "
        "more on their shorter side"
    )
    assert options == (
        "chosen: --size 128 (for 60 minutes), --epoch-steps 500 (sample grids: about "
        "44), --strong-augmentation (91 style pictures are few), --recolor 0.2 (style "
        "pictures share hues), --look prints (or paintings, if all is brush strokes), "
        "--load-size 256 (up to 288, to show outlines and strokes)"
    )


def test_the_summary_names_the_pictures_that_are_small():
    sets = PictureSet(322, None), PictureSet(100, 100)
    choices = choose_options(open_config(), *sets)
    facts, options = summary(choices, *sets).splitlines()
    assert facts == "322 content and 100 style pictures"
    assert "--size 88 (as large as the style pictures are, and a margin), " in options
    assert "--no-strong-augmentation (100 or more pictures of either kind), " in options


def test_a_set_is_looked_at_without_decoding(tmp_path):
    for number, height in enumerate((20, 24, 28, 32)):
        picture = np.zeros((height, 40, 3), "uint8")
        write_image(tmp_path / f"{number}.png", picture)
    (tmp_path / "broken.png").write_bytes(b"")
    assert PictureSet.of(tmp_path) == PictureSet(5, 24)
