"""What style a file paints in, and where it came from."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_stylex.data.images import read_reference
from keras_stylex.models.style_codes import check_strength, mix_references
from keras_stylex.weights import BundledStyle


@dataclass(frozen=True)
class Style:
    """A style code and the references it was made of.

    Attributes:
        name: For file names: letters, digits and hyphens.
        code: `(1, style_dim)` array.
        strength: Float in [0, 1].
        references: Tuple of dicts `name`, `sha256`, `weight`.
        picture: `(height, width, 3)`, the first reference that is a picture, [0, 1]; or
            `None`.
    """

    name: str
    code: np.ndarray
    strength: float
    references: tuple
    picture: np.ndarray | None


def read_style(generator, references, weights=None, strength=1.0, name=None):
    """Encodes the style of references.

    Args:
        generator: `Generator`.
        references: list of paths of picture files, and of `BundledStyle`.
        weights: list of floats, one each, or `None` for equal ones.
        strength: Float in [0, 1].
        name: String, or `None` for the first reference's name.

    Returns: `Style`.

    Raises:
        InputError: when a file is no picture, or weights or strength cannot be used.
    """
    check_strength(strength)
    looks = [read_look(reference) for reference in references]
    code = mix_references(generator, looks, weights)
    weights = [1.0] * len(looks) if weights is None else weights
    described = tuple(
        {**_describe(reference), "weight": float(weight)}
        for reference, weight in zip(references, weights, strict=True)
    )
    return Style(
        name=_file_name(name or Path(described[0]["name"]).stem),
        code=code,
        strength=float(strength),
        references=described,
        picture=next((look for look in looks if look.ndim == 3), None),
    )


def read_look(reference):
    """The picture `(height, width, 3)` of a path, or the code of a `BundledStyle`."""
    if isinstance(reference, BundledStyle):
        return reference.code
    return read_reference(reference)


def _describe(reference):
    if isinstance(reference, BundledStyle):
        return {"name": reference.name, "sha256": reference.sha256}
    path = Path(reference)
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _file_name(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "style"
