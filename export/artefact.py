"""One exported thing, and what was seen of it."""

from dataclasses import dataclass

import numpy as np

from keras_stylex.export.latency import Latency
from keras_stylex.export.parity import Parity


@dataclass(frozen=True)
class Artefact:
    """A file or folder that passed its checks.

    Attributes:
        name: File or folder name, below the export's folder.
        recipe: Name of the recipe, or `saved-model`.
        bytes: Size.
        parity: `Parity` against Keras.
        gpu: `Parity` on the GPU delegate, or `None` where it was not checked.
        latency: `Latency` on one thread, or `None` where it was not timed.
        delegated, left, partitions: See `TFLiteVerification`; `None` for SavedModels.
        painted: `(count, height, width, 3)` what it paints of the first pictures, or
            `None` for what paints none.
    """

    name: str
    recipe: str
    bytes: int
    parity: Parity
    gpu: Parity | None = None
    latency: Latency | None = None
    delegated: int | None = None
    left: int | None = None
    partitions: int | None = None
    painted: np.ndarray | None = None

    def figures(self):
        """The figures as a flat dict, for JSON and tables."""
        latency = self.latency
        return {
            "name": self.name,
            "recipe": self.recipe,
            "bytes": self.bytes,
            "psnr": self.parity.psnr,
            "max_difference": self.parity.max,
            "mean_difference": self.parity.mean,
            "gpu_psnr": self.gpu and self.gpu.psnr,
            "milliseconds": latency and latency.median,
            "milliseconds_spread": latency and latency.spread,
            "gmac_per_second": latency and latency.gmac_per_second,
            "delegated": self.delegated,
            "not_delegated": self.left,
            "partitions": self.partitions,
        }
