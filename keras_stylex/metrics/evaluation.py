"""All figures of a painter: where the truth is known, and on any pictures."""

from dataclasses import dataclass, field

import numpy as np

from keras_stylex.data.scenes import ground_truth
from keras_stylex.metrics import parts
from keras_stylex.metrics.scene_figures import scene_figures
from keras_stylex.metrics.subject import Subject


def evaluate_scenes(generate, config="strokes", count=64, size=96):
    """Compares translations of scenes with the truth.

    Args:
        generate: `generate(content, style)` gives pictures like `content`; all are
            `(batch, h, w, 3)` float32 in [0, 1], the batch at most 16.
        config: One of `strokes`, `ukiyoe`, `pointillist`, `mixed`.
        count: How many pairs.
        size: Pixels, one number or `(height, width)`.

    Returns: a dict of floats, means over the pictures:
        `palette_error`: see `metrics.palette`; and what it is for the content picture
            (`palette_error_copy_content`), for the style picture
            (`palette_error_copy_style`), and for the truth drawn again
            (`palette_error_limit`);
        `palette_gap`: where the error lies between limit (0) and copied style (1); of
            mixed manners also in each, such as `palette_gap_strokes`;
        `structure`: see `metrics.structure`; `structure_limit`: the truth's own;
        `stroke_angle_error` in degrees and `stroke_width_error`, relative: only where
            there are paintings of strokes;
        and those of `evaluate_pictures`.
    """
    truth = ground_truth(config, count, size)
    subject = Subject(generate, truth.content, truth.style)
    return _means(
        {**scene_figures(subject.results, truth), **parts.pair_figures(subject)}
    )


def evaluate_pictures(generate, contents, styles):
    """Figures that need no truth, and are quick.

    Args:
        generate: As for `evaluate_scenes`.
        contents, styles: `(count, h, w, 3)` float32 in [0, 1], as many of each, at
            least two different styles.

    Returns: a dict of floats, means over the pictures:
        `ssim_content`: structural similarity of result and content (`metrics.ssim`);
        `gradient_correlation`: correlation of their edges (`metrics.structure`);
        `self_similarity`: correlation of their patches' distances
            (`metrics.self_similarity`);
        `color_distance`: distance of the result's colours from the reference's, in
            units of Lab (`metrics.color`);
        `sensitivity`: how far results move with the reference (`metrics.sensitivity`).
    """
    if not len(contents) == len(styles) >= 2:
        raise ValueError(
            "Expected as many contents as styles, at least two. "
            f"Received: {len(contents)} contents, {len(styles)} styles"
        )
    return _means(parts.pair_figures(Subject(generate, contents, styles)))


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation came to.

    Attributes:
        subject: `Subject`, with its results.
        figures: dict of numbers by name.
        per_picture: dict of `(count,)` arrays, for those that have one per content.
        notes: list of sentences about how they were measured.
        truth: `GroundTruth`, or `None`.
    """

    subject: Subject
    figures: dict
    per_picture: dict
    notes: list = field(default_factory=list)
    truth: object = None


def evaluate(subject, truth=None, classifier=None, features=None, track=None):
    """All figures of a painter.

    Args:
        subject: `Subject`.
        truth: `GroundTruth` of its contents, or `None`.
        classifier: `DomainClassifier` that learned from other pictures of both sets,
            or `None`.
        features: `FeatureExtractor` for KID and FID, or `None` for neither.
        track: `track(sequence, description)` goes through a sequence, for example with
            a progress bar.

    Returns: `Evaluation`.
    """
    track = track or _in_silence
    found = {"pictures": len(subject.contents), "references": len(subject.references)}
    for part in track(_parts(truth, classifier, features, track), "evaluating"):
        found |= part(subject)
    return Evaluation(
        subject,
        _means(found),
        {name: value for name, value in found.items() if np.ndim(value)},
        _notes(subject, classifier, features),
        truth,
    )


def _parts(truth, classifier, features, track):
    """The parts of an evaluation in the order of its table, functions of a subject."""
    describe = [lambda s: parts.feature_figures(s, features, track)]
    classify = [lambda s: parts.classifier_figures(s, classifier)]
    return [
        *([lambda s: scene_figures(s.results, truth)] if truth else []),
        parts.content_figures,
        parts.reconstruction_figures,
        parts.style_figures,
        parts.set_figures,
        *(classify if classifier else []),
        *(describe if features else []),
        parts.reference_figures,
        parts.stability_figures,
    ]


def _notes(subject, classifier, features):
    notes = [
        f"{len(subject.contents)} contents, {len(subject.references)} references; "
        f"stability and noise on the first {parts.FEW} contents at most, diversity on "
        f"{parts.DIVERSE} contents and references."
    ]
    if classifier:
        contents, styles = classifier.counts
        notes.append(
            f"The classifier learned from {contents} other content and {styles} other "
            "style pictures; one in five of them was held out for its accuracy."
        )
    else:
        notes.append("No classifier: there are too few other pictures of both sets.")
    if features:
        notes.append(
            f"KID and FID: {features.name}, {features.dimensions} features, "
            f"{len(subject.results)} results against {len(subject.references)} "
            "references."
        )
    return notes


def _means(figures):
    """Arrays become their means."""
    return {
        name: float(np.mean(value)) if np.ndim(value) else value
        for name, value in figures.items()
    }


def _in_silence(sequence, description):
    return sequence
