"""The model that learns: `StyleTransferGAN(...).fit(unpaired_dataset(...))`."""

import keras
import tensorflow as tf
from keras import ops

from keras_stylex.losses import adversarial_objective
from keras_stylex.models import CodeDiscriminator, Generator
from keras_stylex.training.ballot import Ballot
from keras_stylex.training.batch_parts import sum_over_parts
from keras_stylex.training.lesson import (
    GRADIENT_NAMES,
    judged,
    learn,
    nothing,
    sums,
)
from keras_stylex.training.loss_weights import LossWeights
from keras_stylex.training.reduced_mean import ReducedMean
from keras_stylex.training.replicas import apply_gradients, sum_over_replicas
from keras_stylex.training.step_health import StepHealth
from keras_stylex.training.strategies import is_multi_worker
from keras_stylex.training.terms import LOG_NAMES
from keras_stylex.training.throttle import throttle
from keras_stylex.training.weight_averaging import average_decay, update_average
from keras_stylex.training.worker_function import worker_function


@keras.saving.register_keras_serializable(package="keras_stylex")
class StyleTransferGAN(keras.Model):
    """Learns to paint one set of pictures in the style of another, without pairs.

    Calling it, `predict` and `evaluate` use `averaged_generator`, a running average of
    the generator's weights over the steps.

    Args:
        generator: `Generator`.
        discriminator: `Discriminator`.
        seed: Integer, decides what is drawn at random in a step: crops, changes of
            colour, the place in the pattern of strokes, filters of the texture term.
        recolor: Float in [0, 1], how much hue and luma of pictures are changed before
            they are rebuilt in their own colours. With 1 content codes hold no colours:
            all those of G(x, y) come from y. With less a blue sky stays rather blue.

    Call arguments:
        inputs: list `[content, style]` of pictures `(batch, height, width, 3)`, [0, 1].

    Returns: `(batch, height, width, 3)` float32 pictures of the content's size, (0, 1).
    """

    def __init__(self, generator, discriminator, seed=0, recolor=1.0, **kwargs):
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
        self.recolor = recolor
        self.seed_generator = keras.random.SeedGenerator(seed)
        # What colours of content pictures are transferred from.
        self.content_moments = self.add_weight(
            shape=(4, 3), initializer="zeros", trainable=False, name="content_moments"
        )
        self.built = True

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss_weights=None,
        objective="non_saturating",
        r1_interval=8,
        average_decay=0.999,
        accumulate=1,
        clip_norm=None,
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
            accumulate: Integer, the parts a batch (of a replica) is worked through in,
                one after the other. More parts need less memory and change no weight.
            clip_norm: Float, the largest norm that the gradients of the generator
                together, or of the discriminators together, may have; or `None`.
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
        self.discriminator_optimizer.build(self.discriminator_variables)
        self.loss_weights = LossWeights.of(loss_weights)
        self.objective = objective
        self.adversarial = adversarial_objective(objective)
        self.r1_interval = r1_interval
        self.average_decay = average_decay
        self.accumulate = accumulate
        self.clip_norm = clip_norm
        self.trackers = {name: ReducedMean(name=name) for name in LOG_NAMES}
        self.health = StepHealth((*LOG_NAMES, *GRADIENT_NAMES))
        self.ballot = Ballot()

    @property
    def term_weights(self):
        """Loss weights by the names of the terms.

        Content codes that hold colours are told apart by them, and what hides that
        takes the colours away: it counts by as much as they are changed. So do colours
        of the places in y; the rest are the content's own, transferred.
        """
        shares = {
            "adversarial_code": self.recolor,
            "palette": self.recolor,
            "color_transfer": 1.0 - self.recolor,
        }
        weights = self.loss_weights.to_dict()
        return {name: shares.get(name, 1.0) * weights[name] for name in weights}

    @property
    def critics(self):
        """By the name of the term that each learns from; they share no weights."""
        return {
            "content": self.discriminator.content,
            "style": self.discriminator.style,
            "code": self.code_discriminator,
        }

    @property
    def discriminator_variables(self):
        """What the optimizer of the discriminators updates."""
        critics = self.critics.values()
        return [v for critic in critics for v in critic.trainable_variables]

    def call(self, inputs):
        return self.averaged_generator(inputs)

    def train_step(self, data):
        start = tf.identity(self.seed_generator.state.value)

        def learn_from(content, style):
            self.seed_generator.state.assign(start)  # all parts are cropped alike
            return learn(self, content, style)

        gradients, own = sum_over_parts(
            learn_from, data, self.accumulate, like=nothing(self)
        )
        own["votes"] = self.ballot.own.value
        means, batch = _means_over_replicas(own)
        # Gradients of means over a part become those of means over all of the batch.
        share = own["batch"] / batch / self.accumulate
        self._note(means)
        self._apply(gradients, share, means)
        self._update_averages(means["style"], means["moments"])
        return self._log(means, batch)

    def test_step(self, data):
        values, _ = judged(self, self.averaged_generator, *data)
        return self._log(*_means_over_replicas(sums(values)))

    def _maybe_symbolic_build(self, **data):
        """Does nothing, since all is built.

        Keras 3.15 would take the mean of a batch over workers first, and fails.
        """

    def make_train_function(self, force=False):
        if not is_multi_worker(self.distribute_strategy):
            super().make_train_function(force)
        elif self.train_function is None or force:
            self.train_function = self._worker_function(self.train_step)

    def make_test_function(self, force=False):
        if not is_multi_worker(self.distribute_strategy):
            super().make_test_function(force)
        elif self.test_function is None or force:
            self.test_function = self._worker_function(self.test_step)

    def _worker_function(self, step):
        return worker_function(
            step,
            self.distribute_strategy,
            self.steps_per_execution,
            self.run_eagerly,
            self.jit_compile,
        )

    def predict_step(self, data):
        content, style = data if len(data) == 2 else data[0]
        return self([content, style])

    def _note(self, means):
        """Notes votes for a stop, and where the training broke, if it did."""
        self.ballot.counted.assign(means["votes"])
        self.health.record([means[name] for name in self.health.names])

    def _apply(self, gradients, share, means):
        """A step of both optimizers; critics about to win learn less from verdicts."""
        factors = self._throttles(means)
        discriminator = [
            share * (factor * gradient + penalty)
            for factor, gradient, penalty in zip(
                factors, gradients["discriminator"], gradients["r1"], strict=True
            )
        ]
        generator = [share * gradient for gradient in gradients["generator"]]
        for optimizer, values, variables in (
            (
                self.generator_optimizer,
                generator,
                self.generator.trainable_variables,
            ),
            (
                self.discriminator_optimizer,
                discriminator,
                self.discriminator_variables,
            ),
        ):
            apply_gradients(optimizer, values, variables, self.clip_norm)

    def _throttles(self, means):
        """A factor for each of the discriminators' variables."""
        undecided = ops.zeros((1, 1))
        chance = self.adversarial.discriminator(undecided, undecided)[0]
        return [
            throttle(means[f"discriminator/{name}"], chance)
            for name, critic in self.critics.items()
            for _ in critic.trainable_variables
        ]

    def _update_averages(self, content_style, content_moments):
        """Averages style and colours of content pictures, then generator weights."""
        decay = average_decay(self.generator_optimizer.iterations, self.average_decay)
        update_average(
            [self.generator.neutral_style, self.content_moments],
            [content_style, content_moments],
            decay,
        )
        update_average(self.averaged_generator.weights, self.generator.weights, decay)

    def _log(self, means, batch):
        """Means over the epoch so far, by name."""
        logs = {}
        for name, tracker in self.trackers.items():
            if name in means:
                tracker.update_state(means[name], batch)
                logs[name] = tracker.result()
        return logs

    def export(self, filepath, *args, **options):
        """Writes `averaged_generator` for inference: see `Generator.export`."""
        self.averaged_generator.export(filepath, *args, **options)

    def save_own_variables(self, store):
        store["content_moments"] = ops.convert_to_numpy(self.content_moments)
        # Keras saves no seed generators; a resumed training would repeat its crops.
        store["seed_state"] = ops.convert_to_numpy(self.seed_generator.state)

    def load_own_variables(self, store):
        self.content_moments.assign(store["content_moments"])
        self.seed_generator.state.assign(store["seed_state"])

    def get_config(self):
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "seed": self.seed,
            "recolor": self.recolor,
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
            "accumulate": self.accumulate,
            "clip_norm": self.clip_norm,
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config):
        optimizers = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("generator_optimizer", "discriminator_optimizer")
        }
        self.compile(**{**config, **optimizers})


def _means_over_replicas(sums):
    """Means over the samples of all replicas, and the number of samples."""
    totals = sum_over_replicas(sums)
    batch = totals["batch"]
    return {name: total / batch for name, total in totals.items()}, batch


def _with_loss_scaling(optimizer, network):
    """Wraps an optimizer for a network that computes in float16."""
    scaled = keras.optimizers.LossScaleOptimizer
    if network.compute_dtype == "float16" and not isinstance(optimizer, scaled):
        return scaled(optimizer)
    return optimizer
