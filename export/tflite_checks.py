"""Proves a TFLite file before anybody relies on it."""

from dataclasses import dataclass

import numpy as np

from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export.parity import Parity, compare
from keras_stylex.export.tflite_contents import greatest_rank, operations
from keras_stylex.export.tflite_runner import TFLiteRunner

# What CPU and GPU delegates were seen to take and to compute right.
FILTER_OPERATIONS = {
    "ADD",
    "CONCATENATION",
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "DEPTH_TO_SPACE",
    "DEQUANTIZE",
    "LEAKY_RELU",
    "LOGISTIC",
    "MUL",
    "QUANTIZE",
    "RESIZE_BILINEAR",
    "STRIDED_SLICE",
    "SUB",
}
# What style codes need besides.
STYLE_OPERATIONS = FILTER_OPERATIONS | {
    "AVERAGE_POOL_2D",
    "FULLY_CONNECTED",
    "LOG",
    "MEAN",
    "RESHAPE",
    "RSQRT",
    "SQRT",
    "SQUARE",
    "SQUARED_DIFFERENCE",
    "SUM",
}
GREATEST_RANK = 4  # of a tensor, for GPU delegates
BOUNDARY = 2  # conversions between uint8 pictures and int8, in and out
MOST_PARTITIONS = 2


@dataclass(frozen=True)
class TFLiteVerification:
    """What was seen of a file that passed.

    Attributes:
        bytes: Size of the file.
        parity: Against Keras.
        delegated: Operations that run in XNNPACK.
        left: Operations that do not.
        partitions: Parts that XNNPACK runs, one after the other.
    """

    bytes: int
    parity: Parity
    delegated: int
    left: int
    partitions: int


def verify_tflite(content, network, recipe, samples):
    """Runs a file with LiteRT and compares it with Keras.

    Args:
        content: bytes of the file.
        network: The `DeviceNetwork` it was made of.
        recipe: The `Recipe` it was made by.
        samples: list of dicts of input arrays by name: real pictures.

    Returns: `TFLiteVerification`.

    Raises:
        VerificationError: when the file fails; says why.
    """
    try:
        runner = TFLiteRunner(content)
    except InputError as error:
        raise VerificationError(str(error)) from error
    problems = [*_border_problems(runner, network, recipe)]
    problems += _graph_problems(content, network, recipe)
    delegated, left, partitions = runner.delegation()
    if network.signature == "stylize" and (
        left > BOUNDARY * recipe.integer or partitions > MOST_PARTITIONS
    ):
        problems.append(f"{left} operations are not delegated, in {partitions} parts")
    if problems:
        raise VerificationError("; ".join(problems))
    parity = _parity(runner, network, recipe, samples)
    return TFLiteVerification(len(content), parity, delegated, left, partitions)


def _border_problems(runner, network, recipe):
    """Names, shapes and types of what goes in and out."""
    dtype = np.uint8 if recipe.integer else np.float32
    if runner.signature != network.signature:
        yield f"its signature is {runner.signature}, not {network.signature}"
    shapes = {name: tuple(each["shape"]) for name, each in runner.inputs.items()}
    if shapes != network.inputs:
        yield f"its inputs are {shapes}, not {network.inputs}"
    name, output = runner.output
    if name != network.output:
        yield f"its output is {name}, not {network.output}"
    for name, each in (*runner.inputs.items(), runner.output):
        if each["dtype"] != dtype:
            yield f"{name} is {np.dtype(each['dtype'])}, not {np.dtype(dtype)}"
        elif recipe.integer and not _takes_raw_pixels(each):
            yield f"{name} is no raw pixel: its scale is {each['quantization']}"


def _takes_raw_pixels(details):
    """Whether black is the least value of a type, and white one of the two greatest."""
    scale, zero_point = details["quantization"]
    values = np.iinfo(details["dtype"])
    return zero_point == values.min and abs(1 / scale - values.max) < 1.1


def _graph_problems(content, network, recipe):
    """Operations that a device may not take, and floats left in an integer file."""
    filters = network.signature == "stylize"
    allowed = FILTER_OPERATIONS if filters else STYLE_OPERATIONS
    found = operations(content)
    for name in sorted({op.name for op in found if op.custom}):
        yield f"{name} is no builtin operation"
    strange = {op.name for op in found if not op.custom} - allowed
    if strange:
        yield f"devices may not take {', '.join(sorted(strange))}"
    rank = greatest_rank(content)
    if rank > GREATEST_RANK:
        yield f"a tensor has rank {rank}, and GPUs take {GREATEST_RANK} at most"
    floats = sorted({op.name for op in found if "FLOAT32" in op.dtypes})
    if recipe.integer and floats:
        yield f"{', '.join(floats)} stayed in float"


def _parity(runner, network, recipe, samples):
    values = [runner(**sample) for sample in samples]
    if not all(np.isfinite(value).all() for value in values):
        raise VerificationError("it computes values that are not finite")
    parity = compare(values, [network(**sample) for sample in samples])
    if parity.psnr < recipe.least_psnr:
        raise VerificationError(
            f"it is {parity.psnr:.1f} dB from the float network; {recipe.name} needs "
            f"{recipe.least_psnr:g} dB"
        )
    return parity
