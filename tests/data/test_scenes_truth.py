"""Pairs of a photo and its painting, held out from training."""

import numpy as np
import pytest

from keras_stylex.data import scenes
from keras_stylex.data.scenes.examples import example
from keras_stylex.errors import InputError
from keras_stylex.metrics import palette_error, structure

SIZE = (64, 96)
PICTURES = ("content", "style", "truth", "truth_again", "layout")


@pytest.mark.parametrize("config", scenes.CONFIGS)
def test_all_pictures_are_float_batches_of_the_size_asked_for(config):
    truth = scenes.ground_truth(config, count=5, size=SIZE)
    for name in PICTURES:
        pictures = getattr(truth, name)
        assert pictures.shape == (5, *SIZE, 3) and pictures.dtype == "float32"
        assert 0 <= pictures.min() < pictures.max() <= 1
    assert len(truth.styles) == 5


def test_one_number_is_a_square():
    assert scenes.ground_truth(count=1, size=40).truth.shape == (1, 40, 40, 3)


def test_equal_seeds_give_equal_pictures_and_others_differ():
    first, again, other = (
        scenes.ground_truth(count=2, size=40, seed=s) for s in (0, 0, 1)
    )
    for name in PICTURES:
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
        assert np.abs(getattr(first, name) - getattr(other, name)).mean() > 0.02
    assert first.styles == again.styles != other.styles


def test_more_pairs_begin_with_the_same_ones():
    few, many = (scenes.ground_truth(count=n, size=40) for n in (2, 3))
    np.testing.assert_array_equal(few.truth, many.truth[:2])


@pytest.mark.parametrize("config", scenes.MANNERS)
def test_truth_has_the_photo_s_layout_and_the_painting_s_style(config):
    truth = scenes.ground_truth(config, count=12, size=96)
    own = structure(truth.truth, truth.layout)
    assert (own > 0.3).all() and own.mean() > 0.5
    assert structure(truth.style, truth.layout).mean() < 0.2
    limit = palette_error(truth.truth_again, truth.truth).mean()
    style = palette_error(truth.style, truth.truth).mean()
    content = palette_error(truth.content, truth.truth).mean()
    assert 0 < limit < 0.04 and style > 2 * limit and content > 0.13


def test_a_painting_in_another_s_style_is_far_from_the_truth():
    truth = scenes.ground_truth(count=12, size=96)
    other = palette_error(np.roll(truth.truth, 1, axis=0), truth.truth)
    assert other.mean() > 1.5 * palette_error(truth.style, truth.truth).mean()


def test_splits_and_truth_show_different_scenes():
    size, count = 32, 8
    truth = scenes.ground_truth(count=count, size=size)
    pictures = [*truth.content, *truth.truth]
    for split in ("trainA", "testA", "trainB", "testB"):
        pictures += [example("strokes", split, i, size) for i in range(count)]
    flat = np.stack(pictures).reshape(len(pictures), -1)
    distances = np.abs(flat[:, None] - flat).mean(-1) + np.eye(len(flat))
    assert distances.min() > 0.02


def test_photos_are_the_same_in_all_configurations():
    photos = [example(config, "trainA", 3, 32) for config in scenes.CONFIGS]
    for photo in photos[1:]:
        np.testing.assert_array_equal(photo, photos[0])


def test_an_unknown_configuration_is_refused():
    with pytest.raises(InputError, match="scenes/cubist"):
        scenes.ground_truth("cubist", count=1)
