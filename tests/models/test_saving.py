"""A saved model is loaded by a program that only imports the package."""

import numpy as np
import pytest

from keras_stylex.models import Discriminator
from keras_stylex.training import StyleTransferGAN

# 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
KERAS_SAVES = "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
pytestmark = pytest.mark.filterwarnings(KERAS_SAVES)

PROGRAM = """
import os, sys
import keras, keras_stylex
import numpy as np

os.chdir(sys.argv[1])
pictures = np.load("pictures.npz")
inputs = [pictures["content"], pictures["style"]]
models = {name: keras.saving.load_model(name + ".keras") for name in sys.argv[2:]}
np.savez("painted.npz", **{name: model(inputs)[0] for name, model in models.items()})
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory, make_generator, pictures, warm_python):
    """What three models paint or say, here and in a fresh process."""
    folder = tmp_path_factory.mktemp("saved")
    inputs = [pictures(2, 15, 24), pictures(2, 16, 20, seed=1)]
    gan = StyleTransferGAN(make_generator(), Discriminator(2))
    gan.compile()
    models = {
        "generator": make_generator(),
        "mixed": make_generator(dtype="mixed_float16"),
        "discriminator": Discriminator(2),
        "gan": gan,
    }
    for name, model in models.items():
        model.save(folder / f"{name}.keras")
    np.savez(folder / "pictures.npz", content=inputs[0], style=inputs[1])
    (folder / "program.py").write_text(PROGRAM)
    process = warm_python.start(folder / "program.py", folder, *models)
    assert process.wait() == 0, process.err
    there = np.load(folder / "painted.npz")
    return {name: (model(inputs)[0], there[name]) for name, model in models.items()}


@pytest.mark.parametrize("name", ["generator", "mixed", "discriminator", "gan"])
def test_a_fresh_process_gets_the_same_to_the_bit(saved, name):
    here, there = saved[name]
    np.testing.assert_array_equal(here, there)
