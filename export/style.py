"""What style a file paints in, and where it came from."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_stylex.data.images import read_reference
from keras_stylex.models.style_codes import check_strength, mix_references


@dataclass(frozen=True)
class Style:
    """A style code and the references it was made of.

    Attributes:
        name: For file names: letters, digits and hyphens.
        code: `(1, style_dim)` array.
        strength: Float in [0, 1].
        references: Tuple of dicts `name`, `sha256`, `weight`.
        picture: `(height, width, 3)`, the first reference, [0, 1].
    """

    name: str
    code: np.ndarray
    strength: float
    references: tuple
    picture: np.ndarray


def read_style(generator, paths, weights=None, strength=1.0, name=None):
    """Encodes the style of picture files.

    Args:
        generator: `Generator`.
        paths: list of paths of references.
        weights: list of floats, one each, or `None` for equal ones.
        strength: Float in [0, 1].
        name: String, or `None` for the first file's name.

    Returns: `Style`.

    Raises:
        InputError: when a file is no picture, or weights or strength cannot be used.
    """
    check_strength(strength)
    pictures = [read_reference(path) for path in paths]
    code = mix_references(generator, pictures, weights)
    weights = [1.0] * len(pictures) if weights is None else weights
    references = tuple(
        {"name": Path(path).name, "sha256": _checksum(path), "weight": float(weight)}
        for path, weight in zip(paths, weights, strict=True)
    )
    return Style(
        name=_file_name(name or Path(paths[0]).stem),
        code=code,
        strength=float(strength),
        references=references,
        picture=pictures[0],
    )


def _checksum(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _file_name(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "style"
