"""What replicas tell each other in a step: one small vector, and the gradients."""

import keras
import tensorflow as tf
from keras import ops


def sum_over_replicas(values):
    """Adds up each float32 tensor of a dict over all replicas, in one message."""
    sizes = [tf.size(value) for value in values.values()]
    vector = tf.concat([tf.reshape(value, [-1]) for value in values.values()], axis=0)
    context = tf.distribute.get_replica_context()
    vector = context.all_reduce(tf.distribute.ReduceOp.SUM, vector)
    return {
        name: tf.reshape(total, value.shape)
        for (name, value), total in zip(
            values.items(), tf.split(vector, sizes, num=len(sizes)), strict=True
        )
    }


def apply_gradients(optimizer, gradients, variables, clip_norm=None):
    """Updates variables by the gradients of all replicas, added up.

    Keras clips and looks for overflows before it adds up, so that replicas would
    disagree; where either is wanted the sum is taken first, and Keras' own sum over
    replicas is made up for.

    Args:
        optimizer: Keras optimizer.
        gradients: list of tensors, this replica's share.
        variables: list of Keras variables.
        clip_norm: Float, the largest norm of all gradients together, or `None`.
    """
    scaled = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    context = tf.distribute.get_replica_context()
    replicas = context.num_replicas_in_sync
    together = bool(replicas > 1 and (clip_norm or scaled))
    if together:
        gradients = context.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
    if clip_norm:
        limit = clip_norm * (
            ops.cast(optimizer.dynamic_scale, "float32") if scaled else 1.0
        )
        gradients, _ = tf.clip_by_global_norm(gradients, limit)
    if together:
        gradients = [gradient / replicas for gradient in gradients]
    optimizer.apply(gradients, variables)
