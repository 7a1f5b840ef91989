"""`keras-stylex camera`: what is taken into the gallery, and what is refused."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

import numpy as np
import pytest

from keras_stylex.camera import litert_js
from keras_stylex.camera.gallery import find_files, read_exhibit
from keras_stylex.camera.sample import sample
from keras_stylex.camera.server import CameraServer
from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.errors import InputError
from keras_stylex.export.painters import FilterPainter, PairPainter

INT8, FLOAT16 = "filter_my-filter_int8.tflite", "filter_my-filter_float16.tflite"
STYLIZER, ENCODER = "stylizer_float16.tflite", "style_encoder_float16.tflite"


@pytest.fixture(scope="session")
def litert_folder(tmp_path_factory):
    """A folder as `npm ci` leaves it, of files that no browser has to run."""
    folder = tmp_path_factory.mktemp("litert")
    scope = folder / litert_js.SCOPE
    for name in ("core/dist", "wasm-utils/dist", "core/wasm"):
        (scope / name).mkdir(parents=True)
    (scope / "core/dist/index.js").write_text("")
    (scope / "wasm-utils/dist/index.js").write_text("")
    (scope / "core/wasm/litert.wasm").write_bytes(b"\0asm")
    version = json.dumps({"version": litert_js.locked()})
    (scope / "core/package.json").write_text(version)
    return folder


@pytest.fixture
def copied(exported, tmp_path):
    """`copied(name, ...)`: a folder with some of the exported files."""

    def copy(*names):
        for name in names:
            shutil.copy(exported.folder / name, tmp_path)
        return tmp_path

    return copy


def test_a_folder_gives_its_filters_and_stylizers(exported):
    names = [path.name for path in find_files([exported.folder])]
    assert names == [FLOAT16, INT8, STYLIZER]


@pytest.mark.parametrize("name, tolerance", [(INT8, 1), (FLOAT16, 0)])
def test_the_thumbnail_is_what_the_filter_paints_of_the_sample(
    exported, name, tolerance
):
    exhibit = read_exhibit(exported.folder / name)
    assert exhibit.title == "my-filter"
    frame = to_float(sample("photo", (32, 44)))
    painted = to_uint8(FilterPainter(exported.folder / name)(frame))
    # int8 files say 1/256 for a level, and are shown as 1/255: raw pixels
    assert np.abs(exhibit.painted.astype(int) - painted).max() <= tolerance


def test_the_pairs_thumbnail_is_in_the_style_of_the_sample_painting(exported):
    path = exported.folder / STYLIZER
    exhibit = read_exhibit(path)
    reference = to_float(sample("painting", exhibit.encoder.size))
    expected = PairPainter(path, [reference])(to_float(sample("photo", (32, 44))))
    assert (exhibit.painted == to_uint8(expected)).all()


def test_the_samples_are_cut_to_the_filters_proportions():
    photo, painting = sample("photo", (20, 60)), sample("painting", (20, 60))
    assert photo.shape == painting.shape == (20, 60, 3)
    assert (photo != painting).any()


def test_a_file_cut_short_is_refused_by_name(copied):
    path = copied(INT8) / INT8
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(InputError, match=f"^{INT8}: is damaged"):
        read_exhibit(path)


def test_a_file_that_is_not_ours_is_refused_by_name(copied, exported):
    path = copied(INT8) / INT8
    content = path.read_bytes()
    assert b"keras_stylex" in content
    path.write_bytes(content.replace(b"keras_stylex", b"somebody_els"))
    with pytest.raises(InputError, match=f"^{INT8}: is none of ours"):
        read_exhibit(path)


@pytest.mark.parametrize(
    "whole, damaged",
    [
        (b'"signature"', b'"signaturf"'),
        (b'"signature": "stylize"', b'"signature": "stylizf"'),
        (b'"output": "stylized"', b'"output": "stylizee"'),
        (b'"frame"', b'"framd"'),
        (b'"recipe": {"name"', b'"recipe": {"namd"'),
        (b'"style": {"name"', b'"style": {"namd"'),
        (b'"inputs": {', b'"inputs": ['),
    ],
)
def test_one_wrong_byte_in_what_it_says_of_itself_is_refused_by_name(
    copied, whole, damaged
):
    path = copied(INT8) / INT8
    content = path.read_bytes()
    assert whole in content
    path.write_bytes(content.replace(whole, damaged))
    with pytest.raises(InputError, match=f"^{INT8}: is (damaged|none of ours)"):
        read_exhibit(path)


def test_a_style_encoder_paints_nothing(exported):
    with pytest.raises(InputError, match=f"^{ENCODER}: paints no frames"):
        read_exhibit(exported.folder / ENCODER)


def test_a_stylizer_needs_its_encoder(copied):
    with pytest.raises(InputError, match="needs the style encoder"):
        read_exhibit(copied(STYLIZER) / STYLIZER)


def test_an_empty_folder_says_how_to_fill_it(refused, tmp_path):
    assert "keras-stylex export" in refused("camera", tmp_path)


def test_a_missing_folder_is_named(refused, tmp_path):
    line = refused("camera", tmp_path / "nowhere")
    assert line == f"{tmp_path / 'nowhere'}: there is no such file or folder"


def test_a_gallery_of_nothing_that_runs_is_refused(refused, copied):
    path = copied(INT8) / INT8
    path.write_bytes(b"TFL3")
    assert refused("camera", path.parent).startswith(f"{INT8}: is damaged")


def test_a_port_in_use_is_refused_in_one_line(refused, copied, litert_folder):
    folder = copied(INT8)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(
            *("camera", folder, "--port", port, "--litert", litert_folder, "--no-open")
        )
    assert line == f"port {port} is in use. Choose another: --port {port + 1}"


@pytest.mark.parametrize("options", [(), ("--no-open",)])
def test_the_page_is_opened_unless_told_not_to(
    command, copied, litert_folder, monkeypatch, options
):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(CameraServer, "serve_forever", lambda _: None)  # ends at once
    arguments = ("--port", 0, "--litert", litert_folder, *options)
    result = command("camera", copied(INT8), *arguments)
    address = result.out.split()[1]
    assert address.startswith("http://127.0.0.1:")
    assert opened == ([] if options else [address])


@pytest.fixture
def running(copied, litert_folder):
    """The command in a process of its own: it, and the address that it printed."""
    folder = copied(INT8, FLOAT16)
    (folder / "filter_notes_int8.tflite").write_text("Dear diary")
    command = (sys.executable, "-m", "keras_stylex.cli", "camera", folder)
    options = ("--port", "0", "--no-open", "--litert", litert_folder)
    with subprocess.Popen(
        [str(part) for part in (*command, *options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONVERBOSE": ""},
        text=True,
    ) as process:
        yield process, process.stdout.readline().split()[1]
        process.kill()


def test_the_command_serves_the_gallery_until_it_is_interrupted(running):
    process, address = running

    def get(path):
        with urllib.request.urlopen(address + path, timeout=10) as response:
            return response.read()

    gallery = json.loads(get("gallery.json"))
    first, second = gallery["filters"]
    assert [first["name"], second["name"]] == [FLOAT16, INT8]
    assert (first["dtype"], second["dtype"]) == ("float32", "uint8")
    assert (second["height"], second["width"], second["encoder"]) == (32, 44, None)
    (sentence,) = gallery["refused"]
    assert sentence.startswith("filter_notes_int8.tflite: is damaged")
    assert b"keras_stylex" in get("")
    assert get("models/1.tflite")[4:8] == b"TFL3"
    assert get("litert/core/wasm/litert.wasm") == b"\0asm"

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "Closed.\n")
    assert f"left out: {sentence}" in err


def test_the_server_needs_no_tensorflow():
    program = (
        "import sys\nsys.argv = ['keras-stylex']\n"
        "import keras_stylex.camera.server, keras_stylex.camera.site\n"
        "import keras_stylex.camera.gallery, keras_stylex.camera.litert_js\n"
        "from keras_stylex.camera.sample import sample\nsample('photo', (8, 8))\n"
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert run.stdout == b"set()\n", run.stderr
