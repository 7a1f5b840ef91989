"""Workers that train together: what stops one of them ends all."""

import contextlib
import json
from dataclasses import asdict

import numpy as np
import tensorflow as tf

from keras_stylex.errors import InputError, TrainingError
from keras_stylex.training.cluster import Cluster
from keras_stylex.training.knocking import have_gone, lost
from keras_stylex.training.strategies import is_multi_worker, make_strategy

TEXT_BYTES = 4096  # the longest text that a worker tells the others
TELL_SECONDS = 20.0  # the longest time to wait for workers, to tell them of an error
OWN_OPTIONS = ("content", "style", "cache", "worker_seconds")  # may differ
LOSSES = (
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
    tf.errors.UnavailableError,
)


@contextlib.contextmanager
def telling(strategy, console=None):
    """Tells the other workers of an `InputError` within, before they have met.

    They would wait for this worker. It waits for them itself, for `TELL_SECONDS`.

    Args:
        strategy: Name of the strategy; nothing is told under any but `multi-worker`.
        console: `rich.console.Console`, to say what is waited for.
    """
    try:
        yield
    except InputError as error:
        if strategy == "multi-worker":
            with contextlib.suppress(InputError, *LOSSES):
                gather(make_strategy(strategy, TELL_SECONDS, console), str(error))
        raise


@contextlib.contextmanager
def agreeing(strategy):
    """Ends with an error on all workers where one of them meets one within.

    Nothing within may wait for other workers.

    Raises:
        InputError: that of this worker, or of another one with its name.
    """
    try:
        yield
    except Exception as error:
        with contextlib.suppress(*LOSSES):
            gather(strategy, " ".join(str(error).split()) or type(error).__name__)
        raise
    for name, text in zip(_names(strategy), gather(strategy, ""), strict=True):
        if text:
            raise InputError(f"{name} cannot train: {text}")


@contextlib.contextmanager
def watching(strategy, folder):
    """Says which worker was lost, where TensorFlow says that something was.

    Args:
        strategy: `tf.distribute.Strategy`.
        folder: Path of the run, to be resumed.

    Raises:
        TrainingError: when a worker has gone.
    """
    try:
        yield
    except LOSSES as error:
        if not is_multi_worker(strategy):
            raise
        gone = lost(Cluster.from_environment().others)
        if not gone and not isinstance(error, tf.errors.UnavailableError):
            raise
        reason = " ".join(str(error.message).split())[:100]
        what = f"a connection broke ({reason})"
        if gone:
            what = have_gone(gone)
        raise TrainingError(
            f"{what}; what was saved before is kept. Start all workers again, "
            f"with: keras-stylex train --resume --out {folder}"
        ) from error


def check_alike(strategy, config, step):
    """Refuses workers that would not take the same steps.

    Raises:
        InputError: when they go on from different steps, or have different options, on
            all of them.
    """
    options = {**asdict(config), "step": step}
    for name in OWN_OPTIONS:
        del options[name]
    everybody = [json.loads(text) for text in gather(strategy, json.dumps(options))]
    steps = sorted({each.pop("step") for each in everybody})
    if len(steps) > 1:
        raise InputError(
            f"The workers would go on from different steps: {steps}. "
            "--out must be one folder that all of them see."
        )
    for name, theirs in zip(_names(strategy), everybody, strict=True):
        for option, value in everybody[0].items():
            if theirs[option] != value:
                raise InputError(
                    f"{name} has {option}={theirs[option]}, and the first one {value}. "
                    "Start all workers with the same options."
                )


def gather(strategy, text):
    """The texts of all workers, in their order.

    Args:
        strategy: `tf.distribute.Strategy`.
        text: String, that of this worker; the end of a long one is lost.
    """
    if not is_multi_worker(strategy):
        return [text]
    encoded = np.zeros((1, TEXT_BYTES), "int32")
    content = np.frombuffer(text.encode()[:TEXT_BYTES], "uint8")
    encoded[0, : len(content)] = content

    @tf.function
    def exchange():
        context = tf.distribute.get_replica_context()
        return context.all_gather(tf.constant(encoded), axis=0)

    rows = strategy.experimental_local_results(strategy.run(exchange))[0].numpy()
    rows = rows[:: len(strategy.extended.worker_devices)].astype("uint8")
    return [row[row > 0].tobytes().decode(errors="ignore") for row in rows]


def _names(strategy):
    if not is_multi_worker(strategy):
        return ["this process"]
    return list(Cluster.from_environment().addresses)
