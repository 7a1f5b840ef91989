"""Evaluation: NumPy in, NumPy out, pictures as floats in [0, 1].

`keras_metrics` has the same figures as Keras metrics.
"""

from keras_stylex.metrics.color import color_distance as color_distance
from keras_stylex.metrics.domain_classifier import DomainClassifier as DomainClassifier
from keras_stylex.metrics.evaluation import Evaluation as Evaluation
from keras_stylex.metrics.evaluation import evaluate as evaluate
from keras_stylex.metrics.evaluation import evaluate_pictures as evaluate_pictures
from keras_stylex.metrics.evaluation import evaluate_scenes as evaluate_scenes
from keras_stylex.metrics.features import FeatureExtractor as FeatureExtractor
from keras_stylex.metrics.features import open_features as open_features
from keras_stylex.metrics.frechet_distance import (
    FewPicturesWarning as FewPicturesWarning,
)
from keras_stylex.metrics.frechet_distance import frechet_distance as frechet_distance
from keras_stylex.metrics.histogram import (
    lab_histogram_distance as lab_histogram_distance,
)
from keras_stylex.metrics.kernel_distance import kernel_distance as kernel_distance
from keras_stylex.metrics.palette import palette_error as palette_error
from keras_stylex.metrics.palette import palette_gap as palette_gap
from keras_stylex.metrics.reference_use import diversity as diversity
from keras_stylex.metrics.reference_use import retrieval as retrieval
from keras_stylex.metrics.self_similarity import self_similarity as self_similarity
from keras_stylex.metrics.sensitivity import sensitivity as sensitivity
from keras_stylex.metrics.sliced_wasserstein import (
    sliced_wasserstein as sliced_wasserstein,
)
from keras_stylex.metrics.ssim import ssim as ssim
from keras_stylex.metrics.stability import noise_gain as noise_gain
from keras_stylex.metrics.stability import shift_stability as shift_stability
from keras_stylex.metrics.strokes import stroke_angle as stroke_angle
from keras_stylex.metrics.strokes import stroke_angle_error as stroke_angle_error
from keras_stylex.metrics.strokes import stroke_width as stroke_width
from keras_stylex.metrics.strokes import stroke_width_error as stroke_width_error
from keras_stylex.metrics.structure import structure as structure
from keras_stylex.metrics.subject import Subject as Subject
