"""Strategies by name, and batches that their replicas can share."""

from types import SimpleNamespace

import pytest
import tensorflow as tf

from keras_stylex.errors import InputError
from keras_stylex.training.strategies import check_batch, is_multi_worker, make_strategy


@pytest.mark.parametrize(
    "name, kind",
    [
        ("none", type(tf.distribute.get_strategy())),
        ("one-device", tf.distribute.OneDeviceStrategy),
        ("mirrored", tf.distribute.MirroredStrategy),
    ],
)
def test_a_name_gives_its_strategy(name, kind):
    strategy = make_strategy(name)
    assert type(strategy) is kind
    assert not is_multi_worker(strategy)


@pytest.mark.parametrize(
    "name, words",
    [("mirored", "no strategy 'mirored'.*multi-worker"), ("tpu", "No TPU was found")],
)
def test_a_strategy_that_there_is_not_is_an_input_error(name, words):
    with pytest.raises(InputError, match=words) as info:
        make_strategy(name)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize(
    "batch, replicas, parts, words",
    [
        (6, 2, 3, None),
        (5, 2, 1, "--batch-size 5 cannot be divided evenly .replicas: 2.*2: 6"),
        (4, 2, 3, "replicas: 2, parts of each: 3.*multiple of 6: 6"),
        (3, 8, 1, "multiple of 8: 8"),
    ],
)
def test_replicas_and_parts_must_divide_the_batch(batch, replicas, parts, words):
    strategy = SimpleNamespace(num_replicas_in_sync=replicas)
    if words is None:
        check_batch(batch, strategy, parts)
        return
    with pytest.raises(InputError, match=words):
        check_batch(batch, strategy, parts)
