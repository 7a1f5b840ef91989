"""Learns to paint one set of pictures in the style of another, without pairs.

What it learned is shipped as a camera filter, with `keras_stylex.export`.
"""

import pathlib
import sys

__version__ = "0.1.0"

_root = pathlib.Path(__file__).parent.parent  # in a checkout, export/ lies beside us
if (_root / "export").is_dir() and not (_root / "keras_stylex" / "export").is_dir():
    __path__.append(str(_root))


def _runs_our_command():
    command = pathlib.Path(sys.argv[0]).name if sys.argv else ""
    if command == "-m":  # what comes after it is still being located
        return "keras_stylex.cli" in sys.orig_argv
    return command in ("keras-stylex", "keras-stylex.exe", "keras-stylex-script.py")


# A program that imports this package can load every saved model of ours, so all its
# classes are registered here. Our own command answers --help in no time instead.
if not _runs_our_command():
    from keras_stylex.data.unpaired import unpaired_dataset as unpaired_dataset
    from keras_stylex.models.content_encoder import ContentEncoder as ContentEncoder
    from keras_stylex.models.decoder import Decoder as Decoder
    from keras_stylex.models.discriminator import Discriminator as Discriminator
    from keras_stylex.models.generator import Generator as Generator
    from keras_stylex.models.presets import presets as presets
    from keras_stylex.models.style_encoder import StyleEncoder as StyleEncoder
    from keras_stylex.training.style_transfer_gan import (
        StyleTransferGAN as StyleTransferGAN,
    )
    from keras_stylex.weights.shipped import shipped_weights as shipped_weights
