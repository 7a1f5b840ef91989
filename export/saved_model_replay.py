"""Asks a SavedModel what it is told to ask, in a process that imports TensorFlow alone.

Run as a program, by its text: `python -c TEXT FOLDER CALLS RESULTS`. `CALLS` holds a
pickled list of `(signature, inputs)`, arrays by name. To `RESULTS` it writes a pickled
`(signatures, answers)`: of each signature dtypes and shapes of its inputs and outputs,
and for each call the outputs by name, or kind and text of the error that it raised.
"""

import pickle
import sys


def main(folder, calls_file, results_file):
    """Loads the SavedModel, describes it, makes the calls."""
    # A server has no Keras: an import of it, even by TensorFlow itself, fails here.
    sys.modules["keras"] = sys.modules["keras_stylex"] = None
    import tensorflow as tf

    signatures = tf.saved_model.load(folder).signatures
    with open(calls_file, "rb") as file:
        calls = pickle.load(file)
    answers = [_answer(tf, signatures, *call) for call in calls]
    described = {name: _describe(each) for name, each in signatures.items()}
    with open(results_file, "wb") as file:
        pickle.dump((described, answers), file)


def _answer(tf, signatures, name, inputs):
    try:
        inputs = {key: tf.constant(value) for key, value in inputs.items()}
        return {key: each.numpy() for key, each in signatures[name](**inputs).items()}
    except Exception as error:
        return type(error).__name__, str(error)


def _describe(signature):
    _, inputs = signature.structured_input_signature
    return tuple(
        {
            name: (
                spec.dtype.name,
                None if spec.shape.rank is None else tuple(spec.shape),
            )
            for name, spec in specs.items()
        }
        for specs in (inputs, signature.structured_outputs)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
