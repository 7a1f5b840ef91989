"""What is inside a TFLite file: operations, tensors, and our metadata."""

import json
from dataclasses import dataclass

import numpy as np
from ai_edge_litert.tools import flatbuffer_utils

METADATA_NAME = "keras_stylex"


@dataclass(frozen=True)
class Operation:
    """One operation of a TFLite graph.

    Attributes:
        name: Builtin operator name, or that of a custom one.
        custom: Whether it is not a builtin: TensorFlow's Flex operators are such.
        dtypes: Types of its variable (not constant) inputs and outputs.
    """

    name: str
    custom: bool
    dtypes: tuple


def operations(content):
    """The operations of a TFLite file, a list of `Operation` in order.

    Args:
        content: bytes of the file.
    """
    model = _model(content)
    return [_operation(model, op) for op in model.subgraphs[0].operators]


def greatest_rank(content):
    """The greatest rank of all tensors: GPU delegates take 4 at most."""
    tensors = _model(content).subgraphs[0].tensors
    return max(len(t.shape) for t in tensors if t.shape is not None)


def multiply_accumulates(content):
    """How many multiplications and additions its convolutions take in one call."""
    model = _model(content)
    return sum(_macs(model, operator) for operator in model.subgraphs[0].operators)


def with_metadata(content, metadata):
    """The same file, with a dict as JSON in it under `METADATA_NAME`."""
    schema = flatbuffer_utils.schema_fb
    model = _model(content)
    buffer = schema.BufferT()
    buffer.data = json.dumps(metadata).encode()
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name, entry.buffer = METADATA_NAME.encode(), len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def read_metadata(content):
    """The dict that `with_metadata` put in, or `None` where there is none."""
    model = _model(content)
    for entry in model.metadata or []:
        if entry.name.decode() == METADATA_NAME:
            return json.loads(bytes(model.buffers[entry.buffer].data))
    return None


def _model(content):
    return flatbuffer_utils.convert_bytearray_to_object(bytearray(content))


def _operation(model, operator):
    code = model.operatorCodes[operator.opcodeIndex]
    name = flatbuffer_utils.opcode_to_name(model, operator.opcodeIndex)
    tensors = [
        model.subgraphs[0].tensors[index]
        for index in (*operator.inputs, *operator.outputs)
        if index >= 0
    ]
    variable = [t for t in tensors if not _is_constant(model, t)]
    dtypes = tuple(flatbuffer_utils.type_to_name(t.type) for t in variable)
    custom = code.customCode is not None
    return Operation(code.customCode.decode() if custom else name, custom, dtypes)


def _macs(model, operator):
    """Of a convolution or a dense layer.

    Kernels are (filters, height, width, inputs), depthwise ones (1, height, width,
    filters).
    """
    name = flatbuffer_utils.opcode_to_name(model, operator.opcodeIndex)
    if name not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
        return 0
    tensors = model.subgraphs[0].tensors
    kernel = tensors[operator.inputs[1]].shape
    *places, filters = tensors[operator.outputs[0]].shape
    taps = np.prod(kernel[1:3]) if name == "DEPTHWISE_CONV_2D" else np.prod(kernel[1:])
    return int(np.prod(places) * filters * taps)


def _is_constant(model, tensor):
    return model.buffers[tensor.buffer].data is not None
