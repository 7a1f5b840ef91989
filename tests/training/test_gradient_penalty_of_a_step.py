"""R1 within a training step, on critics whose gradients are known."""

import numpy as np
import pytest
import tensorflow as tf

from keras_stylex.training.lazy_r1 import lazy_r1

INTERVAL = 3  # steps; the penalty counts as much more
RNG = np.random.default_rng(0)
CONTENT, STYLE, REFERENCE = RNG.normal(size=(3, 32, 40, 3)).astype("float32")


def penalty_of(model, batch, step=0):
    return lazy_r1(model.discriminator, tf.constant(batch[1]), step, INTERVAL)


@pytest.fixture
def critics():
    """Two linear critics of patches; that of style looks at the reference, too."""
    return tf.Variable(CONTENT), tf.Variable(STYLE)


def strips(products, count):
    """The sums over so many strips, `(batch, 1, count, 1)`."""
    sums = tf.reduce_sum(tf.reshape(products, (-1, count, 3840 // count)), axis=-1)
    return sums[:, None, :, None]


@pytest.fixture
def model(make_gan, critics):
    content, style = critics
    model = make_gan(r1_interval=INTERVAL)

    def judge_content(images):  # in two patches
        return strips(images * content, 2)

    def judge_style(images):  # in three
        image, reference = images
        return strips(image * style + reference * REFERENCE, 3)

    model.discriminator.content.call = judge_content
    model.discriminator.style.call = judge_style
    return model


def test_it_is_the_squared_gradient_of_each_critics_mean_logit(model, batch):
    penalty = penalty_of(model, batch)
    expected = ((CONTENT / 2) ** 2).sum() / 2 + ((STYLE / 3) ** 2).sum() / 2
    np.testing.assert_allclose(penalty, np.full(4, INTERVAL * expected), rtol=1e-5)


def test_the_critics_learn_from_it(model, critics, batch):
    with tf.GradientTape() as tape:
        penalty = tf.reduce_mean(penalty_of(model, batch))
    gradients = tape.gradient(penalty, critics)
    for gradient, expected in zip(gradients, (CONTENT / 4, STYLE / 9), strict=True):
        np.testing.assert_allclose(gradient, INTERVAL * expected, rtol=1e-4)


def test_between_the_intervals_there_is_none(model, batch):
    np.testing.assert_array_equal(penalty_of(model, batch, step=1), np.zeros(4))
