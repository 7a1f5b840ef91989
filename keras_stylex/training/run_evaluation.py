"""What a finished run is worth, in figures."""

from keras_stylex.data import load_pictures
from keras_stylex.errors import InputError
from keras_stylex.metrics import evaluate_pictures, evaluate_scenes

BATCH = 8  # pictures painted at a time


def evaluate_run(run, content=None, style=None, count=64):
    """The figures of a run.

    A run trained on `tfds:scenes/...` is compared with the known truth of held-out
    scenes; any other, or with sources given, with the first pictures of its sources.

    Args:
        run: `Run`.
        content: Source of content pictures, or `None` for the run's own.
        style: Source of references, or `None` for the run's own.
        count: Integer, pictures to evaluate on, at least 2.

    Returns: a dict of floats; see `keras_stylex.metrics`.

    Raises:
        InputError: when the folder holds no run, or a source fewer than 2 pictures.
    """
    generator, config = run.load_generator(), run.config

    def paint(content, style):
        return generator.predict([content, style], batch_size=BATCH, verbose=0)

    scenes = _scenes_config(config.style)
    if scenes and not (content or style):
        return evaluate_scenes(paint, scenes, count, config.image_size)
    sources = (content or config.content, style or config.style)
    contents, styles = (
        _pictures(source, count, config.image_size, run.skipped) for source in sources
    )
    shared = min(len(contents), len(styles))
    return evaluate_pictures(paint, contents[:shared], styles[:shared])


def _pictures(source, count, image_size, skipped):
    pictures = load_pictures(source, count, image_size, skipped=skipped)
    if len(pictures) < 2:
        raise InputError(f"{source}: has one usable picture; evaluation needs 2")
    return pictures


def _scenes_config(source):
    """The configuration in `tfds:scenes/CONFIG:split`, or `None`."""
    name, _, rest = str(source).partition("/")
    return rest.partition(":")[0] if name == "tfds:scenes" else None
