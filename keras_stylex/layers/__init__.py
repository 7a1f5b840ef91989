"""Keras layers that know nothing of GANs."""

from keras_stylex.layers.append_channels import AppendChannels as AppendChannels
from keras_stylex.layers.edge_padding import EdgePadding2D as EdgePadding2D
from keras_stylex.layers.instance_normalization import (
    InstanceNormalization as InstanceNormalization,
)
from keras_stylex.layers.modulated_conv2d import ModulatedConv2D as ModulatedConv2D
from keras_stylex.layers.oriented_energy import OrientedEnergy as OrientedEnergy
from keras_stylex.layers.pixel_shuffle import NoCheckerboard as NoCheckerboard
from keras_stylex.layers.pixel_shuffle import PixelShuffle as PixelShuffle
from keras_stylex.layers.residual import (
    ModulatedResidualBlock as ModulatedResidualBlock,
)
from keras_stylex.layers.residual import ResidualBlock as ResidualBlock
from keras_stylex.layers.statistics_pooling import (
    StatisticsPooling2D as StatisticsPooling2D,
)
from keras_stylex.layers.stroke_pattern import StrokePattern as StrokePattern
from keras_stylex.layers.upsampling import Upsampling2D as Upsampling2D
