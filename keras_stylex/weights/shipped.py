"""Reads trained weights that ship inside the package, and the styles bundled with them.

Neither Keras nor NumPy is imported before weights are loaded, so that `--help` can list
what there is.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from keras_stylex.errors import InputError

FOLDER = Path(__file__).parent
WEIGHTS_NAME, ABOUT_NAME = "generator.weights.h5", "about.json"
CARD_NAME, PROOF_NAME = "MODEL_CARD.md", "proof.npz"
CREDITS = "## Credits\n"  # of the model card
REINSTALL = "install keras_stylex again"


@dataclass(frozen=True)
class BundledStyle:
    """The style code of a picture that the weights were trained on.

    Attributes:
        name: What it is chosen by.
        file: Path of the picture, below the folder of the training pictures.
        sha256: Checksum of the picture.
        credit: Who made the picture, and its title where that is known.
        licence: Licence of the picture.
        numbers: Tuple of floats, the style code.
    """

    name: str
    file: str
    sha256: str
    credit: str
    licence: str
    numbers: tuple

    @property
    def code(self):
        """The style code as `(1, style_dim)` array."""
        import numpy as np

        return np.float32([self.numbers])


@dataclass(frozen=True)
class ShippedWeights:
    """Trained weights of a generator, with all that is known of them.

    Attributes:
        folder: Path of the folder that holds them; its name is theirs.
        preset: Name of the generator's size.
        architecture: dict, the generator's arguments.
        parameters: Integer, number of weights.
        licence: Licence of the weights.
        training: dict, facts as `keras_stylex.training.run_facts` gives them.
        styles: Tuple of `BundledStyle`, the default first.
    """

    folder: Path
    preset: str
    architecture: dict
    parameters: int
    licence: str
    training: dict
    styles: tuple

    @property
    def name(self):
        """The name they are chosen by."""
        return self.folder.name

    @property
    def files(self):
        """What the generator and its styles are read from."""
        return [self.folder / name for name in (WEIGHTS_NAME, ABOUT_NAME)]

    @property
    def credits(self):
        """Whose pictures they were trained on: Markdown, of the model card."""
        card = (self.folder / CARD_NAME).read_text(encoding="utf-8")
        return card.partition(CREDITS)[2].partition("\n## ")[0].strip()

    def style(self, name):
        """The bundled style of a name, or `None`."""
        return next((style for style in self.styles if style.name == name), None)

    def load_into(self, generator):
        """Loads the weights into a `Generator`.

        Raises:
            InputError: when it is not the network that they were trained for.
        """
        self._check_architecture(generator)
        try:
            generator.load_weights(self.folder / WEIGHTS_NAME)
        except Exception as error:  # Keras raises anything at all
            reason = " ".join(str(error).split())[:200]
            raise InputError(
                f"{self.folder / WEIGHTS_NAME}: is damaged, or of another version's "
                f"network ({reason}); {REINSTALL}."
            ) from error

    def _check_architecture(self, generator):
        own = {"weights": generator.count_params(), **_plain(generator.architecture)}
        theirs = {"weights": self.parameters, **_plain(self.architecture)}
        differing = [
            f"{name} {theirs.get(name)}, not {own.get(name)}"
            for name in {**theirs, **own}
            if theirs.get(name) != own.get(name)
        ]
        if differing:
            raise InputError(
                f"The weights {self.name!r} are of another network than this: "
                f"{'; '.join(differing)}. Leave out what changes the preset "
                f"{self.preset!r}, or {REINSTALL}."
            )

    def check_preset(self, preset):
        """Raises `InputError` unless they were trained for this preset."""
        if preset != self.preset:
            raise InputError(
                f"The weights {self.name!r} are of the preset {self.preset!r}. "
                f"Received: {preset!r}."
            )


def shipped_weights():
    """Names of the trained weights that ship inside the package, a tuple."""
    return tuple(sorted(file.parent.name for file in FOLDER.glob(f"*/{ABOUT_NAME}")))


def read_shipped(name):
    """The trained weights of a name.

    Raises:
        InputError: when the package holds none of that name, or they are damaged.
    """
    if name not in shipped_weights():
        raise InputError(
            f"There are no weights {name!r} in the package. {what_is_shipped()}"
        )
    return read_weights(FOLDER / name)


def what_is_shipped():
    """A sentence that names the weights in the package."""
    names = shipped_weights()
    return f"It holds: {', '.join(names)}." if names else "It holds none."


def read_weights(folder):
    """The trained weights in a folder, as `pack_weights` writes it.

    Raises:
        InputError: when they are damaged.
    """
    file = Path(folder, ABOUT_NAME)
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        styles = tuple(BundledStyle(**style) for style in about.pop("styles"))
        return ShippedWeights(Path(folder), styles=styles, **about)
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{file}: is damaged ({error}); {REINSTALL}.") from error


def _plain(architecture):
    """With lists for tuples, as JSON has it."""
    return json.loads(json.dumps(architecture))
