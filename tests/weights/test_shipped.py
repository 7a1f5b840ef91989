"""Weights in the package: found by name, and never loaded into another network."""

import json
import shutil

import numpy as np
import pytest

import keras_stylex as ks
from keras_stylex.errors import InputError
from keras_stylex.models.presets import PRESETS
from keras_stylex.weights import read_shipped, shipped, shipped_weights

PHOTO = np.random.default_rng(3).random((1, 30, 44, 3)).astype("float32")


@pytest.fixture
def own_package(package, tmp_path, monkeypatch):
    """A copy of the package, to damage."""
    folder = shutil.copytree(package, tmp_path / "package")
    monkeypatch.setattr(shipped, "FOLDER", folder)
    return folder


def change_about(folder, **changes):
    file = folder / "toy" / shipped.ABOUT_NAME
    about = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**about, **changes}), encoding="utf-8")


def test_they_are_listed_by_name(own_package):
    shutil.copytree(own_package / "toy", own_package / "another")
    (own_package / "__pycache__").mkdir()
    assert ks.shipped_weights() == ("another", "toy")
    assert read_shipped("another").name == "another"


def test_presets_are_listed_by_name():
    assert ks.presets() == ("stylex_mobile", "stylex_small", "stylex_base")


def test_a_preset_is_made_with_them(package, packed, make_generator):
    generator = ks.Generator.from_preset("stylex_mobile", weights="toy")
    for weight, own in zip(
        generator.get_weights(), make_generator().get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, own.astype("float16"))
    painted = np.asarray(generator.stylize(PHOTO, packed.styles[1].code))
    assert painted.shape == PHOTO.shape


def test_a_preset_without_weights_is_untrained(package):
    generator = ks.Generator.from_preset("stylex_mobile")
    assert not np.any(generator.neutral_style)


def test_mixed_precision_computes_with_them(package, packed):
    mixed = ks.Generator.from_preset(
        "stylex_mobile", weights="toy", dtype="mixed_float16"
    )
    plain = ks.Generator.from_preset("stylex_mobile", weights="toy")
    painted = [
        np.asarray(g.stylize(PHOTO, packed.styles[0].code)) for g in (mixed, plain)
    ]
    np.testing.assert_allclose(*painted, atol=0.05)


def test_an_unknown_name_is_an_input_error_that_names_the_others(package):
    with pytest.raises(InputError, match=r"no weights 'monet'.* It holds: toy\."):
        ks.Generator.from_preset("stylex_mobile", weights="monet")


def test_a_package_without_weights_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    assert shipped_weights() == ()
    with pytest.raises(InputError, match=r"no weights 'toy'.* It holds none\."):
        ks.Generator.from_preset("stylex_mobile", weights="toy")


def test_another_preset_is_refused(package):
    with pytest.raises(
        InputError, match="'toy' are of the preset 'stylex_mobile'.*small"
    ):
        ks.Generator.from_preset("stylex_small", weights="toy")


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"style_dim": 7}, "style_dim 5, not 7"),
        ({"decoder_blocks": (0, 2)}, r"decoder_blocks \[1, 1\], not \[0, 2\]"),
        ({"encoder_blocks": 0}, "encoder_blocks 1, not 0"),
    ],
)
def test_another_architecture_is_refused_with_what_differs(package, changes, named):
    with pytest.raises(InputError, match=f"'toy' are of another network.*{named}"):
        ks.Generator.from_preset("stylex_mobile", weights="toy", **changes)


def test_a_preset_that_was_changed_since_is_refused(package, monkeypatch):
    changed = {**PRESETS["stylex_mobile"], "decoder_blocks": (0, 1)}
    monkeypatch.setitem(PRESETS, "stylex_mobile", changed)
    with pytest.raises(InputError, match="decoder_blocks"):
        ks.Generator.from_preset("stylex_mobile", weights="toy")


def test_layers_that_were_changed_since_are_refused(own_package, packed):
    change_about(own_package, parameters=packed.parameters + 64)
    with pytest.raises(InputError, match=f"weights {packed.parameters + 64}, not"):
        ks.Generator.from_preset("stylex_mobile", weights="toy")


def test_weights_of_other_shapes_are_refused_as_those_of_another_version(
    own_package, pack_toy, make_generator, tmp_path
):
    other = pack_toy(tmp_path / "other", make_generator(style_dim=7))
    shutil.copy(other.folder / shipped.WEIGHTS_NAME, own_package / "toy")
    with pytest.raises(InputError, match="another version's network.*install"):
        ks.Generator.from_preset("stylex_mobile", weights="toy")


@pytest.mark.parametrize("name", [shipped.WEIGHTS_NAME, shipped.ABOUT_NAME])
def test_a_damaged_file_is_named(own_package, name):
    file = own_package / "toy" / name
    file.write_bytes(file.read_bytes()[:300])
    with pytest.raises(InputError, match=rf"{name}: is damaged.*install keras_stylex"):
        ks.Generator.from_preset("stylex_mobile", weights="toy")


def test_styles_are_found_by_name(packed):
    assert packed.style("red-fuji") is packed.styles[1]
    assert packed.style("fuji") is None
    np.testing.assert_array_equal(packed.styles[0].code, [[1, -1, 1, -1, 1]])


def test_credits_are_those_of_the_card(packed):
    lines = packed.credits.splitlines()
    assert lines[-1] == "- photos, 2 from a/b, CC BY 2.0: Somebody"
    assert "None of the pictures is in the package" in lines[0]
