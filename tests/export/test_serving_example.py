"""The clients of examples/serving, over real sockets, against its stand-in server.

It is not TensorFlow Serving, but speaks its protos and merges requests as it does.
"""

import base64
import io
import json
import re
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import grpc
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorflow_serving.apis.get_model_metadata_pb2 import (
    GetModelMetadataRequest,
    SignatureDefMap,
)
from tensorflow_serving.apis.predict_pb2 import PredictRequest
from tensorflow_serving.apis.prediction_service_pb2_grpc import PredictionServiceStub

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.export.serving_files import write_settings

SERVING = Path(__file__).parents[2] / "examples/serving"
CLIENTS = ["grpc_client.py", "rest_client.py"]
ONE_LEVEL = 1.001 * to_float(np.uint8(1))
SIZES = [(16, 24), (20, 12), (17, 30), (24, 24)]
DAMAGED = {
    "text.jpg": (b"no picture", "is no JPEG or PNG picture"),
    "nothing.jpg": (b"", "is empty"),
    "cut.png": (None, "is damaged and cannot be read"),
    "huge.png": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 5000, 6000),
        "has 5000x6000 pixels, over the limit",
    ),
}


@pytest.fixture(scope="module")
def server(exported):
    """The ports of a server that merges requests: of gRPC and of REST."""
    program = [sys.executable, str(SERVING / "stand_in"), str(exported[0])]
    options = ["--port", "0", "--rest-port", "0", "--batching"]
    process = subprocess.Popen([*program, *options], stdout=subprocess.PIPE, text=True)
    with process:
        line = process.stdout.readline()
        yield dict(zip(CLIENTS, re.findall(r"port (\d+)", line), strict=True))
        process.terminate()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def album(pictures, encode, generator, tmp_path_factory):
    """A folder of pictures and a reference; and what Keras makes of each, by path."""
    folder, expected = tmp_path_factory.mktemp("album"), {}
    style = to_uint8(pictures(1, 18, 22, seed=99)[0])
    (folder / "style.png").write_bytes(encode(style))
    for index in range(16):
        picture = to_uint8(pictures(1, *SIZES[index % 4], seed=index)[0])
        path = folder / f"{index}.png"
        path.write_bytes(encode(picture))
        painted = generator([to_float(picture)[None], to_float(style)[None]])
        expected[path] = np.asarray(painted[0])
    return expected


@pytest.fixture
def start(server, album, tmp_path):
    """Starts a client's script on pictures; its results go below `tmp_path`."""
    running = []

    def run(client, pictures, *options, out="painted", style=None):
        style = style or next(iter(album)).with_name("style.png")
        place = ["--server", f"localhost:{server[client]}", "--model", "toy"]
        files = [*map(str, pictures), "--style", str(style), "-o", str(tmp_path / out)]
        command = [sys.executable, str(SERVING / client), *files, *place, *options]
        running.append(
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def _check(folder, expected):
    assert {p.name for p in folder.iterdir()} == {path.name for path in expected}
    for path, target in expected.items():
        actual = to_float(np.asarray(Image.open(folder / path.name)))
        np.testing.assert_allclose(actual, target, atol=ONE_LEVEL)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("processes, parallel", [(1, 1), (1, 8), (4, 8)])
def test_each_of_many_clients_gets_its_own_pictures(
    start, album, tmp_path, client, processes, parallel
):
    started = [
        start(client, album, "--parallel", str(parallel), out=f"painted{index}")
        for index in range(processes)
    ]
    for index, process in enumerate(started):
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
        assert len(out.splitlines()) == len(album)
        _check(tmp_path / f"painted{index}", album)


@pytest.mark.parametrize("client", CLIENTS)
def test_damaged_pictures_are_named_and_the_others_painted(
    start, album, tmp_path, client
):
    cut = next(iter(album)).read_bytes()[:-300]
    for name, (content, _) in DAMAGED.items():
        (tmp_path / name).write_bytes(cut if content is None else content)
    mixed = [*album]
    for place, name in enumerate(DAMAGED):
        mixed.insert(3 * place, tmp_path / name)
    process = start(client, [*mixed, tmp_path / "missing.png"], "--parallel", "8")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert len(errors.splitlines()) == len(DAMAGED) + 1
    for name, (_, reason) in DAMAGED.items():
        (line,) = (line for line in errors.splitlines() if f"{name}: " in line)
        assert "content_bytes" in line and reason in line
    assert "missing.png: cannot be read (No such file" in errors
    _check(tmp_path / "painted", album)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_says_in_a_line_what_is_wrong(start, album, tmp_path, client):
    picture = next(iter(album))
    cases = [
        (start(client, [picture], "--model", "other"), 2, "Latest(other)"),
        (start(client, [picture], "--timeout", "0.000001"), 1, "0.png: "),
        (start(client, [picture], "--server", "localhost:1"), 1, "0.png: "),
        (start(client, [picture], style=tmp_path / "none"), 2, "none: cannot be read"),
        (start(client, [picture] * 2), 2, "2 pictures would be written to"),
        (start(client, [picture], "-o", str(picture.parent)), 2, "would be replaced"),
    ]
    for process, code, words in cases:
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, out) == (code, "")
        assert len(errors.splitlines()) == 1 and words in errors
    assert not list(tmp_path.rglob("*.part")) + list(tmp_path.rglob("*.png"))


