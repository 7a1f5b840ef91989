import numpy as np
import pytest

from keras_stylex.metrics import self_similarity

IMAGES, OTHERS = np.random.default_rng(0).uniform(size=(2, 2, 24, 40, 3))


def soft(seed):
    """A picture of 24 x 40 whose patches differ: `(1, 24, 40, 3)`."""
    colors = np.random.default_rng(seed).uniform(size=(3, 5, 3))
    return colors.repeat(8, 0).repeat(8, 1)[None]


def test_it_is_the_correlation_of_the_distances_of_patches():
    def distances(picture):
        patches = [
            picture[i : i + 8, j : j + 8].reshape(2, 4, 2, 4, 3).mean((1, 3)).ravel()
            for i in range(0, 24, 8)
            for j in range(0, 40, 8)
        ]
        return [
            np.linalg.norm(a - b) for k, a in enumerate(patches) for b in patches[:k]
        ]

    expected = [
        np.corrcoef(distances(a), distances(b))[0, 1]
        for a, b in zip(IMAGES, OTHERS, strict=True)
    ]
    np.testing.assert_allclose(self_similarity(IMAGES, OTHERS), expected, atol=1e-4)


@pytest.mark.parametrize(
    "change",
    [lambda x: 1 - x, lambda x: x[..., ::-1], lambda x: 0.3 * x + 0.5, lambda x: x],
)
def test_inverting_exchanging_or_fading_colors_changes_nothing(change):
    np.testing.assert_allclose(self_similarity(change(soft(0)), soft(0)), 1, atol=1e-4)


def test_another_arrangement_is_another_picture():
    assert self_similarity(soft(1), soft(0)) < 0.5
    assert self_similarity(soft(0)[:, :, ::-1], soft(0)) < 0.5


def test_strokes_within_a_quarter_of_a_patch_do_not_count():
    stripes = 0.2 * (np.arange(40) % 2 - 0.5)[:, None]
    values = self_similarity(0.5 * soft(0) + 0.25 + stripes, soft(0))
    np.testing.assert_allclose(values, 1, atol=1e-4)


def test_a_flat_picture_is_like_nothing():
    assert self_similarity(np.full((1, 24, 40, 3), 0.5), soft(0)) == 0


def test_what_is_left_over_is_not_looked_at():
    rest = np.pad(soft(0), [(0, 0), (0, 7), (0, 5), (0, 0)])
    np.testing.assert_allclose(self_similarity(rest, soft(0)), 1, atol=1e-4)


def test_pictures_of_less_than_two_patches_are_refused():
    with pytest.raises(ValueError, match="at least 16"):
        self_similarity(IMAGES[:, :, :15], OTHERS[:, :, :15])
