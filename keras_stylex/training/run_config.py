"""All options of a training run, written as JSON beside what it makes."""

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from keras_stylex.errors import InputError
from keras_stylex.losses import adversarial_objective
from keras_stylex.models.presets import preset_config
from keras_stylex.training.loss_weights import LossWeights
from keras_stylex.training.rate_schedule import RateSchedule, check_schedule
from keras_stylex.training.strategies import STRATEGIES, WORKER_SECONDS

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
POSITIVE = (
    "image_size",
    "load_size",
    "batch_size",
    "steps",
    "minutes",
    "epoch_steps",
    "generator_rate",
    "discriminator_rate",
    "accumulate",
    "clip_norm",
    "worker_seconds",
)
# What a checkpoint holds: a run that is resumed cannot have another.
FIXED = ("preset", "objective", "precision", "seed")


@dataclass(frozen=True)
class RunConfig:
    """Options of a training run.

    Attributes:
        content: Source of content pictures: a folder, a `tfds:` name, a TFRecord glob.
        style: Source of style pictures, likewise.
        image_size: Side of the training crops, pixels. This, `epoch_steps`,
            `strong_augmentation`, `recolor` and `look` may be `None`: then the first
            training chooses, see `choose_options`, and writes down what.
        load_size: Shorter side in pixels that pictures are brought to before crops are
            cut from them, or `None` for what `unpaired_dataset` makes of `image_size`.
        batch_size: Pictures of each kind per step.
        preset: Name of the generator's size.
        steps: Steps of the whole training, or `None` when `minutes` decides.
        minutes: Minutes of the whole training, or `None` when `steps` decides.
        epoch_steps: Steps between two sample grids, warnings and log lines.
        objective: Name of the adversarial objective.
        look: What style pictures look like, one of `LOOKS`; decides on loss weights.
            `None` as for `image_size`. Where it is not "any", `load_size` is chosen,
            too, unless it is given.
        loss_weights: dict of the loss weights that are others than the look's.
        generator_rate: Learning rate of the generator.
        discriminator_rate: Learning rate of the discriminator.
        schedule: Shape of both rates over the steps, see `RateSchedule`.
        warmup_steps: Steps until the rates are reached.
        clip_norm: Largest norm of the gradients of the generator together, and of the
            discriminators together; or `None`.
        accumulate: Parts that each batch is worked through in, to save memory.
        precision: Keras dtype policy: `float32`, `mixed_float16` or `mixed_bfloat16`.
        strategy: Where it is trained, see `make_strategy`.
        worker_seconds: How long to wait for other workers.
        strong_augmentation: Whether pictures are zoomed and turned a little, too, and
            colours of content pictures vary, see `unpaired_dataset`.
        cache: Whether decoded pictures are kept in memory, or `None` to keep them
            where they take at most a GiB, see `unpaired_dataset`.
        recolor: Share in [0, 1] of any change of hue and luma before pictures are
            rebuilt, see `StyleTransferGAN`; `None` as for `image_size`.
        seed: Decides the weights, the order of pictures and their crops.
    """

    content: str
    style: str
    image_size: int | None = 128
    load_size: int | None = None
    batch_size: int = 4
    preset: str = "stylex_mobile"
    steps: int | None = None
    minutes: float | None = None
    epoch_steps: int | None = 100
    objective: str = "non_saturating"
    look: str | None = "any"
    loss_weights: dict = field(default_factory=dict)
    generator_rate: float = 1e-3
    discriminator_rate: float = 4e-4
    schedule: str = "constant"
    warmup_steps: int = 0
    clip_norm: float | None = None
    accumulate: int = 1
    precision: str = "float32"
    strategy: str = "none"
    worker_seconds: float = WORKER_SECONDS
    strong_augmentation: bool | None = False
    cache: bool | None = None
    recolor: float | None = 1.0
    seed: int = 0

    def __post_init__(self):
        if (self.steps is None) == (self.minutes is None):
            raise InputError("Say how long to train: either steps or minutes.")
        for name in POSITIVE:
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise InputError(f"{name} must be more than 0. Received: {value}.")
        if not 0 <= self.seed < 2**32:
            raise InputError(f"seed must lie in [0, 2**32). Received: {self.seed}.")
        if self.recolor is not None and not 0 <= self.recolor <= 1:
            raise InputError(f"recolor must lie in [0, 1]. Received: {self.recolor}.")
        size = self.image_size
        if size is not None and (size < 32 or size % 2):
            raise InputError(
                f"image_size must be even, 32 pixels or more. Received: {size}."
            )
        if self.load_size and self.load_size < (size or 0):
            raise InputError(
                f"load_size={self.load_size} is smaller than image_size={size}: crops "
                "are cut from pictures of that size. Give a larger one."
            )
        look = "any" if self.look is None else self.look
        LossWeights.of_look(look, self.loss_weights)
        preset_config(self.preset)
        adversarial_objective(self.objective)
        if self.batch_size % self.accumulate:
            raise InputError(
                f"A batch of {self.batch_size} cannot be worked through in "
                f"accumulate={self.accumulate} equal parts."
            )
        check_schedule(self.schedule, self.steps, self.warmup_steps)
        _choose("precision", self.precision, PRECISIONS)
        _choose("strategy", self.strategy, STRATEGIES)

    @property
    def all_loss_weights(self):
        """`LossWeights` of the look, with the changes."""
        return LossWeights.of_look(self.look, self.loss_weights)

    @property
    def whole_size(self):
        """Side of whole pictures, in pixels, as sample grids and figures show them."""
        return self.load_size or self.image_size

    def rate_schedule(self, rate):
        """The schedule of a rate over the steps of this run."""
        return RateSchedule(rate, self.schedule, self.steps, self.warmup_steps)

    def with_changes(self, **changes):
        """A copy with some options replaced."""
        return replace(self, **changes)

    def resumed(self, loss_weights=None, **changes):
        """A copy for the same run to go on with.

        Args:
            loss_weights: dict of the loss weights to change, or `None`.
            **changes: Other options, by name. New `steps` replace `minutes` and the
                other way round.

        Raises:
            InputError: when one of `FIXED` is given another value.
        """
        for name in FIXED:
            own = getattr(self, name)
            if changes.get(name, own) != own:
                raise InputError(
                    f"--{name} {changes[name]}: this run has {own}, and keeps it when "
                    f"it is resumed. Leave --{name} out, or start another run."
                )
        if {"steps", "minutes"} & set(changes):
            changes = {"steps": None, "minutes": None, **changes}
        weights = {**self.loss_weights, **(loss_weights or {})}
        return self.with_changes(**changes, loss_weights=weights)

    def to_json(self):
        """The options as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def read(cls, path):
        """Reads what `to_json` wrote.

        Raises:
            InputError: when there is no such file, or it is no such JSON.
        """
        path = Path(path)
        if not path.exists():
            raise InputError(
                f"{path.parent}: holds no run: it has no {path.name}. Give the folder "
                "that `keras-stylex train --out` wrote."
            )
        try:
            options = dict(json.loads(path.read_text()))
            unknown = set(options) - {each.name for each in fields(cls)}
            if unknown:
                raise KeyError(", ".join(sorted(unknown)))
            return cls(**options)
        except (OSError, LookupError, TypeError, AttributeError, ValueError) as error:
            raise InputError(
                f"{path}: is damaged, or the options of another version ({error}). "
                "Copy it again, or start a new run in another folder."
            ) from error


def _choose(what, value, choices):
    if value not in choices:
        raise InputError(
            f"There is no {what} {value!r}. Choose one of: {', '.join(choices)}."
        )
