"""Figures of what has been learned so far."""

import math

import keras
import numpy as np

from keras_stylex.metrics import Subject
from keras_stylex.metrics.parts import (
    FEATURE_FIGURES,
    PAIR_FIGURES,
    feature_figures,
    pair_figures,
)


class EpochEvaluation(keras.callbacks.Callback):
    """Paints the same pictures after every epoch and adds the figures to its logs.

    The logs get `evaluation/ssim_content` and the other figures of
    `keras_stylex.metrics.evaluate_pictures`, and, with `features`, `evaluation/kid`,
    `evaluation/kid_standard_error`, `evaluation/kid_content` and `evaluation/fid`.
    Callbacks that write logs (`CSVLogger`, `TensorBoard`) come after this one.

    Args:
        contents: `(count, height, width, 3)` pictures, [0, 1], not trained on.
        references: `(count, height, width, 3)` style pictures, [0, 1], at least two;
            the counts may differ.
        features: `FeatureExtractor`, or `None` for neither KID nor FID.
        every_epochs: Integer, how often. Defaults to 1. In other epochs the figures are
            not a number.
    """

    def __init__(self, contents, references, features=None, every_epochs=1):
        super().__init__()
        self.contents = np.asarray(contents)
        self.references = np.asarray(references)
        self.features = features
        self.every_epochs = every_epochs

    def on_epoch_end(self, epoch, logs=None):
        logs = logs if logs is not None else {}
        if (epoch + 1) % self.every_epochs == 0:
            figures = self._measure()
        else:
            names = PAIR_FIGURES + (FEATURE_FIGURES if self.features else ())
            figures = dict.fromkeys(names, math.nan)
        logs.update({f"evaluation/{name}": value for name, value in figures.items()})

    def _measure(self):
        subject = Subject(self._paint, self.contents, self.references)
        figures = pair_figures(subject)
        if self.features is not None:
            figures |= feature_figures(subject, self.features)
        return {name: float(np.mean(value)) for name, value in figures.items()}

    def _paint(self, content, style):
        return np.asarray(self.model([content, style]))
