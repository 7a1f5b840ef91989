"""Two replicas with half the batch each learn what one learns with all of it.

Though they work through it in parts, one picture at a time; and though gradients are
clipped, and discriminators held back.
"""

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
from keras_stylex.training import StyleTransferGAN, throttle
from keras_stylex.training.replicas import apply_gradients

throttle.FULL, throttle.NONE = 1.5, 0.5  # all discriminators learn at half their rate
TOY = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
STEPS = 3


def train(strategy, accumulate=1):
    keras.utils.set_random_seed(0)
    with strategy.scope():
        generator = Generator(**TOY, style_widths=(2,), style_dim=4)
        model = StyleTransferGAN(generator, Discriminator(1))
        sgd = [keras.optimizers.SGD(0.1) for _ in range(2)]
        options = {"accumulate": accumulate, "clip_norm": 2.0, "run_eagerly": True}
        model.compile(*sgd, r1_interval=2, **options)
    before = model.get_weights()
    pictures = np.random.default_rng(0).random((2, 4 * STEPS, 16, 24, 3))
    content, style = pictures.astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices((content, style)).batch(4, True)
    logs = model.fit(dataset, shuffle=False, verbose=0).history
    return before, model.get_weights(), {k: v[-1] for k, v in logs.items()}


def distance(weights, others):
    return max(float(np.abs(a - b).max()) for a, b in zip(weights, others))


def overflow(strategy):
    # One replica of two overflows: what becomes of a weight, and of the scale.
    with strategy.scope():
        variable = keras.Variable(np.ones(2, "float32"))
        sgd = keras.optimizers.SGD(0.5)
        optimizer = keras.optimizers.LossScaleOptimizer(sgd, 1024.0)
        optimizer.build([variable])

    def step(value):
        apply_gradients(optimizer, [value * tf.ones(2)], [variable])

    for values in ([1.0, float("inf")], [512.0, 1536.0]):
        per_replica = strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(values[context.replica_id_in_sync_group])
        )
        strategy.run(step, args=(per_replica,))
        copies = strategy.experimental_local_results(variable.value)
        scale = float(optimizer.dynamic_scale.numpy())
        yield [copy.numpy().tolist() for copy in copies], scale


before, one, logs = train(tf.distribute.get_strategy())
mirrored = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
_, two, logs_of_two = train(mirrored, accumulate=2)
result = {
    "overflow": list(overflow(mirrored)),
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


def test_an_overflow_on_one_replica_stops_the_step_of_both(result):
    after_overflow, after_step = result["overflow"]
    assert after_overflow == [[[1, 1], [1, 1]], 512]
    expected = 1 - 0.5 * (512 + 1536) / 512
    assert after_step == [[[expected] * 2] * 2, 512]
