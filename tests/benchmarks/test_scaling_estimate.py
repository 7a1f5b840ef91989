"""Bytes are those that a step sends; times follow their formula."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from scaling_estimate import (
    Network,
    all_reduce_seconds,
    efficiency,
    messages_table,
    recorded,
)

from keras_stylex.models import Discriminator, Generator
from keras_stylex.training import StyleTransferGAN


def test_every_message_of_a_step_is_counted():
    keras.utils.set_random_seed(0)
    toy = {"widths": (2, 3), "encoder_blocks": 0, "decoder_blocks": (0, 0)}
    generator = Generator(**toy, style_widths=(2,), style_dim=5)
    model = StyleTransferGAN(generator, Discriminator(1))
    model.compile(run_eagerly=True)
    pictures = tf.constant(
        np.random.default_rng(0).random((2, 1, 16, 24, 3)), "float32"
    )
    with recorded() as sent:
        model.train_step(tuple(pictures))
    # 23 terms and logits, 3 sizes of gradients, samples, votes, a style code, moments
    # of colours.
    figures = 23 + 3 + 1 + 1 + 5 + 12
    critics = model.discriminator, model.code_discriminator
    weights = generator.count_params() - 5, sum(c.count_params() for c in critics)
    assert sent == [4 * count for count in (figures, *weights)]
    table = messages_table(model, sent, "toy")
    assert f"| together | {sum(sent):,} |" in table


def test_after_counting_nothing_is_counted():
    with recorded() as sent:
        pass
    context = tf.distribute.get_replica_context()
    context.all_reduce(tf.distribute.ReduceOp.SUM, tf.ones(3))
    assert sent == []


def test_a_ring_sends_each_byte_nearly_twice():
    network = SimpleNamespace(replicas=4, bandwidth=100.0, latency=0.5)
    # Two phases of three messages, each of a quarter of the bytes.
    assert all_reduce_seconds([400], network) == pytest.approx(2 * 3 * (1 + 0.5))
    assert all_reduce_seconds([400, 800], network) == pytest.approx(9 + 6 * 2.5)


def test_the_efficiency_is_the_share_of_time_that_is_not_spent_talking():
    network = Network("", replicas=2, bandwidth=10.0, latency=0.0)
    assert efficiency(3.0, [10], network) == pytest.approx(3 / 4)
