"""Runs a TFLite file on the GPU delegate alone, in a process of its own.

Run as a program, by its text: `python -c TEXT FILE SAMPLES RESULTS`. `SAMPLES` holds a
pickled list of dicts of arrays by input name; to `RESULTS` it
writes a pickled list of the outputs, flat float32 arrays. It fails where the delegate
does not take all operations.
"""

import pickle
import sys

import numpy as np
from ai_edge_litert.compiled_model import CompiledModel
from ai_edge_litert.hardware_accelerator import HardwareAccelerator


def main(path, samples_file, results_file):
    """Loads, runs every sample, writes what came out."""
    model = CompiledModel.from_file(path, hardware_accel=HardwareAccelerator.GPU)
    inputs, outputs = model.create_input_buffers(0), model.create_output_buffers(0)
    count = model.get_output_buffer_requirements(0, 0)["buffer_size"] // 4
    (signature,) = model.get_signature_list().values()
    names, results = signature["inputs"], []
    with open(samples_file, "rb") as file:
        samples = pickle.load(file)
    for sample in samples:
        for name, buffer in zip(names, inputs, strict=True):
            buffer.write(np.ascontiguousarray(sample[name], "float32"))
        model.run_by_index(0, inputs, outputs)
        results.append(np.array(outputs[0].read(count, np.float32)))
    with open(results_file, "wb") as file:
        pickle.dump(results, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
