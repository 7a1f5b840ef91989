"""What TensorFlow Serving reads beside a SavedModel: warm-up requests and settings.

The requests are protocol buffers of TensorFlow Serving, of which only the fields that
are used are described here, so that its Python package is not needed.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import tensorflow as tf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from keras_stylex.data.images import to_uint8
from keras_stylex.errors import unwritable

WARMUP_FILE = Path("assets.extra", "tf_serving_warmup_requests")
WARMUP_SIZE = (16, 24)  # pixels: enough to load every kernel
WARMUP_BATCHES = (1, 2)

_MODELS_CONFIG = """\
# Mount this folder as {base_path}, and start the server with
#   tensorflow_model_server --model_config_file={base_path}/models.config
# It serves the highest version in the folder.
model_config_list {{
  config {{
    name: {name}
    base_path: {quoted_path}
    model_platform: "tensorflow"
    model_version_policy {{ latest {{ num_versions: 1 }} }}
  }}
}}
"""
_BATCHING_CONFIG = """\
# Read only when the server is started with
#   --enable_batching --batching_parameters_file={base_path}/batching.config
# Requests for one signature are then merged. Of float pictures, those of one batch must
# have one size, or the server refuses all of them: merge only when every client sends
# the same size, or asks for stylize_bytes, which takes any sizes.
# No allowed_batch_sizes: the model takes any, and filling a batch up costs time.
max_batch_size {{ value: 16 }}
batch_timeout_micros {{ value: 2000 }}
max_enqueued_batches {{ value: 64 }}
num_batch_threads {{ value: 2 }}
"""
# The fields of each message: name, number, type; maps and tensors need no more.
_MESSAGES = {
    "PredictionLog": [("predict_log", 6, "PredictLog")],
    "PredictLog": [("request", 1, "PredictRequest")],
    "PredictRequest": [("model_spec", 1, "ModelSpec"), ("inputs", 2, "Input")],
    "ModelSpec": [("name", 1, "string"), ("signature_name", 3, "string")],
    "Input": [("key", 1, "string"), ("value", 2, "bytes")],  # a TensorProto
}


def write_warmup(version_folder, name, style_dim):
    """Writes the requests that a server sends itself before it takes others.

    Args:
        version_folder: Path of the folder that holds `saved_model.pb`.
        name: String, the model's name.
        style_dim: Integer, size of a style code.
    """
    file = Path(version_folder) / WARMUP_FILE
    file.parent.mkdir()
    with tf.io.TFRecordWriter(str(file)) as writer:
        for signature, inputs in _warmup_requests(style_dim):
            log = _message("PredictionLog")
            request = log.predict_log.request
            request.model_spec.name = name
            request.model_spec.signature_name = signature
            for key, value in inputs.items():
                tensor = tf.make_tensor_proto(value)
                request.inputs.add(key=key, value=tensor.SerializeToString())
            writer.write(log.SerializeToString())


def read_warmup(version_folder):
    """The warm-up requests: a list of `(signature, inputs)`, arrays by name."""
    file = Path(version_folder) / WARMUP_FILE
    requests = []
    for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
        log = _message("PredictionLog")
        log.ParseFromString(record)
        request = log.predict_log.request
        inputs = {item.key: _array(item.value) for item in request.inputs}
        requests.append((request.model_spec.signature_name, inputs))
    return requests


def write_settings(folder):
    """Writes `models.config` and `batching.config`, where there are none yet.

    They are the operator's from then on: a new version leaves them as they are.

    Args:
        folder: Path of the folder of versions; its name becomes the model's.

    Raises:
        InputError: when they cannot be written.
    """
    folder = Path(folder)
    name = folder.resolve().name
    base_path = f"/models/{name}"
    values = {
        "base_path": base_path,
        "name": json.dumps(name),
        "quoted_path": json.dumps(base_path),
    }
    for file, text in (
        ("models.config", _MODELS_CONFIG),
        ("batching.config", _BATCHING_CONFIG),
    ):
        if not (folder / file).exists():
            _write_text(folder / file, text.format(**values))


def _write_text(path, text):
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error


def _warmup_requests(style_dim):
    picture = np.random.default_rng(0).random((*WARMUP_SIZE, 3)).astype("float32")
    png = tf.io.encode_png(to_uint8(picture)).numpy()
    code = np.ones((1, style_dim), "float32")
    for rows in WARMUP_BATCHES:
        pngs = np.array([png] * rows, object)
        yield "stylize_bytes", {"content_bytes": pngs, "style_bytes": pngs}
    pictures = picture[None]
    yield "serving_default", {"content": pictures, "style": pictures}
    yield "encode_style", {"style": pictures}
    strength = np.ones((1, 1), "float32")
    inputs = {"content": pictures, "style_code": code, "strength": strength}
    yield "stylize_with_code", inputs


def _array(tensor):
    kind = type(tf.make_tensor_proto(0))  # which TensorFlow does not export
    return tf.make_ndarray(kind.FromString(tensor))


@cache
def _classes():
    file = descriptor_pb2.FileDescriptorProto(
        name="keras_stylex/serving.proto", package="tensorflow.serving", syntax="proto3"
    )
    kinds = {"string": 9, "bytes": 12}  # the numbers of protobuf's types; a message: 11
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            message.field.add(
                name=field,
                number=number,
                type=kinds.get(kind, 11),
                type_name=None if kind in kinds else f".tensorflow.serving.{kind}",
                label=3 if kind == "Input" else 1,  # repeated, or optional
            )
    pool = descriptor_pool.DescriptorPool()  # our own: the real ones bear these names
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"tensorflow.serving.{name}")
        )
        for name in _MESSAGES
    }


def _message(name):
    return _classes()[name]()
