"""CycleGAN as published, to compare with: `CycleGAN().fit(unpaired_dataset(...))`."""

import keras
import tensorflow as tf
from keras import ops

from baselines.cyclegan_networks import patch_critic, resnet_generator
from baselines.image_pool import ImagePool
from keras_stylex.losses import adversarial_objective, l1_loss

RATE = 2e-4
TERMS = (
    *("generator/to_style", "generator/to_content"),
    *("generator/cycle", "generator/identity"),
    *("critic/style", "critic/content"),
)


class CycleGAN(keras.Model):
    """Learns two generators that undo each other, without pairs.

    [Zhu et al., 2017](https://arxiv.org/abs/1703.10593), with the settings of its
    appendix and of the authors' PyTorch code: least-squares adversaries, critics that
    see a history of 50 results and whose loss is halved, Adam 2e-4 (0.5, 0.999),
    weights drawn from N(0, 0.02). It has one style, that of the whole style set, and
    learns on one device.

    Args:
        image_size: Integer or `(height, width)`, size of the training pictures.
        filters: Integer, the generators' channels at full resolution.
        blocks: Integer, the generators' residual blocks.
        critic_filters: Integer, channels of the critics' first convolutions.
        pool_size: Integer, results that each critic's history holds.
        seed: Integer, decides what is taken from the histories.

    Call arguments:
        inputs: `(batch, height, width, 3)` content pictures, [0, 1], sides divisible
            by 4.

    Returns: `(batch, height, width, 3)` pictures in the style of the style set, [0, 1].
    """

    def __init__(
        self,
        image_size=128,
        filters=64,
        blocks=9,
        critic_filters=64,
        pool_size=50,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.to_style = resnet_generator(filters, blocks, name="to_style")
        self.to_content = resnet_generator(filters, blocks, name="to_content")
        self.style_critic = patch_critic(critic_filters, name="style_critic")
        self.content_critic = patch_critic(critic_filters, name="content_critic")
        self.style_pool = ImagePool(image_size, pool_size, seed)
        self.content_pool = ImagePool(image_size, pool_size, seed + 1)
        self.adversarial = adversarial_objective("least_squares")
        self.built = True

    def compile(
        self,
        steps=None,
        cycle_weight=10.0,
        identity_weight=5.0,
        jit_compile=False,
        **kwargs,
    ):
        """Says how to train.

        Args:
            steps: Integer, length of the whole training: the learning rate is constant
                for its first half and falls to zero in its second, as in the paper; or
                `None` for a constant rate.
            cycle_weight: Float, of `|F(G(x)) - x| + |G(F(y)) - y|`.
            identity_weight: Float, of `|F(x) - x| + |G(y) - y|`.
            jit_compile: Boolean, whether to compile the step with XLA.
            **kwargs: `run_eagerly`, `steps_per_execution` as in `keras.Model.compile`.
        """
        super().compile(optimizer=None, jit_compile=jit_compile, **kwargs)
        self.generator_optimizer, self.critic_optimizer = _adam(steps), _adam(steps)
        self.generator_optimizer.build(self.generator_variables)
        self.critic_optimizer.build(self.critic_variables)
        self.cycle_weight = cycle_weight
        self.identity_weight = identity_weight
        self.trackers = {name: keras.metrics.Mean(name=name) for name in TERMS}

    # Properties, since Keras would save variables in an attribute a second time.
    @property
    def generator_variables(self):
        style, content = self.to_style, self.to_content
        return style.trainable_variables + content.trainable_variables

    @property
    def critic_variables(self):
        style, content = self.style_critic, self.content_critic
        return style.trainable_variables + content.trainable_variables

    def call(self, inputs):
        return (self.to_style(2 * inputs - 1) + 1) / 2

    def translate(self, content, batch_size=4):
        """The style's pictures of `(n, height, width, 3)` pictures, NumPy, [0, 1]."""
        return self.predict(content, batch_size=batch_size, verbose=0)

    def train_step(self, data):
        # The weights of the terms are meant for pictures in [-1, 1].
        content, style = (2 * pictures - 1 for pictures in data)
        terms, fake_content, fake_style = self._train_generators(content, style)
        earlier = self.content_pool(fake_content), self.style_pool(fake_style)
        terms |= self._train_critics(content, style, *earlier)
        for name, values in terms.items():
            self.trackers[name].update_state(values)
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    def _train_generators(self, content, style):
        with tf.GradientTape() as tape:
            # Both in one call: instance normalisation keeps samples apart.
            both = ops.concatenate([content, style], axis=0)
            fake_style, same_style = ops.split(self.to_style(both), 2)
            same_content, fake_content = ops.split(self.to_content(both), 2)
            cycled_content = self.to_content(fake_style)
            cycled_style = self.to_style(fake_content)
            wanted = self.adversarial.generator
            terms = {
                "generator/to_style": wanted(self.style_critic(fake_style)),
                "generator/to_content": wanted(self.content_critic(fake_content)),
                "generator/cycle": l1_loss(cycled_content, content)
                + l1_loss(cycled_style, style),
                "generator/identity": l1_loss(same_content, content)
                + l1_loss(same_style, style),
            }
            loss = self._generator_loss(terms)
        gradients = tape.gradient(loss, self.generator_variables)
        self.generator_optimizer.apply(gradients, self.generator_variables)
        return terms, fake_content, fake_style

    def _generator_loss(self, terms):
        weights = {
            "generator/cycle": self.cycle_weight,
            "generator/identity": self.identity_weight,
        }
        return sum(weights.get(name, 1.0) * ops.mean(t) for name, t in terms.items())

    def _train_critics(self, content, style, fake_content, fake_style):
        with tf.GradientTape() as tape:
            terms = {
                "critic/style": self._critic_loss(self.style_critic, style, fake_style),
                "critic/content": self._critic_loss(
                    self.content_critic, content, fake_content
                ),
            }
            loss = sum(ops.mean(values) for values in terms.values())
        gradients = tape.gradient(loss, self.critic_variables)
        self.critic_optimizer.apply(gradients, self.critic_variables)
        return terms

    def _critic_loss(self, critic, real, fake):
        logits = critic(ops.concatenate([real, fake], axis=0))
        return 0.5 * self.adversarial.discriminator(*ops.split(logits, 2))


def slim_cyclegan(image_size=128, **options):
    """A `CycleGAN` about as large as `stylex_mobile`: 0.55 M weights per generator.

    All nine blocks, 14 channels instead of 64; critics of 0.69 M weights.
    """
    sizes = {"filters": 14, "blocks": 9, "critic_filters": 32}
    return CycleGAN(image_size, **{**sizes, **options})


class ConstantThenLinear(keras.optimizers.schedules.LearningRateSchedule):
    """`rate` for the first half of `steps`, then in a straight line to zero."""

    def __init__(self, rate, steps):
        self.rate, self.steps = rate, steps

    def __call__(self, step):
        left = 1 - ops.cast(step, "float32") / self.steps
        return self.rate * ops.clip(2 * left, 0, 1)

    def get_config(self):
        return {"rate": self.rate, "steps": self.steps}


def _adam(steps):
    rate = RATE if steps is None else ConstantThenLinear(RATE, steps)
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
