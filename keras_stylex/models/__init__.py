"""The networks and their named sizes; no training state."""

from keras_stylex.models.code_discriminator import (
    CodeDiscriminator as CodeDiscriminator,
)
from keras_stylex.models.content_discriminator import (
    ContentDiscriminator as ContentDiscriminator,
)
from keras_stylex.models.content_encoder import ContentEncoder as ContentEncoder
from keras_stylex.models.decoder import Decoder as Decoder
from keras_stylex.models.discriminator import Discriminator as Discriminator
from keras_stylex.models.generator import Generator as Generator
from keras_stylex.models.style_codes import fade_style as fade_style
from keras_stylex.models.style_codes import mix_styles as mix_styles
from keras_stylex.models.style_discriminator import (
    StyleDiscriminator as StyleDiscriminator,
)
from keras_stylex.models.style_encoder import StyleEncoder as StyleEncoder
