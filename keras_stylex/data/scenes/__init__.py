"""The embedded data set: procedural landscapes as photos and as paintings.

Photos and paintings of a data set show different scenes; but since anything can be
drawn again, unpaired translation gets a ground truth here.
"""

from keras_stylex.data.scenes.arranging import random_layout as random_layout
from keras_stylex.data.scenes.layout import Layout as Layout
from keras_stylex.data.scenes.layout import Sun as Sun
from keras_stylex.data.scenes.paintings import CONFIGS as CONFIGS
from keras_stylex.data.scenes.paintings import MANNERS as MANNERS
from keras_stylex.data.scenes.paintings import manner_of as manner_of
from keras_stylex.data.scenes.paintings import paint as paint
from keras_stylex.data.scenes.paintings import random_style as random_style
from keras_stylex.data.scenes.palettes import PALETTES as PALETTES
from keras_stylex.data.scenes.palettes import ROLES as ROLES
from keras_stylex.data.scenes.palettes import Palette as Palette
from keras_stylex.data.scenes.photo import photograph as photograph
from keras_stylex.data.scenes.pointillist import PointillistStyle as PointillistStyle
from keras_stylex.data.scenes.prepare import builder as builder
from keras_stylex.data.scenes.strokes import StrokeStyle as StrokeStyle
from keras_stylex.data.scenes.truth import GroundTruth as GroundTruth
from keras_stylex.data.scenes.truth import ground_truth as ground_truth
from keras_stylex.data.scenes.ukiyoe import UkiyoeStyle as UkiyoeStyle
