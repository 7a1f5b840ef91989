"""The verification: it passes what is right, and says what is wrong."""

import shutil
import sys

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.errors import VerificationError
from keras_stylex.export import saved_model_replay
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
from keras_stylex.export.saved_model_checks import (
    SIGNATURES,
    replay,
    verify_saved_model,
)
from keras_stylex.export.serving_files import WARMUP_FILE


@pytest.fixture
def copied(exported, tmp_path):
    """A copy of the SavedModel, to be tampered with."""
    return shutil.copytree(exported[0] / "1", tmp_path / "copied")


@pytest.fixture(scope="module")
def answered(exported, generator, pictures):
    """Calls on pictures, and the right answers: `(calls, answers)`."""
    calls = calls_on(generator, [*pictures(2, 17, 24)], pictures(1, 12, 20)[0])
    _, answers = replay(exported[0] / "1", calls)
    return calls, answers


def test_an_export_says_what_was_seen(exported):
    folder, verification = exported
    sizes = (f.stat().st_size for f in (folder / "1").rglob("*") if f.is_file())
    assert verification.bytes == sum(sizes)
    assert set(verification.parity) == SIGNATURES
    for name, parity in verification.parity.items():
        assert parity.max < (0.002 if name == "stylize_bytes" else 1e-5)
    assert verification.warmup_requests == 5


def test_other_weights_are_found(copied, make_generator, pictures):
    other = make_generator()
    kernel = other.style_encoder.dense[1].kernel
    kernel.assign(kernel + 0.003)
    with pytest.raises(VerificationError, match="differs from Keras by up to 0.0"):
        verify_saved_model(copied, other, [*pictures(1, 18, 22)], pictures(1)[0])


def test_a_broken_file_is_found(copied, generator):
    (copied / "saved_model.pb").write_bytes(b"\xff" * 99)
    with pytest.raises(VerificationError, match="TensorFlow alone cannot run it: "):
        verify_saved_model(copied, generator)


def test_a_model_without_the_signatures_is_found(generator, copied):
    module = tf.Module()
    module.half = tf.function(lambda x: x / 2, [tf.TensorSpec((None,))])
    warmup = (copied / WARMUP_FILE).read_bytes()
    shutil.rmtree(copied)
    tf.saved_model.save(module, str(copied), {"half": module.half})
    (copied / WARMUP_FILE).parent.mkdir()
    (copied / WARMUP_FILE).write_bytes(warmup)
    with pytest.raises(VerificationError, match="its signature encode_style is None"):
        verify_saved_model(copied, generator)


@pytest.mark.parametrize("content", [None, b"no records"])
def test_broken_warm_up_requests_are_found(copied, generator, content):
    (copied / WARMUP_FILE).unlink()
    if content:
        (copied / WARMUP_FILE).write_bytes(content)
    with pytest.raises(VerificationError, match="its warm-up requests "):
        verify_saved_model(copied, generator)


def test_right_answers_pass(answered):
    calls, answers = answered
    assert set(compare_answers(calls, answers, "float32")) == SIGNATURES


@pytest.mark.parametrize("name", sorted(SIGNATURES - {"stylize_bytes"}))
@pytest.mark.parametrize("wrong", ["a little", "nan", "shape", "error"])
def test_wrong_answers_are_found(answered, name, wrong):
    calls, answers = answered
    index = [call.signature for call in calls].index(name)
    ((key, rows),) = answers[index].items()
    seventh = (np.arange(rows.size) == 7).reshape(rows.shape)
    answer = {
        "a little": {key: rows + 2e-4 * seventh},
        "nan": {key: np.where(seventh, np.nan, rows)},
        "shape": {key: rows[:, 1:]},
        "error": ("InternalError", "it fell over"),
    }[wrong]
    answers = [*answers[:index], answer, *answers[index + 1 :]]
    with pytest.raises(VerificationError, match=name):
        compare_answers(calls, answers, "float32")


def test_a_few_levels_in_a_png_are_found(answered, encode):
    calls, answers = answered
    first, _, last = answers[-1]["stylized_bytes"]
    rows = [tf.io.decode_png(png).numpy() for png in (first, last)]
    first, last = (encode(np.where(row > 250, row, row + 3)) for row in rows)
    brighter = [first, b"", last]
    wrong = {**answers[-1], "stylized_bytes": brighter}
    with pytest.raises(VerificationError, match="stylize_bytes differs from Keras"):
        compare_answers(calls[-1:], [wrong], "float32")


@pytest.mark.parametrize("errors", [[b""] * 3, [b"?", b"?", b""], [b"?"] * 3])
def test_rows_refused_wrongly_are_found(errors):
    picture = draw_picture(8, 9)
    call = Call("stylize_bytes", {}, [picture, None, picture])
    with pytest.raises(VerificationError, match="refuses the rows"):
        check_answered(call, {"error": errors})


@pytest.mark.parametrize(
    "answer",
    [
        {"stylized_bytes": [b"PNG"], "error": [b""]},
        ("InvalidArgumentError", "something is bad"),
        ("InternalError", "content_bytes[0]: is damaged"),
    ],
)
def test_a_lone_bad_row_that_does_not_raise_is_found(answer):
    with pytest.raises(VerificationError, match="should raise an InvalidArgument"):
        check_refused(answer, "content_bytes")
    check_refused(
        ("InvalidArgumentError", "[content_bytes[0]: is bad]"), "content_bytes"
    )


def test_lone_bad_calls_are_bad_in_one_input():
    for name, call in lone_bad_calls(draw_picture(8, 9)).items():
        whole = {key: row.endswith(b"B`\x82") for key, (row,) in call.inputs.items()}
        assert [key for key in whole if not whole[key]] == [name]


def test_the_fresh_process_cannot_import_keras(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    with pytest.raises(OSError, match="does not exist"):
        saved_model_replay.main(str(tmp_path / "none"), "", "")
    assert sys.modules["keras"] is None and sys.modules["keras_stylex"] is None
