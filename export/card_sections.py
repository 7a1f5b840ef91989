"""What all model cards say: what a network learned from, how good it is, its limits.

Facts are dicts as `keras_stylex.training.run_facts` makes them.
"""

from pathlib import PurePath

UNKNOWN, UNKNOWN_NUMBER = "not stated", "their number is not stated"
NO_EVALUATION = (
    "None was kept: `keras-stylex evaluate RUN`, before the export, leaves its figures "
    "in the run for this page."
)
SEEN = " It was trained on pictures of these sources, too."
INTENDED_USE = (
    "To paint photos and video frames in the style of the references, for people to "
    "look at. Not for anything that reads facts off pictures (recognising people, "
    "measuring, evidence), and not to pass results off as an artist's own work."
)
LIMITS = (
    "It transfers palettes, tones, outlines and flatness; it does not compose as a "
    "painter does, and strokes that run this way here and that way there may not "
    "appear.",
    "Faces and lettering may be changed beyond recognition.",
    "Pictures unlike the content pictures above may come out worse. Look at results on "
    "your own before you rely on it.",
    "How it treats people of different looks was not measured.",
)


def training_section(facts, *paragraphs):
    """What a network learned from, and how.

    Args:
        facts: dict, see `ModelCard`.
        *paragraphs: Strings, what to say below.
    """
    size, batch = facts.get("image_size"), facts.get("batch_size")
    minutes, steps = facts.get("minutes"), facts.get("steps")
    weights = facts.get("loss_weights") or {}
    rows = {
        "content pictures": _source(facts, "content"),
        "style pictures": _source(facts, "style"),
        "steps": known(steps, "{:,}"),
        "minutes": known(minutes, "{:.1f}"),
        "pictures of each kind per step": known(batch),
        "picture size": known(size, "crops of {0} x {0} pixels") + _cut_from(facts),
        "seed": known(facts.get("seed")),
        "objective": known(facts.get("objective")),
        "loss weights": ", ".join(
            f"{name} {weight:g}" for name, weight in weights.items()
        )
        or UNKNOWN,
    }
    return section("Training", table(rows), *paragraphs)


def _cut_from(facts):
    size = facts.get("load_size")
    return f", cut from pictures whose shorter side has {size}" if size else ""


def closing_sections(facts):
    """How good a network is, what it is for, and what it is not."""
    return [
        section("Evaluation", *_evaluation(facts)),
        section("Intended use", INTENDED_USE),
        section("Limits", "\n".join(f"- {limit}" for limit in LIMITS)),
    ]


def _evaluation(facts):
    evaluation = facts.get("evaluation")
    if not evaluation:
        return [NO_EVALUATION]
    sources = [short_source(evaluation[name]) for name in ("content", "style")]
    text = "Contents from `{}`, references from `{}`; by `keras-stylex evaluate`."
    rows = {name.replace("_", " "): v for name, v in evaluation["figures"].items()}
    figures = table({name: _figure(value) for name, value in rows.items()})
    own = all(evaluation[name] == facts.get(name) for name in ("content", "style"))
    return [f"{text.format(*sources)}{SEEN if own else ''}", figures]


def short_source(source):
    """The name of a source without where it lies on somebody's machine.

    TFDS names and relative paths stay as they were given; of absolute paths the last
    part is left, and of globs the last two.
    """
    path = PurePath(source)
    if not path.is_absolute():
        return str(source)
    kept = 2 if any(sign in path.name for sign in "*?[") else 1
    return str(PurePath(*path.parts[1:][-kept:]))


def _source(facts, name):
    if not facts.get(name):
        return UNKNOWN
    count = facts.get(f"{name}_pictures")
    number = UNKNOWN_NUMBER if count is None else f"{count:,} when counted"
    return f"`{short_source(facts[name])}`, {number}"


def known(value, form="{}"):
    """A fact as text; or that it is not stated."""
    return UNKNOWN if value is None else form.format(value)


def _figure(value):
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def section(title, *paragraphs):
    """Markdown of a section."""
    return "\n\n".join([f"## {title}", *paragraphs])


def table(rows):
    """Markdown of a table of names and values, from a dict."""
    lines = [f"| {name} | {cell(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def cell(text):
    """Text that does not end a cell, or the table."""
    return " ".join(text.replace("|", r"\|").split())
