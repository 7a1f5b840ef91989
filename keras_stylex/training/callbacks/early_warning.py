"""Says early what a user would otherwise find out hours later."""

import warnings

import keras
import numpy as np

IGNORED_SENSITIVITY = 0.1
WON_LOGIT = 4.0


class TrainingWarning(UserWarning):
    """Training runs, but not to where it should."""


class EarlyWarning(keras.callbacks.Callback):
    """Warns when the reference is ignored or when a discriminator has won.

    The reference is ignored when results for two references differ by less than a
    tenth of what the references themselves differ. A discriminator has won when it
    is sure on average (logits beyond 4, a probability of 98 %) of both kinds.
    Each warning is given once.

    Args:
        content: `(count, height, width, 3)` pictures, [0, 1].
        style: `(count, height, width, 3)` references, [0, 1]; where all are the same,
            none can be ignored.
        after_steps: Integer, steps before the first warning. Defaults to 500.
    """

    def __init__(self, content, style, after_steps=500):
        super().__init__()
        self.content = np.asarray(content)
        self.style = np.asarray(style)
        self.after_steps = after_steps
        self.given = set()

    def on_epoch_end(self, epoch, logs=None):
        logs = logs if logs is not None else {}
        logs["sensitivity"] = self._sensitivity()
        if (
            int(np.asarray(self.model.generator_optimizer.iterations))
            < self.after_steps
        ):
            return
        if logs["sensitivity"] < IGNORED_SENSITIVITY:
            self._warn(
                "the reference is being ignored: results for two references differ by "
                f"{logs['sensitivity']:.0%} of what the references differ. Raise the "
                "loss weights adversarial_style or style_code, or give more varied "
                "style pictures."
            )
        for name in ("content", "style"):
            if self._has_won(name, logs):
                self._warn(
                    f"the {name} discriminator has won: it is sure of every picture, "
                    "and the generator learns little from it. Raise the loss weight "
                    "r1, or lower the discriminator's learning rate."
                )

    def _sensitivity(self):
        other = np.roll(self.style, 1, axis=0)
        results = [
            np.asarray(self.model([self.content, y])) for y in (self.style, other)
        ]
        change = np.abs(results[0] - results[1]).mean()
        difference = np.abs(self.style - other).mean()
        return float(change / difference) if difference else float("nan")

    @staticmethod
    def _has_won(name, logs):
        real = logs.get(f"logits/{name}_real", 0.0)
        fake = logs.get(f"logits/{name}_fake", 0.0)
        return real > WON_LOGIT and fake < -WON_LOGIT

    def _warn(self, message):
        start = message.split(":")[0]
        if start not in self.given:
            self.given.add(start)
            warnings.warn(message, TrainingWarning, stacklevel=2)
