"""All options of a training run, written as JSON beside what it makes."""

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from keras_stylex.errors import InputError
from keras_stylex.losses import adversarial_objective
from keras_stylex.models.presets import preset_config
from keras_stylex.training.loss_weights import LossWeights

PRECISIONS = ("float32", "mixed_float16", "mixed_bfloat16")
POSITIVE = (
    "image_size",
    "batch_size",
    "steps",
    "minutes",
    "epoch_steps",
    "generator_rate",
    "discriminator_rate",
)
# What a checkpoint holds: a run that is resumed cannot have another.
FIXED = ("preset", "objective", "precision", "seed")


@dataclass(frozen=True)
class RunConfig:
    """Options of a training run.

    Attributes:
        content: Source of content pictures: a folder, a `tfds:` name, a TFRecord glob.
        style: Source of style pictures, likewise.
        image_size: Side of the training crops, pixels.
        batch_size: Pictures of each kind per step.
        preset: Name of the generator's size.
        steps: Steps of the whole training, or `None` when `minutes` decides.
        minutes: Minutes of the whole training, or `None` when `steps` decides.
        epoch_steps: Steps between two sample grids, warnings and log lines.
        objective: Name of the adversarial objective.
        loss_weights: Weights of the loss terms.
        generator_rate: Learning rate of the generator.
        discriminator_rate: Learning rate of the discriminator.
        precision: Keras dtype policy: `float32`, `mixed_float16` or `mixed_bfloat16`.
        cache: Whether decoded pictures are kept in memory, or `None` to keep them
            where they take at most a GiB, see `unpaired_dataset`.
        seed: Decides the weights, the order of pictures and their crops.
    """

    content: str
    style: str
    image_size: int = 128
    batch_size: int = 4
    preset: str = "stylex_mobile"
    steps: int | None = None
    minutes: float | None = None
    epoch_steps: int = 100
    objective: str = "non_saturating"
    loss_weights: LossWeights = field(default_factory=LossWeights)
    generator_rate: float = 1e-3
    discriminator_rate: float = 4e-4
    precision: str = "float32"
    cache: bool | None = None
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
        if self.image_size < 32 or self.image_size % 2:
            raise InputError(
                "image_size must be even, 32 pixels or more. "
                f"Received: {self.image_size}."
            )
        preset_config(self.preset)
        adversarial_objective(self.objective)
        if self.precision not in PRECISIONS:
            raise InputError(
                f"There is no precision {self.precision!r}. "
                f"Choose one of: {', '.join(PRECISIONS)}."
            )

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
        weights = {**self.loss_weights.to_dict(), **(loss_weights or {})}
        return self.with_changes(**changes, loss_weights=LossWeights.of(weights))

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
            weights = LossWeights.of(options.pop("loss_weights"))
            unknown = set(options) - {each.name for each in fields(cls)}
            if unknown:
                raise KeyError(", ".join(sorted(unknown)))
            return cls(**options, loss_weights=weights)
        except (OSError, LookupError, TypeError, AttributeError, ValueError) as error:
            raise InputError(
                f"{path}: is damaged, or the options of another version ({error}). "
                "Copy it again, or start a new run in another folder."
            ) from error
