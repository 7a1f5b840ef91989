"""StyleTransferGAN, its configuration, its callbacks, its run folders."""

from keras_stylex.training.loss_weights import LossWeights as LossWeights
from keras_stylex.training.style_transfer_gan import (
    StyleTransferGAN as StyleTransferGAN,
)
