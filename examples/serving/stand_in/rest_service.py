"""TensorFlow Serving's REST interface: a model's status, `:predict` of instances."""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import numpy as np
from refusal import Refusal
from tensorflow.core.framework.types_pb2 import DT_STRING

_PATH = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(:predict)?")
_HTTP = {
    "INVALID_ARGUMENT": 400,
    "OUT_OF_RANGE": 400,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
}


def start_rest(model, port):
    server = _Server(("localhost", port), _Handler)
    server.model = model
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_port


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds a client may keep silent

    def do_GET(self):
        self._answer(self._status)

    def do_POST(self):
        size = self.headers.get("Content-Length", "")
        body = self.rfile.read(int(size)) if size.isdecimal() else b""
        self._answer(lambda: self._predict(body))

    def _answer(self, make):
        try:
            code, message = 200, make()
        except Refusal as refusal:
            code, message = _HTTP.get(refusal.status, 500), {"error": refusal.text}
        body = json.dumps(message).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _find(self, predict):
        match = _PATH.fullmatch(self.path)
        if not match or bool(match[3]) != predict:
            raise Refusal("INVALID_ARGUMENT", f"Malformed request: {self.path}")
        self.server.model.check_name(unquote(match[1]), int(match[2] or 0))
        return self.server.model

    def _status(self):
        version = str(self._find(predict=False).version)
        well = {"error_code": "OK", "error_message": ""}
        status = {"version": version, "state": "AVAILABLE", "status": well}
        return {"model_version_status": [status]}

    def _predict(self, body):
        model = self._find(predict=True)
        signature, instances = _parse(body)
        inputs = _columns(instances, model.inputs(signature))
        return {"predictions": _rows(model.predict(signature, inputs))}

    def log_message(self, *_):
        """Says nothing of requests."""


def _parse(body):
    try:
        message = json.loads(body)
        instances = message["instances"]
        if not isinstance(instances, list) or not instances:
            raise ValueError("'instances' is no list, or empty")
        return message.get("signature_name", "serving_default"), instances
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("INVALID_ARGUMENT", f"JSON Parse error: {error!r}") from error


def _columns(instances, wanted):
    """Arrays by name of rows that are objects, or bare values if there is one input."""
    if len(wanted) == 1:
        (name,) = wanted
        instances = [
            row if isinstance(row, dict) and name in row else {name: row}
            for row in instances
        ]
    rows = [row if isinstance(row, dict) else {} for row in instances]
    columns = {}
    for index, row in enumerate(rows):
        if set(row) != set(wanted):
            text = f"instances[{index}] should hold {sorted(wanted)}"
            raise Refusal("INVALID_ARGUMENT", f"{text}. Received: {sorted(row)}")
    for name in wanted:
        columns[name] = _array(name, [row[name] for row in rows], wanted[name])
    return columns


def _array(name, values, info):
    try:
        if info.dtype == DT_STRING:
            return np.array([_bytes(value) for value in values], object)
        return np.array(values, "float32")
    except (ValueError, TypeError) as error:
        raise Refusal("INVALID_ARGUMENT", f"{name}: {error}") from error


def _bytes(value):
    if isinstance(value, dict) and set(value) == {"b64"}:
        return base64.b64decode(value["b64"], validate=True)
    if isinstance(value, str):
        return value.encode()
    raise ValueError("is neither a string nor an object with b64 alone")


def _rows(outputs):
    """A row each: an object by name, or a bare value if there is one output."""
    columns = {name: [*map(_plain(name), rows)] for name, rows in outputs.items()}
    if len(columns) == 1:
        return next(iter(columns.values()))
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def _plain(name):
    def plain(value):
        if not isinstance(value, bytes):
            return value.tolist()
        if name.endswith("_bytes"):  # TensorFlow Serving goes by the name
            return {"b64": base64.b64encode(value).decode()}
        return value.decode()

    return plain
