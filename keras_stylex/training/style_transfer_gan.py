"""The model that learns: `StyleTransferGAN(...).fit(unpaired_dataset(...))`."""

import keras
import tensorflow as tf
from keras import ops

from keras_stylex.losses import adversarial_objective, r1_penalty
from keras_stylex.models import CodeDiscriminator, Generator
from keras_stylex.training.loss_weights import LossWeights
from keras_stylex.training.terms import (
    LOG_NAMES,
    discriminator_terms,
    generator_terms,
    mean_logits,
)
from keras_stylex.training.throttle import throttle
from keras_stylex.training.translation import translate
from keras_stylex.training.verdict import judge
from keras_stylex.training.weight_averaging import average_decay, update_average


@keras.saving.register_keras_serializable(package="keras_stylex")
class StyleTransferGAN(keras.Model):
    """Learns to paint one set of pictures in the style of another, without pairs.

    Calling it, `predict` and `evaluate` use `averaged_generator`, a running average of
    the generator's weights over the steps.

    Args:
        generator: `Generator`.
        discriminator: `Discriminator`.
        seed: Integer, decides the crops and the changes of colour of training.

    Call arguments:
        inputs: list `[content, style]` of pictures `(batch, height, width, 3)`, [0, 1].

    Returns: `(batch, height, width, 3)` float32 pictures of the content's size, (0, 1).
    """

    def __init__(self, generator, discriminator, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.averaged_generator = Generator.from_config(
            {**generator.get_config(), "name": "averaged_generator"}
        )
        self.averaged_generator.set_weights(generator.get_weights())
        self.averaged_generator.trainable = False
        self.code_discriminator = CodeDiscriminator(dtype=discriminator.dtype_policy)
        self.code_discriminator.build((None, None, None, generator.widths[-1]))
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss_weights=None,
        objective="non_saturating",
        r1_interval=8,
        average_decay=0.999,
        jit_compile=False,
        **kwargs,
    ):
        """Says how to train.

        Args:
            generator_optimizer: Keras optimizer. Defaults to Adam 1e-3, betas
                (0.5, 0.99).
            discriminator_optimizer: Keras optimizer. Defaults to Adam 4e-4, betas
                (0, 0.99).
            loss_weights: `LossWeights`, a dict of some of its fields, or `None`.
            objective: String, one of `keras_stylex.losses.OBJECTIVES`.
            r1_interval: Integer, the gradient penalty is computed every so many steps
                and weighted up by as much (Karras et al., 2020).
            average_decay: Float in [0, 1), the share of the old average that each step
                keeps in the long run.
            jit_compile: Boolean, whether to compile the step with XLA. Off by default:
                convolutions are slower with XLA on CPUs.
            **kwargs: `run_eagerly`, `steps_per_execution` as in `keras.Model.compile`.
        """
        super().compile(optimizer=None, jit_compile=jit_compile, **kwargs)
        self.generator_optimizer = _with_loss_scaling(
            generator_optimizer or keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99),
            self.generator,
        )
        self.discriminator_optimizer = _with_loss_scaling(
            discriminator_optimizer
            or keras.optimizers.Adam(4e-4, beta_1=0.0, beta_2=0.99),
            self.discriminator,
        )
        # Built now, so that a checkpoint restored before the first step reaches both.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self._discriminator_variables)
        self.loss_weights = LossWeights.of(loss_weights)
        self.objective = objective
        self.adversarial = adversarial_objective(objective)
        self.r1_interval = r1_interval
        self.average_decay = average_decay
        self.trackers = {name: keras.metrics.Mean(name=name) for name in LOG_NAMES}

    @property
    def _discriminator_variables(self):
        return [
            *self.discriminator.trainable_variables,
            *self.code_discriminator.trainable_variables,
        ]

    def call(self, inputs):
        return self.averaged_generator(inputs)

    def train_step(self, data):
        content, style = data
        with tf.GradientTape(persistent=True) as tape:
            translation = translate(self.generator, content, style, self.seed_generator)
            verdict = self._judge(translation, style)
            generator = generator_terms(
                content, style, translation, verdict, self.adversarial
            )
            discriminator = discriminator_terms(verdict, self.adversarial)
            held_back = self._throttle(discriminator)
            discriminator["r1"] = held_back["r1"] = self._lazy_r1(style)
            generator_loss = self._weighted_sum(generator)
            discriminator_loss = self._weighted_sum(held_back)
            scaled_generator = self.generator_optimizer.scale_loss(generator_loss)
            scaled_discriminator = self.discriminator_optimizer.scale_loss(
                discriminator_loss
            )
        for loss, variables, optimizer in (
            (
                scaled_generator,
                self.generator.trainable_variables,
                self.generator_optimizer,
            ),
            (
                scaled_discriminator,
                self._discriminator_variables,
                self.discriminator_optimizer,
            ),
        ):
            optimizer.apply(tape.gradient(loss, variables), variables)
        self._update_averages(translation.content_style)
        return self._log(generator, discriminator, verdict)

    def test_step(self, data):
        content, style = data
        translation = translate(
            self.averaged_generator, content, style, self.seed_generator
        )
        verdict = self._judge(translation, style)
        generator = generator_terms(
            content, style, translation, verdict, self.adversarial
        )
        discriminator = discriminator_terms(verdict, self.adversarial)
        return self._log(generator, discriminator, verdict)

    def predict_step(self, data):
        content, style = data if len(data) == 2 else data[0]
        return self([content, style])

    def _judge(self, translation, style):
        return judge(
            self.discriminator,
            self.code_discriminator,
            translation,
            style,
            self.seed_generator,
        )

    def _weighted_sum(self, terms):
        """The loss: `sum over terms and samples / global batch`, a scalar.

        Optimizers add the gradients of all replicas, so each divides by the batch
        of all.
        """
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        weights = self.loss_weights.to_dict()
        total = 0.0
        for name, values in terms.items():
            global_batch = ops.shape(values)[0] * replicas
            weight = weights.get(name, 1.0)
            total += weight * ops.sum(values) / ops.cast(global_batch, "float32")
        return total

    def _throttle(self, terms):
        nothing = ops.zeros((1, 1))
        chance = self.adversarial.discriminator(nothing, nothing)[0]
        return {name: throttle(values, chance) for name, values in terms.items()}

    def _lazy_r1(self, style):
        """The gradient penalty every `r1_interval` steps, zero in between."""
        step = self.discriminator_optimizer.iterations
        return tf.cond(
            ops.equal(step % self.r1_interval, 0),
            lambda: self.r1_interval * self._r1(style),
            lambda: ops.zeros((ops.shape(style)[0],), "float32"),
        )

    def _r1(self, style):
        content_critic, style_critic = (
            self.discriminator.content,
            self.discriminator.style,
        )
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(style)
            verdicts = (
                content_critic(style),
                style_critic([style, ops.stop_gradient(style)]),
            )
        return sum(
            r1_penalty(_gradient_of_mean(tape, logits, style)) for logits in verdicts
        )

    def _update_averages(self, content_style):
        """Averages the style of content pictures, then the weights of the generator."""
        decay = average_decay(self.generator_optimizer.iterations, self.average_decay)
        neutral_style = ops.mean(ops.cast(content_style, "float32"), axis=0)
        update_average([self.generator.neutral_style], [neutral_style], decay)
        update_average(self.averaged_generator.weights, self.generator.weights, decay)

    def _log(self, generator, discriminator, verdict):
        """Means over the epoch so far, by name."""
        logs = {}
        for group, terms in {
            "generator": generator,
            "discriminator": discriminator,
            "logits": mean_logits(verdict),
        }.items():
            for name, values in terms.items():
                tracker = self.trackers[f"{group}/{name}"]
                tracker.update_state(values)
                logs[tracker.name] = tracker.result()
        return logs

    def export(self, filepath, *args, **options):
        """Writes `averaged_generator` for inference: see `Generator.export`."""
        self.averaged_generator.export(filepath, *args, **options)

    def save_own_variables(self, store):
        super().save_own_variables(store)
        # Keras saves no seed generators; a resumed training would repeat its crops.
        store["seed_state"] = ops.convert_to_numpy(self.seed_generator.state)

    def load_own_variables(self, store):
        self.seed_generator.state.assign(store["seed_state"])

    def get_config(self):
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "seed": self.seed,
        }

    @classmethod
    def from_config(cls, config):
        networks = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator", "discriminator")
        }
        return cls(**{**config, **networks})

    def get_compile_config(self):
        if not self.compiled:
            return None
        return {
            "generator_optimizer": keras.saving.serialize_keras_object(
                self.generator_optimizer
            ),
            "discriminator_optimizer": keras.saving.serialize_keras_object(
                self.discriminator_optimizer
            ),
            "loss_weights": self.loss_weights.to_dict(),
            "objective": self.objective,
            "r1_interval": self.r1_interval,
            "average_decay": self.average_decay,
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config):
        optimizers = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator_optimizer", "discriminator_optimizer")
        }
        self.compile(**{**config, **optimizers})


def _gradient_of_mean(tape, logits, images):
    """The gradient, by each picture, of the mean of its logits, float32.

    Of the sum first: the gradients of a mean underflow float16.
    """
    patches = ops.cast(ops.size(logits[0]), "float32")
    return ops.cast(tape.gradient(logits, images), "float32") / patches


def _with_loss_scaling(optimizer, network):
    """Wraps an optimizer for a network that computes in float16."""
    scaled = keras.optimizers.LossScaleOptimizer
    if network.compute_dtype == "float16" and not isinstance(optimizer, scaled):
        return scaled(optimizer)
    return optimizer
