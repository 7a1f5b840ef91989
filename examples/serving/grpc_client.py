"""Paints pictures over gRPC, with a served model.

pip install "tensorflow-serving-api>=2.21"
python examples/serving/grpc_client.py photos/*.jpg --style painting.jpg -o painted
"""

import sys

import grpc
from painting import SIGNATURE, NotPainted, run
from protos import DT_STRING, PredictionServiceStub, PredictRequest, TensorProto

# gRPC takes answers of 4 MB unless told otherwise, and PNG files grow larger.
ANY_SIZE = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
WRONG = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.OUT_OF_RANGE,
}


def connect(server, model, timeout):
    # One channel does for all threads.
    service = PredictionServiceStub(grpc.insecure_channel(server, ANY_SIZE))

    def paint(picture, style):
        request = PredictRequest()
        request.model_spec.name = model
        request.model_spec.signature_name = SIGNATURE
        request.inputs["content_bytes"].CopyFrom(one_row(picture))
        request.inputs["style_bytes"].CopyFrom(one_row(style))
        try:
            outputs = service.Predict(request, timeout=timeout).outputs
        except grpc.RpcError as error:
            reason = f"{error.code().name}: {error.details()}"
            raise NotPainted(reason, 2 if error.code() in WRONG else 1) from error
        (refusal,) = outputs["error"].string_val
        if refusal:  # merged with others, a bad picture does not fail their batch
            raise NotPainted(refusal.decode(), 2)
        return outputs["stylized_bytes"].string_val[0]

    return paint


def one_row(file):
    tensor = TensorProto(dtype=DT_STRING, string_val=[file])
    tensor.tensor_shape.dim.add(size=1)
    return tensor


if __name__ == "__main__":
    sys.exit(run(connect, __doc__.splitlines()[0], port=8500))
