"""Pure functions: logits, codes or pictures to one float32 value per sample."""

from keras_stylex.losses.adversarial import OBJECTIVES as OBJECTIVES
from keras_stylex.losses.adversarial import (
    AdversarialObjective as AdversarialObjective,
)
from keras_stylex.losses.adversarial import (
    adversarial_objective as adversarial_objective,
)
from keras_stylex.losses.color_transfer import color_moments as color_moments
from keras_stylex.losses.color_transfer import (
    color_transfer_loss as color_transfer_loss,
)
from keras_stylex.losses.color_transfer import transfer_colors as transfer_colors
from keras_stylex.losses.gradient_penalty import r1_penalty as r1_penalty
from keras_stylex.losses.palette import palette_loss as palette_loss
from keras_stylex.losses.reconstruction import l1_loss as l1_loss
from keras_stylex.losses.reconstruction import relative_l1_loss as relative_l1_loss
from keras_stylex.losses.reconstruction import two_scale_l1_loss as two_scale_l1_loss
from keras_stylex.losses.reduction import per_sample as per_sample
from keras_stylex.losses.strokes import stroke_loss as stroke_loss
from keras_stylex.losses.structure import structure_loss as structure_loss
from keras_stylex.losses.texture import texture_filters as texture_filters
from keras_stylex.losses.texture import texture_losses as texture_losses
