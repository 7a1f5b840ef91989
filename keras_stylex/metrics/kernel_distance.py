"""KID: the squared maximum mean discrepancy of two sets of features."""

from typing import NamedTuple

from keras import ops

_BLOCK = 512  # rows of the kernel's matrix that are in memory at a time


class KernelDistance(NamedTuple):
    """An unbiased estimate, which may be negative, and its standard error."""

    value: float
    standard_error: float


def kernel_distance(features, reference):
    """Kernel inception distance, unbiased, with its standard error.

    `mean k(x, x') + mean k(y, y') - 2 mean k(x, y)` over all pairs of different
    pictures, `k(a, b) = (a . b / dimensions + 1)^3`, after
    [Binkowski et al., 2018](https://arxiv.org/abs/1801.01401): all pairs at once
    instead of random subsets. Its expectation does not depend on the numbers of
    pictures. The standard error is the jackknife's, which leaves out each picture once.

    Args:
        features, reference: `(count, dimensions)`, at least 3 each; the counts may
            differ.

    Returns: `KernelDistance` of floats.
    """
    for rows in (features, reference):
        if len(rows) < 3:
            raise ValueError(f"Expected 3 pictures or more. Received: {len(rows)}")
    ones = [ops.ones(len(rows), "float64") for rows in (features, reference)]
    return KernelDistance(*map(float, kernel_moments(features, reference, *ones)))


def kernel_moments(x, y, in_x, in_y):
    """`kernel_distance` of those rows whose flag is 1, as two scalar tensors.

    Args:
        x, y: `(rows, dimensions)`, static shapes.
        in_x, in_y: `(rows,)` ones and zeros, at least 3 ones each.
    """
    x, y, in_x, in_y = (ops.cast(t, "float64") for t in (x, y, in_x, in_y))
    n_x, n_y = ops.sum(in_x), ops.sum(in_y)
    own_x, own_y = _kernel_sums(x, x, in_x), _kernel_sums(y, y, in_y)
    own_x, own_y = own_x - _kernel_of_itself(x), own_y - _kernel_of_itself(y)
    to_y, to_x = _kernel_sums(x, y, in_y), _kernel_sums(y, x, in_x)
    sum_x, sum_y = ops.sum(in_x * own_x), ops.sum(in_y * own_y)
    between = ops.sum(in_x * to_y)
    within_x, within_y = sum_x / (n_x * (n_x - 1)), sum_y / (n_y * (n_y - 1))
    value = within_x + within_y - 2 * between / (n_x * n_y)
    without_x = _leave_one_out(sum_x, own_x, n_x) + within_y
    without_x -= 2 * (between - to_y) / ((n_x - 1) * n_y)
    without_y = _leave_one_out(sum_y, own_y, n_y) + within_x
    without_y -= 2 * (between - to_x) / ((n_y - 1) * n_x)
    variance = _jackknife(without_x, in_x, n_x) + _jackknife(without_y, in_y, n_y)
    return value, ops.sqrt(variance)


def _kernel(products, dimensions):
    return (products / dimensions + 1) ** 3


def _kernel_sums(x, y, in_y):
    """For each `x`, the sum of `k(x, y)` over those `y` that are in."""
    sums = [
        ops.matmul(
            _kernel(ops.matmul(x[i : i + _BLOCK], ops.transpose(y)), x.shape[1]),
            in_y[:, None],
        )[:, 0]
        for i in range(0, x.shape[0], _BLOCK)
    ]
    return ops.concatenate(sums, axis=0)


def _kernel_of_itself(x):
    return _kernel(ops.sum(x * x, axis=1), x.shape[1])


def _leave_one_out(total, sums, count):
    """The mean over pairs without each row."""
    return (total - 2 * sums) / ((count - 1) * (count - 2))


def _jackknife(without, flags, count):
    """The variance of an estimate, from what it is without each row."""
    mean = ops.sum(flags * without) / count
    return (count - 1) / count * ops.sum(flags * (without - mean) ** 2)
