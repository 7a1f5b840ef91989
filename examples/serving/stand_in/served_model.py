"""A SavedModel, asked by name and signature, in a session as servers do."""

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from refusal import Refusal
from tensorflow_serving.config.model_server_config_pb2 import ModelServerConfig

_STATUS = {
    tf.errors.INVALID_ARGUMENT: "INVALID_ARGUMENT",
    tf.errors.RESOURCE_EXHAUSTED: "RESOURCE_EXHAUSTED",
}


class ServedModel:
    """The highest version in a folder that holds `models.config`.

    `run(signature, inputs)` runs it; a batching queue may take its place.
    """

    def __init__(self, folder):
        text = (folder / "models.config").read_text(encoding="utf-8")
        config = text_format.Parse(text, ModelServerConfig())
        self.name = config.model_config_list.config[0].name
        versions = (each.name for each in folder.iterdir() if each.name.isdigit())
        self.version = max(map(int, versions))
        self.session = tf.compat.v1.Session(graph=tf.Graph())
        loaded = tf.compat.v1.saved_model.load(
            self.session, ["serve"], str(folder / str(self.version))
        )
        self.signatures = loaded.signature_def

    def check_name(self, name, version=None):
        if name != self.name or (version or self.version) != self.version:
            wanted = f"Specific({name}, {version})" if version else f"Latest({name})"
            raise Refusal("NOT_FOUND", f"Servable not found for request: {wanted}")

    def inputs(self, signature):
        """What a signature takes: `TensorInfo` by name."""
        if signature not in self.signatures:
            text = f'Serving signature name: "{signature}" not found in signature def'
            raise Refusal("INVALID_ARGUMENT", text)
        return self.signatures[signature].inputs

    def predict(self, signature, inputs):
        """Checks arrays by name, runs the model on them, gives arrays by name."""
        wanted = self.inputs(signature)
        if set(inputs) != set(wanted):
            text = f"{signature} takes {sorted(wanted)}. Received: {sorted(inputs)}"
            raise Refusal("INVALID_ARGUMENT", text)
        for name, array in inputs.items():
            _check(name, array, wanted[name])
        return self.run(signature, inputs)

    def run(self, signature, inputs):
        definition = self.signatures[signature]
        outputs = {name: info.name for name, info in definition.outputs.items()}
        feed = {definition.inputs[name].name: each for name, each in inputs.items()}
        try:
            return self.session.run(outputs, feed)
        except tf.errors.OpError as error:
            status = _STATUS.get(error.error_code, "INTERNAL")
            text = error.message.removeprefix("Graph execution error:")  # Python's word
            raise Refusal(status, text.strip()) from error


def _check(name, array, info):
    dtype, shape = tf.as_dtype(info.dtype), tf.TensorShape(info.tensor_shape)
    if array.dtype != (np.dtype(object) if dtype == tf.string else dtype) or (
        not shape.is_compatible_with(array.shape)
    ):
        text = f"{name} is {dtype.name} of shape {shape}. Received: "
        received = f"{tf.as_dtype(array.dtype).name} of shape {array.shape}"
        raise Refusal("INVALID_ARGUMENT", text + received)
