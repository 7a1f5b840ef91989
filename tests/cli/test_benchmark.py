"""`keras-stylex benchmark`: a table of files and threads."""

import json

import pytest


@pytest.fixture(autouse=True)
def _short(brief_timing):
    with brief_timing():
        yield


@pytest.fixture
def files(exported):
    return sorted(exported.folder.glob("filter_*.tflite"))


def test_every_file_is_timed_with_every_number_of_threads(command, files):
    assert len(files) == 2
    result = command("benchmark", *files, "--threads", 1, 2, "--repeats", 2, "--json")
    assert result.code == 0, result.err
    *table, one, two, last = result.out.splitlines()
    assert ["\n".join(table).count(file.name) for file in files] == [2, 2]
    for threads, line in enumerate((one, two), 1):
        assert line.startswith(f"Roofline of this machine, threads {threads}: float32 ")
    rows = json.loads(last, parse_constant=pytest.fail)["latencies"]
    assert [(row["file"], row["threads"]) for row in rows] == [
        (str(file), threads) for threads in (1, 2) for file in files
    ]
    for row in rows:
        speed = row["gmac"] / row["milliseconds"] * 1000
        assert row["gmac_per_second"] == pytest.approx(speed)
        for name in ("float32", "int8"):
            assert row[f"{name}_roofline_gmac_per_second"] > 0
    assert "timing" in result.err


def test_one_call_is_enough(command, files):
    result = command("benchmark", files[0], "--threads", 1, "--repeats", 1)
    assert result.code == 0, result.err


@pytest.mark.parametrize("option", ["--threads=0", "--threads=-1", "--repeats=0"])
def test_impossible_values_are_refused(refused, files, option):
    line = refused("benchmark", files[0], option)
    assert option.partition("=")[0] in line and "1 or more" in line


@pytest.mark.parametrize("damage", ["missing", "folder", "empty", "text", "half"])
def test_a_file_that_cannot_be_timed_is_named_before_any_work(
    refused, files, tmp_path, damage
):
    file, whole = tmp_path / "a.tflite", files[0].read_bytes()
    contents = {"empty": b"", "text": b"Dear diary,", "half": whole[: len(whole) // 2]}
    if damage == "folder":
        file.mkdir()
    elif damage in contents:
        file.write_bytes(contents[damage])
    line = refused("benchmark", files[0], file)
    assert line.startswith(f"{file}: ")
    assert "cannot be read" in line or "cannot load" in line
