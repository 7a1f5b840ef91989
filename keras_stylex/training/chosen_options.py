"""Options that follow the data: what is chosen where a `RunConfig` leaves it open."""

import math
from dataclasses import dataclass

import numpy as np

from keras_stylex.data import load_pictures, open_source
from keras_stylex.data.unpaired import MARGIN
from keras_stylex.training.recolor import TO_YIQ

LOOKED_AT = 32  # pictures of each kind whose sizes are read
COLORS_LOOKED_AT = 128  # style pictures; with few, chance makes hues agree

# Minutes from which on crops have so many pixels per side. An hour at 128 is a good
# start; larger crops take as many steps when there is time for them, and fewer minutes
# are better spent on more steps than on larger crops.
SIZES = ((0, 96), (15, 128), (150, 192), (240, 256))
USUAL_SIZE = 128  # where steps are given
SMALLEST_SIZE = 32
SIZE_UNIT = 8  # discriminators see halves, encoders quarters of these
PIXELS_PER_SECOND = 400_000  # of crops, `stylex_mobile` on two busy CPU cores

FEWEST_GRIDS = 24  # of a run, where that is no more often than EPOCHS allow
EPOCHS = (50, 100, 200, 500, 1000)  # steps; a grid takes about as long as one

FEW = 100  # pictures

ALL_HUES = 0.3  # of `shared_hue`; paintings in hues drawn at random have about 0.1
GREY = 0.01  # a chroma that nobody sees
KEPT_HUES = 0.2  # of `recolor`: hues are turned by 36 degrees at most

# A shorter side, pixels, at which outlines and strokes can be seen; at that of a crop,
# pictures of whole scenes show none, and a network learns colours only.
VISIBLE_STROKES = 288


@dataclass(frozen=True)
class PictureSet:
    """What choices depend on.

    Attributes:
        count: How many pictures there are.
        side: The shorter side that three in four of them reach, pixels; `None` where
            that cannot be told.
        shared_hue: Size of the mean chroma of the pictures, relative to the mean of
            its sizes: 1 where all have one hue, near 0 where they come in all hues.
    """

    count: int
    side: int | None
    shared_hue: float = 1.0

    @classmethod
    def of(cls, name, colors=False):
        """Looks at a source of pictures; decodes some only to look at their colours.

        Raises:
            InputError: when there is no such source, or it is empty.
        """
        source = open_source(name)
        side = reached_by_most(source.short_sides(LOOKED_AT))
        if not colors:
            return cls(source.count, side)
        return cls(
            source.count, side, shared_hue(load_pictures(name, COLORS_LOOKED_AT, 32))
        )


@dataclass(frozen=True)
class Choice:
    """The value of an option, and how to tell people.

    Attributes:
        value: As in `RunConfig`.
        option: As it would be given to `keras-stylex train`.
        reason: Words that follow it in brackets.
    """

    value: object
    option: str
    reason: str


def reached_by_most(sides):
    """The largest number that three in four of some numbers reach, or `None`."""
    return sorted(sides)[len(sides) // 4] if sides else None


def shared_hue(pictures):
    """How far mean chromas of `(count, height, width, 3)` pictures agree, [0, 1]."""
    chroma = (np.mean(pictures, axis=(1, 2)) @ TO_YIQ.T)[:, 1:]
    sizes = np.linalg.norm(chroma, axis=1)
    return float(np.linalg.norm(chroma.mean(0)) / max(sizes.mean(), GREY))


def open_options(config):
    """The names of the options that a `RunConfig` leaves to the data."""
    names = [name for name in _CHOOSE if getattr(config, name) is None]
    return [name for name in names if name != "load_size" or config.look != "any"]


def choose_options(config, content, style):
    """What a `RunConfig` leaves open, chosen: a function of its arguments alone.

    Args:
        config: `RunConfig`.
        content, style: `PictureSet`s.

    Returns: a dict of `Choice`s by the names of the options.
    """
    choices = {}
    for name in open_options(config):
        choice = _CHOOSE[name](config, content, style)
        if choice:
            choices[name] = choice
            config = config.with_changes(**{name: choice.value})
    return choices


def summary(choices, content, style):
    """Two lines for people: what there is, and what follows from it."""
    chosen = ", ".join(f"{each.option} ({each.reason})" for each in choices.values())
    facts = f"{content.count:,} content and {style.count:,} style pictures"
    if content.side and style.side:
        facts += (
            f"; three in four have {content.side:,} and {style.side:,} pixels or more "
            "on their shorter side"
        )
    return f"{facts}\nchosen: {chosen}"


def _image_size(config, content, style):
    size, reason = USUAL_SIZE, "usual where steps are given"
    if config.minutes is not None:
        size = [size for minutes, size in SIZES if config.minutes >= minutes][-1]
        reason = f"for {config.minutes:g} minutes"
    for what, side in (("content", content.side), ("style", style.side)):
        room = size if side is None else _room(side)
        if room < size:
            size, reason = room, f"as large as the {what} pictures are, and a margin"
    return Choice(size, f"--size {size}", reason)


def _room(side):
    """The largest crop that pictures of a shorter side have room for, with a margin."""
    return max(SMALLEST_SIZE, int(side / MARGIN) // SIZE_UNIT * SIZE_UNIT)


def _epoch_steps(config, content, style):
    steps = config.steps
    if steps is None:
        pixels = config.batch_size * config.image_size**2
        steps = 60 * config.minutes * PIXELS_PER_SECOND / pixels
    often_enough = [each for each in EPOCHS if steps >= FEWEST_GRIDS * each]
    value = often_enough[-1] if often_enough else EPOCHS[0]
    grids = f"sample grids: about {max(1, round(steps / value)):,}"
    return Choice(value, f"--epoch-steps {value}", grids)


def _strong_augmentation(config, content, style):
    what, count = min(
        ("content", content.count), ("style", style.count), key=lambda pair: pair[1]
    )
    if count < FEW:
        reason = f"{count} {what} pictures are few"
        return Choice(True, "--strong-augmentation", reason)
    reason = f"{FEW} or more pictures of either kind"
    return Choice(False, "--no-strong-augmentation", reason)


def _recolor(config, content, style):
    if style.shared_hue < ALL_HUES:
        return Choice(1.0, "--recolor 1", "style pictures come in all hues")
    return Choice(KEPT_HUES, f"--recolor {KEPT_HUES}", "style pictures share hues")


def _look(config, content, style):
    if style.shared_hue < ALL_HUES:
        return Choice("any", "--look any", "style pictures come in all hues")
    reason = "or paintings, if all is brush strokes"
    return Choice("prints", "--look prints", reason)


def _load_size(config, content, style):
    if config.look == "any":
        return None  # `unpaired_dataset` makes it of the crops' size
    sides = [VISIBLE_STROKES, *filter(None, (content.side, style.side))]
    size = max(min(sides), math.ceil(MARGIN * config.image_size))
    reason = f"up to {VISIBLE_STROKES}, to show outlines and strokes"
    return Choice(size, f"--load-size {size}", reason)


# In an order in which later ones may depend on earlier ones.
_CHOOSE = {
    "image_size": _image_size,
    "epoch_steps": _epoch_steps,
    "strong_augmentation": _strong_augmentation,
    "recolor": _recolor,
    "look": _look,
    "load_size": _load_size,
}
CHOSEN = tuple(_CHOOSE)
