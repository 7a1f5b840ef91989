"""Layouts, and how they are drawn: as photos and in three manners."""

import dataclasses

import numpy as np
import pytest

from keras_stylex.data import scenes
from keras_stylex.data.scenes.palettes import (
    DAYLIGHT,
    ROLE_INDEX,
    key_palette,
    random_palette,
)
from keras_stylex.data.scenes.regions import draw_regions
from keras_stylex.data.scenes.shading import average, mirror
from keras_stylex.errors import InputError

SIZE = (48, 64)


def rng(seed=0):
    return np.random.default_rng(seed)


def layout_with(seed=0, **wanted):
    """The first random layout whose attributes are as true or false as `wanted`."""
    generator = rng(seed)
    while True:
        layout = scenes.random_layout(generator)
        if all(bool(getattr(layout, key)) == value for key, value in wanted.items()):
            return layout


def style_of(manner, seed=0, **changes):
    return dataclasses.replace(scenes.random_style(manner, rng(seed)), **changes)


@pytest.mark.parametrize("manner", scenes.MANNERS)
def test_a_painting_is_a_float_picture_of_the_size_asked_for(manner):
    for seed in range(6):
        layout = scenes.random_layout(rng(seed))
        picture = scenes.paint(layout, style_of(manner, seed), SIZE, rng(seed))
        assert picture.shape == (*SIZE, 3) and picture.dtype == "float32"
        assert 0 <= picture.min() < picture.max() <= 1


def test_a_photo_is_a_float_picture_of_the_size_asked_for():
    for seed in range(6):
        picture = scenes.photograph(scenes.random_layout(rng(seed)), SIZE, rng(seed))
        assert picture.shape == (*SIZE, 3) and picture.dtype == "float32"
        assert 0 <= picture.min() < picture.max() <= 1


