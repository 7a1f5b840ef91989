"""Works through a batch in parts, for what memory does not hold at once."""

import tensorflow as tf

from keras_stylex.errors import InputError


def sum_over_parts(function, data, parts, like):
    """Adds up what a function makes of each part of a batch, one part after the other.

    Args:
        function: takes the tensors of a part, returns a structure of tensors.
        data: tensors of `(batch, ...)`.
        parts: Integer that divides the batch.
        like: tensors or variables of the structure and shapes that it returns.
    """
    if parts == 1:
        return function(*data)
    data = [_split(tensor, parts) for tensor in data]

    def add_part(index, total):
        part = function(*(tensor[index] for tensor in data))
        return index + 1, tf.nest.map_structure(tf.add, total, part)

    zeros = tf.nest.map_structure(lambda x: tf.zeros(x.shape, x.dtype), like)
    _, total = tf.while_loop(
        lambda index, _: index < parts,
        add_part,
        (0, zeros),
        parallel_iterations=1,  # else memory would hold several parts
    )
    return total


def _split(tensor, parts):
    """`(batch, ...)` as `(parts, batch / parts, ...)`."""
    batch, *shape = tensor.shape
    if batch is not None and batch % parts:
        raise InputError(
            f"A batch of {batch} cannot be worked through in {parts} equal parts. "
            f"Make it a multiple of {parts} (on each replica), or change accumulate."
        )
    return tf.reshape(tensor, (parts, -1, *shape))
