"""Do the strokes of a picture run as those of another?"""

from keras import ops

# How far above or below the mean the parts agree, in logarithms: less counts for
# nothing, more is sure to come from strokes.
DOUBTFUL, SURE = 0.15, 0.35


def stroke_loss(energies, part_energies):
    """Distance between the directions of strokes of two pictures, `(batch,)`.

    By scale, the energies of directions are compared as differences from their mean:
    how much detail there is, the content decides. What is painted has directions, too,
    but others here than there: a direction counts as far as all parts of the reference
    have more of it than of others, or all less.

    Args:
        energies: `(batch, scales, directions)` logarithms, see `OrientedEnergy`, of the
            pictures.
        part_energies: `(parts, batch, scales, directions)` of parts of the references.
    """
    shape = _around_mean(ops.cast(energies, "float32"))
    parts = _around_mean(ops.cast(part_energies, "float32"))
    target = ops.mean(parts, axis=0)
    agreed = ops.min(parts * ops.sign(target), axis=0)
    certainty = ops.clip((agreed - DOUBTFUL) / (SURE - DOUBTFUL), 0, 1)
    return ops.mean(certainty * ops.abs(shape - target), axis=(1, 2))


def _around_mean(energies):
    return energies - ops.mean(energies, axis=-1, keepdims=True)
