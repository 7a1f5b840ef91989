"""The files of every format: their names, their metadata, their figures."""

import hashlib
import itertools
import json
from dataclasses import asdict

import numpy as np
import pytest

from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export import RECIPES, exporter
from keras_stylex.export.exporter import Exporter
from keras_stylex.export.parity import compare
from keras_stylex.export.tflite_contents import multiply_accumulates, read_metadata
from keras_stylex.export.tflite_runner import TFLiteRunner

PAIRS = [
    (f"style_encoder_{name}", f"stylizer_{name}") for name in exporter.PAIRS.values()
]
FILES = [*(f"filter_great-wave_{name}" for name in RECIPES), *itertools.chain(*PAIRS)]


@pytest.fixture(scope="module")
def artefacts(whole_export):
    return {artefact.name: artefact for artefact in whole_export[1]}


@pytest.fixture
def make(generator, style, frames, tmp_path):
    """Makes an `Exporter` to `tmp_path`, some options replaced."""

    def exporter_of(**options):
        given = {"pictures": frames, "image_size": (32, 44), **options}
        return Exporter(generator, style, folder=tmp_path, **given)

    return exporter_of


def test_every_format_writes_its_files(whole_export, artefacts):
    folder, _ = whole_export
    written = {file.name for file in folder.iterdir() if file.is_file()}
    expected = {f"{name}.{kind}" for name in FILES for kind in ("tflite", "json")}
    assert written == expected | {"MODEL_CARD.md", "report.md", "report.html"}
    assert set(artefacts) == {f"{name}.tflite" for name in FILES} | {"saved_model"}


@pytest.mark.parametrize("name", FILES)
def test_the_metadata_beside_a_file_is_that_inside(whole_export, artefacts, name):
    folder, _ = whole_export
    content = (folder / f"{name}.tflite").read_bytes()
    metadata = read_metadata(content)
    assert json.loads((folder / f"{name}.json").read_text()) == metadata
    artefact = artefacts[f"{name}.tflite"]
    recipe = name.rpartition("_")[2]
    assert metadata["recipe"] == asdict(RECIPES[recipe])
    assert metadata["parity"] == asdict(artefact.parity)
    assert (artefact.recipe, artefact.bytes) == (recipe, len(content))


def test_a_filter_says_what_was_folded_in(whole_export, references):
    metadata = _metadata(whole_export, "filter_great-wave_int8")
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in references]
    assert metadata["style"] == {
        "name": "great-wave",
        "strength": 0.8,
        "references": [
            {"name": "Great Wave.png", "sha256": sums[0], "weight": 2.0},
            {"name": "b.png", "sha256": sums[1], "weight": 1.0},
        ],
    }
    assert metadata["signature"] == "stylize"
    assert metadata["inputs"] == {"frame": [1, 32, 44, 3]}
    assert (metadata["output"], metadata["licence"]) == ("stylized", "CC0")


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_has_no_style_of_its_own(whole_export, pair):
    encoder, stylizer = (_metadata(whole_export, name) for name in pair)
    assert encoder["style"] is None and stylizer["style"] is None
    assert encoder["inputs"] == {"style": [1, 32, 44, 3]}
    assert stylizer["inputs"] == {
        "frame": [1, 32, 44, 3],
        "style_code": [1, 5],
        "strength": [1, 1],
    }


def _metadata(whole_export, name):
    return read_metadata((whole_export[0] / f"{name}.tflite").read_bytes())


def test_figures_are_strict_json_with_nothing_left_out(whole_export):
    for artefact in whole_export[1]:
        figures = json.loads(json.dumps(artefact.figures(), allow_nan=False))
        assert figures["psnr"] > 30 and 0 < figures["bytes"] < 2.5e6
        assert 0 <= figures["mean_difference"] <= figures["max_difference"] < 0.2
        for name in ("milliseconds", "milliseconds_spread", "gmac_per_second"):
            timed = figures["name"] != "saved_model"
            assert (figures[name] is not None) == timed, name
        if figures["name"].startswith("filter_"):
            integer = figures["recipe"] == "int8"
            assert figures["delegated"] > 10
            assert figures["not_delegated"] == (2 if integer else 0)
            assert figures["partitions"] == 1


def test_parity_is_measured_on_pictures_that_were_not_calibrated_on(
    whole_export, artefacts, generator, style, frames
):
    folder, _ = whole_export
    for name in ("filter_great-wave_int8.tflite", "filter_great-wave_float16.tflite"):
        runner = TFLiteRunner((folder / name).read_bytes())
        painted = [runner(frame=frame[None]) for frame in frames[4:]]
        expected = [
            np.asarray(generator.stylize(frame[None], style.code, style.strength))
            for frame in frames[4:]
        ]
        seen = artefacts[name].parity
        assert seen.psnr == pytest.approx(compare(painted, expected).psnr, abs=0.01)
        np.testing.assert_allclose(artefacts[name].painted, np.concatenate(painted))


def test_latency_is_that_of_the_file(whole_export, artefacts):
    for name in FILES:
        content = (whole_export[0] / f"{name}.tflite").read_bytes()
        latency = artefacts[f"{name}.tflite"].latency
        assert latency.threads == 1
        assert latency.gmac == multiply_accumulates(content) / 1e9


def test_a_file_that_fails_is_named_and_not_written(make, tmp_path, monkeypatch):
    strict = {**RECIPES, "dynamic": _strict(RECIPES["dynamic"])}
    monkeypatch.setattr(exporter, "RECIPES", strict)
    reason = r"filter_great-wave_dynamic\.tflite: it is .* 200 dB; not written"
    with pytest.raises(VerificationError, match=reason):
        make().write("dynamic")
    assert list(tmp_path.iterdir()) == []


def _strict(recipe):
    return type(recipe)(**{**asdict(recipe), "least_psnr": 200.0})


def test_what_is_not_to_be_exported_is_refused(make, frames):
    with pytest.raises(InputError, match=r"at least 8 .*--calibrate.*Received: 7"):
        make(pictures=frames[:7])
    with pytest.raises(InputError, match="There is no format 'int4'.*int8, pair"):
        make().write("int4")
    with pytest.raises(ValueError, match=r"Expected pictures of \(44, 32\)"):
        make(image_size=(44, 32))
    with pytest.raises(InputError, match="divisible by 4"):
        make(image_size=30)
