"""What MODEL names: the folder of a training run, or weights that ship inside.

A run of that name wins; another folder, such as one of pictures, is not in the way.
"""

import textwrap
from pathlib import Path

from keras_stylex.errors import InputError
from keras_stylex.weights import read_shipped, shipped_weights
from keras_stylex.weights.shipped import what_is_shipped

NO_REFERENCE = "needs a reference; give one with --style."
_HANGING = {
    "initial_indent": "  ",
    "subsequent_indent": "    ",
    "break_on_hyphens": False,
}


def open_model(name):
    """The `RunModel` or `ShippedModel` of a name.

    Raises:
        InputError: when it is neither, or shipped weights are damaged.
    """
    from keras_stylex.training.run import Run

    run = Run(name)
    if run.exists:
        return RunModel(run)
    if name in shipped_weights():
        return ShippedModel(read_shipped(name))
    raise InputError(
        f"{name}: is no run: it has no {run.generator_file.name}. Give the folder that "
        "`keras-stylex train --out` wrote, or weights of the package. "
        f"{what_is_shipped()}"
    )


class RunModel:
    """The network of a training run.

    Attributes:
        files: What the network is read from.
        licence: Of the network, where it is known.
        learned_side: Shorter side of the pictures that it learned from, pixels, where
            it is known.
        name: What people call it by.
        skipped: `SkippedFiles` of an evaluation.
    """

    licence = None

    def __init__(self, run):
        self.run = run
        self.name, self.skipped = str(run.folder), run.skipped
        self.files = [run.generator_file]

    @property
    def steps(self):
        """How many steps it was trained for."""
        return self.run.steps

    @property
    def learned_side(self):
        known = self.run.config_file.is_file()
        return self.run.config.whole_size if known else None

    def load_generator(self):
        """The averaged generator."""
        return self.run.load_generator()

    def facts(self):
        """What model cards say of the training."""
        from keras_stylex.training.run_facts import run_facts

        return run_facts(self.run)

    def references(self, words):
        """The references that `--style` names: paths of pictures.

        Raises:
            InputError: when there are none.
        """
        if not words:
            raise InputError(f"{self.run.folder}: {NO_REFERENCE}")
        return words

    def check_sources(self, content, style):
        """Whether it can be evaluated on these sources: its own stand in for `None`."""

    def evaluate(self, content, style, count, features, track):
        """All its figures; see `evaluate_run_fully`."""
        from keras_stylex.training.run_evaluation import evaluate_run_fully

        return evaluate_run_fully(self.run, content, style, count, features, track)

    def keep_evaluation(self, figures):
        """Keeps figures of its own pictures, for model cards."""
        from keras_stylex.training.kept_evaluation import keep_evaluation

        keep_evaluation(self.run, figures)

    def calibration_pictures(self, count, size):
        """The run's own content pictures."""
        from keras_stylex.data import load_pictures

        try:
            return load_pictures(self.run.config.content, count, size)
        except InputError as error:
            raise InputError(
                f"{error}. These were the run's content pictures; give pictures like "
                "those the filter will see with --calibrate FOLDER."
            ) from error


class ShippedModel:
    """A network of weights that ship inside the package; as `RunModel`."""

    def __init__(self, shipped):
        from keras_stylex.data import SkippedFiles

        self.shipped, self.name, self.skipped = shipped, shipped.name, SkippedFiles()
        self.files, self.licence = shipped.files, shipped.licence
        training = shipped.training
        self.steps = training["steps"]
        self.learned_side = training.get("load_size") or training["image_size"]

    def load_generator(self):
        """The averaged generator."""
        from keras_stylex.models import Generator

        generator = Generator(**self.shipped.architecture)
        self.shipped.load_into(generator)
        return generator

    def facts(self):
        """What model cards say of the training, with the credits of its pictures."""
        return {**self.shipped.training, "credits": self.shipped.credits}

    def references(self, words):
        """The references that `--style` names: paths of pictures and `BundledStyle`.

        A file of that name wins. Without any, the default style.

        Raises:
            InputError: when there is neither a file nor a style of a name.
        """
        if not words:
            return [self.shipped.styles[0]]
        return [self._reference(word) for word in words]

    def _reference(self, word):
        if Path(word).is_file():
            return word
        style = self.shipped.style(word)
        if style is None:
            names = ", ".join(style.name for style in self.shipped.styles)
            raise InputError(
                f"{word}: there is no such file, and no such style in "
                f"{self.shipped.name}, which has: {names}."
            )
        return style

    def check_sources(self, content, style):
        """Raises `InputError` unless there are sources: the package has none."""
        if not (content and style):
            raise InputError(
                f"{self.name}: the pictures it learned from are not in the package; "
                "give others with --content SOURCE and --style SOURCE."
            )

    def evaluate(self, content, style, count, features, track):
        """All its figures; see `evaluate_generator`."""
        from keras_stylex.training.run_evaluation import evaluate_generator

        return evaluate_generator(
            self.load_generator(),
            (content, style),
            count,
            self.learned_side,
            features=features,
            track=track,
            skipped=self.skipped,
        )

    def calibration_pictures(self, count, size):
        """There are none in the package; raises `InputError`."""
        raise InputError(
            f"{self.shipped.name}: the photos it learned from are not in the package; "
            "give 8 pictures or more like those the filter will see with --calibrate "
            "FOLDER."
        )


def list_shipped():
    """The weights in the package and their styles, lines for `--help`."""
    if not shipped_weights():
        return "There are no trained weights in this package."
    lines = [
        "Trained weights in this package, each with its styles, the default first:"
    ]
    for name in shipped_weights():
        styles = ", ".join(style.name for style in read_shipped(name).styles)
        lines.append(textwrap.fill(f"{name}: {styles}", 80, **_HANGING))
    return "\n".join(lines)
