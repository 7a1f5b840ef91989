"""What is evaluated, and on which pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from keras_stylex.metrics.painting import generate_batches


@dataclass(frozen=True)
class Subject:
    """A painter, and the pictures it is tried on.

    Attributes:
        generate: `generate(content, style)` gives pictures like `content`; all are
            `(batch, h, w, 3)` float32 in [0, 1], the batch at most 16.
        contents: `(count, h, w, 3)` content pictures.
        references: `(count, h, w, 3)` different style pictures, at least two. Each
            content is painted in the style of one of them, in turn.
        encode_style: `encode_style(pictures)` gives `(batch, style_dim)` style codes;
            `None` for painters that have none.
    """

    generate: Callable
    contents: np.ndarray
    references: np.ndarray
    encode_style: Callable | None = None

    def __post_init__(self):
        if not len(self.contents) or len(self.references) < 2:
            raise ValueError(
                "Expected a content and two references at least. Received: "
                f"{len(self.contents)} contents, {len(self.references)} references"
            )

    @property
    def styles(self):
        """The reference of each content."""
        return self._references(0)

    @property
    def other_styles(self):
        """Another reference for each content."""
        return self._references(-1)

    @cached_property
    def results(self):
        """Each content in its style."""
        return generate_batches(self.generate, self.contents, self.styles)

    @cached_property
    def other_results(self):
        """Each content in its other style."""
        return generate_batches(self.generate, self.contents, self.other_styles)

    def _references(self, offset):
        numbers = np.arange(len(self.contents)) + offset
        return self.references[numbers % len(self.references)]
