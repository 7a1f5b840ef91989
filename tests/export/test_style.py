"""A style and where it came from."""

import hashlib

import numpy as np
import pytest

from keras_stylex.data.images import read_reference, write_image
from keras_stylex.errors import InputError
from keras_stylex.export import read_style
from keras_stylex.models.style_codes import mix_references
from keras_stylex.weights import BundledStyle


def test_a_mix_has_the_code_and_the_references_of_its_parts(generator, references):
    style = read_style(generator, references, [2, 1], 0.8)
    pictures = [read_reference(path) for path in references]
    expected = mix_references(generator, pictures, [2, 1])
    np.testing.assert_allclose(style.code, expected, atol=1e-6)
    np.testing.assert_array_equal(style.picture, pictures[0])
    assert style.strength == 0.8
    assert [each["weight"] for each in style.references] == [2.0, 1.0]
    for each, path in zip(style.references, references, strict=True):
        assert each["name"] == path.name
        assert each["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("weights", [None, np.array([3.0, 3.0])])
def test_references_count_equally_unless_told(generator, references, weights):
    style = read_style(generator, references, weights)
    equal = read_style(generator, references, [1, 1])
    np.testing.assert_allclose(style.code, equal.code, atol=1e-6)
    first, second = (each["weight"] for each in style.references)
    assert first == second and isinstance(first, float)


def test_a_bundled_style_is_mixed_with_pictures(generator, references):
    code = tuple(np.resize([1.0, -1.0], generator.style_dim))
    bundled = BundledStyle("wave", "prints/wave.jpg", "0f", "Somebody", "CC0", code)
    style = read_style(generator, [bundled, references[0]], [0, 1])
    alone = read_style(generator, references[:1])
    np.testing.assert_allclose(style.code, alone.code, atol=1e-6)
    np.testing.assert_array_equal(style.picture, alone.picture)
    assert style.name == "wave"
    assert style.references[0] == {"name": "wave", "sha256": "0f", "weight": 0.0}
    only = read_style(generator, [bundled])
    np.testing.assert_allclose(only.code, [code], atol=1e-5)
    assert only.picture is None


@pytest.mark.parametrize(
    "name, expected",
    [
        (None, "great-wave"),
        ("Two  Waves!", "two-waves"),
        ("../a/b.c", "a-b-c"),
        ("富嶽", "style"),
    ],
)
def test_names_of_files_are_letters_digits_and_hyphens(
    generator, references, name, expected
):
    assert read_style(generator, references[:1], name=name).name == expected


def test_a_reference_is_seen_as_training_and_stylize_see_it(
    generator, pictures, tmp_path
):
    long = pictures(1, 20, 100)[0]
    long[:, 10:-10] = 0.5  # what is longer than four times its width is trimmed
    write_image(tmp_path / "long.png", long)
    write_image(tmp_path / "middle.png", long[:, 10:-10])
    codes = [
        read_style(generator, [tmp_path / f"{name}.png"]).code
        for name in ("long", "middle")
    ]
    np.testing.assert_allclose(*codes, atol=1e-5)


@pytest.mark.parametrize("content", [None, b"", b"Dear diary,\n"])
def test_a_reference_that_is_no_picture_is_named(
    generator, references, tmp_path, content
):
    bad = tmp_path / "bad.png"
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(InputError, match="bad.png: "):
        read_style(generator, [references[0], bad])


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_out_of_range_is_refused(generator, references, strength):
    with pytest.raises(InputError, match="strength must lie in"):
        read_style(generator, references, strength=strength)


@pytest.mark.parametrize("weights", [[1], [1, 2, 3], [1, -1], [0, 0]])
def test_weights_that_cannot_be_used_are_refused(generator, references, weights):
    with pytest.raises(InputError, match="[Ww]eight"):
        read_style(generator, references, weights)
