"""Painting with what was exported."""

import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.errors import InputError
from keras_stylex.export import RECIPES, DeviceNetwork, convert, painters
from keras_stylex.export.painters import FilterPainter, PairPainter, SavedModelPainter
from keras_stylex.models.style_codes import mix_references

SIZE = (32, 44)
FILTER = "filter_great-wave_float32.tflite"
STYLIZER = "stylizer_float16.tflite"
ENCODER = "style_encoder_float16.tflite"


@pytest.fixture(scope="module")
def exports(whole_export):
    return whole_export[0]


def on_levels(picture):
    """As a file would hold it."""
    return to_float(to_uint8(picture))


@pytest.fixture(scope="module")
def looks(pictures):
    """Two references, the first of the filter's size, the second larger."""
    return [on_levels(pictures(1, *size, 3)[0]) for size in (SIZE, (64, 88))]


def test_a_filter_paints_what_keras_paints(exports, generator, style, frames):
    painter = FilterPainter(exports / FILTER)
    expected = generator.stylize(frames[:1], style.code, style.strength)[0]
    np.testing.assert_allclose(painter(frames[0]), expected, atol=1e-4)


@pytest.mark.parametrize(
    "size, painted",
    [
        ((64, 88), (32, 44)),
        ((16, 22), (32, 44)),
        ((100, 50), (32, 16)),
        ((30, 90), (15, 44)),
        ((200, 3), (32, 1)),
        ((1, 1), (32, 32)),
    ],
)
def test_other_pictures_are_scaled_to_fit_and_keep_their_aspect(
    exports, generator, style, pictures, size, painted
):
    picture = on_levels(pictures(1, *size)[0])
    seen = FilterPainter(exports / FILTER)(picture)
    assert seen.shape == (*painted, 3)
    frame = Image.fromarray(to_uint8(picture)).resize(painted[::-1], Image.LANCZOS)
    frame = to_float(np.asarray(frame))
    rest = [(0, whole - side) for whole, side in zip(SIZE, painted, strict=True)]
    frame = np.pad(frame, (*rest, (0, 0)), mode="edge")[None]
    expected = generator.stylize(frame, style.code, style.strength)[0]
    expected = expected[: painted[0], : painted[1]]
    np.testing.assert_allclose(seen, expected, atol=1e-4)


@pytest.mark.parametrize("strength", [1.0, 0.3])
def test_a_pair_paints_in_the_style_of_references(
    exports, generator, frames, looks, strength
):
    painter = PairPainter(exports / STYLIZER, looks, [1, 3], strength)
    small = Image.fromarray(to_uint8(looks[1])).resize(SIZE[::-1], Image.LANCZOS)
    fitted = [looks[0], to_float(np.asarray(small))]
    code = mix_references(generator, fitted, [1, 3])
    expected = generator.stylize(frames[:1], code, strength)[0]
    np.testing.assert_allclose(painter(frames[0]), expected, atol=0.01)
    usual = PairPainter(exports / STYLIZER, looks, [1, 3])
    np.testing.assert_array_equal(usual(frames[0], strength), painter(frames[0]))
    other = PairPainter(exports / STYLIZER, looks[:1], strength=strength)
    assert np.abs(other(frames[0]) - expected).max() > 0.02


def test_a_pair_paints_pictures_of_any_aspect(exports, looks, pictures):
    painter = PairPainter(exports / STYLIZER, looks)
    assert painter(pictures(1, 100, 50)[0]).shape == (32, 16, 3)


def test_of_a_long_reference_a_pair_sees_the_middle(exports, frames, looks):
    long = np.concatenate([0 * looks[0], looks[0], 1 + 0 * looks[0]], axis=1)
    painted, expected = (
        PairPainter(exports / STYLIZER, [look])(frames[0]) for look in (long, looks[0])
    )
    np.testing.assert_array_equal(painted, expected)


@pytest.mark.parametrize("size", [(17, 25), (40, 9)])
def test_a_saved_model_paints_what_the_generator_paints(
    exports, generator, pictures, looks, size
):
    content = pictures(1, *size)
    painter = SavedModelPainter(exports / "saved_model", looks, [1, 3], 0.6)
    code = mix_references(generator, looks, [1, 3])
    expected = generator.stylize(content, code, 0.6)[0]
    np.testing.assert_allclose(painter(content[0]), expected, atol=1e-5)
    other = generator.stylize(content, code, 0.2)[0]
    np.testing.assert_allclose(painter(content[0], 0.2), other, atol=1e-5)


