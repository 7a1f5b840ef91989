"""A small classifier of two sets of pictures: which set does a result belong to?"""

import keras
import numpy as np
from keras import layers, ops

from keras_stylex.layers import StatisticsPooling2D

CROP = 64  # pixels, at most
STEPS = 600
_WIDTHS = (8, 16, 32, 64)
_BATCH = 32
_HOLD_OUT = 5  # one picture in so many
_RATE = 2e-3


class DomainClassifier:
    """Learns to tell style pictures from content pictures, from both sets alone.

    Four convolutions on crops of 64x64 pixels, whose features' means and spreads over
    the picture decide: it sees colours and textures, and no composition. One picture in
    five is held out, and tells how far the classifier can be trusted.

    Args:
        contents, styles: `(count, h, w, 3)` floats in [0, 1], at least 5 of each; the
            counts may differ. Results to be judged should not be painted of these.
        steps: Integer, training steps of 32 crops. Defaults to 600.
        seed: Decides the weights and the crops.
        track: Goes through a list, for example with a progress bar.

    Attributes:
        accuracy: Float in [0, 1], the share of held-out pictures that are recognised,
            averaged over the two sets: 0.5 is chance.
        counts: How many content and style pictures it was given.
    """

    def __init__(self, contents, styles, steps=STEPS, seed=0, track=iter):
        sets = [np.asarray(pictures, "float32") for pictures in (contents, styles)]
        for pictures in sets:
            if len(pictures) < _HOLD_OUT:
                raise ValueError(
                    f"Expected {_HOLD_OUT} pictures or more. Received: {len(pictures)}"
                )
        self.counts = tuple(map(len, sets))
        self.network = _network(seed, steps)
        held_out = [np.arange(len(p)) % _HOLD_OUT == _HOLD_OUT - 1 for p in sets]
        known = [p[~out] for p, out in zip(sets, held_out, strict=True)]
        self._train(known, steps, np.random.default_rng(seed), track)
        content, style = (p[out] for p, out in zip(sets, held_out, strict=True))
        right = 1 - self.is_style(content).mean(), self.is_style(style).mean()
        self.accuracy = float(np.mean(right))

    def is_style(self, images):
        """Which of `(count, h, w, 3)` pictures it takes for style pictures."""
        batches = np.array_split(images, -(-len(images) // _BATCH))
        logits = [self.network(batch, training=False) for batch in batches]
        return np.concatenate([np.asarray(logit)[:, 0] for logit in logits]) > 0

    def _train(self, sets, steps, rng, track):
        side = min(CROP, *(min(pictures.shape[1:3]) for pictures in sets))
        labels = np.repeat([0.0, 1.0], _BATCH // 2)[:, None].astype("float32")
        for _ in track(range(steps)):
            crops = [_random_crops(pictures, side, rng) for pictures in sets]
            self.network.train_on_batch(np.concatenate(crops), labels)


def _network(seed, steps):
    network = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            layers.Rescaling(2, -1, dtype="float32"),
            *(_convolution(width, i, seed + i) for i, width in enumerate(_WIDTHS)),
            StatisticsPooling2D(dtype="float32"),
            layers.Dropout(0.5, seed=seed, dtype="float32"),
            layers.Dense(1, kernel_initializer="zeros", dtype="float32"),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(_RATE, steps)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=0.01), _loss)
    return network


def _convolution(width, index, seed):
    """At full size first, for the texture; then each halves the picture."""
    size, strides = (3, 1) if index == 0 else (4, 2)
    initializer = keras.initializers.HeNormal(seed)
    options = {"padding": "same", "use_bias": False, "dtype": "float32"}
    return keras.Sequential(
        [
            layers.Conv2D(
                width, size, strides, kernel_initializer=initializer, **options
            ),
            layers.BatchNormalization(momentum=0.9, dtype="float32"),
            layers.LeakyReLU(0.2, dtype="float32"),
        ]
    )


def _loss(labels, logits):
    return ops.mean(ops.softplus(logits) - labels * logits)


def _random_crops(pictures, side, rng):
    """Half a batch of crops, every other one mirrored."""
    crops = []
    for index in rng.integers(len(pictures), size=_BATCH // 2):
        top, left = (rng.integers(own - side + 1) for own in pictures.shape[1:3])
        crop = pictures[index, top : top + side, left : left + side]
        crops.append(crop[:, ::-1] if len(crops) % 2 else crop)
    return np.stack(crops)
