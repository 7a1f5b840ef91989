"""Writes trained weights as they ship, and proves that they paint the same."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from keras_stylex.errors import VerificationError
from keras_stylex.weights.shipped import (
    ABOUT_NAME,
    PROOF_NAME,
    WEIGHTS_NAME,
    ShippedWeights,
    read_weights,
)

LARGEST_CHANGE = 0.0039  # of a pixel in [0, 1]: less than one of 255 steps
PROOF_SIZE = (24, 36)  # pixels


def pack_weights(folder, generator, preset, styles, training, licence):
    """Writes all of a set of weights but its model card, into a folder that exists.

    Weights are rounded to float16, read back, and compared with the generator on a
    picture in every style; what it paints is kept, as a proof for later versions.

    Args:
        folder: Path of the folder.
        generator: `Generator`, the averaged one of a run.
        preset: String, name of its size.
        styles: list of `BundledStyle`, the default first.
        training: dict, see `ShippedWeights`.
        licence: String, licence of the weights.

    Returns: `ShippedWeights`.

    Raises:
        VerificationError: when float16 is too coarse for these weights.
    """
    folder, architecture = Path(folder), generator.architecture
    full, half = (
        type(generator)(**architecture, dtype=dtype) for dtype in ("float32", "float16")
    )
    full.set_weights(generator.get_weights())
    half.set_weights(generator.get_weights())
    half.save_weights(folder / WEIGHTS_NAME)
    about = ShippedWeights(
        folder,
        preset,
        architecture,
        generator.count_params(),
        licence,
        training,
        tuple(styles),
    )
    _write_about(about)
    _write_proof(about, full)
    shipped = read_weights(folder)
    shipped.load_into(full)
    change = rounding_change(shipped, full)
    if not change <= LARGEST_CHANGE:
        raise VerificationError(
            f"float16 changes pixels by {change:.4f}, more than {LARGEST_CHANGE}; "
            "not packed"
        )
    return shipped


def rounding_change(shipped, generator):
    """The largest change of a pixel since the weights were packed.

    Args:
        shipped: `ShippedWeights`.
        generator: `Generator` that they were loaded into.

    Returns: float; 0 to 1, in which pixels lie.
    """
    with np.load(shipped.folder / PROOF_NAME) as proof:
        painted = _paint(generator, shipped.styles, proof["content"])
        return float(np.abs(painted - proof["painted"]).max())


def _write_about(shipped):
    about = asdict(shipped)
    del about["folder"]  # its name is theirs
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    (shipped.folder / ABOUT_NAME).write_text(text, encoding="utf-8")


def _write_proof(shipped, generator):
    content = _proof_content().astype("float16")
    painted = _paint(generator, shipped.styles, content).astype("float16")
    file = shipped.folder / PROOF_NAME
    np.savez_compressed(file, content=content, painted=painted)


def _proof_content():
    """`(1, height, width, 3)`: slow and fast changes of colour, and noise; [0, 1]."""
    height, width = PROOF_SIZE
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([np.sin(x / 5), np.sin(y / 4), np.sin(x * y / 40)], axis=-1)
    noise = np.random.RandomState(0).uniform(-0.2, 0.2, (height, width, 3))
    return (0.5 + 0.3 * waves + noise)[None]


def _paint(generator, styles, content):
    content = content.astype("float32")
    painted = [np.asarray(generator.stylize(content, style.code)) for style in styles]
    return np.concatenate(painted)
