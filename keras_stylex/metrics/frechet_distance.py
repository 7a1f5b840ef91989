"""FID: the Frechet distance of two sets of features, taken for normal."""

import warnings

from keras import ops


class FewPicturesWarning(UserWarning):
    """A figure is computed from fewer pictures than it needs."""


def frechet_distance(features, reference):
    """Frechet inception distance.

    `|m - m'|^2 + trace(C + C' - 2 (C C')^(1/2))` of means and covariances, after
    [Heusel et al., 2017](https://arxiv.org/abs/1706.08500). It is too large for few
    pictures, all the more the more features there are: compare only figures of as many
    pictures, or take `kernel_distance`.

    Args:
        features, reference: `(count, dimensions)`, at least 2 each.

    Returns: a float, `>= 0`. Warns where a set has no more pictures than features.
    """
    fewest = min(len(features), len(reference))
    warn_of_few(fewest, features.shape[1])
    moments = [gaussian_moments(*feature_sums(f)) for f in (features, reference)]
    return float(gaussian_distance(*moments[0], *moments[1]))


def warn_of_few(count, dimensions):
    """Warns where covariances of `dimensions` features cannot have full rank."""
    if count <= dimensions:
        warnings.warn(
            f"FID from {count} pictures with {dimensions} features is far too large, "
            "and only comparable with other figures of as many; KID does not depend on "
            "the number of pictures.",
            FewPicturesWarning,
            stacklevel=3,
        )


def feature_sums(features):
    """`(count, sum of x, sum of x x^T)`, float64."""
    x = ops.cast(features, "float64")
    count = ops.cast(ops.shape(x)[0], "float64")
    return count, ops.sum(x, axis=0), ops.matmul(ops.transpose(x), x)


def gaussian_moments(count, total, products):
    """Mean and unbiased covariance from sums."""
    mean = total / count
    return mean, (products - count * mean[:, None] * mean[None]) / (count - 1)


def gaussian_distance(mean, covariance, other_mean, other_covariance):
    """The Frechet distance of two normal distributions, a scalar tensor, `>= 0`.

    `trace (C C')^(1/2)` is the sum of the roots of the eigenvalues of
    `C^(1/2) C' C^(1/2)`, which is symmetric.
    """
    root = _root(covariance)
    product = ops.matmul(ops.matmul(root, other_covariance), root)
    roots = ops.sqrt(ops.relu(ops.eigh(_symmetric(product))[0]))
    distance = ops.sum((mean - other_mean) ** 2) - 2 * ops.sum(roots)
    distance += ops.trace(covariance) + ops.trace(other_covariance)
    return ops.relu(distance)


def _root(matrix):
    """Of a symmetric matrix without negative eigenvalues."""
    values, vectors = ops.eigh(_symmetric(matrix))
    return ops.matmul(vectors * ops.sqrt(ops.relu(values)), ops.transpose(vectors))


def _symmetric(matrix):
    return (matrix + ops.transpose(matrix)) / 2
