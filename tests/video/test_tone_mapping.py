"""High dynamic range, against numbers of the recommendations."""

import numpy as np
import pytest

from keras_stylex.video.tone_mapping import (
    CURVES,
    hlg_scene_light,
    pq_light,
    screen_values,
    tone_map,
)

PQ, HLG = CURVES[16], CURVES[18]


@pytest.mark.parametrize(
    "value, nits",
    [(0, 0), (0.508078, 100), (0.580689, 203), (0.751827, 1000), (1, 1e4)],
)
def test_pq_gives_the_light_that_bt_2100_says(value, nits):
    assert 203 * pq_light(value) == pytest.approx(nits, rel=1e-3)


@pytest.mark.parametrize(
    "value, light", [(0, 0), (0.5, 1 / 12), (0.75, 0.2650), (1, 1)]
)
def test_hlg_gives_the_light_that_bt_2100_says(value, light):
    assert hlg_scene_light(value) == pytest.approx(light, abs=1e-4)


@pytest.mark.parametrize("curve, paper", [(PQ, 0.580689), (HLG, 0.75)])
def test_paper_is_white_and_what_is_lighter_keeps_its_order(curve, paper):
    greys = np.linspace(0, 1, 200, dtype="float32")
    row = np.repeat(greys[None, :, None], 3, -1)
    mapped = tone_map(row, curve)
    np.testing.assert_allclose(mapped, mapped[..., :1].repeat(3, -1), atol=2e-3)
    assert mapped.min() >= 0 and mapped.max() <= 1
    assert (np.diff(mapped[0, :, 1]) >= -1e-6).all()
    white = np.interp(paper, greys, mapped[0, :, 1])
    assert 0.9 < white < 0.96


def test_what_is_darker_than_the_knee_keeps_its_light():
    light = np.float32([0.02, 0.1, 0.3, 0.5])  # of paper white
    values = np.interp(203 * light, 203 * pq_light(GRID), GRID).astype("float32")
    mapped = tone_map(np.repeat(values[None, :, None], 3, -1), PQ)
    np.testing.assert_allclose(mapped[0, :, 1], screen_values(light), atol=0.01)


GRID = np.linspace(0, 1, 100_001)


def test_a_red_of_bt_709_comes_back_as_that_red():
    red = 0.5 * np.array([0.627404, 0.069097, 0.016391])  # in BT.2020, BT.2087
    values = np.interp(203 * red, 203 * pq_light(GRID), GRID).astype("float32")
    mapped = tone_map(values[None, None], PQ)[0, 0]
    np.testing.assert_allclose(mapped, [screen_values(0.5), 0, 0], atol=0.03)


def test_bright_colours_keep_their_hue():
    light = np.array([4, 2, 1])  # times paper white, BT.709
    to_2020 = [
        [0.6274, 0.3293, 0.0433],
        [0.0691, 0.9195, 0.0114],
        [0.0164, 0.0880, 0.8956],
    ]
    wide = np.array(to_2020) @ light
    values = np.interp(203 * wide, 203 * pq_light(GRID), GRID).astype("float32")
    mapped = tone_map(values[None, None], PQ)[0, 0]
    shown = np.interp(mapped, screen_values(GRID), GRID)
    np.testing.assert_allclose(shown / shown[0], light / 4, atol=0.01)
    assert 0.95 < shown[0] < 1
