"""The model card of weights that ship inside the package."""

from dataclasses import dataclass

from keras_stylex.export.card_sections import (
    cell,
    closing_sections,
    section,
    table,
    training_section,
)
from keras_stylex.export.metadata import versions
from keras_stylex.weights import ShippedWeights

CHANGES = (
    "The network was trained on crops of these pictures, some of them mirrored or with "
    "other colours. None of the pictures is in the package."
)


@dataclass(frozen=True)
class ShippedCard:
    """Everything the card says.

    Attributes:
        shipped: `ShippedWeights`.
        rounding: Float, largest change of a pixel by rounding to float16.
        credits: String, Markdown: whose pictures it was trained on.
    """

    shipped: ShippedWeights
    rounding: float
    credits: str

    def markdown(self):
        """The card as Markdown text; credits come last."""
        training = self.shipped.training
        parts = [
            f"# Model card: weights `{self.shipped.name}`",
            section("Model", table(self._model())),
            section("Styles", self._styles()),
            training_section(training),
            *closing_sections(training),
            section("Credits", CHANGES, self.credits),
        ]
        return "\n\n".join(parts) + "\n"

    def _model(self):
        made = ", ".join(f"{name} {number}" for name, number in versions().items())
        return {
            "network": f"{self.shipped.preset}, {self.shipped.parameters:,} weights",
            "stored as": "float16, which changes a pixel in [0, 1] by "
            f"{self.rounding:.4f} at most",
            "licence": self.shipped.licence,
            "made with": made,
        }

    def _styles(self):
        rows = [
            f"| {style.name} | {cell(style.credit)} | {cell(style.licence)} |"
            for style in self.shipped.styles
        ]
        head = "| name, the default first | of the picture | licence |\n|---|---|---|"
        return "\n".join([head, *rows])
