"""How a training is spread over devices and machines."""

import tensorflow as tf
from rich.console import Console

from keras_stylex.errors import InputError
from keras_stylex.training.cluster import Cluster
from keras_stylex.training.meeting import meeting

WORKER_SECONDS = 300.0  # how long to wait for the other workers


def make_strategy(name, worker_seconds=WORKER_SECONDS, console=None):
    """Makes the `tf.distribute.Strategy` of a name in `STRATEGIES`.

    Args:
        name: String. `none` leaves everything to TensorFlow; `one-device` is the first
            GPU, or else the CPU; `mirrored` are all GPUs of this machine, or else all
            its logical CPUs; `multi-worker` are the machines in TF_CONFIG; `tpu` is the
            TPU that this machine is attached to.
        worker_seconds: Float, how long `multi-worker` waits for the other workers, and
            then once more for TensorFlow to connect them, see `meeting`.
        console: `rich.console.Console`, to say so; or `None` for standard error.

    Raises:
        InputError: when there is none of that name, no such device, or a worker does
            not come.
    """
    if name not in STRATEGIES:
        raise InputError(
            f"There is no strategy {name!r}. Choose one of: {', '.join(STRATEGIES)}."
        )
    if name == "multi-worker":
        return _multi_worker(worker_seconds, console or Console(stderr=True))
    return STRATEGIES[name]()


def is_multi_worker(strategy):
    """Whether replicas run in other processes, too."""
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return False
    return strategy.num_replicas_in_sync > len(strategy.extended.worker_devices)


def is_chief(name):
    """Whether this process is the one that writes, under the strategy of a name.

    Raises:
        InputError: when TF_CONFIG is malformed.
    """
    return name != "multi-worker" or Cluster.from_environment().index == 0


def share_batches(strategy, make_dataset, batch_size):
    """What `fit` takes under a strategy: each replica its share of every batch.

    Each worker has its own pictures. The replicas of one machine share batches that are
    the same as without them.

    Args:
        strategy: `tf.distribute.Strategy`.
        make_dataset: `make_dataset(batch_size, shard)`, with the pictures that a worker
            needs for a step, and `(index, count)` of the worker.
        batch_size: Integer, pictures of all replicas together.
    """
    replicas = strategy.num_replicas_in_sync
    if replicas == 1:
        return make_dataset(batch_size, (0, 1))

    def make_share(context):
        workers = context.num_input_pipelines
        shard = (context.input_pipeline_id, workers)
        dataset = make_dataset(batch_size // workers, shard)
        return dataset.rebatch(batch_size // replicas, drop_remainder=True)

    return strategy.distribute_datasets_from_function(make_share)


def check_batch(batch_size, strategy, accumulate=1):
    """Refuses a batch that replicas cannot share evenly.

    Raises:
        InputError: when it is one.
    """
    replicas = strategy.num_replicas_in_sync
    parts = replicas * accumulate
    if batch_size % parts:
        raise InputError(
            f"--batch-size {batch_size} cannot be divided evenly (replicas: "
            f"{replicas}, parts of each: {accumulate}). Give a multiple of {parts}: "
            f"{batch_size // parts * parts + parts}, for example."
        )


def _devices():
    return [
        device.name
        for device in tf.config.list_logical_devices("GPU")
        or tf.config.list_logical_devices("CPU")
    ]


def _one_device():
    return tf.distribute.OneDeviceStrategy(_devices()[0])


def _mirrored():
    return tf.distribute.MirroredStrategy(_devices())


def _multi_worker(seconds, console):
    cluster = Cluster.from_environment()
    with console.status("looking for the other workers") as status:
        cluster.wait(seconds, status.update)
    with meeting(cluster, seconds):
        return tf.distribute.MultiWorkerMirroredStrategy()


def _tpu():
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu="local")
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except (ValueError, RuntimeError, tf.errors.OpError) as error:
        reason = " ".join(str(error).split())[:100]
        raise InputError(
            f"No TPU was found ({reason}). Choose another --strategy."
        ) from error
    return tf.distribute.TPUStrategy(resolver)


STRATEGIES = {
    "none": tf.distribute.get_strategy,
    "one-device": _one_device,
    "mirrored": _mirrored,
    "multi-worker": _multi_worker,
    "tpu": _tpu,
}
