"""Weights as they ship paint what the generator painted that they were packed from."""

import json

import numpy as np
import pytest

from keras_stylex.errors import VerificationError
from keras_stylex.models import Generator
from keras_stylex.weights import shipped
from keras_stylex.weights.packing import LARGEST_CHANGE, rounding_change

PHOTO = np.random.default_rng(3).random((1, 30, 44, 3)).astype("float32")


@pytest.fixture
def loaded(packed):
    generator = Generator(**packed.architecture)
    packed.load_into(generator)
    return generator


def test_weights_are_rounded_to_float16_and_nothing_else(make_generator, loaded):
    own = make_generator().get_weights()
    for weight, expected in zip(loaded.get_weights(), own, strict=True):
        assert weight.dtype == "float32"
        np.testing.assert_array_equal(weight, expected.astype("float16"))


def test_pictures_stay_within_one_of_255_steps(make_generator, loaded, packed):
    generator = make_generator()
    for style in packed.styles:
        painted, expected = (
            np.asarray(each.stylize(PHOTO, style.code)) for each in (loaded, generator)
        )
        assert 0 < np.abs(painted - expected).max() < 1 / 255


def test_the_proof_tells_these_weights_from_others(make_generator, loaded, packed):
    assert rounding_change(packed, loaded) < LARGEST_CHANGE < 1 / 255
    last = loaded.decoder.to_pixels.kernel
    last.assign(1.05 * last)
    assert rounding_change(packed, loaded) > LARGEST_CHANGE


def test_the_proof_tells_when_styles_are_mixed_up(loaded, packed):
    with np.load(packed.folder / shipped.PROOF_NAME) as proof:
        painted = proof["painted"].astype("float32")
        assert painted.shape == (2, 24, 36, 3)
    assert np.abs(painted[0] - painted[1]).max() > 10 * LARGEST_CHANGE


def test_all_that_is_known_is_read_as_it_was_written(packed):
    assert shipped.read_weights(packed.folder) == packed
    assert packed.training["minutes"] == 12.5 and packed.licence == "CC BY 4.0"
    about = json.loads((packed.folder / shipped.ABOUT_NAME).read_text())
    assert str(packed.folder.parent) not in json.dumps(about)


def test_a_network_of_mixed_precision_is_packed_as_it_is_in_float32(
    make_generator, pack_toy, packed, tmp_path
):
    mixed = pack_toy(tmp_path / "toy", make_generator(dtype="mixed_float16"))
    names = shipped.PROOF_NAME, shipped.WEIGHTS_NAME
    assert [(mixed.folder / name).stat().st_size for name in names] == [
        (packed.folder / name).stat().st_size for name in names
    ]
    with (
        np.load(mixed.folder / names[0]) as ours,
        np.load(packed.folder / names[0]) as p,
    ):
        np.testing.assert_array_equal(ours["painted"], p["painted"])


def test_weights_that_float16_cannot_hold_are_refused(
    make_generator, pack_toy, tmp_path
):
    generator = make_generator()
    scale = generator.decoder.to_pixels.kernel
    scale.assign(1e6 * scale)
    with (
        np.errstate(over="ignore", invalid="ignore"),
        pytest.raises(VerificationError, match="float16 changes pixels by"),
    ):
        pack_toy(tmp_path / "toy", generator)
