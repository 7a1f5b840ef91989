"""A program in C, through the loader that TensorFlow Serving also uses."""

import pathlib
import shutil
import subprocess

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

SOURCE = pathlib.Path(__file__).with_name("load_saved_model.c")
TENSORFLOW = pathlib.Path(tf.__file__).parent
LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    if shutil.which("gcc") is None:
        pytest.skip("there is no gcc to compile the program with")
    if not all((TENSORFLOW / library).exists() for library in LIBRARIES):
        pytest.skip("this TensorFlow comes without libraries to link with")
    path = tmp_path_factory.mktemp("c") / "load"
    link = [f"-L{TENSORFLOW}", f"-Wl,-rpath,{TENSORFLOW}"]
    link += [f"-l:{library}" for library in LIBRARIES]
    include = f"-I{TENSORFLOW / 'include'}"
    command = ["gcc", "-Wall", "-Werror", str(SOURCE), include, *link, "-o", str(path)]
    subprocess.run(command, check=True)
    return path


def _signature(folder, name):
    """Names of a signature's tensors: `(inputs, outputs)`, by the name for clients."""
    saved = saved_model_pb2.SavedModel.FromString(
        (folder / "saved_model.pb").read_bytes()
    )
    signature = saved.meta_graphs[0].signature_def[name]
    return (
        {key: tensor.name for key, tensor in tensors.items()}
        for tensors in (signature.inputs, signature.outputs)
    )


def test_a_c_program_paints_the_same(program, exported, generator, pictures, tmp_path):
    folder = exported[0] / "1"
    given = {"content": pictures(2, 17, 24), "style": pictures(2, 20, 13, seed=1)}
    inputs, outputs = _signature(folder, "serving_default")
    arguments = [str(program), str(folder), outputs["stylized"]]
    for name, value in given.items():
        value.tofile(tmp_path / name)
        sizes = map(str, value.shape[:3])
        arguments += [inputs[name], str(tmp_path / name), *sizes]
    painted = subprocess.run(arguments, check=True, capture_output=True).stdout
    painted = np.frombuffer(painted, "float32").reshape(given["content"].shape)
    np.testing.assert_allclose(painted, generator([*given.values()]), atol=1e-5)
