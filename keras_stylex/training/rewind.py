"""Takes a run's logs back to where its newest checkpoint was taken.

What was logged later is logged again when the training goes on.
"""

import os

import tensorflow as tf

from keras_stylex.training.durable_file import durable_file


def rewind_log(file, size):
    """Cuts a log to its first `size` bytes."""
    if file.exists() and file.stat().st_size > size:
        os.truncate(file, size)


def rewind_samples(folder, step):
    """Removes the sample grids of later steps."""
    for file in folder.glob("step_*.png"):
        number = file.stem.removeprefix("step_")
        if number.isdecimal() and int(number) > step:
            file.unlink()


def rewind_events(folder, step):
    """Removes the events of later steps from TensorBoard's files."""
    for file in sorted(folder.rglob("events.out.tfevents.*")):
        records, whole = _records(file)
        kept = [r for r in records if tf.compat.v1.Event.FromString(r).step <= step]
        if len(kept) < len(records) or not whole:
            _rewrite(file, kept)


def _rewrite(file, records):
    with (
        durable_file(file) as partial,
        tf.io.TFRecordWriter(str(partial)) as writer,
    ):
        for record in records:
            writer.write(record)


def _records(file):
    """All records of a file, and whether it does not end within one."""
    records = []
    try:
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
            records.append(record)
    except tf.errors.DataLossError:  # a killed process was writing
        return records, False
    return records, True
