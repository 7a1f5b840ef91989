"""The command, with a preset `toy` that trains in no time: `python toy_command.py ...`.

Not a test: a program for tests that need processes of their own. With TWO_CPUS set it
sees two logical CPUs; with CHECKPOINT_SECONDS, it saves more often than each minute.
"""

import os
import sys
from functools import partial, partialmethod

import tensorflow as tf

from keras_stylex.cli.main import main
from keras_stylex.models import Discriminator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN, run_training
from keras_stylex.training.run import Run

if "TWO_CPUS" in os.environ:
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * 2,
    )
PRESETS["toy"] = {
    "widths": (2, 3),
    "encoder_blocks": 0,
    "decoder_blocks": (0, 0),
    "style_widths": (2,),
    "style_dim": 4,
}
run_training.Discriminator = partial(Discriminator, 1)
StyleTransferGAN.compile = partialmethod(StyleTransferGAN.compile, run_eagerly=True)
seconds = float(os.environ.get("CHECKPOINT_SECONDS", 60))
Run.train = partialmethod(Run.train, checkpoint_seconds=seconds)

sys.exit(main(sys.argv[1:]))
