"""Evaluation: NumPy in, NumPy out, pictures as floats in [0, 1]."""

from keras_stylex.metrics.color import color_distance as color_distance
from keras_stylex.metrics.evaluation import evaluate_pictures as evaluate_pictures
from keras_stylex.metrics.evaluation import evaluate_scenes as evaluate_scenes
from keras_stylex.metrics.palette import palette_error as palette_error
from keras_stylex.metrics.palette import palette_gap as palette_gap
from keras_stylex.metrics.sensitivity import sensitivity as sensitivity
from keras_stylex.metrics.ssim import ssim as ssim
from keras_stylex.metrics.strokes import stroke_angle as stroke_angle
from keras_stylex.metrics.strokes import stroke_angle_error as stroke_angle_error
from keras_stylex.metrics.strokes import stroke_width as stroke_width
from keras_stylex.metrics.strokes import stroke_width_error as stroke_width_error
from keras_stylex.metrics.structure import structure as structure
