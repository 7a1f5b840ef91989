"""Judges what a SavedModel answered."""

import numpy as np
import tensorflow as tf

from keras_stylex.data.images import to_float
from keras_stylex.errors import VerificationError
from keras_stylex.export.parity import compare

LIMIT = 1e-4  # largest difference of a float32 network
LIMIT_16_BIT = 2e-2  # of one that computes in 16 bits
HALF_LEVEL = float(to_float(np.uint8(1))) / 2  # what rounding to a PNG may add


def compare_answers(calls, answers, compute_dtype):
    """Compares answers with those of Keras.

    Args:
        calls: list of `Call`.
        answers: list of what `saved_model_replay` gives for each.
        compute_dtype: String, what the network computes in.

    Returns: dict of `Parity` by signature.

    Raises:
        VerificationError: when one differs too much.
    """
    pairs, parity = {}, {}
    for call, answer in zip(calls, answers, strict=True):
        check_answered(call, answer)
        pairs.setdefault(call.signature, []).extend(_pairs(call, answer))
    limit = LIMIT if compute_dtype == "float32" else LIMIT_16_BIT
    for name, each in pairs.items():
        parity[name] = compare(*zip(*each, strict=True))
        allowed = limit + (HALF_LEVEL if name == "stylize_bytes" else 0)
        if not parity[name].max <= allowed:  # what is no number fails, too
            raise VerificationError(
                f"{name} differs from Keras by up to {parity[name].max:.3g} "
                f"({parity[name].psnr:.1f} dB), and {allowed:.3g} is allowed"
            )
    return parity


def check_answered(call, answer):
    """Raises `VerificationError` unless just the bad rows of a call were refused."""
    name = call.signature
    if isinstance(answer, tuple):
        raise VerificationError(f"{name} raises {': '.join(answer)}")
    refused = [i for i, error in enumerate(answer.get("error", [])) if error]
    bad = [i for i, target in enumerate(call.expected) if target is None]
    if refused != bad:
        raise VerificationError(f"{name} refuses the rows {refused}, not {bad}")


def check_refused(answer, name):
    """Raises `VerificationError` unless a lone bad row raised an error naming it."""
    kind, text = answer if isinstance(answer, tuple) else ("no error", "")
    if kind != "InvalidArgumentError" or f"{name}[0]: " not in text:
        raise VerificationError(
            f"a damaged picture in {name} should raise an InvalidArgumentError that "
            f"names it, and raises {kind} {text}".strip()
        )


def _pairs(call, answer):
    """`(actual, expected)` of each row that was not refused."""
    if call.signature == "stylize_bytes":
        rows = [_pixels(png) for png in answer["stylized_bytes"]]
    else:
        (rows,) = answer.values()
    for row, target in zip(rows, call.expected, strict=True):
        actual, wanted = (None if x is None else x.shape for x in (row, target))
        if actual != wanted:
            raise VerificationError(f"{call.signature} makes {actual}, not {wanted}")
        if target is not None:
            yield row, target


def _pixels(png):
    return to_float(tf.io.decode_png(png, channels=3).numpy()) if png else None