@pytest.mark.parametrize("manner", scenes.MANNERS)
def test_equal_seeds_give_equal_pictures_and_others_differ(manner):
    layout, style = layout_with(lake=True), style_of(manner)
    first, again, other = (scenes.paint(layout, style, SIZE, rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_layouts_and_styles_are_equal_for_equal_seeds():
    assert scenes.random_layout(rng(3)) == scenes.random_layout(rng(3))
    assert scenes.random_layout(rng(3)) != scenes.random_layout(rng(4))
    assert scenes.random_style("mixed", rng(3)) == scenes.random_style("mixed", rng(3))


def test_a_layout_does_not_depend_on_the_size_it_is_drawn_at():
    def shares(layout, size):
        roles = draw_regions(layout, size).role_map()
        return np.bincount(roles.ravel(), minlength=len(scenes.ROLES)) / roles.size

    for seed in range(8):
        layout = scenes.random_layout(rng(seed))
        np.testing.assert_allclose(shares(layout, 128), shares(layout, 512), atol=0.015)


@pytest.mark.parametrize("size", [(96, 96), (60, 120), (120, 60)])
def test_the_sun_is_round_and_where_it_should_be_in_every_format(size):
    sun = scenes.Sun(x=0.4, y=0.25, radius=0.1)
    layout = dataclasses.replace(layout_with(), sun=sun, clouds=(), trees=(), ridges=())
    rows, columns = np.nonzero(
        draw_regions(layout, size).role_map() == ROLE_INDEX["sun"]
    )
    for positions, side, center in ((rows, size[0], 0.25), (columns, size[1], 0.4)):
        assert np.ptp(positions) + 1 == pytest.approx(0.2 * min(size), abs=2)
        assert positions.mean() + 0.5 == pytest.approx(center * side, abs=1)


def test_every_role_is_drawn_now_and_then():
    seen = set()
    for seed in range(60):
        seen |= set(draw_regions(scenes.random_layout(rng(seed)), 64).roles)
    assert seen == set(range(len(scenes.ROLES))) - {ROLE_INDEX["horizon"]}


def test_a_lake_lies_below_the_horizon():
    layout = dataclasses.replace(layout_with(lake=True), boats=(), trees=(), houses=())
    regions = draw_regions(layout, (100, 80))
    rows, _ = np.nonzero(regions.role_map() == ROLE_INDEX["water"])
    assert rows.min() == pytest.approx(100 * layout.horizon, abs=1.5)


def test_average_looks_up_and_averages_two_by_two():
    parts = rng().integers(0, 5, (12, 20)).astype("uint8")
    table = rng(1).uniform(size=(3, 5)).astype("float32")
    expected = table[:, parts].reshape(3, 6, 2, 10, 2).mean((2, 4))
    np.testing.assert_allclose(average(parts, table), expected, rtol=1e-6)
    np.testing.assert_allclose(average(parts, table[1]), expected[1], rtol=1e-6)


def test_water_mirrors_what_is_above_the_horizon():
    layout = dataclasses.replace(layout_with(lake=True), boats=(), trees=(), houses=())
    regions = draw_regions(layout, (40, 30), scale=2)
    start = round(40 * layout.horizon)
    planes = np.zeros((3, 40, 30), "float32")
    behind = rng().uniform(size=(3, start, 30)).astype("float32")
    mirror(planes, start, regions, behind, 0.5)
    water = (regions.role_map() == ROLE_INDEX["water"])[::2, ::2]
    assert water[start + 3].any()
    shown = planes[:, start + 3, water[start + 3]]
    np.testing.assert_allclose(shown, 0.5 * behind[:, start - 4, water[start + 3]])
    assert not planes[:, :start].any()


@pytest.mark.parametrize("palettes", [scenes.PALETTES, DAYLIGHT])
def test_palettes_have_a_color_for_every_role(palettes):
    for palette in [*palettes.values(), random_palette(rng(), palettes)]:
        assert palette.array().shape == (len(scenes.ROLES), 3)
        assert palette.array().min() >= 0 and palette.array().max() <= 1


def test_random_palettes_mix_two_named_ones():
    for seed in range(20):
        mixed = random_palette(rng(seed))
        first, share, second = mixed.name.replace("*", "+").split("+")
        both = [scenes.PALETTES[name].array() for name in (first, second)]
        expected = (1 - float(share)) * both[0] + float(share) * both[1]
        # Hue and value are turned a little; how light a colour is stays near.
        difference = mixed.array().max(-1) - expected.max(-1)
        assert np.abs(difference).max() < 0.08
        assert first != second and float(share) <= 0.5


def test_a_key_palette_turns_with_its_hue():
    first, turned = key_palette(0.1).array(), key_palette(0.1 + 1 / 3).array()
    np.testing.assert_allclose(turned, np.roll(first, 1, axis=1), atol=1e-6)
    assert first.shape == (len(scenes.ROLES), 3)
    assert len(np.unique(first, axis=0)) == len(scenes.ROLES)


@pytest.mark.parametrize("manner", scenes.MANNERS)
def test_the_palette_can_be_read_off_a_painting(manner):
    """Of all palettes the one used is nearest to the picture, region by region."""
    layout = layout_with(7, lake=True, sun=True)
    roles = draw_regions(layout, 96).role_map()
    asked = [ROLE_INDEX[role] for role in ("middle", "water", "ground", "sky")]
    asked = [role for role in asked if (roles == role).sum() > 40]
    arrays = {name: palette.array() for name, palette in scenes.PALETTES.items()}
    for name, palette in scenes.PALETTES.items():
        style = style_of(manner, palette=palette)
        if manner == "ukiyoe":  # brown paper would tint all colours
            style = dataclasses.replace(style, paper=0.0)
        picture = scenes.paint(layout, style, 96, rng(1))
        found = np.stack([np.median(picture[roles == role], 0) for role in asked])
        errors = {n: np.abs(a[asked] - found).mean() for n, a in arrays.items()}
        assert min(errors, key=errors.get) == name


def test_wider_outlines_make_a_print_darker():
    layout = layout_with()
    thin, wide = (
        scenes.paint(layout, style_of("ukiyoe", outline=o), 96, rng()).mean()
        for o in (0.007, 0.014)
    )
    assert wide < thin - 0.01


def test_older_paper_is_browner():
    layout = layout_with()
    fresh, old = (
        scenes.paint(layout, style_of("ukiyoe", paper=p), 96, rng()).mean((0, 1))
        for p in (0.0, 1.0)
    )
    np.testing.assert_allclose(
        old / fresh, np.divide([0.87, 0.79, 0.64], [0.97, 0.95, 0.90]), rtol=1e-2
    )


def test_larger_dots_make_a_coarser_picture():
    layout = layout_with()
    fine, coarse = (
        scenes.paint(layout, style_of("pointillist", dot=d), 96, rng())
        for d in (0.024, 0.048)
    )
    roughness = [np.abs(np.diff(p, axis=1)).mean() for p in (fine, coarse)]
    assert roughness[1] < 0.8 * roughness[0]


@pytest.mark.parametrize("angle", [0.3, 1.9])
def test_brightness_changes_less_along_the_strokes_than_across(angle):
    style = style_of("strokes", angle=angle, width=0.05)
    picture = scenes.paint(layout_with(lake=True), style, (96, 120), rng()).mean(-1)
    down, across = (np.diff(picture, axis=axis) for axis in (0, 1))
    down, across = down[:, :-1], across[:-1]
    along = across * np.cos(angle) + down * np.sin(angle)
    over = down * np.cos(angle) - across * np.sin(angle)
    assert np.median(np.abs(along)) < 0.75 * np.median(np.abs(over))


def test_mixed_styles_are_of_all_manners():
    kinds = {type(scenes.random_style("mixed", rng(seed))) for seed in range(30)}
    assert kinds == {
        scenes.StrokeStyle,
        scenes.UkiyoeStyle,
        scenes.PointillistStyle,
    }


def test_an_unknown_configuration_is_named_with_the_known_ones():
    with pytest.raises(InputError, match="scenes/cubist.*strokes, ukiyoe"):
        scenes.random_style("cubist", rng())
