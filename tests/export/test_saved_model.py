"""The SavedModel: what it paints, what it refuses, and when it appears."""

import shutil

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export import saved_model, serving_signatures
from keras_stylex.export.saved_model import export_saved_model

ONE_LEVEL = 1.001 * to_float(np.uint8(1))


@pytest.fixture(scope="module")
def signatures(exported):
    folder, _ = exported
    return tf.saved_model.load(str(folder / "1")).signatures


@pytest.fixture(scope="module")
def png(pictures, encode):
    """Makes a PNG of a random picture of some size."""
    return lambda *size: encode(to_uint8(pictures(1, *size)[0]))


def _pixels(png):
    return to_float(tf.io.decode_png(png).numpy())


@pytest.mark.parametrize(
    "batch, size, style_size",
    [(1, (16, 24), (16, 24)), (3, (17, 25), (20, 13)), (2, (40, 9), (7, 50))],
)
def test_signatures_paint_what_the_generator_paints(
    signatures, generator, pictures, batch, size, style_size
):
    content, style = pictures(batch, *size), pictures(batch, *style_size, seed=1)
    stylized = signatures["serving_default"](content=content, style=style)["stylized"]
    np.testing.assert_allclose(stylized, generator([content, style]), atol=1e-5)
    code = signatures["encode_style"](style=style)["style_code"]
    np.testing.assert_allclose(code, generator.encode_style(style), atol=1e-5)
    for strength in (np.linspace(0, 1, batch, dtype="float32"), np.ones((batch, 1))):
        faded = signatures["stylize_with_code"](
            content=content, style_code=code, strength=tf.constant(strength, "float32")
        )["stylized"]
        strength = strength.reshape(batch, 1)
        expected = generator.stylize(content, code, strength.astype("float32"))
        np.testing.assert_allclose(faded, expected, atol=1e-5)


def test_a_batch_of_files_may_have_many_sizes(signatures, generator, png):
    content, style = [png(16, 24), png(9, 30), png(33, 8)], [png(12, 20)] * 3
    answer = signatures["stylize_bytes"](
        content_bytes=tf.constant(content), style_bytes=tf.constant(style)
    )
    assert answer["error"].numpy().tolist() == [b""] * 3
    for row, painted in zip(content, answer["stylized_bytes"].numpy(), strict=True):
        expected = generator([_pixels(row)[None], _pixels(style[0])[None]])[0]
        np.testing.assert_allclose(_pixels(painted), expected, atol=ONE_LEVEL)


@pytest.mark.parametrize("size", [(16, 25), (2, 33_000)])  # painted together, or each
def test_a_batch_of_files_of_one_size_is_painted_row_by_row(
    signatures, generator, png, pictures, encode, size
):
    rows = [encode(to_uint8(each)) for each in pictures(3, *size)]
    styles = [png(12, 20)] * 2 + [encode(to_uint8(pictures(1, 12, 20, 7)[0]))]
    answer = signatures["stylize_bytes"](
        content_bytes=tf.constant(rows), style_bytes=tf.constant(styles)
    )
    assert answer["error"].numpy().tolist() == [b""] * 3
    for row, style, painted in zip(
        rows, styles, answer["stylized_bytes"].numpy(), strict=True
    ):
        expected = generator([_pixels(row)[None], _pixels(style)[None]])[0]
        np.testing.assert_allclose(_pixels(painted), expected, atol=ONE_LEVEL)


def test_no_rows_give_no_rows(signatures):
    nothing = tf.zeros((0,), tf.string)
    answer = signatures["stylize_bytes"](content_bytes=nothing, style_bytes=nothing)
    assert [len(rows) for rows in answer.values()] == [0, 0]


def test_a_strength_out_of_range_is_the_nearest_end(signatures, generator, pictures):
    content, code = pictures(2), np.float32([[1, -1, 2, 0, 1]] * 2)
    painted = signatures["stylize_with_code"](
        content=content, style_code=code, strength=np.float32([-3, 7])
    )["stylized"]
    expected = generator.stylize(content, code, np.float32([[0], [1]]))
    np.testing.assert_allclose(painted, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["content_bytes", "style_bytes"])
@pytest.mark.parametrize("bad", [b"text", b"", "cut off"])
def test_a_bad_row_leaves_the_others_alone(signatures, png, name, bad):
    bad = png(16, 24)[:70] if bad == "cut off" else bad
    inputs = {"content_bytes": [png(16, 24)] * 3, "style_bytes": [png(12, 20)] * 3}
    good = signatures["stylize_bytes"](**_constants(inputs))["stylized_bytes"].numpy()
    inputs[name] = [inputs[name][0], bad, inputs[name][2]]
    answer = signatures["stylize_bytes"](**_constants(inputs))
    assert answer["stylized_bytes"].numpy().tolist() == [good[0], b"", good[2]]
    first, error, last = answer["error"].numpy()
    assert (first, last) == (b"", b"") and error.startswith(name.encode() + b": is ")


def test_both_bad_pictures_of_a_row_are_named(signatures):
    answer = signatures["stylize_bytes"](
        content_bytes=tf.constant([b"", b""]), style_bytes=tf.constant([b"", b"text"])
    )
    expected = b"content_bytes: is empty; style_bytes: is no JPEG or PNG picture"
    assert answer["error"].numpy()[1] == expected