def test_the_highest_version_of_a_saved_model_is_taken(tmp_path):
    for name in ("9", "10", "1a", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "saved_model.pb").touch()
    (tmp_path / "11").mkdir()
    assert painters.latest_version(tmp_path) == tmp_path / "10"
    assert painters.latest_version(tmp_path / "9") == tmp_path / "9"
    assert painters.is_saved_model(tmp_path)
    assert not painters.is_saved_model(tmp_path / "11")
    assert not painters.is_saved_model(tmp_path / "none")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """A TFLite file of somebody else's network, which takes frames too."""
    frame = keras.Input((8, 12, 3), batch_size=1, name="frame")
    model = keras.Model([frame], keras.layers.Conv2D(3, 1)(frame))
    content = convert(DeviceNetwork("serving_default", model, "y"), RECIPES["float32"])
    file = tmp_path_factory.mktemp("foreign") / "foreign.tflite"
    file.write_bytes(content)
    return file


def refused(make, file):
    with pytest.raises(InputError) as seen:
        make(file)
    (line,) = str(seen.value).splitlines()
    assert line.startswith(f"{file}: ")
    return line


def paint_pair(file):
    return PairPainter(file, [np.zeros((8, 8, 3), "float32")])


def paint_saved(folder):
    return SavedModelPainter(folder, [np.zeros((8, 8, 3), "float32")])


TAKERS = pytest.mark.parametrize("make", [FilterPainter, paint_pair])


@TAKERS
def test_the_file_of_others_is_named(make, foreign, exports):
    line = refused(make, foreign)
    assert "signature is serving_default" in line and "`export` wrote" in line
    assert "signature is encode_style" in refused(make, exports / ENCODER)


def test_a_filter_is_no_pair_and_a_pair_no_filter(exports):
    assert "signature is stylize," in refused(paint_pair, exports / FILTER)
    assert "stylize_with_code" in refused(FilterPainter, exports / STYLIZER)
    assert painters.takes_style(exports / STYLIZER)
    assert not painters.takes_style(exports / FILTER)


@TAKERS
@pytest.mark.parametrize("damage", ["empty", "text", "head", "half", "missing", "dir"])
def test_a_file_that_cannot_be_loaded_is_named(make, exports, tmp_path, damage):
    file, whole = tmp_path / "a.tflite", (exports / FILTER).read_bytes()
    if damage == "dir":
        file.mkdir()
    elif damage != "missing":
        kept = {"empty": 0, "head": 8, "half": len(whole) // 2}
        file.write_bytes(whole[: kept[damage]] if damage in kept else b"Dear diary,")
    line = refused(make, file)
    assert "cannot load" in line or "cannot be read" in line


def test_a_file_of_two_results_is_none_of_ours(tmp_path, capfd):
    frame = keras.Input((8, 12, 3), batch_size=1, name="frame")
    model = keras.Model([frame], [frame + 1, frame * 2])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    (tmp_path / "two.tflite").write_bytes(converter.convert())
    assert "gives 2 results" in refused(FilterPainter, tmp_path / "two.tflite")


def test_a_stylizer_needs_the_encoder_of_its_export(exports, tmp_path, foreign):
    shutil.copy(exports / STYLIZER, tmp_path)
    assert ENCODER in refused(paint_pair, tmp_path / STYLIZER)
    shutil.copy(exports / STYLIZER, tmp_path / "mine.tflite")
    assert "was renamed" in refused(paint_pair, tmp_path / "mine.tflite")
    shutil.copy(foreign, tmp_path / ENCODER)
    with pytest.raises(InputError, match=f"{ENCODER}: its signature is serving_"):
        paint_pair(tmp_path / STYLIZER)
    style = keras.Input((8, 12, 3), batch_size=1, name="style")
    model = keras.Model([style], keras.layers.GlobalAveragePooling2D()(style))
    network = DeviceNetwork("encode_style", model, "style_code")
    (tmp_path / ENCODER).write_bytes(convert(network, RECIPES["float32"]))
    with pytest.raises(InputError, match=f"{ENCODER}: is of another export"):
        paint_pair(tmp_path / STYLIZER)


def test_a_saved_model_that_is_none_of_ours_is_named(tmp_path):
    line = refused(paint_saved, tmp_path)
    assert "is no SavedModel of ours" in line
    tf.saved_model.save(tf.Module(), str(tmp_path / "1"))
    assert "encode_style" in refused(paint_saved, tmp_path)


@pytest.mark.parametrize("name", ["saved_model.pb", "variables/variables.data-*"])
@pytest.mark.parametrize("part", [0, 0.5])
def test_a_damaged_saved_model_is_named(exports, tmp_path, name, part):
    shutil.copytree(exports / "saved_model" / "1", tmp_path / "1")
    (file,) = (tmp_path / "1").glob(name)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    refused(paint_saved, tmp_path / "1")


@pytest.mark.parametrize("kind", [PairPainter, SavedModelPainter])
@pytest.mark.parametrize(
    "weights, strength, reason",
    [([1], 1.0, "one weight"), ([-1, 1], 1.0, "0 or more"), (None, 1.5, "strength")],
)
def test_weights_and_strength_are_checked(
    exports, looks, kind, weights, strength, reason
):
    place = exports / (STYLIZER if kind is PairPainter else "saved_model")
    with pytest.raises(InputError, match=reason):
        kind(place, looks, weights, strength)
