"""How far a training is."""

from dataclasses import dataclass

from keras_stylex.training.terms import GENERATOR_TERMS


@dataclass(frozen=True)
class Position:
    """How far a training is, apart from what its variables hold.

    Attributes:
        step: Batches trained on.
        seconds: Time trained, of all starts together, without building the graph.
        epoch_steps: Steps of an epoch; an epoch is under way unless they divide `step`.
        log_bytes: Length of the log up to the last whole epoch.
        best: Least distance of any checkpoint so far (see `distance`), or `None`.
    """

    step: int = 0
    seconds: float = 0.0
    epoch_steps: int = 1
    log_bytes: int = 0
    best: float | None = None


# Terms that measure pictures and codes. Those of the adversaries depend on how good the
# adversary is: less is not better.
DISTANCES = tuple(name for name in GENERATOR_TERMS if "adversarial" not in name)


def distance(logs, weights):
    """What makes one checkpoint better than another: less is better.

    Args:
        logs: dict, means over an epoch by name, as in a run's log.
        weights: dict, the weights of the terms by name.

    Returns: float, the sum of the terms `DISTANCES`, each times its loss weight.
    """
    return sum(weights[name] * float(logs[f"generator/{name}"]) for name in DISTANCES)
