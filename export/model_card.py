"""The model card of an export: what it was made of, how good it is, what it is for.

Its headings follow [Mitchell et al., 2019](https://arxiv.org/abs/1810.03993).
"""

from dataclasses import dataclass
from pathlib import Path, PurePath

from keras_stylex.export.metadata import UNKNOWN_LICENCE, versions
from keras_stylex.export.style import Style

CARD_NAME = "MODEL_CARD.md"
UNKNOWN, UNKNOWN_NUMBER = "not stated", "their number is not stated"
NO_EVALUATION = (
    "None was kept: `keras-stylex evaluate RUN`, before the export, leaves its figures "
    "in the run for this page."
)
TERMS = (
    "State here whose pictures these are, under what licences, and the credit that "
    "these ask for: the network was made of them."
)
INTENDED_USE = (
    "To paint photos and video frames in the style of the references, for people to "
    "look at. Not for anything that reads facts off pictures (recognising people, "
    "measuring, evidence), and not to pass results off as an artist's own work."
)
LIMITS = (
    "It transfers palettes, tones and flatness; it does not compose as a painter does, "
    "and strokes that run this way here and that way there may not appear.",
    "Faces and lettering may be changed beyond recognition.",
    "Pictures unlike the content pictures above may come out worse. Look at results on "
    "your own before you rely on it.",
    "How it treats people of different looks was not measured.",
)


@dataclass(frozen=True)
class ModelCard:
    """Everything a model card says.

    Attributes:
        style: `Style`.
        artefacts: list of `Artefact`.
        weights: Integer, number of the generator's weights.
        training: dict, what `keras_stylex.training.run_facts` says of the run; facts
            that are `None` or missing are not known.
        licence: String, or `None` when it is not known.
        warnings: list of strings.
    """

    style: Style
    artefacts: list
    weights: int
    training: dict
    licence: str | None
    warnings: list

    def write(self, folder):
        """Writes `MODEL_CARD.md` into a folder."""
        Path(folder, CARD_NAME).write_text(self.markdown(), encoding="utf-8")

    def markdown(self):
        """The card as Markdown text."""
        parts = [
            f"# Model card: {self.style.name}, strength {self.style.strength:g}",
            *(f"Warning: {warning}" for warning in self.warnings),
            _section("Model", _table(self._model())),
            _section("Files", self._files()),
            _section("Training", _table(self._training()), TERMS),
            _section("Evaluation", *self._evaluation()),
            _section("Intended use", INTENDED_USE),
            _section("Limits", "\n".join(f"- {limit}" for limit in LIMITS)),
        ]
        return "\n\n".join(parts) + "\n"

    def _model(self):
        made = ", ".join(f"{name} {number}" for name, number in versions().items())
        preset = _known(self.training.get("preset"))
        return {
            "network": f"{preset}, {self.weights:,} weights",
            "references": "; ".join(map(_reference, self.style.references)),
            "licence": self.licence or UNKNOWN_LICENCE,
            "made with": made,
        }

    def _files(self):
        rows = [
            f"| {each.name} | {each.bytes / 1000:.0f} | {each.parity.psnr:.1f} | "
            f"{each.parity.max:.4f} |"
            for each in self.artefacts
        ]
        head = "| file | KB | PSNR dB | largest difference |\n|---|---|---|---|"
        compared = "Compared with Keras in float32; times are in report.md."
        return "\n".join([head, *rows]) + f"\n\n{compared}"

    def _training(self):
        facts = self.training
        size, batch = facts.get("image_size"), facts.get("batch_size")
        minutes, steps = facts.get("minutes"), facts.get("steps")
        return {
            "content pictures": _source(facts, "content"),
            "style pictures": _source(facts, "style"),
            "steps": _known(steps, "{:,}"),
            "minutes": _known(minutes, "{:.1f}"),
            "pictures of each kind per step": _known(batch),
            "picture size": _known(size, "crops of {0} x {0} pixels"),
            "seed": _known(facts.get("seed")),
            "objective": _known(facts.get("objective")),
            "loss weights": ", ".join(
                f"{name} {weight:g}"
                for name, weight in (facts.get("loss_weights") or {}).items()
            )
            or UNKNOWN,
        }

    def _evaluation(self):
        evaluation = self.training.get("evaluation")
        if not evaluation:
            return [NO_EVALUATION]
        sources = (short_source(evaluation[name]) for name in ("content", "style"))
        rows = {name.replace("_", " "): v for name, v in evaluation["figures"].items()}
        text = "Contents from {}, references from {}; by `keras-stylex evaluate`."
        return [
            text.format(*(f"`{source}`" for source in sources)),
            _table({name: _figure(value) for name, value in rows.items()}),
        ]


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
    number = UNKNOWN_NUMBER if count is None else f"{count:,} when it was exported"
    return f"`{short_source(facts[name])}`, {number}"


def _reference(reference):
    return f"{reference['name']} (weight {reference['weight']:g})"


def _known(value, form="{}"):
    return UNKNOWN if value is None else form.format(value)


def _figure(value):
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _section(title, *paragraphs):
    return "\n\n".join([f"## {title}", *paragraphs])


def _table(rows):
    lines = [f"| {name} | {_cell(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _cell(text):
    """Text that does not end a cell, or the table."""
    return " ".join(text.replace("|", r"\|").split())
