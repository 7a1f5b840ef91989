"""All options of a training run, written as JSON beside what it makes."""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from keras_stylex.errors import InputError
from keras_stylex.training.loss_weights import LossWeights


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
        minutes: Minutes of training from each start, or `None` when `steps` decides.
        epoch_steps: Steps between two sample grids, warnings and log lines.
        objective: Name of the adversarial objective.
        loss_weights: Weights of the loss terms.
        generator_rate: Learning rate of the generator.
        discriminator_rate: Learning rate of the discriminator.
        precision: Keras dtype policy: `float32`, `mixed_float16` or `mixed_bfloat16`.
        cache: Whether decoded pictures are kept in memory.
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
    cache: bool = True
    seed: int = 0

    def __post_init__(self):
        if (self.steps is None) == (self.minutes is None):
            raise InputError("Say how long to train: either steps or minutes.")
        for name in ("image_size", "batch_size", "steps", "minutes", "epoch_steps"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise InputError(f"{name} must be more than 0. Received: {value}.")
        if self.image_size < 32 or self.image_size % 2:
            raise InputError(
                "image_size must be even, 32 pixels or more. "
                f"Received: {self.image_size}."
            )

    def with_changes(self, **changes):
        """A copy with some options replaced."""
        return replace(self, **changes)

    def to_json(self):
        """The options as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def read(cls, path):
        """Reads what `to_json` wrote.

        Raises:
            InputError: when the file is no such JSON.
        """
        path = Path(path)
        try:
            options = dict(json.loads(path.read_text()))
            weights = LossWeights.of(options.pop("loss_weights"))
            unknown = set(options) - {each.name for each in fields(cls)}
            if unknown:
                raise KeyError(", ".join(sorted(unknown)))
            return cls(**options, loss_weights=weights)
        except (OSError, KeyError, TypeError, json.JSONDecodeError) as error:
            raise InputError(
                f"{path}: is not the configuration of a run of this version ({error})"
            ) from error
