"""Does a filter flicker when the camera moves, or when there is noise?"""

import itertools

import numpy as np

from keras_stylex.metrics.painting import generate_batches

FARTHEST = 8  # pixels
NOISE = 0.02  # standard deviation: five steps of 8-bit pixels


def shift_stability(generate, contents, styles):
    """How much a result changes when the camera moves by whole pixels.

    `|G(W x) - W G(x)|` for a window `W` on the content that moves by 1 to 8 pixels to
    the right, and then down, where both windows see the same.

    Args:
        generate: As for `evaluate_pictures`.
        contents: `(count, h, w, 3)` floats in [0, 1]; windows have 8 pixels less on
            both sides.
        styles: `(count, h, w, 3)` references.

    Returns: a dict of `(count,)` float32 in [0, 1], 0 where nothing but the camera
        moves: `shift_error`, the mean over shifts of 1 to 8 pixels from the first
        window; `pan_error`, the mean over steps of one pixel, from frame to frame.
    """
    shifts, steps = [], []
    for axis in (2, 1):
        frames = [
            generate_batches(generate, _window(contents, shift, axis), styles)
            for shift in range(FARTHEST + 1)
        ]
        shifts += [
            _difference(frames[0], frames[shift], shift, axis)
            for shift in range(1, FARTHEST + 1)
        ]
        steps += [
            _difference(before, after, 1, axis)
            for before, after in zip(frames[:-1], frames[1:], strict=True)
        ]
    return {"shift_error": np.mean(shifts, 0), "pan_error": np.mean(steps, 0)}


def noise_gain(generate, contents, styles, seed=0):
    """`|G(x + noise) - G(x)| / |noise|`, per picture.

    The noise is Gaussian, of standard deviation 0.02, and clipped with the picture.

    Returns: `(count,)` float32, `>= 0`: 0 where noise is ignored, 1 for a copy, more
        where it grows.
    """
    contents = np.asarray(contents, "float32")
    noise = np.random.default_rng(seed).normal(0, NOISE, contents.shape)
    noisy = np.clip(contents + noise, 0, 1).astype("float32")
    clean, disturbed = (
        generate_batches(generate, pictures, styles) for pictures in (contents, noisy)
    )
    change = np.abs(disturbed - clean).mean((1, 2, 3))
    return change / np.abs(noisy - contents).mean((1, 2, 3))


def pan_errors(frames, step=1):
    """How much each frame of a video differs from the one before it, where it pans.

    `|G(W x) - W G(x)|` for a pan `W` by `step` pixels to the right, where both see the
    same.

    Args:
        frames: Iterable of `(height, width, 3)` floats in [0, 1], in order.
        step: Integer, pixels by which the camera moves from frame to frame; 0 gives the
            change at each place, the pan and all.

    Returns: `(count - 1,)` float32.
    """
    return np.array(
        [
            _difference(before[None], after[None], step, 2)[0]
            for before, after in itertools.pairwise(frames)
        ],
        "float32",
    )


def _window(contents, shift, axis):
    """What the camera sees after moving by `shift` pixels along an axis."""
    start = [0, 0, 0]
    start[axis] = shift
    height, width = (side - FARTHEST for side in contents.shape[1:3])
    return contents[:, start[1] : start[1] + height, start[2] : start[2] + width]


def _difference(before, after, shift, axis):
    """Of two frames, where both see the same; per picture."""
    before = np.moveaxis(before, axis, 1)[:, shift:]
    after = np.moveaxis(after, axis, 1)[:, : after.shape[axis] - shift]
    return np.abs(before - after).mean((1, 2, 3))
