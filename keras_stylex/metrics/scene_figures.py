"""The figures of paintings of scenes, whose truth is known."""

import numpy as np

from keras_stylex.data.scenes import MANNERS, StrokeStyle, manner_of
from keras_stylex.metrics.palette import palette_error, palette_gap
from keras_stylex.metrics.strokes import (
    stroke_angle,
    stroke_angle_error,
    stroke_width,
    stroke_width_error,
)
from keras_stylex.metrics.structure import structure


def scene_figures(results, truth):
    """How near are results to the truth?

    Args:
        results: `(count, h, w, 3)` paintings of `truth.content` in the styles of
            `truth.style`.
        truth: `GroundTruth`.

    Returns: a dict; values are floats, or arrays of one number per picture. See
        `keras_stylex.metrics.evaluate_scenes`.
    """
    return {
        **_palette_figures(results, truth),
        "structure": structure(results, truth.layout),
        "structure_limit": structure(truth.truth, truth.layout),
        **_stroke_figures(results, truth.styles),
    }


def _palette_figures(results, truth):
    pictures = {
        "palette_error": results,
        "palette_error_copy_content": truth.content,
        "palette_error_copy_style": truth.style,
        "palette_error_limit": truth.truth_again,
    }
    figures = {
        name: palette_error(images, truth.truth) for name, images in pictures.items()
    }
    return {
        **figures,
        "palette_gap": _gap(figures, range(len(results))),
        **_gaps_of_manners(figures, truth.styles),
    }


def _gaps_of_manners(figures, styles):
    """The palette gap in each manner, where there are several."""
    manners = [manner_of(style) for style in styles]
    pick = {name: [i for i, m in enumerate(manners) if m == name] for name in MANNERS}
    if len(set(manners)) < 2:
        return {}
    return {f"palette_gap_{m}": _gap(figures, p) for m, p in pick.items() if p}


def _gap(figures, pick):
    """The palette gap of some pictures."""
    names = ("palette_error", "palette_error_limit", "palette_error_copy_style")
    return palette_gap(*(float(np.mean(figures[name][pick])) for name in names))


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
        "stroke_angle_error": float(stroke_angle_error(measured, true_angles).mean()),
        "stroke_width_error": float(stroke_width_error(widths, true_widths).mean()),
    }
