import numpy as np
import pytest

from keras_stylex.metrics import noise_gain, shift_stability
from keras_stylex.metrics.stability import pan_errors

RNG = np.random.default_rng(0)
CONTENTS, STYLES = RNG.uniform(size=(2, 3, 24, 28, 3)).astype("float32")


def copy_content(content, style):
    return content


def grid(content, style):
    """Adds a pattern that stands still: stripes of 0 and 0.1 across, 4 pixels each."""
    stripes = np.arange(content.shape[2]) // 4 % 2
    return 0.5 * content + 0.1 * stripes[:, None]


def test_a_filter_without_memory_of_places_is_stable():
    figures = shift_stability(copy_content, CONTENTS, STYLES)
    assert set(figures) == {"shift_error", "pan_error"}
    for values in figures.values():
        np.testing.assert_array_equal(values, np.zeros(3))


def test_a_pattern_that_stands_still_differs_where_the_camera_moves():
    """By 0.1 where a stripe meets a gap; and not where the camera moves down."""
    figures = shift_stability(grid, CONTENTS, STYLES)
    stripes = np.arange(20) // 4 % 2
    across = [(stripes[d:] != stripes[: 20 - d]).mean() for d in range(1, 9)]
    expected = 0.1 * np.mean([*across, *[0] * 8])
    np.testing.assert_allclose(figures["shift_error"], expected, rtol=1e-4)
    one_step = 0.1 * np.mean([(stripes[1:] != stripes[:-1]).mean(), 0])
    np.testing.assert_allclose(figures["pan_error"], one_step, rtol=1e-4)


def test_statistics_of_the_picture_make_a_filter_unstable():
    bright = CONTENTS.copy()
    bright[:, :, -6:] = 1  # enters the picture as the camera moves

    def normalize(content, style):
        return content - content.mean((1, 2), keepdims=True)

    figures = shift_stability(normalize, bright, STYLES)
    means = [bright[:, :16, d : d + 20].mean((1, 2)) for d in range(9)]
    down = [bright[:, d : d + 16, :20].mean((1, 2)) for d in range(9)]
    expected = np.mean(
        [np.abs(m[d] - m[0]) for m in (means, down) for d in range(1, 9)], 0
    )
    np.testing.assert_allclose(figures["shift_error"], expected.mean(-1), rtol=1e-3)


def test_each_picture_keeps_its_reference():
    strengths = np.array([0.0, 0.5, 1.0])
    flat = np.ones((3, 24, 28, 3)) * strengths.reshape(3, 1, 1, 1)

    def strong(content, style):
        return style.mean((1, 2, 3), keepdims=True) * grid(0 * content, style)

    ours = shift_stability(strong, CONTENTS, flat)["pan_error"]
    full = shift_stability(strong, CONTENTS, np.ones_like(flat))["pan_error"]
    np.testing.assert_allclose(ours, strengths * full, rtol=1e-4)


@pytest.mark.parametrize("gain", [0, 0.5, 3])
def test_noise_is_measured_against_what_came_in(gain):
    gray = np.full((2, 16, 20, 3), 0.5)
    values = noise_gain(lambda content, style: gain * content, gray, STYLES[:2])
    np.testing.assert_allclose(values, gain, rtol=1e-3)


def test_noise_is_five_steps_of_a_pixel_and_clipped():
    seen = []

    def look(content, style):
        seen.append(content)
        return content

    half_white = np.concatenate([np.ones((1, 99, 99, 3)), np.full((1, 99, 99, 3), 0.5)])
    noise_gain(look, half_white, half_white)
    noise = seen[1] - seen[0]
    assert noise[1].std() == pytest.approx(0.02, rel=0.02)
    assert seen[1].max() == 1


def test_a_pan_differs_from_frame_to_frame_by_what_flickers():
    wide = RNG.uniform(0.2, 0.8, (24, 40, 3))
    flicker = [0, 0.1, 0.1, -0.05]
    frames = [wide[:, 2 * t : 2 * t + 28] + flicker[t] for t in range(4)]
    np.testing.assert_allclose(pan_errors(frames, 2), [0.1, 0, 0.15], atol=1e-6)
    still = [np.abs(frames[t + 1] - frames[t]).mean() for t in range(3)]
    np.testing.assert_allclose(pan_errors(frames, 0), still, rtol=1e-6)
