"""Does a picture show what the content picture shows, and nothing else?"""

from keras import ops

from keras_stylex.losses.block_means import block_means
from keras_stylex.losses.luma import luma
from keras_stylex.losses.reduction import per_sample

SCALES = (2, 4)  # what pictures are shrunk by: detail at full size is the style's
WINDOW = 7  # pixels of a side, after shrinking
QUIET = 0.05  # a standard deviation of this size, which a faint edge has
FAINTEST = 0.02  # windows that vary less count as plain
NOISE = 0.001  # ... and those that vary less than that explain nothing


def structure_loss(images, contents):
    """Edges and shades that were lost, and such that were made up, `(batch,)`, [0, 1).

    Within windows, `w (1 - r^2) + (1 - v) e`. r is the correlation of luma: neither
    colours nor contrast count, and light and dark may be exchanged, but what is an edge
    in the content shall be one in the picture. It is the structure term of
    [SSIM](https://doi.org/10.1109/TIP.2003.819861) (Wang et al., 2004), squared. w, in
    [0, 1), grows with the standard deviation of the content's luma, v with that of its
    colours; and e, in [0, 1), with that of each of the picture's colours as far as
    neither luma nor the same colour of the content explains it: a plain sky gets no
    shades of its own.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], sides of 4 or more.
        contents: a tensor of the same shape, what `images` show.
    """
    return sum(_distance(images, contents, scale) for scale in SCALES) / len(SCALES)


def _distance(images, contents, scale):
    image, content = (block_means(each, scale) for each in (images, contents))
    content_luma = luma(content)
    lost = 1.0 - _squared_correlation(luma(image), content_luma)
    detail, color = (_share(_variance(each)) for each in (content_luma, content))
    explained = [_explained(image, each) for each in (content_luma, content)]
    made_up = _share(_variance(image) - ops.maximum(*explained))
    return per_sample(detail * lost + (1.0 - color) * made_up)


def _squared_correlation(a, b):
    shared = ops.square(_covariance(a, b))
    return shared / ((_variance(a) + FAINTEST**2) * (_variance(b) + FAINTEST**2))


def _explained(image, values):
    """The variance of an image that is linear in values."""
    shared = ops.square(_covariance(image, values))
    return shared / (_variance(values) + NOISE**2)


def _variance(values):
    return _covariance(values, values)


def _covariance(a, b):
    return _mean(a * b) - _mean(a) * _mean(b)


def _mean(values):
    """Means of windows, two pixels apart; those at an edge have fewer pixels."""
    return ops.average_pool(values, WINDOW, strides=2, padding="same")


def _share(variances):
    """How sure it is that there is something to see in any channel, [0, 1)."""
    variance = ops.mean(variances, axis=-1, keepdims=True)
    # The square root has no finite gradient at zero.
    deviation = ops.sqrt(ops.maximum(variance, 1e-6))
    return deviation / (deviation + QUIET)
