"""The parts of an evaluation: each maps a `Subject` to named figures.

A figure is a float, or an array of one number per content, whose mean counts.
"""

import numpy as np

from keras_stylex.metrics.color import color_description, color_distance
from keras_stylex.metrics.frechet_distance import frechet_distance
from keras_stylex.metrics.histogram import lab_histogram_distance
from keras_stylex.metrics.kernel_distance import kernel_distance
from keras_stylex.metrics.painting import BATCH, generate_batches
from keras_stylex.metrics.reference_use import CANDIDATES, diversity, retrieval
from keras_stylex.metrics.self_similarity import self_similarity
from keras_stylex.metrics.sensitivity import sensitivity
from keras_stylex.metrics.sliced_wasserstein import sliced_wasserstein
from keras_stylex.metrics.ssim import ssim
from keras_stylex.metrics.stability import noise_gain, shift_stability
from keras_stylex.metrics.structure import structure

FEW = 16  # contents, where each is painted many times
DIVERSE = 8  # contents, and references, for diversity


PAIR_FIGURES = (
    "ssim_content",
    "gradient_correlation",
    "self_similarity",
    "color_distance",
    "sensitivity",
)
FEATURE_FIGURES = ("kid", "kid_standard_error", "kid_content", "fid")


def pair_figures(subject):
    """`PAIR_FIGURES`: those of each content and result, quick."""
    return {**content_figures(subject), **style_figures(subject)}


def content_figures(subject):
    """Is the content still there?"""
    results, contents = subject.results, subject.contents
    return {
        "ssim_content": ssim(results, contents),
        "gradient_correlation": structure(results, contents),
        "self_similarity": self_similarity(results, contents),
    }


def style_figures(subject):
    """Does a result look like its reference, does the reference matter?"""
    styles, others = subject.styles, subject.other_styles
    results, other_results = subject.results, subject.other_results
    return {
        "color_distance": color_distance(results, styles),
        "sensitivity": sensitivity(results, other_results, styles, others),
    }


def set_figures(subject):
    """Do all results look like all references?"""
    results, references = subject.results, subject.references
    distances = sliced_wasserstein(results, references)
    return {
        "lab_histogram_distance": lab_histogram_distance(results, references),
        "sliced_wasserstein": float(distances.mean()),
        "sliced_wasserstein_finest": float(distances[0]),
    }


def reference_figures(subject):
    """Which reference was it, and how different are several?"""
    count = min(len(subject.contents), len(subject.references))
    pictures = subject.results[:count], subject.references[:count]
    figures = {}
    if subject.encode_style is not None:
        codes = (_encode(subject, each) for each in pictures)
        figures["retrieval"] = float(retrieval(*codes).mean())
    colors = map(color_description, pictures)
    return {
        **figures,
        "retrieval_color": float(retrieval(*colors).mean()),
        "retrieval_candidates": min(CANDIDATES, count),
        "diversity": float(diversity(_many_styles(subject)).mean()),
    }


def stability_figures(subject):
    """Does it flicker?"""
    few = subject.generate, subject.contents[:FEW], subject.styles[:FEW]
    figures = {**shift_stability(*few), "noise_gain": noise_gain(*few)}
    return {name: float(np.mean(values)) for name, values in figures.items()}


def reconstruction_figures(subject):
    """Does a picture in its own style remain what it is?"""
    return {
        f"reconstruction_{name}": float(
            np.mean(np.abs(generate_batches(subject.generate, own, own) - own))
        )
        for name, own in (
            ("content", subject.contents),
            ("style", subject.references),
        )
    }


def classifier_figures(subject, classifier):
    """For what does a classifier of the two sets take the results?"""
    return {
        "classifier_accuracy": classifier.accuracy,
        "classified_as_style": classifier.is_style(subject.results).astype("float32"),
    }


def feature_figures(subject, features, track=None):
    """`FEATURE_FIGURES`: how far are results from references in a network's eyes?"""
    track = track or (lambda starts, description: starts)
    results, contents, references = (
        features.extract(pictures, lambda starts: track(starts, "describing pictures"))
        for pictures in (subject.results, subject.contents, subject.references)
    )
    kid = kernel_distance(results, references)
    return {
        "kid": kid.value,
        "kid_standard_error": kid.standard_error,
        "kid_content": kernel_distance(contents, references).value,
        "fid": frechet_distance(results, references),
    }


def _many_styles(subject):
    """The first contents in the styles of the first references, all of them."""
    contents, references = subject.contents[:DIVERSE], subject.references[:DIVERSE]
    paintings = generate_batches(
        subject.generate,
        np.repeat(contents, len(references), axis=0),
        np.concatenate([references] * len(contents)),
    )
    return paintings.reshape(len(contents), len(references), *paintings.shape[1:])


def _encode(subject, pictures):
    starts = range(0, len(pictures), BATCH)
    codes = [subject.encode_style(pictures[i : i + BATCH]) for i in starts]
    return np.concatenate([np.asarray(code) for code in codes])
