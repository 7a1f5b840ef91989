"""Does a picture have the content's colours, moved to those of the reference?"""

import numpy as np
from keras import ops

from keras_stylex.losses.block_means import block_means
from keras_stylex.losses.reconstruction import l1_loss

BLOCK = 8  # pixels: colours of areas are compared, not grain, outlines or strokes
MOST = 2.0  # how much more colours may differ than those of the content
EPSILON = 1e-4  # a variance, for pictures of one colour


def color_transfer_loss(images, references, contents, moments):
    """L1 distance to the contents in the colours of the references, `(batch,)`.

    Both are averaged over blocks of 8x8 pixels.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], sides of 8 or more.
        references: `(batch, rows, columns, 3)` pictures, [0, 1], of any size.
        contents: a tensor of the same shape, what `images` show.
        moments: `(4, 3)`, `color_moments` of content pictures on average.
    """
    targets = ops.stop_gradient(transfer_colors(contents, references, moments))
    return l1_loss(block_means(images, BLOCK), block_means(targets, BLOCK))


def transfer_colors(contents, references, moments):
    """Contents in the colours of references, `(batch, height, width, 3)`, [0, 1].

    Of all linear maps that would give content pictures at large the mean and the
    covariance of the reference's colours, the one that moves colours least
    ([Pitié & Kokaram, 2007](https://doi.org/10.1049/cp:20070055)); but no difference
    of colours becomes more than twice as large. What is plain stays plain, and what a
    colour becomes does not depend on what else is in a picture: so a generator that
    sees a part of it at a time can learn it.

    Args:
        contents: `(batch, height, width, 3)` pictures, [0, 1].
        references: `(batch, rows, columns, 3)` pictures, [0, 1], of any size.
        moments: `(4, 3)`, `color_moments` of content pictures on average.
    """
    wanted = color_moments(references)
    maps = _least_movement(_covariance(moments), _covariance(wanted))
    moved = wanted[:, :1] + ops.matmul(_pixels(contents) - moments[..., :1, :], maps)
    return ops.clip(ops.reshape(moved, ops.shape(contents)), 0.0, 1.0)


def color_moments(images):
    """The mean colour and the mean products of its channels, `(batch, 4, 3)` float32.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1].
    """
    colors = _pixels(images)
    products = ops.matmul(ops.swapaxes(colors, 1, 2), colors) / colors.shape[1]
    return ops.concatenate([ops.mean(colors, axis=1, keepdims=True), products], axis=1)


def _least_movement(covariance, wanted):
    """The maps, symmetric: A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2."""
    root = _of_eigenvalues(covariance, ops.sqrt)
    inverse = _of_eigenvalues(covariance, ops.rsqrt)
    between = _of_eigenvalues(ops.matmul(root, ops.matmul(wanted, root)), ops.sqrt)
    return _of_eigenvalues(
        ops.matmul(inverse, ops.matmul(between, inverse)),
        lambda factors: ops.minimum(factors, MOST),
    )


def _of_eigenvalues(matrices, function):
    """Symmetric matrices with a function of their eigenvalues in their place.

    What is no number would end the program here; means of colours pass it on.
    """
    matrices = ops.where(ops.isfinite(matrices), matrices, 0.0)
    values, vectors = ops.linalg.eigh(matrices)
    changed = vectors * function(ops.maximum(values, 1e-8))[..., None, :]
    return ops.matmul(changed, ops.swapaxes(vectors, -1, -2))


def _covariance(moments):
    mean, products = moments[..., :1, :], moments[..., 1:, :]
    spread = products - ops.matmul(ops.swapaxes(mean, -1, -2), mean)
    return spread + EPSILON * np.eye(3, dtype="float32")


def _pixels(images):
    """`(batch, height * width, 3)` float32."""
    rows, columns = images.shape[1:3]
    return ops.reshape(ops.cast(images, "float32"), (-1, rows * columns, 3))
