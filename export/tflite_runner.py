"""Runs TFLite files with LiteRT, another engine than the one that wrote them."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from keras_stylex.errors import InputError


def load_interpreter(content, threads=1):
    """A LiteRT interpreter of a TFLite file's bytes, ready to run.

    Raises:
        InputError: when LiteRT cannot load it.
    """
    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"LiteRT cannot load the TFLite file: {reason}") from error
    return interpreter


class TFLiteRunner:
    """Computes what a TFLite file computes, floats in and floats out.

    The file's own uint8 pictures are converted at its border, by the scale and zero
    point it states.

    Args:
        content: bytes of the file.
        threads: Integer, threads to use. Defaults to 1.

    Raises:
        InputError: when LiteRT cannot load it, or it has no signature of one output.
    """

    def __init__(self, content, threads=1):
        self.interpreter = load_interpreter(content, threads)
        signatures = list(self.interpreter.get_signature_list())
        if not signatures:
            raise InputError("The TFLite file has no signature: it is none of ours.")
        self.signature = signatures[0]
        self._run = self.interpreter.get_signature_runner(self.signature)
        self.inputs = self._run.get_input_details()
        outputs = list(self._run.get_output_details().items())
        if len(outputs) != 1:
            raise InputError(
                f"The TFLite file gives {len(outputs)} results: it is none of ours."
            )
        (self.output,) = outputs

    def __call__(self, **inputs):
        """Arrays by input name, float32, to one float32 array."""
        given = {
            name: quantize(inputs[name], details)
            for name, details in self.inputs.items()
        }
        name, details = self.output
        return _from_file(self._run(**given)[name], details)

    def delegation(self):
        """`(delegated, left, partitions)`: numbers of operations, and of delegates.

        Boundary operations between a uint8 file's pictures and int8 are among those
        that are left.
        """
        details = self.interpreter._get_ops_details()
        delegates = [op for op in details if op["op_name"] == "DELEGATE"]
        own = [op for op in details if op["op_name"] != "DELEGATE"]
        makers = {output: op for op in own for output in op["outputs"]}
        delegated = set()
        for delegate in delegates:
            delegated |= _between(delegate, makers)
        return len(delegated), len(own) - len(delegated), len(delegates)


def _between(delegate, makers):
    """Indices of the operations between a delegate's inputs and its outputs."""
    found, open_tensors = set(), list(delegate["outputs"])
    border = set(delegate["inputs"])
    while open_tensors:
        op = makers.get(open_tensors.pop())
        if op is not None and op["index"] not in found:
            found.add(op["index"])
            open_tensors += [t for t in op["inputs"] if t not in border]
    return found


def quantize(values, details):
    """Floats as the type of a tensor that `details` of LiteRT describe."""
    values = np.asarray(values, "float32")
    if details["dtype"] == np.float32:
        return values
    scale, zero_point = details["quantization"]
    limits = np.iinfo(details["dtype"])
    scale = scale or 1.0  # a scale of 0 means plain integers
    steps = np.round(values / scale) + zero_point
    return np.clip(steps, limits.min, limits.max).astype(details["dtype"])


def _from_file(values, details):
    if details["dtype"] == np.float32:
        return values
    scale, zero_point = details["quantization"]
    return (np.float32(scale) * (values.astype("float32") - zero_point)).astype("f4")
