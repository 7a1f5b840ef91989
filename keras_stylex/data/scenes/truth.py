"""Pairs that training never sees: what a translated photo should look like."""

from dataclasses import dataclass

import numpy as np

from keras_stylex.data.scenes.arranging import random_layout
from keras_stylex.data.scenes.examples import generator
from keras_stylex.data.scenes.paintings import (
    CONFIGS,
    check_config,
    paint,
    random_style,
)
from keras_stylex.data.scenes.palettes import DAYLIGHT
from keras_stylex.data.scenes.photo import photograph
from keras_stylex.data.scenes.regions import draw_regions
from keras_stylex.data.scenes.shading import (
    finish,
    flat_planes,
    part_colors,
    sky_planes,
)


@dataclass(frozen=True)
class GroundTruth:
    """Photos, paintings, and the same photos' scenes painted in those styles.

    All arrays are `(count, height, width, 3)` float32 in [0, 1].

    Attributes:
        content: Photos.
        style: Paintings of other scenes.
        truth: The scenes of `content` in the styles of `style`.
        truth_again: `truth` painted once more with other strokes or dots: as near as
            anybody can come to it who does not know where they lie.
        layout: The scenes of `content` in flat colours, the same for each role.
        styles: The styles' parameters, a tuple of `count`.
    """

    content: np.ndarray
    style: np.ndarray
    truth: np.ndarray
    truth_again: np.ndarray
    layout: np.ndarray
    styles: tuple


def ground_truth(config="strokes", count=64, size=96, seed=0):
    """Draws pictures with known translations, apart from all splits of the data set.

    Args:
        config: One of `strokes`, `ukiyoe`, `pointillist`, `mixed`.
        count: How many.
        size: Pixels, one number or `(height, width)`.
        seed: Another seed gives other pictures.

    Returns: a `GroundTruth`.

    Raises:
        InputError: there is no such configuration.
    """
    check_config(config)
    rows = [_row(config, index, size, seed) for index in range(count)]
    *pictures, styles = zip(*rows, strict=True)
    return GroundTruth(*(np.stack(column) for column in pictures), styles)


def _row(config, index, size, seed):
    rng = generator("truth", seed, index, CONFIGS.index(config))
    layout, other = random_layout(rng), random_layout(rng)
    style = random_style(config, rng)
    return (
        photograph(layout, size, rng),
        paint(other, style, size, rng),
        paint(layout, style, size, rng),
        paint(layout, style, size, rng),
        flat_layout(layout, size),
        style,
    )


def flat_layout(layout, size):
    """`layout` in flat colours, antialiased: `(height, width, 3)` float32 in [0, 1]."""
    palette = DAYLIGHT["noon"]
    regions = draw_regions(layout, size, scale=2)
    sky = sky_planes(palette, layout.horizon, len(regions.parts) // 2)
    return finish(flat_planes(regions.parts, part_colors(regions, palette), sky))
