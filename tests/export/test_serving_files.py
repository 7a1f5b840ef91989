"""Files for TensorFlow Serving, read with its own protocol buffers."""

import io

import numpy as np
import pytest
import tensorflow as tf
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)
from PIL import Image
from tensorflow_serving.apis import prediction_log_pb2
from tensorflow_serving.config import model_server_config_pb2

from keras_stylex.export.serving_files import read_warmup, write_settings, write_warmup


@pytest.fixture(scope="module")
def requests(exported):
    """The warm-up requests of an export, read with TensorFlow Serving's classes."""
    folder, _ = exported
    file = folder / "1/assets.extra/tf_serving_warmup_requests"
    return [
        prediction_log_pb2.PredictionLog.FromString(record).predict_log.request
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator()
    ]


def test_every_signature_is_warmed_up(requests):
    names = [request.model_spec.signature_name for request in requests]
    assert sorted(set(names)) == [
        "encode_style",
        "serving_default",
        "stylize_bytes",
        "stylize_with_code",
    ]
    assert {request.model_spec.name for request in requests} == {"toy"}


def test_warm_up_pictures_are_pictures(requests):
    batches = []
    for request in requests:
        if request.model_spec.signature_name == "stylize_bytes":
            rows = tf.make_ndarray(request.inputs["content_bytes"])
            batches.append(len(rows))
            assert {Image.open(io.BytesIO(row)).mode for row in rows} == {"RGB"}
    assert batches == [1, 2]


def test_the_served_model_answers_the_warm_up(requests, exported):
    signatures = tf.saved_model.load(str(exported[0] / "1")).signatures
    for request in requests:
        inputs = {k: tf.make_ndarray(v) for k, v in request.inputs.items()}
        answer = signatures[request.model_spec.signature_name](
            **{name: tf.constant(array) for name, array in inputs.items()}
        )
        assert not any(answer.get("error", tf.constant([b""])).numpy())


def test_what_is_read_is_what_was_written(requests, exported):
    for (name, inputs), request in zip(
        read_warmup(exported[0] / "1"), requests, strict=True
    ):
        assert name == request.model_spec.signature_name
        assert set(inputs) == set(request.inputs)
        for key, array in inputs.items():
            np.testing.assert_array_equal(array, tf.make_ndarray(request.inputs[key]))


def test_the_warm_up_is_small(tmp_path):
    write_warmup(tmp_path, "toy", style_dim=64)
    file = tmp_path / "assets.extra/tf_serving_warmup_requests"
    assert file.stat().st_size < 50_000


def test_the_server_finds_the_model(exported):
    text = (exported[0] / "models.config").read_text()
    config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    (model,) = config.model_config_list.config
    assert (model.name, model.base_path) == ("toy", "/models/toy")
    assert model.model_platform == "tensorflow"
    assert model.model_version_policy.latest.num_versions == 1


def test_names_are_quoted(tmp_path):
    folder = tmp_path / 'van "gogh" {1}'
    folder.mkdir()
    write_settings(folder)
    text = (folder / "models.config").read_text()
    config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    assert config.model_config_list.config[0].name == 'van "gogh" {1}'


def test_batching_is_bounded_and_pads_nothing(exported):
    parameters = text_format.Parse(
        (exported[0] / "batching.config").read_text(), _batching_parameters()
    )
    assert parameters.max_batch_size.value == 16
    assert parameters.max_enqueued_batches.value > 0
    assert parameters.num_batch_threads.value > 0
    assert 0 < parameters.batch_timeout_micros.value <= 10_000
    assert not parameters.allowed_batch_sizes


def _batching_parameters():
    """TensorFlow Serving's BatchingParameters, which its Python package leaves out."""
    file = descriptor_pb2.FileDescriptorProto(
        name="session_bundle_config.proto", package="t", syntax="proto3"
    )
    file.dependency.append("google/protobuf/wrappers.proto")
    message = file.message_type.add(name="BatchingParameters")
    fields = {
        "max_batch_size": 1,
        "batch_timeout_micros": 2,
        "max_enqueued_batches": 3,
        "num_batch_threads": 4,
    }
    for name, number in fields.items():
        field = message.field.add(name=name, number=number, type=11, label=1)
        field.type_name = ".google.protobuf.Int64Value"
    message.field.add(name="allowed_batch_sizes", number=6, type=3, label=3)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    found = pool.FindMessageTypeByName("t.BatchingParameters")
    return message_factory.GetMessageClass(found)()
