"""Trained weights that ship inside the package, a folder each."""

from keras_stylex.weights.shipped import BundledStyle as BundledStyle
from keras_stylex.weights.shipped import ShippedWeights as ShippedWeights
from keras_stylex.weights.shipped import read_shipped as read_shipped
from keras_stylex.weights.shipped import read_weights as read_weights
from keras_stylex.weights.shipped import shipped_weights as shipped_weights
