"""MUNIT as published, to compare with: `MUNIT().fit(unpaired_dataset(...))`."""

import keras
import tensorflow as tf
from keras import ops

from baselines.munit_networks import (
    STYLE_DIM,
    content_encoder,
    decoder,
    multi_scale_critic,
    style_encoder,
)
from keras_stylex.losses import adversarial_objective, l1_loss

RATE = 1e-4
WEIGHTS = {"picture": 10.0, "content_code": 1.0, "style_code": 1.0, "adversarial": 1.0}
SIDES = ("content", "style")
TERMS = (
    *(f"generator/{name}" for name in WEIGHTS),
    *(f"critic/{side}" for side in SIDES),
)


class MUNIT(keras.Model):
    """Takes pictures of two sets apart into a content code and a style code.

    [Huang et al., 2018](https://arxiv.org/abs/1804.04732), with the settings of its
    appendix: an auto-encoder for each set, whose decoders are steered by adaptive
    instance normalisation; rebuilt pictures and codes; least-squares critics at three
    scales, which see translations in styles drawn from N(0, 1); Adam 1e-4 (0.5, 0.999)
    with weight decay. A reference decides the style by its code, as in the paper's
    example-guided translation, for which nothing is trained. One device.

    Args:
        filters: Integer, the generators' channels at full resolution.
        blocks: Integer, residual blocks of each encoder and each decoder.
        critic_filters: Integer, channels of the critics' first convolutions.
        seed: Integer, decides the styles drawn.

    Call arguments:
        inputs: list `[content, style]` of pictures `(batch, height, width, 3)`, [0, 1],
            sides divisible by 4, at least 16.

    Returns: the contents in their references' styles, [0, 1].
    """

    def __init__(self, filters=64, blocks=4, critic_filters=64, seed=0, **kwargs):
        super().__init__(**kwargs)
        for side in SIDES:
            setattr(self, f"{side}_content", content_encoder(filters, blocks))
            setattr(self, f"{side}_style", style_encoder(filters))
            setattr(self, f"{side}_decoder", decoder(filters, blocks))
            setattr(self, f"{side}_critic", multi_scale_critic(critic_filters))
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.adversarial = adversarial_objective("least_squares")
        self.built = True

    def compile(self, jit_compile=False, **kwargs):
        """Says how to train: `run_eagerly`, ... as in `keras.Model.compile`."""
        super().compile(optimizer=None, jit_compile=jit_compile, **kwargs)
        self.generator_optimizer, self.critic_optimizer = _adam(), _adam()
        self.generator_optimizer.build(self.generator_variables)
        self.critic_optimizer.build(self.critic_variables)
        self.trackers = {name: keras.metrics.Mean(name=name) for name in TERMS}

    # Properties, since Keras would save variables in an attribute a second time.
    @property
    def generator_variables(self):
        return self._variables("content", "style", "decoder")

    @property
    def critic_variables(self):
        return self._variables("critic")

    def _variables(self, *parts):
        networks = [getattr(self, f"{side}_{p}") for side in SIDES for p in parts]
        return [v for network in networks for v in network.trainable_variables]

    @property
    def parameters(self):
        """Weights that it takes to paint a content in the style of a reference."""
        networks = (self.content_content, self.style_style, self.style_decoder)
        return sum(network.count_params() for network in networks)

    def call(self, inputs):
        content, style = (2 * pictures - 1 for pictures in inputs)
        codes = [self.content_content(content), self.style_style(style)]
        return (self.style_decoder(codes) + 1) / 2

    def encode_style(self, pictures):
        """The style codes `(batch, 8)` of style pictures in [0, 1]."""
        return self.style_style(2 * pictures - 1)

    def train_step(self, data):
        # The weights of the terms are meant for pictures in [-1, 1].
        pictures = dict(zip(SIDES, (2 * p - 1 for p in data), strict=True))
        terms, fakes = self._train_generators(pictures)
        terms |= self._train_critics(pictures, fakes)
        for name, values in terms.items():
            self.trackers[name].update_state(values)
        return {name: tracker.result() for name, tracker in self.trackers.items()}

    def _train_generators(self, pictures):
        with tf.GradientTape() as tape:
            terms = dict.fromkeys(WEIGHTS, 0.0)
            fakes, contents = {}, {}
            for side in SIDES:
                contents[side] = getattr(self, f"{side}_content")(pictures[side])
                rebuilt = self._rebuild(side, contents[side], pictures[side])
                terms["picture"] += l1_loss(rebuilt, pictures[side])
            for side, other in (SIDES, SIDES[::-1]):
                fakes[side], found = self._translate(side, contents[other])
                for name, values in found.items():
                    terms[name] += values
            loss = self._generator_loss(terms)
        gradients = tape.gradient(loss, self.generator_variables)
        self.generator_optimizer.apply(gradients, self.generator_variables)
        return {f"generator/{name}": t for name, t in terms.items()}, fakes

    def _generator_loss(self, terms):
        return sum(WEIGHTS[name] * ops.mean(t) for name, t in terms.items())

    def _rebuild(self, side, content_code, pictures):
        style_code = getattr(self, f"{side}_style")(pictures)
        return getattr(self, f"{side}_decoder")([content_code, style_code])

    def _translate(self, side, content_code):
        """Paints into a side in random styles; what the codes and the critic say."""
        style_code = keras.random.normal(
            (ops.shape(content_code)[0], STYLE_DIM), seed=self.seed_generator
        )
        fake = getattr(self, f"{side}_decoder")([content_code, style_code])
        again = getattr(self, f"{side}_content")(fake)
        style_again = getattr(self, f"{side}_style")(fake)
        return fake, {
            "content_code": l1_loss(again, content_code),
            "style_code": l1_loss(style_again, style_code),
            "adversarial": sum(
                self.adversarial.generator(logits)
                for logits in getattr(self, f"{side}_critic")(fake)
            ),
        }

    def _train_critics(self, pictures, fakes):
        with tf.GradientTape() as tape:
            terms = {
                f"critic/{side}": self._critic_loss(side, pictures[side], fakes[side])
                for side in SIDES
            }
            loss = sum(ops.mean(values) for values in terms.values())
        gradients = tape.gradient(loss, self.critic_variables)
        self.critic_optimizer.apply(gradients, self.critic_variables)
        return terms

    def _critic_loss(self, side, real, fake):
        pictures = ops.concatenate([real, ops.stop_gradient(fake)], axis=0)
        return sum(
            self.adversarial.discriminator(*ops.split(logits, 2))
            for logits in getattr(self, f"{side}_critic")(pictures)
        )


def slim_munit(**options):
    """A `MUNIT` about as large as `stylex_mobile`: 0.53 M weights to paint with."""
    return MUNIT(**{"filters": 12, "blocks": 4, "critic_filters": 16, **options})


def _adam():
    return keras.optimizers.Adam(RATE, beta_1=0.5, beta_2=0.999, weight_decay=1e-4)
