"""A running mean that replicas need not talk about."""

import keras


class ReducedMean(keras.metrics.Mean):
    """A mean of values which are the same on all replicas already.

    `keras.metrics.Mean` adds up over replicas whenever it is read, twice per mean.
    """

    def add_variable(
        self, shape, initializer, dtype=None, aggregation="sum", name=None
    ):
        return super().add_variable(
            shape, initializer, dtype, "only_first_replica", name
        )
