"""The parts of an evaluation, on painters whose figures are known."""

import keras
import numpy as np
import pytest

from keras_stylex.metrics import Subject, kernel_distance, open_features, parts

RNG = np.random.default_rng(0)
CONTENTS, REFERENCES = RNG.uniform(size=(2, 6, 24, 32, 3)).astype("float32")


def subject(generate, contents=CONTENTS, references=REFERENCES, encode_style=None):
    return Subject(generate, contents, references, encode_style)


def copy_content(content, style):
    return content


def copy_style(content, style):
    return np.resize(style, content.shape)


def colors(pictures):
    return pictures.mean((1, 2))


def test_a_copied_content_is_all_there_and_has_no_style():
    copied = subject(copy_content)
    for values in parts.content_figures(copied).values():
        np.testing.assert_allclose(values, np.ones(6), rtol=1e-5)
    assert not parts.style_figures(copied)["sensitivity"].any()
    assert parts.reconstruction_figures(copied) == {
        "reconstruction_content": 0,
        "reconstruction_style": 0,
    }
    assert parts.stability_figures(copied) == pytest.approx(
        {"shift_error": 0, "pan_error": 0, "noise_gain": 1}
    )


def test_a_copied_reference_is_found_and_diverse():
    figures = parts.reference_figures(subject(copy_style, encode_style=colors))
    pairs = [(a, b) for a in range(6) for b in range(a)]
    differences = [np.abs(REFERENCES[a] - REFERENCES[b]).mean() for a, b in pairs]
    assert figures == pytest.approx(
        {
            "retrieval": 1,
            "retrieval_color": 1,
            "retrieval_candidates": 6,
            "diversity": np.mean(differences),
        },
        rel=1e-5,
    )


def test_of_many_contents_those_count_for_retrieval_that_have_references_of_their_own():
    figures = parts.reference_figures(subject(copy_style, references=REFERENCES[:4]))
    assert figures["retrieval_candidates"] == 4
    assert figures["retrieval_color"] == 1
    assert "retrieval" not in figures  # it has no style codes


def test_a_copied_reference_is_at_no_distance_from_the_set():
    for name, value in parts.set_figures(subject(copy_style)).items():
        assert value == pytest.approx(0, abs=1e-5), name


def test_reconstruction_is_the_mean_difference():
    figures = parts.reconstruction_figures(subject(lambda x, y: 0.5 * x))
    assert figures == pytest.approx(
        {
            "reconstruction_content": 0.5 * CONTENTS.mean(),
            "reconstruction_style": 0.5 * REFERENCES.mean(),
        },
        rel=1e-4,
    )


def test_results_and_contents_are_described_and_compared_with_the_references():
    network = keras.Sequential(
        [keras.Input((24, 32, 3)), keras.layers.GlobalAveragePooling2D()]
    )
    seen = []

    def track(sequence, description):
        seen.append(description)
        return sequence

    dim = subject(lambda x, y: 0.5 * x)
    figures = parts.feature_figures(dim, open_features(network), track)
    kid = kernel_distance(0.5 * colors(CONTENTS), colors(REFERENCES))
    assert figures["kid"] == pytest.approx(kid.value, rel=1e-3)
    assert figures["kid_standard_error"] == pytest.approx(kid.standard_error, rel=1e-3)
    unchanged = kernel_distance(colors(CONTENTS), colors(REFERENCES)).value
    assert figures["kid_content"] == pytest.approx(unchanged, abs=1e-5)
    assert figures["fid"] > 0.1
    assert seen == ["describing pictures"] * 3


def test_the_classifier_s_verdict_is_one_per_result():
    class Classifier:
        accuracy = 0.9

        def is_style(self, images):
            return images.mean((1, 2, 3)) > 0.4

    weights = np.array([0.1, 1, 1, 0.1, 1, 1]).reshape(6, 1, 1, 1)
    figures = parts.classifier_figures(
        subject(lambda x, y: x, contents=CONTENTS * weights), Classifier()
    )
    assert figures["classifier_accuracy"] == 0.9
    np.testing.assert_array_equal(figures["classified_as_style"], [0, 1, 1, 0, 1, 1])
