"""What a finished run is worth, in figures."""

import numpy as np

from keras_stylex.data import load_pictures
from keras_stylex.data.scenes import ground_truth
from keras_stylex.errors import InputError
from keras_stylex.metrics import (
    DomainClassifier,
    Subject,
    evaluate,
    evaluate_pictures,
    evaluate_scenes,
)

DOMAIN = 240  # pictures of either kind that a classifier learns from, at most
FEWEST = 20  # ... at least


def evaluate_run(run, content=None, style=None, count=64):
    """The quick figures of a run: those of pairs, and of scenes.

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
    generate, config = _painter(run.load_generator()), run.config
    scenes = truth_config(config, content, style)
    if scenes:
        return evaluate_scenes(generate, scenes, count, config.whole_size)
    contents, styles = (
        _pictures(source, count, config.whole_size, run.skipped)
        for source in (content or config.content, style or config.style)
    )
    shared = min(len(contents), len(styles))
    return evaluate_pictures(generate, contents[:shared], styles[:shared])


def evaluate_run_fully(
    run, content=None, style=None, count=64, features=None, track=None
):
    """All figures of a run.

    Args:
        run, content, style, count: As for `evaluate_run`.
        features: `FeatureExtractor` for KID and FID, or `None` for neither.
        track: `track(sequence, description)` goes through a sequence.

    Returns: `keras_stylex.metrics.Evaluation`.

    Raises:
        InputError: as for `evaluate_run`.
    """
    generator, config = run.load_generator(), run.config
    scenes, size = truth_config(config, content, style), config.whole_size
    if scenes:
        truth = ground_truth(scenes, count, size)
        other = ground_truth(scenes, DOMAIN, size, seed=1)
        pairs, domains = (truth.content, truth.style), (other.content, other.style)
        return _evaluate(generator, pairs, truth, domains, features, track)
    own = config.content, config.style
    sources = content or config.content, style or config.style
    options = {"own": own, "features": features, "track": track}
    return evaluate_generator(
        generator, sources, count, size, skipped=run.skipped, **options
    )


def evaluate_generator(
    generator, sources, count, size, own=None, features=None, track=None, skipped=None
):
    """All figures of a generator that need no truth.

    Args:
        generator: `Generator`.
        sources: Pair, of content pictures and of references.
        count: Integer, pictures to evaluate on, at least 2.
        size: Pixels, an int or `(height, width)`: what pictures are brought to.
        own: Pair of sources that a classifier learns from: what the generator was
            trained on. Those of the evaluation where it is not known.
        features, track: As for `evaluate_run_fully`.
        skipped: `SkippedFiles` that collects what was left out, and why.

    Returns: `keras_stylex.metrics.Evaluation`.

    Raises:
        InputError: when a source has too few pictures.
    """
    pairs, domains = split_pictures(
        sources, own or sources, count, lambda *part: _pictures(*part, size, skipped)
    )
    return _evaluate(generator, pairs, None, domains, features, track)


def _evaluate(generator, pairs, truth, domains, features, track):
    if features and min(map(len, pairs)) < 3:
        counts = " and ".join(str(len(pictures)) for pictures in pairs)
        raise InputError(
            f"KID needs 3 pictures or more of either kind. There are: {counts}."
        )
    subject = Subject(_painter(generator), *pairs, generator.encode_style)
    classifier = domains and learn_domains(*domains, track)
    return evaluate(subject, truth, classifier, features, track)


def split_pictures(sources, own, count, load):
    """Pictures to paint, and others that a classifier of the two sets learns from.

    Of a source that serves for both, the first `count` are painted, but no more than
    half, so that some are left.

    Args:
        sources: Pair, of content pictures and of references to paint.
        own: Pair, of content and style pictures to learn from.
        count: Integer, pictures to paint of either kind, at most.
        load: `load(source, count)` gives the first pictures of a source.

    Returns: two pairs of arrays: what is painted, and what is learned from. The latter
        is `None`, and nothing is held back, where there are too few of either kind.

    Raises:
        InputError: as `load` does for what is to be painted.
    """
    try:
        pairs = zip(sources, own, strict=True)
        halves = [_split(*pair, count, load) for pair in pairs]
    except InputError:  # the pictures to learn from are gone
        halves = []
    if halves and min(len(others) for _, others in halves) >= FEWEST:
        return tuple(zip(*halves, strict=True))
    return tuple(load(source, count) for source in sources), None


def truth_config(config, content=None, style=None):
    """The configuration of `scenes` whose truth is known, or `None` for pictures.

    Args:
        config: `RunConfig`.
        content, style: As for `evaluate_run`.
    """
    return None if content or style else _scenes_config(config.style)


def learn_domains(contents, styles, track=None):
    """A `DomainClassifier`; `track(sequence, description)` shows its progress."""
    if track is None:
        return DomainClassifier(contents, styles)
    return DomainClassifier(
        contents, styles, track=lambda steps: track(steps, "training a classifier")
    )


def _painter(generator):
    def paint(content, style):  # not `predict`, which traces anew for each size
        return np.asarray(generator([content, style]))

    return paint


def _pictures(source, count, size, skipped):
    pictures = load_pictures(source, count, size, skipped=skipped)
    if len(pictures) < 2:
        raise InputError(f"{source}: has one usable picture; evaluation needs 2")
    return pictures


def _split(source, own, count, load):
    known = load(own, count + DOMAIN)
    if source == own:
        painted = known[: min(count, len(known) // 2)]
    else:
        painted = load(source, count)
    seen = {picture.tobytes() for picture in painted}  # under another name, perhaps
    return painted, known[[picture.tobytes() not in seen for picture in known]]


def _scenes_config(source):
    """The configuration in `tfds:scenes/CONFIG:split`, or `None`."""
    name, _, rest = str(source).partition("/")
    return rest.partition(":")[0] if name == "tfds:scenes" else None
