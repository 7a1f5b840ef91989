"""Gives all channels of a filter's features one range, without changing the picture.

An int8 file stores a feature map with a single scale, so a channel of small values
loses its detail to one of large values. Between convolutions of a filter everything
scales with its input, so a channel can be scaled up where it is made and down where it
is used ([Nagel et al., 2019](https://arxiv.org/abs/1906.04721)); channels that are
added to each other share a scale.
"""

import keras
import numpy as np

from keras_stylex.layers import AppendChannels, Upsampling2D

CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
# How far ranges are evened out; kernels, stored in int8 too, pay for what is gained.
STRENGTH = 0.7
GREATEST_FACTOR = 16.0
# All others put out what they take in at one scale.
_RESCALING = *CONVOLUTIONS, AppendChannels, keras.layers.InputLayer


def equalize(model, pictures):
    """Evens out the ranges of a baked filter's channels, in place.

    Args:
        model: What `bake_filter` makes.
        pictures: `(count, height, width, 3)` real pictures to see ranges on, [0, 1].
    """
    groups = _group_tensors(model)
    factors = _factors(model, pictures, groups)
    for layer in model.layers:
        if isinstance(layer, CONVOLUTIONS):
            coming, going = (groups[id(t)] for t in (layer.input, layer.output))
            _rescale(layer, factors[coming], factors[going])
        elif isinstance(layer, AppendChannels):
            (channels,) = layer.get_weights()
            own = factors[groups[id(layer.output)]][-channels.shape[-1] :]
            layer.set_weights([channels * own])


def _group_tensors(model):
    """The group of each tensor, by its id: those of a group must be scaled alike."""
    parents = {}

    def find(tensor):
        parent = parents.setdefault(id(tensor), id(tensor))
        while parents[parent] != parent:
            parent = parents[parent]
        return parent

    for operation in model.operations:
        if isinstance(operation, _RESCALING):
            continue
        outputs, inputs = (keras.tree.flatten(t) for t in _ends(operation))
        if isinstance(operation, Upsampling2D):
            inputs = inputs[:1]  # of the other it takes the size only
        for tensor in inputs:
            parents[find(tensor)] = find(outputs[0])
    tensors = keras.tree.flatten([_ends(op) for op in model.operations])
    return {id(tensor): find(tensor) for tensor in tensors}


def _ends(operation):
    return operation.output, operation.input


def _factors(model, pictures, groups):
    """Per group the factor of each channel; 1 in those of the input and the output."""
    features = {}
    for layer in model.layers:
        if isinstance(layer, (*CONVOLUTIONS, AppendChannels)):
            features[id(layer.output)] = layer.output
    ranges = _ranges(model, pictures, list(features.values()))
    greatest = {}
    for tensor, values in zip(features, ranges, strict=True):
        group = groups[tensor]
        greatest[group] = np.maximum(greatest.get(group, 0), values)
    factors = {group: _even(values) for group, values in greatest.items()}
    for tensor in (model.inputs[0], model.outputs[0]):
        factors[groups[id(tensor)]] = np.ones(1)
    for layer in model.layers:
        if isinstance(layer, AppendChannels):
            coming, going = (groups[id(t)] for t in (layer.input, layer.output))
            factors[going] = _joined(factors[coming], greatest[going])
    return factors


def _joined(factors, values):
    """The factors of features, and those of channels that are appended to them."""
    count = len(factors)
    greatest = (values[:count] * factors).max()
    return np.concatenate([factors, _towards(greatest, values[count:])])


def _ranges(model, pictures, features):
    """The greatest absolute value of each channel, an array per feature map."""
    watch = keras.Model(model.inputs, features)
    ranges = [0.0] * len(features)
    for picture in pictures:
        maps = [np.abs(np.asarray(values)) for values in watch([picture[None]])]
        ranges = [
            np.maximum(old, values.max((0, 1, 2)))
            for old, values in zip(ranges, maps, strict=True)
        ]
    return ranges


def _even(values):
    return _towards(values.max(), values)


def _towards(greatest, values):
    factors = (greatest / np.maximum(values, 1e-6)) ** STRENGTH
    return np.minimum(factors, GREATEST_FACTOR)


def _rescale(layer, coming, going):
    kernel, *bias = layer.get_weights()
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        kernel = kernel * (going / coming)[:, None]
    else:
        kernel = kernel * going / coming[:, None]
    layer.set_weights([kernel, *(b * going for b in bias)])