@pytest.mark.parametrize("name", ["content_bytes", "style_bytes"])
def test_a_lone_bad_row_raises(signatures, png, name):
    inputs = {
        "content_bytes": [png(16, 24)],
        "style_bytes": [png(16, 24)],
        name: [b"?"],
    }
    with pytest.raises(tf.errors.InvalidArgumentError) as raised:
        signatures["stylize_bytes"](**_constants(inputs))
    assert f"[{name}[0]: is no JPEG or PNG picture]" in str(raised.value)


def test_inputs_of_different_lengths_raise(signatures, png):
    inputs = {"content_bytes": [png(16, 24)] * 3, "style_bytes": [png(16, 24)] * 2}
    with pytest.raises(tf.errors.InvalidArgumentError, match="different lengths"):
        signatures["stylize_bytes"](**_constants(inputs))


def _constants(inputs):
    return {name: tf.constant(rows) for name, rows in inputs.items()}


def test_a_mixed_precision_generator_is_served_in_float32(
    make_generator, pictures, tmp_path
):
    generator = make_generator(dtype="mixed_float16")
    export_saved_model(generator, tmp_path / "toy", verify=False)
    served = tf.saved_model.load(str(tmp_path / "toy/1")).signatures
    content, style = pictures(2, 17, 24), pictures(2, 12, 20, seed=1)
    painted = served["serving_default"](content=content, style=style)["stylized"]
    assert painted.dtype == tf.float32
    np.testing.assert_allclose(painted, generator([content, style]), atol=2e-3)
    code = served["encode_style"](style=style)["style_code"]
    assert code.dtype == tf.float32
    np.testing.assert_allclose(
        code, tf.cast(generator.encode_style(style), tf.float32), atol=5e-3
    )


@pytest.mark.parametrize("version", [0, -1, 1.0, "1", True])
def test_versions_are_counted_from_one(generator, tmp_path, version):
    with pytest.raises(InputError, match="must be 1, 2, 3"):
        export_saved_model(generator, tmp_path / "toy", version)


def test_a_version_is_replaced_only_when_asked_to(generator, tmp_path):
    (tmp_path / "toy/2").mkdir(parents=True)
    (tmp_path / "toy/2/mine").touch()
    (tmp_path / "toy/models.config").write_text("mine")
    with pytest.raises(InputError, match="exists"):
        export_saved_model(generator, tmp_path / "toy", 2, verify=False)
    assert (tmp_path / "toy/2/mine").exists()
    export_saved_model(generator, tmp_path / "toy", 2, overwrite=True, verify=False)
    assert not (tmp_path / "toy/2/mine").exists()
    assert tf.saved_model.contains_saved_model(str(tmp_path / "toy/2"))
    assert (tmp_path / "toy/models.config").read_text() == "mine"


def test_what_fails_its_verification_leaves_nothing(
    exported, make_generator, tmp_path, monkeypatch
):
    def write_another(_, folder, name):
        shutil.copytree(exported[0] / "1", folder, dirs_exist_ok=True)

    other = make_generator()
    bias = other.decoder.to_pixels.style_bias.bias
    bias.assign(bias + 0.01)
    monkeypatch.setattr(saved_model, "_write", write_another)
    with pytest.raises(VerificationError, match="serving_default differs from Keras"):
        export_saved_model(other, tmp_path / "new/toy")
    assert list(tmp_path.rglob("*")) == [tmp_path / "new"]


def test_a_place_that_cannot_be_written_is_named(generator, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file.*cannot be written"):
        export_saved_model(generator, tmp_path / "file", verify=False)


def test_a_full_disk_is_named(generator, tmp_path, monkeypatch):
    def fail(*arguments):
        text = "variables.tmp; No space left on device"
        raise tf.errors.ResourceExhaustedError(None, None, text)

    monkeypatch.setattr(tf.saved_model, "save", fail)
    with pytest.raises(InputError, match="toy: cannot be written .No space left on"):
        export_saved_model(generator, tmp_path / "toy", verify=False)
    assert list(tmp_path.iterdir()) == []


def test_a_session_as_servers_use_it_answers_the_same(signatures, exported, png):
    """TensorFlow Serving runs graphs in sessions, without eager execution."""
    inputs = {"content_bytes": [png(16, 24), b"?"], "style_bytes": [png(12, 20)] * 2}
    expected = signatures["stylize_bytes"](**_constants(inputs))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        loaded = tf.compat.v1.saved_model.load(
            session, ["serve"], str(exported[0] / "1")
        )
        signature = loaded.signature_def["stylize_bytes"]
        names = {key: tensor.name for key, tensor in signature.outputs.items()}
        feed = {signature.inputs[key].name: rows for key, rows in inputs.items()}
        answer = session.run(names, feed)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"content_bytes\[0\]"):
            session.run(names["error"], {name: rows[1:] for name, rows in feed.items()})
    for name, rows in expected.items():
        assert answer[name].tolist() == rows.numpy().tolist()


@pytest.mark.parametrize(
    "sizes, together",
    [
        ([(8, 9)] * 3, True),
        ([(8, 9), (9, 8)], False),
        ([(8, 9)], False),  # decoded where it is painted, once
        ([(2, 33_000)] * 2, False),
    ],
)
def test_small_files_of_one_size_are_decoded_together(png, sizes, together):
    (_, shape), whether = serving_signatures._decode_together(
        tf.constant([png(*size) for size in sizes])
    )
    assert bool(whether) == together
    assert not together or shape.numpy().tolist() == [3, 8, 9, 3]
