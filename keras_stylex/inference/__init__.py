"""Painting pictures with a trained generator."""

from keras_stylex.inference.stylizer import Stylizer as Stylizer
