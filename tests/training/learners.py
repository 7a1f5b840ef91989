"""Trains a toy under some strategies, and writes down what became of it.

    python learners.py FILE STRATEGY...

Not a test: a program for one, since logical devices and workers are set up before
TensorFlow starts.
"""

import json
import sys

import keras
import numpy as np
import tensorflow as tf

from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN, throttle
from keras_stylex.training.replicas import apply_gradients
from keras_stylex.training.strategies import is_multi_worker, make_strategy

throttle.FULL, throttle.NONE = 1.5, 0.5  # all discriminators learn at half their rate
TOY = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
STEPS, BATCH = 3, 4
SCALES = 2.0**40, 2.0**10  # of losses; float16 gradients overflow with the first


def main(file, *names):
    if "mirrored" in names:
        cpu = tf.config.list_physical_devices("CPU")[0]
        halves = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(cpu, halves)
    strategies = {name: make_strategy(name) for name in names}
    results = {name: train(strategy) for name, strategy in strategies.items()}
    for name in {"mirrored", "multi-worker"} & set(names):
        results[f"overflow on {name}"] = list(overflow(strategies[name]))
    if "multi-worker" in names:
        results["float16"] = train(strategies["multi-worker"], "mixed_float16")
    with open(file, "w") as stream:
        json.dump(results, stream)


def train(strategy, policy="float32"):
    """Weights before and after some steps, and the logs; `scales` of the losses."""
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(policy)
    workers = is_multi_worker(strategy)
    with strategy.scope():
        generator = Generator(**TOY, style_widths=(2,), style_dim=4)
        model = StyleTransferGAN(generator, Discriminator(1))
        model.compile(
            *(keras.optimizers.SGD(0.1) for _ in range(2)),
            r1_interval=2,
            accumulate=BATCH // 2 if strategy.num_replicas_in_sync == 2 else 1,
            clip_norm=2.0,
            run_eagerly=not workers,
        )
    optimizers = model.generator_optimizer, model.discriminator_optimizer
    scaled = [each for each in optimizers if hasattr(each, "dynamic_scale")]
    for optimizer, scale in zip(scaled, SCALES, strict=False):
        optimizer.dynamic_scale.assign(scale)
    before = listed(model)
    data = tf.data.Dataset.from_tensor_slices(pictures()).batch(BATCH, True)
    if workers:
        data = strategy.distribute_datasets_from_function(share)
    fit = model.fit(data, shuffle=False, verbose=0, steps_per_epoch=STEPS)
    logs = {name: values[-1] for name, values in fit.history.items()}
    evaluated = model.evaluate(data, steps=1, verbose=0, return_dict=True)
    return {
        "before": before,
        "weights": listed(model),
        "logs": logs,
        "evaluated": evaluated,
        "seed": model.seed_generator.state.numpy().tolist(),
        "scales": [float(each.dynamic_scale.numpy()) for each in scaled],
        "updates": [int(each.iterations.numpy()) for each in optimizers],
    }


def pictures():
    """All the content and all the style pictures there are."""
    shape = (2, STEPS * BATCH, 16, 24, 3)
    return tuple(np.random.default_rng(0).random(shape).astype("float32"))


def share(context):
    """The pictures of one worker: every second one."""
    workers = context.num_input_pipelines
    data = tf.data.Dataset.from_tensor_slices(pictures())
    data = data.shard(workers, context.input_pipeline_id)
    return data.batch(BATCH // workers, True).repeat()


def listed(model):
    return [weight.ravel().tolist() for weight in model.get_weights()]


def overflow(strategy):
    """One replica of two overflows: what becomes of a weight, and of the scale."""
    with strategy.scope():
        variable = keras.Variable(np.ones(2, "float32"))
        sgd = keras.optimizers.SGD(0.5)
        optimizer = keras.optimizers.LossScaleOptimizer(sgd, 1024.0)
        optimizer.build([variable])

    @tf.function
    def step(values):
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        apply_gradients(optimizer, [values[replica] * tf.ones(2)], [variable])

    for values in ([1.0, float("inf")], [512.0, 1536.0]):
        strategy.run(step, args=(tf.constant(values),))
        copies = strategy.experimental_local_results(variable.value)
        scale = float(optimizer.dynamic_scale.numpy())
        yield [copy.numpy().tolist() for copy in copies], scale


if __name__ == "__main__":
    main(*sys.argv[1:])
