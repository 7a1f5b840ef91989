"""Does the reference decide what the result looks like?"""

import numpy as np

CANDIDATES = 50


def retrieval(results, references, candidates=CANDIDATES):
    """Which results lie nearer to their own reference than to all others.

    Each is compared with its own reference and the next ones, `candidates` in all.

    Args:
        results: `(count, dimensions)` descriptions of results, such as style codes.
        references: `(count, dimensions)` those of their references, all different.
        candidates: How many references to choose among; fewer when there are fewer.

    Returns: `(count,)` booleans. By chance, one in `candidates` is true.
    """
    results, references = (np.asarray(x, "float64") for x in (results, references))
    count, candidates = len(references), min(candidates, len(references))
    chosen = (np.arange(count)[:, None] + np.arange(candidates)) % count
    distances = np.linalg.norm(results[:, None] - references[chosen], axis=-1)
    # Strictly: where all references are described alike, nothing has been found.
    return distances[:, 0] < distances[:, 1:].min(1, initial=np.inf)


def diversity(results):
    """Mean difference between a content's paintings in different styles.

    Args:
        results: `(contents, references, h, w, 3)` floats in [0, 1]: each content
            painted in the style of each reference, at least two.

    Returns: `(contents,)` float32 in [0, 1], the mean absolute difference of all pairs;
        0 where the reference is ignored.
    """
    results = np.asarray(results, "float32")
    first, second = np.triu_indices(results.shape[1], 1)
    pairs = zip(first, second, strict=True)
    return np.mean(
        [np.abs(results[:, i] - results[:, j]).mean((1, 2, 3)) for i, j in pairs], 0
    )
