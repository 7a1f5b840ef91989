"""Calls what is evaluated, a few pictures at a time."""

import numpy as np

BATCH = 16


def generate_batches(generate, contents, styles):
    """Calls `generate` on at most `BATCH` pairs at a time and joins the results."""
    return np.concatenate(
        [
            np.asarray(generate(contents[i : i + BATCH], styles[i : i + BATCH]))
            for i in range(0, len(contents), BATCH)
        ]
    )
