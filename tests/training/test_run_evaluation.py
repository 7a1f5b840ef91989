"""Which pictures are painted, and which others a classifier learns from."""

from functools import partial

import numpy as np
import pytest

from keras_stylex.data import load_pictures
from keras_stylex.errors import InputError
from keras_stylex.training.run_evaluation import split_pictures

load = partial(load_pictures, image_size=8)


def levels(pictures):
    """The grey levels that tell flat pictures apart, in order."""
    return np.round(255 * pictures[:, 0, 0, 0]).astype(int).tolist()


@pytest.fixture
def folders(flat_pictures):
    """`folders(100, 91)`: folders of so many photos and prints, all different."""

    def write(*counts):
        named = zip(("photos", "prints"), counts, strict=True)
        return [str(flat_pictures(n, range(count), (8, 8))) for n, count in named]

    return write


@pytest.mark.parametrize(
    "count, prints, painted", [(64, 91, 45), (64, 43, 21), (30, 91, 30)]
)
def test_what_is_painted_is_never_learned_from(folders, count, prints, painted):
    own = folders(200, prints)
    pictures, domains = split_pictures(own, own, count, load)
    assert levels(pictures[0]) == list(range(count))
    assert levels(domains[0]) == list(range(count, 200))
    assert levels(pictures[1]) == list(range(painted))
    assert levels(domains[1]) == list(range(painted, prints))


def test_without_enough_for_a_classifier_nothing_is_held_back(folders):
    own = folders(100, 38)
    pictures, domains = split_pictures(own, own, 64, load)
    assert [len(each) for each in pictures] == [64, 38] and domains is None


def test_other_pictures_are_all_painted_and_known_again_in_a_copy(
    folders, flat_pictures
):
    own = folders(60, 60)
    others = str(flat_pictures("others", range(50, 150), (8, 8)))
    pictures, domains = split_pictures((own[0], others), own, 64, load)
    assert levels(pictures[0]) == list(range(30))
    assert levels(pictures[1]) == list(range(50, 114))
    assert levels(domains[1]) == list(range(50))  # ten are among those painted


def test_pictures_that_are_gone_are_not_learned_from(folders, tmp_path):
    given, gone = folders(50, 50), str(tmp_path / "gone")
    pictures, domains = split_pictures(given, (gone, gone), 64, load)
    assert [len(each) for each in pictures] == [50, 50] and domains is None
    with pytest.raises(InputError, match="gone: "):
        split_pictures((gone, given[1]), given, 64, load)