@pytest.mark.parametrize("client", CLIENTS)
def test_a_damaged_picture_alone_in_its_batch_is_named(start, tmp_path, client):
    (tmp_path / "lone.jpg").write_bytes(b"no picture")
    process = start(client, [tmp_path / "lone.jpg"])
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert len(errors.splitlines()) == 1
    assert "[content_bytes[0]: is no JPEG or PNG picture]" in errors


def test_the_container_is_given_what_the_command_exports(tmp_path):
    (tmp_path / "saved_model").mkdir()
    write_settings(tmp_path / "saved_model")
    settings = (tmp_path / "saved_model/models.config").read_text()
    (path,) = re.findall('base_path: "(.*)"', settings)
    for file in ("docker-compose.yml", "README.md"):
        text = (SERVING / file).read_text(encoding="utf-8")
        assert f":{path}:ro" in text
        assert f"--model_config_file={path}/models.config" in text
        assert f"--batching_parameters_file={path}/batching.config" in text


def test_answers_over_four_megabytes_arrive(start, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (1400, 1600, 3), "uint8")
    Image.fromarray(noise).save(tmp_path / "noise.png")
    process = start("grpc_client.py", [tmp_path / "noise.png"])
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert (tmp_path / "painted/noise.png").stat().st_size > 4 * 2**20


@pytest.fixture
def ask(server):
    """Sends a request over gRPC, and gives the outputs as arrays by name."""
    with grpc.insecure_channel(f"localhost:{server['grpc_client.py']}") as channel:
        service = PredictionServiceStub(channel)

        def predict(signature, inputs, model="toy"):
            request = PredictRequest()
            request.model_spec.name = model
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            outputs = service.Predict(request, timeout=30).outputs
            return {name: tf.make_ndarray(each) for name, each in outputs.items()}

        predict.service = service
        yield predict


PICTURES = np.full((2, 8, 12, 3), 0.5, "float32")
MALFORMED = [
    ("nonsense", {}, "toy", "INVALID_ARGUMENT", '"nonsense" not found in signature'),
    ("encode_style", {"style": PICTURES}, "other", "NOT_FOUND", "Latest(other)"),
    ("serving_default", {"style": PICTURES}, "toy", "INVALID_ARGUMENT", "'content'"),
    ("encode_style", {"style": [b"?"]}, "toy", "INVALID_ARGUMENT", "string of shape"),
    ("encode_style", {"style": [0.5]}, "toy", "INVALID_ARGUMENT", "shape (1,)"),
    (
        "encode_style",
        {"style": np.zeros((17, 4, 4, 3), "float32")},
        "toy",
        "INVALID_ARGUMENT",
        "Task size 17 is larger than maximum input batch size 16",
    ),
    (
        "stylize_bytes",
        {"content_bytes": [b"?"] * 2, "style_bytes": [b"?"]},
        "toy",
        "INVALID_ARGUMENT",
        "equal 0th-dimension size",
    ),
    (
        "stylize_bytes",
        {"content_bytes": [b"?"], "style_bytes": [b""]},
        "toy",
        "INVALID_ARGUMENT",
        "is no JPEG or PNG picture; style_bytes",
    ),
]


def _refusal(ask, *request):
    """Status and text, whether it was an error or, merged with others, a row's."""
    try:
        return "INVALID_ARGUMENT", ask(*request)["error"][0].decode()
    except grpc.RpcError as error:
        return error.code().name, error.details()


def test_malformed_requests_disturb_no_other(ask, start, album, tmp_path):
    process = start("grpc_client.py", album, "--parallel", "8")
    for _ in range(3):
        for signature, inputs, model, status, words in MALFORMED:
            code, text = _refusal(ask, signature, inputs, model)
            assert code == status and words in text
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    _check(tmp_path / "painted", album)


