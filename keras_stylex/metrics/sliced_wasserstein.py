"""Do two sets of pictures have the same texture, at every scale?"""

import numpy as np

from keras_stylex.metrics.filters import smooth

_KERNEL = np.array([1, 4, 6, 4, 1], "float32") / 16  # Burt & Adelson, 1983
_PATCH = 7  # pixels
_SMALLEST = 16  # pixels: the shorter side of the coarsest level, at least


def sliced_wasserstein(images, reference, patches=8192, directions=128, seed=0):
    """Distance between the patches of two sets, at each level of a Laplacian pyramid.

    Patches of 7x7 pixels are drawn at random from both sets, projected to random
    directions, and their Wasserstein-1 distances along these are averaged, after
    [Karras et al., 2018](https://arxiv.org/abs/1710.10196). Where the paper brings
    each set to zero mean and unit variance by itself, both are scaled here by the
    reference's, so that a blurred picture differs from a sharp one.

    Args:
        images, reference: `(count, h, w, 3)` floats in [0, 1], sides of at least 16;
            numbers may differ, sizes not.
        patches: How many are drawn from either set at each level.
        directions: How many to project to.
        seed: Decides the places and the directions.

    Returns: `(levels,)` float32, `>= 0`, finest level first, in standard deviations of
        the reference's patches; the last level is what remains after blurring.
    """
    if np.shape(images)[1:] != np.shape(reference)[1:]:
        raise ValueError(
            "Expected pictures of one size. "
            f"Received: {np.shape(images)}, {np.shape(reference)}"
        )
    rng = np.random.default_rng(seed)
    pairs = zip(laplacian_pyramid(images), laplacian_pyramid(reference), strict=True)
    distances = []
    for level, level_of_reference in pairs:
        vectors = _unit_vectors(rng, level.shape[-1] * _PATCH**2, directions)
        places = rng.integers(2**31, size=2)  # the same in sets of one size
        drawn = [
            _draw_patches(pictures, patches, np.random.default_rng(places))
            for pictures in (level, level_of_reference)
        ]
        distances.append(sliced_distance(*_normalize(*drawn), vectors))
    return np.array(distances, "float32")


def sliced_distance(points, others, vectors):
    """Wasserstein-1 distance of as many points along each direction, averaged.

    Args:
        points, others: `(count, dimensions)`.
        vectors: `(dimensions, directions)`.
    """
    projected, other = (np.sort(p @ vectors, axis=0) for p in (points, others))
    return float(np.abs(projected - other).mean())


def laplacian_pyramid(images):
    """What each halving of `(count, h, w, 3)` pictures loses, and what remains.

    Returns: a list of arrays, finest first; all of them, enlarged and added, make the
        pictures.
    """
    level, levels = np.asarray(images, "float32"), []
    if min(level.shape[1:3]) < _SMALLEST:
        raise ValueError(
            f"Expected sides of at least {_SMALLEST}. Received: shape={level.shape}"
        )
    while min(level.shape[1:3]) >= 2 * _SMALLEST:
        coarser = smooth(level, _KERNEL)[:, ::2, ::2]
        levels.append(level - enlarge(coarser, level.shape[1:3]))
        level = coarser
    return [*levels, level]


def enlarge(images, size):
    """Doubles pictures smoothly, to `(height, width)`."""
    batch, _, _, channels = images.shape
    spread = np.zeros((batch, *size, channels), "float32")
    spread[:, ::2, ::2] = images
    return smooth(spread, 2 * _KERNEL)


def _draw_patches(pictures, count, rng):
    """`(count, 7, 7, 3)`."""
    windows = np.lib.stride_tricks.sliding_window_view(
        pictures, (_PATCH, _PATCH), axis=(1, 2)
    )
    places = [rng.integers(0, side, count) for side in windows.shape[:3]]
    return np.moveaxis(windows[tuple(places)], 1, -1)


def _normalize(patches, reference):
    """Both as vectors, in units of the reference's spread of each channel."""
    spread = np.maximum(reference.std((0, 1, 2)), 1e-6)
    return ((p / spread).reshape(len(p), -1) for p in (patches, reference))


def _unit_vectors(rng, dimensions, count):
    vectors = rng.normal(size=(dimensions, count)).astype("float32")
    return vectors / np.linalg.norm(vectors, axis=0)
