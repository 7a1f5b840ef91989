"""A whole export: all of it, or nothing; and never in place of something else."""

from importlib import import_module

import pytest

from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export import saved_model
from keras_stylex.export.export_folder import training_warnings
from keras_stylex.export.latency import Latency

# Its package has a function of that name.
module = import_module("keras_stylex.export.export_folder")


@pytest.fixture
def quick(export, monkeypatch):
    """`export` without timing this machine."""
    best = {name: Latency(1.0, 0.0, 1, 1.0) for name in ("float32", "int8")}
    monkeypatch.setattr(module, "measure_roofline", lambda: best)
    return export


def test_artefacts_come_in_the_order_of_the_formats(whole_export):
    folder, artefacts = whole_export
    names = [artefact.name for artefact in artefacts]
    assert names[0] == "saved_model" and names[-1] == "stylizer_dynamic.tflite"
    assert all((folder / name).exists() for name in names)
    assert (folder / "saved_model/1/saved_model.pb").is_file()
    size = sum(f.stat().st_size for f in (folder / "saved_model").rglob("*.*"))
    assert 0.9 * size <= artefacts[0].bytes <= 1.1 * size
    assert artefacts[0].parity.max < 1e-5


def test_the_report_names_every_artefact_and_warning(whole_export):
    folder, artefacts = whole_export
    markdown, page = (
        (folder / f"report.{kind}").read_text(encoding="utf-8")
        for kind in ("md", "html")
    )
    for artefact in artefacts:
        assert f"| {artefact.name} |" in markdown
        assert f"<td>{artefact.name}</td>" in page
    assert "Warning: 5 < 6 & more" in markdown and "5 &lt; 6 &amp; more" in page
    assert "great-wave, strength 0.8" in markdown and "great-wave, strength" in page


def test_a_folder_that_exists_is_replaced_whole_and_only_when_asked_to(quick, tmp_path):
    folder = tmp_path / "exported"
    assert len(quick(folder, ["dynamic", "dynamic"])) == 1
    (folder / "mine").touch()
    with pytest.raises(InputError, match=r"exported: exists.*overwrite=True .--over"):
        quick(folder)
    assert (folder / "mine").exists()
    quick(folder, overwrite=True)
    assert (folder / "report.html").exists() and not (folder / "mine").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["exported"]


def test_only_an_export_is_replaced(quick, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/a.jpg").touch()
    with pytest.raises(InputError, match="photos: holds files of others"):
        quick(tmp_path / "photos", overwrite=True)
    assert (tmp_path / "photos/a.jpg").exists()
    (tmp_path / "empty").mkdir()
    quick(tmp_path / "empty", overwrite=True)
    assert (tmp_path / "empty/report.html").exists()


@pytest.mark.parametrize("size, formats", [(30, ["int8"]), (32, ["int8", "int4"])])
def test_impossible_values_are_refused_before_anything_is_written(
    generator, style, frames, tmp_path, size, formats
):
    with pytest.raises(InputError, match="divisible by 4|no format 'int4'"):
        module.export_folder(generator, style, frames, tmp_path / "x", formats, size)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_leaves_nothing_of_the_others(quick, tmp_path, monkeypatch):
    def fail(*arguments):
        raise VerificationError("it is green")

    monkeypatch.setattr(module.Exporter, "_write_encoder", fail)
    with pytest.raises(VerificationError, match="it is green"):
        quick(tmp_path / "exported", ["dynamic", "pair"])
    assert list(tmp_path.iterdir()) == []


def test_a_saved_model_that_fails_is_named(quick, tmp_path, monkeypatch):
    def fail(*arguments):
        raise VerificationError("it is green")

    monkeypatch.setattr(saved_model, "verify_saved_model", fail)
    with pytest.raises(VerificationError, match="saved_model: it is green; not wr"):
        quick(tmp_path / "exported", ["saved-model"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "kilobytes, formats",
    [(8, ["dynamic"]), (40, ["dynamic"]), (60, ["saved-model"])],
)
def test_a_full_disk_is_named_and_left_empty(quick, small_disk, kilobytes, formats):
    disk = small_disk(kilobytes)
    with pytest.raises(InputError, match="No space left on device.*free some") as seen:
        quick(disk / "exported", formats)
    assert str(seen.value).startswith(f"{disk}/exported")
    assert ".partial-exported" not in str(seen.value)
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("steps", [0, 1, 499])
def test_a_generator_that_was_hardly_trained_is_warned_of(steps):
    (warning,) = training_warnings(steps)
    assert f"trained for {steps} steps only" in warning


def test_a_trained_generator_is_not_warned_of():
    assert training_warnings(500) == []
