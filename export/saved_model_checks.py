"""Proves a SavedModel in a process that knows nothing of Keras."""

import itertools
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from keras_stylex.errors import VerificationError
from keras_stylex.export import saved_model_replay
from keras_stylex.export.parity import Parity
from keras_stylex.export.saved_model_answers import (
    check_answered,
    check_refused,
    compare_answers,
)
from keras_stylex.export.saved_model_calls import (
    Call,
    calls_on,
    draw_picture,
    lone_bad_calls,
)
from keras_stylex.export.serving_files import read_warmup

SIGNATURES = {"encode_style", "serving_default", "stylize_bytes", "stylize_with_code"}
_PICTURES, _STRINGS = ("float32", (None, None, None, 3)), ("string", (None,))


@dataclass(frozen=True)
class SavedModelVerification:
    """What was seen of a SavedModel that passed.

    Attributes:
        bytes: Size of its folder.
        parity: dict of `Parity` against Keras by signature.
        warmup_requests: How many it was sent, and answered.
    """

    bytes: int
    parity: dict[str, Parity]
    warmup_requests: int


def verify_saved_model(folder, generator, pictures=None, style=None):
    """Runs a SavedModel without Keras, and compares it with Keras.

    Args:
        folder: Path of the folder that holds `saved_model.pb`.
        generator: The `Generator` it was made of.
        pictures: list of `(height, width, 3)` pictures, [0, 1]; sizes may differ.
            Without any, two are drawn.
        style: `(height, width, 3)` reference, [0, 1], or `None` to draw one.

    Returns: `SavedModelVerification`.

    Raises:
        VerificationError: when it cannot be loaded or run, differs from Keras, has
            other signatures than it should, or lets bad bytes take others down.
    """
    if pictures is None or not len(pictures):
        pictures = [draw_picture(40, 56), draw_picture(35, 64)]
    style = draw_picture(44, 48)[::-1] if style is None else style
    good, bad = calls_on(generator, pictures, style), lone_bad_calls(style)
    warmup = [Call(*request, []) for request in _read_warmup(folder)]
    described, answers = replay(folder, [*good, *bad.values(), *warmup])
    _check_signatures(described, generator.style_dim)
    answers = iter(answers)
    parity = compare_answers(
        good, itertools.islice(answers, len(good)), generator.compute_dtype
    )
    for name in bad:
        check_refused(next(answers), name)
    for call in warmup:
        check_answered(call, next(answers))
    size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
    return SavedModelVerification(size, parity, len(warmup))


def replay(folder, calls):
    """Makes calls in a fresh process.

    Args:
        folder: Path of the folder that holds `saved_model.pb`.
        calls: list of `Call`.

    Returns: `(signatures, answers)`, see `saved_model_replay`.

    Raises:
        VerificationError: when TensorFlow alone cannot load it.
    """
    program = Path(saved_model_replay.__file__).read_text(encoding="utf-8")
    asked = pickle.dumps([(call.signature, call.inputs) for call in calls])
    with tempfile.TemporaryDirectory() as place:
        Path(place, "calls").write_bytes(asked)
        files = [str(Path(folder).resolve()), "calls", "results"]
        done = subprocess.run(
            [sys.executable, "-c", program, *files],
            cwd=place,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise VerificationError(f"TensorFlow alone cannot run it: {last}")
        return pickle.loads(Path(place, "results").read_bytes())


def _read_warmup(folder):
    try:
        requests = read_warmup(folder)
    except Exception as error:  # whatever parsers raise on broken files
        raise VerificationError(f"its warm-up requests are broken: {error}") from error
    left_out = SIGNATURES - {signature for signature, _ in requests}
    if left_out:
        raise VerificationError(f"its warm-up requests leave out {sorted(left_out)}")
    return requests


def _check_signatures(described, style_dim):
    code = ("float32", (None, style_dim))
    style, stylized = {"style": _PICTURES}, {"stylized": _PICTURES}
    with_code = {
        "content": _PICTURES,
        "style_code": code,
        "strength": ("float32", None),
    }
    strings = {"content_bytes": _STRINGS, "style_bytes": _STRINGS}
    expected = {
        "serving_default": ({"content": _PICTURES, **style}, stylized),
        "encode_style": (style, {"style_code": code}),
        "stylize_with_code": (with_code, stylized),
        "stylize_bytes": (strings, {"stylized_bytes": _STRINGS, "error": _STRINGS}),
    }
    for name in sorted({*expected, *described}):
        if described.get(name) != expected.get(name):
            raise VerificationError(
                f"its signature {name} is {described.get(name)}, "
                f"and should be {expected.get(name)}"
            )
