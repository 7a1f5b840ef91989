import numpy as np
import pytest

from keras_stylex.metrics import DomainClassifier

RNG = np.random.default_rng(0)


def smooth(count):
    """Pictures of 24 x 32 in soft patches."""
    return RNG.uniform(size=(count, 3, 4, 3)).repeat(8, 1).repeat(8, 2)


def striped(count):
    """The same colours, every other column darker."""
    return np.clip(smooth(count) - 0.3 * (np.arange(32) % 2)[:, None], 0, 1)


@pytest.fixture(scope="module")
def classifier():
    return DomainClassifier(smooth(40), striped(30), steps=40)


def test_it_tells_textures_apart_and_says_how_well(classifier):
    assert classifier.accuracy > 0.9
    assert classifier.is_style(striped(10)).mean() > 0.9
    assert classifier.is_style(smooth(10)).mean() < 0.1


def test_pictures_of_other_sizes_can_be_judged(classifier):
    taller = striped(6).repeat(2, axis=1)
    assert classifier.is_style(taller).mean() > 0.9


def test_where_there_is_nothing_to_tell_the_accuracy_is_chance():
    pictures = smooth(200)
    accuracy = DomainClassifier(pictures[:100], pictures[100:], steps=20).accuracy
    assert accuracy == pytest.approx(0.5, abs=0.25)


def test_one_in_five_is_never_trained_on():
    """Held-out pictures of the wrong set: the accuracy drops to nothing."""
    sets = smooth(40), striped(40)
    out = np.arange(40) % 5 == 4
    swapped = [
        np.where(out[:, None, None, None], other, own)
        for own, other in (sets, sets[::-1])
    ]
    assert DomainClassifier(*swapped, steps=40).accuracy < 0.1


def test_sets_of_different_sizes_count_alike():
    """All pictures the same: half of the answers are right, whatever they are."""
    same = np.full((1, 24, 32, 3), 0.5)
    sets = same.repeat(5, 0), same.repeat(50, 0)
    assert DomainClassifier(*sets, steps=2).accuracy == 0.5


def test_the_same_seed_learns_the_same():
    sets = smooth(6), striped(6)
    weights = [DomainClassifier(*sets, 3).network.get_weights() for _ in range(2)]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_four_pictures_are_too_few():
    with pytest.raises(ValueError, match="5 pictures or more"):
        DomainClassifier(smooth(5), striped(4))
