"""A translator's figures: on scenes, where the truth is known, and on any pictures."""

import numpy as np

from keras_stylex.data.scenes import StrokeStyle, ground_truth
from keras_stylex.metrics.color import color_distance
from keras_stylex.metrics.painting import generate_batches
from keras_stylex.metrics.palette import palette_error, palette_gap
from keras_stylex.metrics.sensitivity import sensitivity
from keras_stylex.metrics.ssim import ssim
from keras_stylex.metrics.strokes import (
    stroke_angle,
    stroke_angle_error,
    stroke_width,
    stroke_width_error,
)
from keras_stylex.metrics.structure import structure


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
        `palette_gap`: where the error lies between limit (0) and copied style (1);
        `structure`: see `metrics.structure`; `structure_limit`: the truth's own;
        `stroke_angle_error` in degrees and `stroke_width_error`, relative: only where
            there are paintings of strokes;
        `ssim_content`, `color_distance`, `sensitivity`: see `evaluate_pictures`.
    """
    truth = ground_truth(config, count, size)
    results = generate_batches(generate, truth.content, truth.style)
    return {
        **_palette_figures(results, truth),
        "structure": _mean(structure(results, truth.layout)),
        "structure_limit": _mean(structure(truth.truth, truth.layout)),
        **_stroke_figures(results, truth.styles),
        **_picture_figures(generate, results, truth.content, truth.style),
    }


def evaluate_pictures(generate, contents, styles):
    """Figures that need no truth.

    Args:
        generate: As for `evaluate_scenes`.
        contents, styles: `(count, h, w, 3)` float32 in [0, 1], as many of each, at
            least two different styles.

    Returns: a dict of floats, means over the pictures:
        `ssim_content`: structural similarity of result and content (`metrics.ssim`);
        `color_distance`: distance of the result's colours from the reference's, in
            units of Lab (`metrics.color`);
        `sensitivity`: how far results move with the reference (`metrics.sensitivity`).
    """
    if not len(contents) == len(styles) >= 2:
        raise ValueError(
            "Expected as many contents as styles, at least two. "
            f"Received: {len(contents)} contents, {len(styles)} styles"
        )
    results = generate_batches(generate, contents, styles)
    return _picture_figures(generate, results, contents, styles)


def _palette_figures(results, truth):
    pictures = {
        "palette_error": results,
        "palette_error_copy_content": truth.content,
        "palette_error_copy_style": truth.style,
        "palette_error_limit": truth.truth_again,
    }
    figures = {
        name: _mean(palette_error(images, truth.truth))
        for name, images in pictures.items()
    }
    figures["palette_gap"] = palette_gap(
        figures["palette_error"],
        figures["palette_error_limit"],
        figures["palette_error_copy_style"],
    )
    return figures


def _stroke_figures(results, styles):
    """Of those pictures whose style is one of strokes."""
    pick = [i for i, style in enumerate(styles) if isinstance(style, StrokeStyle)]
    if not pick:
        return {}
    side = min(results.shape[1:3])
    measured = stroke_angle(results[pick])
    widths = stroke_width(results[pick])
    true_angles = [styles[i].angle for i in pick]
    true_widths = [side * styles[i].width for i in pick]
    return {
        "stroke_angle_error": _mean(stroke_angle_error(measured, true_angles)),
        "stroke_width_error": _mean(stroke_width_error(widths, true_widths)),
    }


def _picture_figures(generate, results, contents, styles):
    others = np.roll(styles, 1, axis=0)
    other_results = generate_batches(generate, contents, others)
    return {
        "ssim_content": _mean(ssim(results, contents)),
        "color_distance": _mean(color_distance(results, styles)),
        "sensitivity": _mean(sensitivity(results, other_results, styles, others)),
    }


def _mean(values):
    return float(np.mean(values))
