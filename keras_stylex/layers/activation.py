"""The activation of all our networks, and the middle of their inputs."""

from keras import ops

NEGATIVE_SLOPE = 0.2

# What pictures in [0, 1] are centred on: pixel value 128, so that in uint8 centring is
# exact.
MIDDLE_GREY = 0.5019608


def leaky_relu(x):
    """`max(x, 0.2 x)`: one op on every delegate, in float and in int8."""
    return ops.leaky_relu(x, NEGATIVE_SLOPE)
