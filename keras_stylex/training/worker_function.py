"""What `fit` calls for each step where replicas run in several processes."""

import tensorflow as tf


def worker_function(step, strategy, steps=1, eagerly=False, jit_compile=False):
    """A function that takes an iterator, and steps on what it gives next.

    Keras' own fails here: it takes means over workers of logs that are scalars. Ours
    are the same on all of them already.

    Args:
        step: takes the data of one replica and returns a dict of scalars, the same on
            all replicas.
        strategy: `tf.distribute.Strategy`.
        steps: Integer, steps per call.
        eagerly: Boolean, whether to do without a graph.
        jit_compile: Boolean, whether to compile steps with XLA.

    Returns: a function; it returns the dict of the last step.
    """

    def one_step(data):
        logs = strategy.run(step, args=(data,))
        return {
            name: strategy.experimental_local_results(value)[0]
            for name, value in logs.items()
        }

    if not eagerly:
        one_step = tf.function(one_step, jit_compile=jit_compile, autograph=False)

    def all_steps(iterator):
        for _ in range(steps):
            logs = one_step(iterator.get_next())
        return logs

    return all_steps if eagerly else tf.function(all_steps, autograph=False)
