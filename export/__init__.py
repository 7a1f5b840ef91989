"""Turns a generator into what is deployed: a SavedModel, and TFLite files."""

from keras_stylex.export.bake import bake_filter as bake_filter
from keras_stylex.export.device_network import DeviceNetwork as DeviceNetwork
from keras_stylex.export.device_network import filter_network as filter_network
from keras_stylex.export.device_network import (
    style_encoder_network as style_encoder_network,
)
from keras_stylex.export.device_network import stylizer_network as stylizer_network
from keras_stylex.export.export_folder import export_folder as export_folder
from keras_stylex.export.recipes import RECIPES as RECIPES
from keras_stylex.export.recipes import Recipe as Recipe
from keras_stylex.export.saved_model import export_saved_model as export_saved_model
from keras_stylex.export.saved_model_checks import (
    verify_saved_model as verify_saved_model,
)
from keras_stylex.export.style import Style as Style
from keras_stylex.export.style import read_style as read_style
from keras_stylex.export.tflite import convert as convert
from keras_stylex.export.tflite_checks import verify_tflite as verify_tflite
