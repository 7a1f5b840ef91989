"""From pictures of any size and references to painted pictures."""

import numpy as np

from keras_stylex.inference.tiling import map_tiles
from keras_stylex.layers import stroke_pattern
from keras_stylex.models.style_codes import mix_references

PATTERN_PERIOD = 2 * stroke_pattern.PERIOD  # pixels


class Stylizer:
    """Paints pictures of any size in the style of references.

    Large pictures are painted in tiles. The generator has no statistics over the
    picture, tiles overlap by as far as it sees, and begin where its pattern of strokes
    does, so that no seam can arise and memory does not grow with the picture.

    Args:
        generator: `Generator`.
        tile_side: Integer, pixels of a tile without its overlap, rounded up to
            whole periods of the pattern (128). Defaults to 512.
    """

    def __init__(self, generator, tile_side=512):
        self.generator = generator
        self.tile_side = _round_up(tile_side, PATTERN_PERIOD)

    def style_code(self, references, weights=None):
        """One style code for one or several references.

        Args:
            references: list of `(height, width, 3)` pictures, [0, 1], and of
                `(1, style_dim)` style codes.
            weights: list of floats, 0 or more, one each; or `None` for equal ones.

        Returns: `(1, style_dim)` array.
        """
        return mix_references(self.generator, references, weights)

    def __call__(self, content, style_code, strength=1.0):
        """Paints one picture.

        Args:
            content: `(height, width, 3)` picture, [0, 1].
            style_code: `(1, style_dim)` array.
            strength: Float in [0, 1]: 0 keeps the look of a photo, 1 is the style.

        Returns: `(height, width, 3)` picture, [0, 1].
        """

        def paint(tile):
            return np.asarray(self.generator.stylize(tile[None], style_code, strength))[
                0
            ]

        overlap = _round_up(self.overlap, PATTERN_PERIOD)
        return map_tiles(paint, content, self.tile_side, overlap)

    @property
    def overlap(self):
        """How far the generator sees, in pixels, rounded up to whole code cells."""
        generator = self.generator
        cell = 2 ** len(generator.widths)
        blocks = generator.encoder_blocks + generator.decoder_blocks[-1]
        finer = sum(
            2 * count * 2 ** (level + 1)
            for level, count in enumerate(generator.decoder_blocks[:-1])
        )
        # Two 3x3 convolutions a block; the strided convolutions and the upsampling
        # see about two cells more.
        reach = 2 * blocks * cell + finer + 3 * cell
        return _round_up(reach, cell)


def _round_up(number, step):
    return -(-number // step) * step
