"""Which styles to bundle with weights: a few that stand for all, and differ."""

import numpy as np

ROUNDS = 100  # it settles in a handful


def choose_medoids(codes, count, apart=0.0):
    """Chooses codes that stand for groups of similar ones (k-medoids).

    Starts from the code nearest to all, and those farthest from each other; then turns
    by turn gives each code to the nearest chosen one, and chooses the one nearest to
    all of its group ([Park & Jun, 2009](https://doi.org/10.1016/j.eswa.2008.01.039)).

    Args:
        codes: `(number, style_dim)` array.
        count: Integer, how many to choose, at most; all of fewer codes.
        apart: Float, the least root mean square difference between two: of nearer
            ones, that of the larger group is chosen alone.

    Returns: list of indices of different codes, that of the largest group first.
    """
    distances = np.linalg.norm(codes[:, None] - codes, axis=-1)
    chosen = _far_apart(distances, count)
    for _ in range(ROUNDS):
        groups = _groups(distances, chosen)
        moved = [_medoid(distances, group) for group in groups]
        if moved == chosen:
            break
        chosen = moved
    sizes = [len(group) for group in _groups(distances, chosen)]
    ordered = [chosen[i] for i in np.argsort(sizes, kind="stable")[::-1]]
    return _without_near(ordered, distances / np.sqrt(codes.shape[1]), apart)


def _without_near(chosen, differences, apart):
    kept = []
    for index in chosen:
        if all(differences[index, kept] >= apart):
            kept.append(index)
    return kept


def _far_apart(distances, count):
    chosen = [_medoid(distances, np.arange(len(distances)))]
    while len(chosen) < count:
        far = distances[:, chosen].min(1)
        if not far.any():
            break  # all others are the same as one of them
        chosen.append(int(far.argmax()))
    return chosen


def _groups(distances, chosen):
    """The indices of the codes to which each chosen one is nearest."""
    nearest = distances[:, chosen].argmin(1)
    return [np.flatnonzero(nearest == i) for i in range(len(chosen))]


def _medoid(distances, group):
    return int(group[distances[np.ix_(group, group)].sum(1).argmin()])
