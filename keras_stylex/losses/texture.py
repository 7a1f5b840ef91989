"""Does a picture have its details as another has them: few and sharp, or all over?"""

import keras
from keras import ops

from keras_stylex.losses.block_means import block_means
from keras_stylex.losses.luma import luma
from keras_stylex.losses.reduction import per_sample

SIDE = 5  # pixels of a patch
# What pictures are shrunk by, and pixels from patch to patch: as many of either size.
LEVELS = ((1, 2), (2, 1))
QUIET = 0.05  # a response of this size, which noise has and a faint edge
FAINTEST = 0.02  # responses are not amplified beyond this


def texture_filters(count, seed):
    """Filters of patches, drawn at random: `(5, 5, 1, count)`, of mean 0 and norm 1."""
    filters = keras.random.normal((SIDE, SIDE, 1, count), seed=seed)
    filters = filters - ops.mean(filters, axis=(0, 1), keepdims=True)
    return filters / ops.sqrt(ops.sum(ops.square(filters), axis=(0, 1), keepdims=True))


def texture_losses(images, references, contents, filters):
    """Distances between the textures of pictures and those of references.

    At full and at half size, patches of luma are projected on filters. What a filter
    responds is divided by its root mean square, so that contrast does not count, and
    each place is compared with the reference's response of the same rank: a print's are
    mostly nothing, and strong at outlines; a painter's dabs respond everywhere. That is
    the sliced Wasserstein distance of patches, after
    [Elnekave & Weiss, 2022](https://arxiv.org/abs/2203.11862), but that places count by
    how much detail the content has there. The first loss is that of places with
    detail, the second that of plain ones: a print's sky shall not get the edges that
    the print has elsewhere, while that of a painting may be all dabs.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], sides of 10 or more.
        references: a tensor of the same shape.
        contents: a tensor of the same shape, what `images` show.
        filters: `(5, 5, 1, count)`, of mean 0 and norm 1, see `texture_filters`.

    Returns: two `(batch,)` float32. Their sum does not depend on the contents.
    """
    detailed, plain = 0.0, 0.0
    for level in LEVELS:
        distances = _distances(
            *(_responses(each, filters, *level) for each in (images, references))
        )
        detail = _detail(_responses(contents, filters, *level))
        detailed += per_sample(distances * detail)
        plain += per_sample(distances * (1.0 - detail))
    return detailed, plain


def _responses(images, filters, scale, step):
    """`(batch, filters, places)` float32."""
    small = block_means(luma(images), scale)
    responses = ops.conv(small, filters, strides=step, padding="valid")
    _, rows, columns, count = responses.shape
    responses = ops.reshape(responses, (-1, rows * columns, count))
    return ops.transpose(responses, (0, 2, 1))


def _detail(responses):
    """How sure it is that there is something to see, `(batch, 1, places)`, [0, 1)."""
    size = ops.sqrt(ops.mean(ops.square(responses), axis=1, keepdims=True))
    return size / (size + QUIET)


def _distances(responses, reference_responses):
    """Of each place, `(batch, filters, places)`."""
    values, targets = (_normalized(each) for each in (responses, reference_responses))
    ranks = ops.argsort(ops.argsort(values, axis=-1), axis=-1)
    targets = ops.take_along_axis(ops.sort(targets, axis=-1), ranks, axis=-1)
    return ops.abs(values - targets)


def _normalized(responses):
    power = ops.mean(ops.square(responses), axis=-1, keepdims=True)
    return responses / ops.sqrt(power + FAINTEST**2)
