"""The means of every epoch, in a file that people and spreadsheets read."""

import csv
from pathlib import Path

import keras


class EpochLog(keras.callbacks.Callback):
    """Adds a line of comma-separated values after every epoch.

    The file is closed in between. Lines that are added to an older file have the
    columns it has.

    Args:
        file: Path.
    """

    def __init__(self, file):
        super().__init__()
        self.file = Path(file)

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch, **{name: float(v) for name, v in (logs or {}).items()}}
        columns = self._columns()
        with open(self.file, "a", newline="") as stream:
            writer = csv.DictWriter(stream, columns or row, extrasaction="ignore")
            if not columns:
                writer.writeheader()
            writer.writerow(row)

    def _columns(self):
        """Those of the file, or none where it has no first line."""
        if not self.file.exists():
            return []
        with open(self.file, newline="") as stream:
            return next(csv.reader(stream), [])
