"""TensorFlow Serving's PredictionService over gRPC: Predict and GetModelMetadata."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import tensorflow as tf
from refusal import Refusal
from tensorflow_serving.apis.get_model_metadata_pb2 import (
    GetModelMetadataResponse,
    SignatureDefMap,
)
from tensorflow_serving.apis.predict_pb2 import PredictResponse
from tensorflow_serving.apis.prediction_service_pb2_grpc import (
    PredictionServiceServicer,
    add_PredictionServiceServicer_to_server,
)

ANY_SIZE = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
THREADS = 64  # requests that are waiting or being answered


def start_grpc(model, port):
    server = grpc.server(ThreadPoolExecutor(THREADS), options=ANY_SIZE)
    add_PredictionServiceServicer_to_server(PredictionService(model), server)
    port = server.add_insecure_port(f"localhost:{port}")
    server.start()
    return server, port


class PredictionService(PredictionServiceServicer):
    """Answers with a `ServedModel`."""

    def __init__(self, model):
        self.model = model

    def Predict(self, request, context):
        try:
            self._check(request.model_spec)
            signature = request.model_spec.signature_name or "serving_default"
            inputs = {name: _array(name, each) for name, each in request.inputs.items()}
            outputs = self.model.predict(signature, inputs)
        except Refusal as refusal:
            context.abort(getattr(grpc.StatusCode, refusal.status), refusal.text)
        response = PredictResponse()
        self._describe(response.model_spec, signature)
        for name, array in outputs.items():
            response.outputs[name].CopyFrom(tf.make_tensor_proto(array))
        return response

    def GetModelMetadata(self, request, context):
        try:
            self._check(request.model_spec)
        except Refusal as refusal:
            context.abort(getattr(grpc.StatusCode, refusal.status), refusal.text)
        response = GetModelMetadataResponse()
        self._describe(response.model_spec)
        signatures = SignatureDefMap(signature_def=self.model.signatures)
        response.metadata["signature_def"].Pack(signatures)
        return response

    def _check(self, spec):
        version = spec.version.value if spec.HasField("version") else None
        self.model.check_name(spec.name, version)

    def _describe(self, spec, signature=""):
        spec.name, spec.signature_name = self.model.name, signature
        spec.version.value = self.model.version


def _array(name, tensor):
    try:
        return tf.make_ndarray(tensor)
    except (TypeError, ValueError) as error:
        raise Refusal("INVALID_ARGUMENT", f"{name}: {error}") from error
