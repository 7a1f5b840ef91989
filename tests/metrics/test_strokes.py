import numpy as np
import pytest

from keras_stylex.data.scenes import ground_truth
from keras_stylex.metrics import (
    stroke_angle,
    stroke_angle_error,
    stroke_width,
    stroke_width_error,
)

SIZE = (72, 100)
ANGLES = np.linspace(0, np.pi, 9, endpoint=False) + 0.05


def across(angle, size=SIZE):
    """Each pixel's distance from a line in direction `angle`, in pixels."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    return rows * np.cos(angle) - columns * np.sin(angle)


def as_images(*brightness):
    return np.stack(brightness)[..., None].repeat(3, -1).astype("float32")


def gratings(period=5.0):
    waves = [0.5 + 0.2 * np.sin(2 * np.pi * across(a) / period) for a in ANGLES]
    return as_images(*waves)


@pytest.mark.parametrize("period", [3.0, 5.0, 7.0])
def test_the_angle_of_a_grating_is_found(period):
    errors = stroke_angle_error(stroke_angle(gratings(period)), ANGLES)
    assert errors.max() < 1


def test_angles_are_in_range():
    angles = stroke_angle(gratings())
    assert (angles >= 0).all() and (angles < np.pi).all() and angles.shape == (9,)


def test_the_edges_of_the_scene_are_not_taken_for_strokes():
    images = gratings()
    images[:, 30:] *= 0.3  # a horizon
    images[:, :, 70:75] = 1.0  # a mast
    errors = stroke_angle_error(stroke_angle(images), ANGLES)
    assert errors.max() < 2.5


@pytest.mark.parametrize(
    "angle, true_angle, error",
    [(1, 179, 2), (0, 90, 90), (10, 55, 45), (179.5, 0, 0.5), (30, 30, 0)],
)
def test_angles_that_differ_by_half_a_turn_are_equal(angle, true_angle, error):
    radians = np.radians([angle, true_angle])
    assert stroke_angle_error(*radians) == pytest.approx(error, abs=1e-9)
    assert stroke_angle_error(*radians[::-1]) == pytest.approx(error, abs=1e-9)


@pytest.mark.parametrize("period", [3.0, 4.0, 5.5, 7.0])
def test_the_width_follows_the_period_of_a_grating(period):
    # The first minimum lies at half the period.
    widths = stroke_width(gratings(period), ANGLES)
    np.testing.assert_allclose(widths, 2.2 * period / 2, rtol=0.04)


def test_widths_do_not_depend_on_contrast_or_brightness():
    images = gratings(4)[:2]
    expected = stroke_width(images, ANGLES[:2])
    measured = stroke_width(0.3 * images + 0.6, ANGLES[:2])
    np.testing.assert_allclose(measured, expected, rtol=1e-3)


def test_the_width_is_measured_across_the_given_direction():
    images = gratings(4.0)
    slanted = stroke_width(images, ANGLES + np.pi / 4)
    np.testing.assert_allclose(slanted, 4.4 * np.sqrt(2), rtol=0.04)
    assert (stroke_width(images, ANGLES + np.pi / 2) > 10).all()


def test_widths_are_measured_in_spite_of_noise():
    noise = np.random.default_rng(0).normal(0, 0.1, (9, *SIZE, 1))
    widths = stroke_width(gratings(6) + noise, ANGLES)
    np.testing.assert_allclose(widths, 6.6, rtol=0.1)


def test_pictures_without_strokes_give_finite_widths():
    ramp = np.linspace(0, 1, SIZE[1]) * np.ones(SIZE)
    widths = stroke_width(as_images(np.full(SIZE, 0.5), ramp, across(0.5) / 100))
    assert ((widths >= 2) & (widths <= 18)).all()


def test_strokes_of_scenes_are_measured_as_they_were_painted():
    truth = ground_truth("strokes", count=48, size=96, seed=11)
    angles = [style.angle for style in truth.styles]
    widths = [96 * style.width for style in truth.styles]
    for pictures in (truth.truth, truth.style):
        assert stroke_angle_error(stroke_angle(pictures), angles).mean() < 3
        measured = stroke_width(pictures)
        errors = stroke_width_error(measured, widths)
        assert errors.mean() < 0.12 and np.quantile(errors, 0.9) < 0.2
        assert np.corrcoef(measured, widths)[0, 1] > 0.8


def test_other_angles_and_widths_are_told_apart():
    truth = ground_truth("strokes", count=16, size=(80, 110), seed=12)
    others = np.roll(truth.truth, 1, axis=0)
    angles = [style.angle for style in truth.styles]
    widths = [80 * style.width for style in truth.styles]
    assert stroke_angle_error(stroke_angle(truth.truth), angles).mean() < 5
    assert stroke_angle_error(stroke_angle(others), angles).mean() > 20
    own = stroke_width_error(stroke_width(truth.truth), widths).mean()
    assert stroke_width_error(stroke_width(others), widths).mean() > 2 * own