def test_float_signatures_answer_over_grpc(ask, generator):
    (code,) = ask("encode_style", {"style": PICTURES}).values()
    np.testing.assert_allclose(code, generator.encode_style(PICTURES), atol=1e-5)
    (painted,) = ask("", {"content": PICTURES, "style": PICTURES}).values()
    np.testing.assert_allclose(painted, generator([PICTURES, PICTURES]), atol=1e-5)


def test_the_signatures_are_told(ask):
    request = GetModelMetadataRequest(metadata_field=["signature_def"])
    request.model_spec.name = "toy"
    answer = ask.service.GetModelMetadata(request, timeout=30)
    told = SignatureDefMap()
    assert answer.metadata["signature_def"].Unpack(told)
    assert {"stylize_bytes", "serving_default"} < set(told.signature_def)
    assert set(told.signature_def["encode_style"].inputs) == {"style"}


@pytest.fixture
def post(server):
    """Sends bytes or a message to the REST port, and gives the code and the answer."""

    def send(path, message=None):
        url = f"http://localhost:{server['rest_client.py']}/v1/models/{path}"
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        try:
            with urllib.request.urlopen(url, body if message else None, 30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)["error"]

    return send


def _rows(content, style, signature="stylize_bytes"):
    rows = [{"content_bytes": content, "style_bytes": style}]
    return {"signature_name": signature, "instances": rows}


def _b64(file):
    return {"b64": base64.b64encode(file).decode()}


def _post_refusal(post, *request):
    """Code and text, whether it was an error or, merged with others, a row's."""
    status, answer = post(*request)
    if status == 200:
        return 400, answer["predictions"][0]["error"]
    return status, answer


def test_malformed_posts_disturb_no_other(post, start, album, tmp_path):
    process = start("rest_client.py", album, "--parallel", "8")
    good = _b64(next(iter(album)).read_bytes())
    cases = [
        ("toy:predict", b"{", 400, "JSON Parse error"),
        ("toy:predict", {"instances": []}, 400, "empty"),
        ("toy:predict", _rows({"b64": "???"}, good), 400, "content_bytes: "),
        ("toy:predict", _rows(good, {"b64": good["b64"][1:]}), 400, "style_bytes: "),
        ("toy:predict", _rows(good, 7), 400, "style_bytes: is neither"),
        ("toy:predict", _rows(good, good, "nonsense"), 400, '"nonsense" not found'),
        (
            "toy:predict",
            _rows(good, good, "serving_default"),
            400,
            "hold ['content'",
        ),
        ("toy:predict", _rows(good, _b64(b"?")), 400, "style_bytes[0]: is no JPEG"),
        ("other:predict", _rows(good, good), 404, "Latest(other)"),
        ("toy/versions/7:predict", _rows(good, good), 404, "Specific(toy, 7)"),
        ("toy:classify", _rows(good, good), 400, "Malformed request"),
    ]
    for path, message, code, words in cases:
        status, error = _post_refusal(post, path, message)
        assert status == code and words in error
    status, answer = post("toy/versions/1:predict", _rows(good, good))
    assert status == 200 and answer["predictions"][0]["error"] == ""
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    _check(tmp_path / "painted", album)


def test_a_bad_row_of_a_post_has_its_own_error(post, album, generator):
    (good, _), *_ = album.items()
    rows = [_rows(_b64(file), _b64(good.read_bytes())) for file in (b"?", b"!")]
    rows.append(_rows(_b64(good.read_bytes()), _b64(good.read_bytes())))
    instances = [row["instances"][0] for row in rows]
    message = {"signature_name": "stylize_bytes", "instances": instances}
    status, answer = post("toy:predict", message)
    *bad, painted = answer["predictions"]
    assert status == 200
    assert [row["stylized_bytes"]["b64"] for row in bad] == ["", ""]
    assert ["content_bytes: is no JPEG" in row["error"] for row in bad] == [True, True]
    picture = to_float(np.asarray(Image.open(good)))[None]
    png = base64.b64decode(painted["stylized_bytes"]["b64"])
    actual = to_float(np.asarray(Image.open(io.BytesIO(png))))
    np.testing.assert_allclose(actual, generator([picture, picture])[0], atol=ONE_LEVEL)


def test_floats_are_posted_as_lists(post, generator):
    message = {"signature_name": "encode_style", "instances": PICTURES.tolist()}
    status, answer = post("toy:predict", message)
    assert status == 200
    expected = generator.encode_style(PICTURES)
    np.testing.assert_allclose(answer["predictions"], expected, atol=1e-5)


def test_the_status_says_what_is_served(post):
    status, answer = post("toy")
    (version,) = answer["model_version_status"]
    assert (status, version["version"], version["state"]) == (200, "1", "AVAILABLE")
    assert post("other")[0] == 404
