"""How much each loss term counts."""

from dataclasses import asdict, dataclass, fields

from keras_stylex.errors import InputError

# Weights that suit kinds of style pictures, where they are not the defaults.
LOOKS = {
    "any": {},
    # Outlines and flat colours: plain places stay plain.
    "prints": {
        "adversarial_content": 3.0,
        "color_transfer": 200.0,
        "texture": 10.0,
        "structure": 4.0,
        "r1": 0.25,
    },
    # Strokes all over, in skies too.
    "paintings": {
        "adversarial_content": 2.0,
        "color_transfer": 200.0,
        "texture": 6.0,
        "canvas": 1.2,
        "structure": 3.0,
        "r1": 0.25,
    },
}


@dataclass(frozen=True)
class LossWeights:
    """Weights of the loss terms; pictures are in [0, 1].

    Attributes:
        adversarial_content: of the content discriminator's verdict on G(x, y).
        adversarial_style: of the style discriminator's verdict on (G(x, y), y).
        adversarial_code: of making content codes of x and y alike.
        reconstruction: of `|G(x', x) - x| + |G(y', y) - y|`, at two scales; `x'` and
            `y'` are in other colours.
        content_code: of `|Ec(G(x, y)) - Ec(x)|`, relative to the size of the code.
        style_code: of `|Es(G(x, y)) - Es(y)|`.
        cycle: of `|D(Ec(G(y, x)), Es(y)) - y|`, at two scales.
        palette: of the distance between the colours of G(x, y) and y.
        color_transfer: of the distance to x in the colours of y.
        strokes: of the distance between the directions of strokes of G(x, y) and y.
        texture: of the distance between the textures of G(x, y) and y, where x has
            details.
        canvas: of the same where x is plain: strokes, or a canvas, in its skies.
        structure: of edges and shades of x that G(x, y) lost, or made up.
        r1: gamma of the gradient penalty of the discriminators of pictures.
    """

    adversarial_content: float = 1.0
    adversarial_style: float = 1.0
    adversarial_code: float = 1.0
    reconstruction: float = 20.0
    content_code: float = 1.0
    style_code: float = 1.0
    cycle: float = 40.0
    palette: float = 4.0
    color_transfer: float = 75.0
    strokes: float = 20.0
    texture: float = 5.0
    canvas: float = 0.0
    structure: float = 2.0
    r1: float = 2.5

    @classmethod
    def of(cls, weights):
        """Takes `LossWeights`, a dict of some of its fields, or `None` for defaults.

        Raises:
            InputError: when a weight's name is unknown or its value negative.
        """
        if isinstance(weights, cls):
            return weights
        names = [field.name for field in fields(cls)]
        for name, value in (weights or {}).items():
            if name not in names:
                raise InputError(
                    f"There is no loss weight {name!r}. "
                    f"Choose from: {', '.join(names)}."
                )
            if not value >= 0:
                raise InputError(
                    f"The loss weight {name} must be 0 or more. Received: {value}."
                )
        return cls(**(weights or {}))

    @classmethod
    def of_look(cls, look, changes):
        """Those that suit a kind of style pictures, with a dict of changes.

        Raises:
            InputError: as `of`, and when there is no such look.
        """
        if look not in LOOKS:
            raise InputError(
                f"There is no look {look!r}. Choose one of: {', '.join(LOOKS)}."
            )
        return cls.of({**LOOKS[look], **changes})

    def to_dict(self):
        """The weights by name."""
        return asdict(self)
