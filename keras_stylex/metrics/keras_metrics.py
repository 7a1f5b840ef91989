"""The figures of pairs of pictures, and of sets, as Keras metrics.

They count in eager code, in graphs and on `tf.distribute` strategies of CPUs and GPUs,
whose replicas' parts are put together when the result is read. Not under XLA, nor on
TPUs: figures of pairs, colours, textures and TFLite files are computed by NumPy.
"""

import math

import keras
import tensorflow as tf
from keras import ops

from keras_stylex.metrics.color import color_distance
from keras_stylex.metrics.features import INCEPTION, FeatureExtractor, open_features
from keras_stylex.metrics.frechet_distance import (
    feature_sums,
    gaussian_distance,
    gaussian_moments,
    warn_of_few,
)
from keras_stylex.metrics.histogram import CUBES, hellinger_distance, lab_counts
from keras_stylex.metrics.kernel_distance import kernel_moments
from keras_stylex.metrics.palette import palette_error
from keras_stylex.metrics.self_similarity import self_similarity
from keras_stylex.metrics.sliced_wasserstein import sliced_wasserstein
from keras_stylex.metrics.ssim import ssim
from keras_stylex.metrics.structure import structure


class _PairMetric(keras.metrics.Mean):
    """The mean of a figure over pairs of reference and picture."""

    def __init__(self, name=None, dtype=None):
        super().__init__(name=name or self.default_name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts `(batch, h, w, 3)` references and pictures, floats in [0, 1]."""
        values = tf.numpy_function(self.figure, [y_pred, y_true], tf.float32)
        super().update_state(tf.ensure_shape(values, (None,)), sample_weight)


def _register(metric):
    return keras.saving.register_keras_serializable("keras_stylex")(metric)


@_register
class SSIM(_PairMetric):
    """Structural similarity of brightness: see `keras_stylex.metrics.ssim`."""

    default_name = "ssim"
    figure = staticmethod(ssim)


@_register
class GradientCorrelation(_PairMetric):
    """Correlation of edges: see `keras_stylex.metrics.structure`."""

    default_name = "gradient_correlation"
    figure = staticmethod(structure)


@_register
class SelfSimilarity(_PairMetric):
    """Correlation of patch distances: see `keras_stylex.metrics.self_similarity`."""

    default_name = "self_similarity"
    figure = staticmethod(self_similarity)


@_register
class ColorDistance(_PairMetric):
    """Distance of colours: see `keras_stylex.metrics.color_distance`."""

    default_name = "color_distance"
    figure = staticmethod(color_distance)


@_register
class PaletteError(_PairMetric):
    """Difference of averaged colours: see `keras_stylex.metrics.palette_error`."""

    default_name = "palette_error"
    figure = staticmethod(palette_error)


class _SetMetric(keras.metrics.Metric):
    """A figure of two sets of pictures, each of which counts once."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts real and generated pictures `(batch, h, w, 3)`, floats in [0, 1].

        The two numbers may differ; every picture counts once.
        """
        if sample_weight is not None:
            raise ValueError("Expected no sample_weight: every picture counts once.")
        self.add(y_true, y_pred)


class _FeatureMetric(_SetMetric):
    """... by the features of a network."""

    def __init__(self, features, name, **kwargs):
        super().__init__(name=name, **kwargs)
        opened = isinstance(features, FeatureExtractor)
        self.features = features if opened else open_features(features)

    def get_config(self):
        if self.features.source is None:
            raise ValueError(
                f"{self.name}: its features are of a model in memory, so it cannot be "
                "saved. Save that model, and give the path of its .keras file."
            )
        return {**super().get_config(), "features": self.features.source}


@_register
class KernelInceptionDistance(_FeatureMetric):
    """KID of all pictures seen: see `keras_stylex.metrics.kernel_distance`.

    The features of up to `capacity` pictures of either kind are kept; what comes after
    them is not counted. The result costs time that grows with the capacity's square:
    read it once an epoch.

    Args:
        features: `FeatureExtractor`, or what `open_features` takes. Defaults to
            Inception.
        capacity: Integer, pictures of either kind. Defaults to 1024.
    """

    def __init__(self, features=INCEPTION, capacity=1024, name="kid", **kwargs):
        super().__init__(features, name, **kwargs)
        self.capacity = capacity
        dimensions = self.features.dimensions
        self.real, self.fake = (
            _RowStore(self, dimensions, kind) for kind in ("real", "fake")
        )

    def get_config(self):
        return {**super().get_config(), "capacity": self.capacity}

    def add(self, y_true, y_pred):
        self.real.add(self.features(y_true))
        self.fake.add(self.features(y_pred))

    def result(self):
        return ops.cast(self._moments()[0], self.dtype)

    def standard_error(self):
        """The standard error of the result."""
        return ops.cast(self._moments()[1], self.dtype)

    def _moments(self):
        (x, in_x), (y, in_y) = self.fake.rows(), self.real.rows()
        return kernel_moments(x, y, in_x, in_y)


class _RowStore:
    """Rows that replicas fill in turn, so that their sum is all of them.

    Replica `r` of `n` writes rows `r`, `r + n`, `r + 2 n`, ... of variables that are
    zero elsewhere. There is one row more than needed, for what comes too late.
    """

    def __init__(self, metric, dimensions, kind):
        self.capacity = metric.capacity
        shape = (self.capacity + 1, dimensions + 1)  # the last number: is it filled?
        self.kept = metric.add_variable(shape, "zeros", "float32", name=f"{kind}_kept")
        self.count = metric.add_variable((), "zeros", "float32", name=f"{kind}_count")

    def add(self, rows):
        replica, replicas = _replica()
        flagged = ops.concatenate([rows, ops.ones_like(rows[:, :1])], axis=1)
        batch = ops.shape(rows)[0]
        first = ops.cast(self.count, "int32")
        places = (first + ops.arange(batch, dtype="int32")) * replicas + replica
        places = ops.minimum(places, self.capacity)
        self.kept.assign(ops.scatter_update(self.kept, places[:, None], flagged))
        self.count.assign(self.count + ops.cast(batch, "float32"))

    def rows(self):
        """`(rows, flags)` of the capacity."""
        kept = ops.convert_to_tensor(self.kept)[: self.capacity]
        return kept[:, :-1], kept[:, -1]


def _replica():
    """Number of this replica, and of all."""
    context = tf.distribute.get_replica_context()
    if context is None:
        return 0, 1
    replicas = context.num_replicas_in_sync
    return (context.replica_id_in_sync_group if replicas > 1 else 0), replicas


@_register
class FrechetInceptionDistance(_FeatureMetric):
    """FID of all pictures seen: see `keras_stylex.metrics.frechet_distance`.

    Keeps sums, so that any number of pictures may come. Read in eager code, it warns
    where there are no more pictures than features.

    Args:
        features: `FeatureExtractor`, or what `open_features` takes. Defaults to
            Inception.
    """

    def __init__(self, features=INCEPTION, name="fid", **kwargs):
        super().__init__(features, name, **kwargs)
        self.real, self.fake = (self._sums(kind) for kind in ("real", "fake"))

    def _sums(self, kind):
        size = self.features.dimensions
        return [
            self.add_variable(shape, "zeros", "float64", name=f"{kind}_{name}")
            for name, shape in (
                ("count", ()),
                ("total", (size,)),
                ("products", (size, size)),
            )
        ]

    def add(self, y_true, y_pred):
        for sums, pictures in ((self.real, y_true), (self.fake, y_pred)):
            added = feature_sums(self.features(pictures))
            for variable, value in zip(sums, added, strict=True):
                variable.assign(variable + value)

    def result(self):
        if tf.executing_eagerly():  # in a graph, nobody knows the number yet
            fewest = ops.minimum(self.real[0], self.fake[0])
            warn_of_few(int(fewest), self.features.dimensions)
        real, fake = (
            gaussian_moments(*map(ops.convert_to_tensor, sums))
            for sums in (self.real, self.fake)
        )
        return ops.cast(gaussian_distance(*fake, *real), self.dtype)


@_register
class LabHistogramDistance(_SetMetric):
    """Distance of all colours seen: see `keras_stylex.metrics.lab_histogram_distance`.

    Keeps counts, so that any number of pictures may come.
    """

    def __init__(self, name="lab_histogram_distance", **kwargs):
        super().__init__(name=name, **kwargs)
        self.real, self.fake = (
            self.add_variable((CUBES,), "zeros", "float64", name=kind)
            for kind in ("real", "fake")
        )

    def add(self, y_true, y_pred):
        for counts, pictures in ((self.real, y_true), (self.fake, y_pred)):
            added = tf.numpy_function(lab_counts, [pictures], tf.float64)
            counts.assign(counts + tf.ensure_shape(added, (CUBES,)))

    def result(self):
        counts = [ops.convert_to_tensor(each) for each in (self.fake, self.real)]
        return ops.cast(hellinger_distance(*counts), self.dtype)


@_register
class SlicedWasserstein(_SetMetric):
    """Distance of the textures seen: see `keras_stylex.metrics.sliced_wasserstein`.

    The mean over all scales. Up to `capacity` pictures of either kind are kept; what
    comes after them is not counted.

    Args:
        image_size: `(height, width)` of the pictures, at least 16.
        capacity: Integer, pictures of either kind. Defaults to 64.
    """

    def __init__(self, image_size, capacity=64, name="sliced_wasserstein", **kwargs):
        super().__init__(name=name, **kwargs)
        self.image_size, self.capacity = tuple(image_size), capacity
        self.real, self.fake = (
            _RowStore(self, 3 * math.prod(self.image_size), kind)
            for kind in ("real", "fake")
        )

    def get_config(self):
        own = {"image_size": self.image_size, "capacity": self.capacity}
        return {**super().get_config(), **own}

    def add(self, y_true, y_pred):
        for store, pictures in ((self.real, y_true), (self.fake, y_pred)):
            rows = ops.reshape(pictures, (-1, 3 * math.prod(self.image_size)))
            store.add(ops.cast(rows, "float32"))

    def result(self):
        stored = [*self.fake.rows(), *self.real.rows()]
        distance = tf.numpy_function(self._distance, stored, tf.float32)
        return ops.cast(tf.ensure_shape(distance, ()), self.dtype)

    def _distance(self, images, in_images, reference, in_reference):
        sets = (images[in_images > 0], reference[in_reference > 0])
        pictures = [rows.reshape(-1, *self.image_size, 3) for rows in sets]
        return sliced_wasserstein(*pictures).mean()
