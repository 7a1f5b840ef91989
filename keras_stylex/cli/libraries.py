"""Loads TensorFlow without its greetings on standard error."""

import importlib
import os
import sys
import tempfile


def load_libraries():
    """Imports TensorFlow and Keras, and shows what they said only if that fails.

    TensorFlow's C++ libraries greet on standard error before any setting of the log
    level holds, in lines that look like errors where there is no GPU.
    """
    sys.stderr.flush()
    standard_error = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            importlib.import_module("tensorflow")
            importlib.import_module("keras")
        except BaseException:
            said.seek(0)
            os.write(standard_error, said.read())
            raise
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
