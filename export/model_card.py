"""The model card of an export: what it was made of, how good it is, what it is for.

Its headings follow [Mitchell et al., 2019](https://arxiv.org/abs/1810.03993).
"""

from dataclasses import dataclass
from pathlib import Path

from keras_stylex.export.card_sections import (
    closing_sections,
    known,
    section,
    table,
    training_section,
)
from keras_stylex.export.metadata import UNKNOWN_LICENCE, versions
from keras_stylex.export.style import Style

CARD_NAME = "MODEL_CARD.md"
TERMS = (
    "State here whose pictures these are, under what licences, and the credit that "
    "these ask for: the network was made of them."
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
        credits = self.training.get("credits")
        parts = [
            f"# Model card: {self.style.name}, strength {self.style.strength:g}",
            *(f"Warning: {warning}" for warning in self.warnings),
            section("Model", table(self._model())),
            section("Files", self._files()),
            training_section(self.training, *([] if credits else [TERMS])),
            *closing_sections(self.training),
            *([section("Credits", credits)] if credits else []),
        ]
        return "\n\n".join(parts) + "\n"

    def _model(self):
        made = ", ".join(f"{name} {number}" for name, number in versions().items())
        preset = known(self.training.get("preset"))
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


def _reference(reference):
    return f"{reference['name']} (weight {reference['weight']:g})"
