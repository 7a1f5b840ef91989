"""The terms of both losses, on pictures and codes made by hand."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.layers import OrientedEnergy
from keras_stylex.losses import (
    adversarial_objective,
    color_moments,
    color_transfer_loss,
    stroke_loss,
    structure_loss,
    texture_filters,
    texture_losses,
)
from keras_stylex.training.terms import (
    DISCRIMINATOR_TERMS,
    GENERATOR_TERMS,
    discriminator_terms,
    generator_terms,
    mean_logits,
)
from keras_stylex.training.translation import Translation
from keras_stylex.training.verdict import Verdict

OBJECTIVE = adversarial_objective("hinge")
PICTURES, CODES = (2, 16, 24, 3), (2, 5)
FILTERS = texture_filters(3, seed=1)


def tensor(shape, seed):
    return tf.constant(np.random.default_rng(seed).random(shape).astype("float32"))


MOMENTS = color_moments(tensor(PICTURES, 22))[0]


@pytest.fixture
def pictures():
    """Content and style."""
    return tensor(PICTURES, 0), tensor(PICTURES, 1)


@pytest.fixture
def translation():
    return Translation(
        content_code=[tensor((2, 8, 12, 3), 2), tensor((2, 4, 6, 3), 3)],
        content_style=tensor(CODES, 4),
        style_crop=tensor((2, 8, 12, 3), 23),
        style_code=tensor(CODES, 5),
        stylized=tensor(PICTURES, 6),
        stroke_strength=tensor((2, 4), 21),
        reconstructed_content=tensor(PICTURES, 7),
        reconstructed_style=tensor(PICTURES, 8),
        stylized_content_code=[tensor((2, 8, 12, 3), 9), tensor((2, 4, 6, 3), 10)],
        stylized_style_code=tensor(CODES, 11),
        cycled=tensor(PICTURES, 12),
        recolored_content_code=tensor((2, 4, 6, 3), 19),
        recolored_style_code=tensor((2, 4, 6, 3), 20),
    )


@pytest.fixture
def verdict():
    patches = (2, 2, 3, 1)
    return Verdict(
        *(tensor(patches, seed) for seed in (13, 14)),
        *(tensor((2, 1, 2, 1), seed) for seed in (15, 16)),
        *(tensor((2, 4, 6, 1), seed) for seed in (17, 18)),
    )


def terms_of(pictures, translation, verdict):
    return generator_terms(*pictures, translation, verdict, OBJECTIVE, FILTERS, MOMENTS)


def l1(x, y):
    return np.abs(x - y).reshape(2, -1).mean(1)


def two_scales(x, y):
    """Sides are divisible by 8."""
    means = (np.reshape(z, (2, 2, 8, 3, 8, 3)).mean((2, 4)) for z in (x, y))
    return l1(x, y) + 2 * l1(*means)


def per_sample(x):
    return np.reshape(x, (2, -1)).mean(1)


def test_each_term_has_a_value_per_sample(pictures, translation, verdict):
    terms = terms_of(pictures, translation, verdict)
    assert set(terms) == set(GENERATOR_TERMS)
    assert all(term.shape == (2,) for term in terms.values())
    assert all(term.dtype == "float32" for term in terms.values())


def test_what_is_rebuilt_is_compared_with_what_it_was(pictures, translation, verdict):
    content, style = (each.numpy() for each in pictures)
    terms = terms_of(pictures, translation, verdict)
    rebuilt = translation.reconstructed_content, translation.reconstructed_style
    expected = two_scales(rebuilt[0], content) + two_scales(rebuilt[1], style)
    np.testing.assert_allclose(terms["reconstruction"], expected, rtol=1e-5)
    cycle = two_scales(translation.cycled, style)
    np.testing.assert_allclose(terms["cycle"], cycle, rtol=1e-5)


def energies(images):
    """Those of the two finest scales."""
    return np.reshape(OrientedEnergy()(images), (2, 3, 8))[:, :2]


def test_strokes_are_compared_with_those_of_all_quarters_of_the_reference(
    pictures, translation, verdict
):
    terms = terms_of(pictures, translation, verdict)
    quarters = pictures[1].numpy().reshape(2, 2, 8, 2, 12, 3)
    quarters = quarters.transpose(1, 3, 0, 2, 4, 5).reshape(4, 2, 8, 12, 3)
    parts = [energies(quarter) for quarter in quarters]
    expected = stroke_loss(energies(translation.stylized), np.stack(parts))
    expected += 0.01 * per_sample(translation.stroke_strength)
    np.testing.assert_allclose(terms["strokes"], expected, rtol=1e-5)


def test_textures_are_compared_with_the_reference_with_details_and_without(
    pictures, translation, verdict
):
    terms = terms_of(pictures, translation, verdict)
    content, style = pictures
    expected = texture_losses(translation.stylized, style, content, FILTERS)
    np.testing.assert_array_equal([terms["texture"], terms["canvas"]], expected)


def test_colors_are_transferred_from_the_crop_whose_style_was_read(
    pictures, translation, verdict
):
    terms = terms_of(pictures, translation, verdict)
    expected = color_transfer_loss(
        translation.stylized, translation.style_crop, pictures[0], MOMENTS
    )
    np.testing.assert_array_equal(terms["color_transfer"], expected)


def test_the_structure_that_counts_is_that_of_the_content(
    pictures, translation, verdict
):
    terms = terms_of(pictures, translation, verdict)
    expected = structure_loss(translation.stylized, pictures[0])
    np.testing.assert_array_equal(terms["structure"], expected)


def test_the_generator_wants_to_pass_for_real(pictures, translation, verdict):
    terms = terms_of(pictures, translation, verdict)
    for name in ("content", "style"):
        expected = -per_sample(getattr(verdict, f"{name}_fake"))
        np.testing.assert_allclose(terms[f"adversarial_{name}"], expected, rtol=1e-5)


def test_the_generator_wants_both_kinds_of_codes_to_pass_for_the_other(
    pictures, translation, verdict
):
    terms = terms_of(pictures, translation, verdict)
    real, fake = np.asarray(verdict.code_real), np.asarray(verdict.code_fake)
    expected = per_sample(np.maximum(0, 1 - fake)) + per_sample(np.maximum(0, 1 + real))
    np.testing.assert_allclose(terms["adversarial_code"], expected, rtol=1e-4)


def test_codes_move_towards_those_of_the_originals_not_back(
    pictures, translation, verdict
):
    targets = translation.content_code[-1], translation.style_code
    results = translation.stylized_content_code[-1], translation.stylized_style_code
    with tf.GradientTape() as tape:
        tape.watch([*targets, *results])
        terms = terms_of(pictures, translation, verdict)
        codes = terms["content_code"] + terms["style_code"]
    gradients = tape.gradient(codes, [*targets, *results])
    assert gradients[:2] == [None, None]
    for gradient, target, result in zip(gradients[2:], targets, results, strict=True):
        np.testing.assert_array_equal(np.sign(gradient), np.sign(result - target))


def test_each_discriminator_tells_results_from_paintings(verdict):
    terms = discriminator_terms(verdict, OBJECTIVE)
    assert {*terms, "r1"} == set(DISCRIMINATOR_TERMS)
    for name in ("content", "style", "code"):
        real, fake = (getattr(verdict, f"{name}_{kind}") for kind in ("real", "fake"))
        expected = per_sample(1 - real) + per_sample(1 + fake)  # all lie in [0, 1]
        np.testing.assert_allclose(terms[name], expected, rtol=1e-5)


def test_mean_logits_are_per_sample(verdict):
    for name, mean in mean_logits(verdict).items():
        np.testing.assert_allclose(mean, per_sample(getattr(verdict, name)), rtol=1e-5)
