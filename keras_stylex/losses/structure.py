"""Does a picture show what the content picture shows, and nothing else?"""

from keras import ops

from keras_stylex.losses.reduction import per_sample

LUMA = (0.299, 0.587, 0.114)
SCALES = (2, 4)  # what pictures are shrunk by: detail at full size is the style's
WINDOW = 7  # pixels of a side, after shrinking
QUIET = 0.05  # a standard deviation of this size, which a faint edge has
FAINTEST = 0.02  # windows that vary less count as plain
NOISE = 0.001  # ... and those that vary less than that explain nothing


def structure_loss(images, contents):
    """Edges and shades that were lost, and such that were made up, `(batch,)`, [0, 1).

    Within windows of luma, `w (1 - r^2) + (1 - w) e`. r is their correlation: neither
    colours nor contrast count, and light and dark may be exchanged, but what is an edge
    in the content shall be one in the picture. It is the structure term of
    [SSIM](https://doi.org/10.1109/TIP.2003.819861) (Wang et al., 2004), squared. w, in
    [0, 1), grows with the content's standard deviation; and e, in [0, 1), with that of
    the picture as far as the content does not explain it: a plain sky gets no shades of
    its own.

    Args:
        images: `(batch, height, width, 3)` pictures, [0, 1], sides of 4 or more.
        contents: a tensor of the same shape, what `images` show.
    """
    return sum(_distance(images, contents, scale) for scale in SCALES) / len(SCALES)


def _distance(images, contents, scale):
    a, b = (_luma(each, scale) for each in (images, contents))
    variance_a, variance_b = (_covariance(each, each) for each in (a, b))
    covariance = ops.square(_covariance(a, b))
    floor = FAINTEST**2
    lost = 1.0 - covariance / ((variance_a + floor) * (variance_b + floor))
    unexplained = variance_a - covariance / (variance_b + NOISE**2)
    detail, made_up = (_share(each) for each in (variance_b, unexplained))
    return per_sample(detail * lost + (1.0 - detail) * made_up)


def _luma(images, scale):
    luma = ops.sum(ops.cast(images, "float32") * LUMA, axis=-1, keepdims=True)
    return ops.average_pool(luma, scale, strides=scale, padding="valid")


def _covariance(a, b):
    return _mean(a * b) - _mean(a) * _mean(b)


def _mean(values):
    """Means of windows, two pixels apart; those at an edge have fewer pixels."""
    return ops.average_pool(values, WINDOW, strides=2, padding="same")


def _share(variance):
    """How sure it is that there is something to see, [0, 1)."""
    # The square root has no finite gradient at zero.
    deviation = ops.sqrt(ops.maximum(variance, 1e-6))
    return deviation / (deviation + QUIET)
