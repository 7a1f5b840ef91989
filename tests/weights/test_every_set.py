"""Every set of weights that ships: it paints, is small, and says where it is from."""

import re

import numpy as np
import pytest

from keras_stylex import Generator
from keras_stylex.models import mix_styles
from keras_stylex.weights import read_shipped, shipped_weights
from keras_stylex.weights.packing import LARGEST_CHANGE, rounding_change
from keras_stylex.weights.shipped import CARD_NAME, FOLDER

MOST_BYTES = 4_000_000  # of all sets together
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(home|root|work|tmp|mnt|Users)/")
PHOTO = np.random.default_rng(0).random((1, 20, 36, 3)).astype("float32")

every_set = pytest.mark.parametrize("name", shipped_weights())


def load(name):
    shipped = read_shipped(name)
    return shipped, Generator.from_preset(shipped.preset, weights=name)


@every_set
def test_it_paints_in_every_style_what_it_painted_when_it_was_packed(name):
    shipped, generator = load(name)
    assert rounding_change(shipped, generator) < LARGEST_CHANGE < 1 / 255


@every_set
def test_it_paints_a_picture_that_is_not_square(name):
    shipped, generator = load(name)
    painted = np.asarray(generator.stylize(PHOTO, shipped.styles[0].code))
    assert painted.shape == PHOTO.shape
    assert np.abs(painted - PHOTO).mean() > 0.01
    assert np.any(generator.neutral_style)


@every_set
def test_its_styles_differ_and_have_names_to_type(name):
    styles = read_shipped(name).styles
    assert 4 <= len(styles) == len({style.name for style in styles})
    codes = np.concatenate([style.code for style in styles])
    np.testing.assert_allclose(np.square(codes).mean(-1), 1, rtol=1e-3)
    alike = np.square(codes[:, None] - codes).mean(-1)
    assert alike[~np.eye(len(styles), dtype=bool)].min() > 0.01
    np.testing.assert_allclose(mix_styles(codes[:1], [1]), codes[:1], atol=1e-3)
    for style in styles:
        assert re.fullmatch("[a-z0-9-]{3,40}", style.name)
        assert style.credit and style.licence


@every_set
def test_its_card_says_licence_training_and_whom_to_credit(name):
    shipped = read_shipped(name)
    card = (shipped.folder / CARD_NAME).read_text(encoding="utf-8")
    assert f"| licence | {shipped.licence} |" in card
    assert f"| minutes | {shipped.training['minutes']:.1f} |" in card
    assert f"| steps | {shipped.training['steps']:,} |" in card
    assert [style.name for style in shipped.styles if style.name not in card] == []
    assert "CC BY" in shipped.credits and "github.com" in shipped.credits
    assert shipped.training["evaluation"]["figures"]
    assert "not stated" not in card and MACHINE_PATH.search(card) is None
    about = (shipped.folder / "about.json").read_text(encoding="utf-8")
    assert MACHINE_PATH.search(about) is None


def test_all_sets_together_are_small():
    sizes = [file.stat().st_size for file in FOLDER.glob("*/*.*")]
    assert sum(sizes) < MOST_BYTES
