"""Two replicas with half the batch each learn what one learns with all of it."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]

# A process of its own: logical devices are set up before TensorFlow starts.
PROGRAM = """
import json, sys
import numpy as np
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)

import keras
from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN

TOY = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
STEPS = 3


def train(strategy):
    keras.utils.set_random_seed(0)
    with strategy.scope():
        generator = Generator(**TOY, style_widths=(2,), style_dim=4)
        model = StyleTransferGAN(generator, Discriminator(1))
        sgd = [keras.optimizers.SGD(0.1) for _ in range(2)]
        model.compile(*sgd, r1_interval=2, run_eagerly=True)
    before = model.get_weights()
    pictures = np.random.default_rng(0).random((2, 4 * STEPS, 16, 24, 3))
    content, style = pictures.astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices((content, style)).batch(4, True)
    logs = model.fit(dataset, shuffle=False, verbose=0).history
    return before, model.get_weights(), {k: v[-1] for k, v in logs.items()}


def distance(weights, others):
    return max(float(np.abs(a - b).max()) for a, b in zip(weights, others))


before, one, logs = train(tf.distribute.get_strategy())
_, two, logs_of_two = train(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
result = {
    "moved": distance(before, one),
    "apart": distance(one, two),
    "logs": [logs, logs_of_two],
}
print(json.dumps(result))
"""


@pytest.fixture(scope="module")
def result():
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_the_weights_are_the_same(result):
    assert result["moved"] > 1e-2
    assert result["apart"] < 1e-5


def test_the_logs_are_those_of_the_whole_batch(result):
    one, two = result["logs"]
    assert two == pytest.approx(one, rel=1e-4, abs=1e-6)
