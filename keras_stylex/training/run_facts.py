"""What a run learned from, for how long, and how good it is: for model cards."""

from dataclasses import asdict

from keras_stylex.data.sources import count_pictures
from keras_stylex.errors import InputError
from keras_stylex.training.kept_evaluation import kept_evaluation

OPTIONS = (
    "content",
    "style",
    "batch_size",
    "image_size",
    "load_size",
    "recolor",
    "preset",
    "objective",
    "precision",
    "seed",
)


def run_facts(run):
    """The facts of a run by name; those that are not known are `None`.

    Args:
        run: `Run`.

    Returns: dict: options by their names in `RunConfig`, `content_pictures` and
        `style_pictures` as they are now, `steps`, `minutes`, and `evaluation` as
        `kept_evaluation` returns it.
    """
    config, options = run.config, asdict(run.config)
    position = _position(run)
    return {
        **{name: options[name] for name in OPTIONS},
        "loss_weights": config.all_loss_weights.to_dict(),
        "content_pictures": count_pictures(config.content),
        "style_pictures": count_pictures(config.style),
        "steps": position.step if position else run.steps,
        "minutes": position.seconds / 60 if position else None,
        "evaluation": kept_evaluation(run),
    }


def _position(run):
    """How far the newest checkpoint is, or `None` where no whole one is left."""
    try:
        checkpoint = run.checkpoints.newest()
    except InputError:
        return None
    return checkpoint and checkpoint.position
