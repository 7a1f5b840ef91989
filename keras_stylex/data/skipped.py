"""The record of pictures that were left out because they could not be used."""

import logging
import threading


class SkippedFiles:
    """Collects `(file, reason)` pairs; several threads may add at once.

    Give one to `unpaired_dataset(..., skipped=...)` and read it at any time: it has a
    length, and iterates over the pairs in the order of their names. A file that is met
    again in a later epoch is listed once. Each is also logged as a warning.

    Attributes:
        pictures: How many pictures were left out: more than there are pairs where a
            part of a TFRecord file cannot be read.
    """

    def __init__(self):
        self.pictures = 0
        self._reasons = {}
        self._lock = threading.Lock()

    def add(self, file, reason, pictures=1):
        """Notes that `file` was left out, and why; it stands for so many pictures."""
        with self._lock:
            if file in self._reasons:
                return
            self._reasons[file] = reason
            self.pictures += pictures
        logging.getLogger(__name__).warning("left out %s: %s", file, reason)

    def __len__(self):
        return len(self._reasons)

    def __iter__(self):
        with self._lock:
            return iter(sorted(self._reasons.items()))
