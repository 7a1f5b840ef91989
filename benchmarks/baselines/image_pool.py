"""The history of results that CycleGAN's critics are shown."""

import keras
import tensorflow as tf
from keras import ops


class ImagePool(keras.layers.Layer):
    """Exchanges new pictures for earlier ones, half of the time.

    The first `capacity` pictures are kept and passed on. After them each picture is
    passed on, or else (with probability 1/2) takes the place of a random one that was
    kept, which is passed on instead; as in CycleGAN, after
    [Shrivastava et al., 2017](https://arxiv.org/abs/1612.07828). What is kept is a
    weight, so it is saved with the model.

    Args:
        image_size: Integer or `(height, width)`, in pixels.
        capacity: Integer, how many pictures to keep.
        seed: Integer.

    Call arguments:
        pictures: `(batch, height, width, 3)` of static batch size, any value range.

    Returns: a tensor of the same shape, without gradient.
    """

    def __init__(self, image_size, capacity=50, seed=0, **kwargs):
        super().__init__(**kwargs)
        size = (image_size, image_size) if isinstance(image_size, int) else image_size
        self.capacity = capacity
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.kept = self._variable((capacity, *size, 3), "float32", "kept")
        self.count = self._variable((), "int32", "count")

    def _variable(self, shape, dtype, name):
        return self.add_weight(
            shape=shape, dtype=dtype, initializer="zeros", trainable=False, name=name
        )

    def build(self, input_shape):
        pass

    def call(self, pictures):
        pictures = ops.unstack(ops.stop_gradient(pictures), axis=0)
        return ops.stack([self._exchange(picture) for picture in pictures])

    def _exchange(self, picture):
        filling = self.count < self.capacity
        draw, place = ops.unstack(keras.random.uniform((2,), seed=self.seed_generator))
        swap = ops.logical_and(ops.logical_not(filling), draw < 0.5)
        random_slot = ops.cast(ops.floor(place * self.capacity), "int32")
        slot = ops.where(filling, self.count, random_slot)
        earlier = tf.gather(self.kept.value, slot)
        stored = ops.where(ops.logical_or(filling, swap), picture, earlier)
        # In place: an assignment of the whole variable would copy all pictures.
        self.kept.value.scatter_update(tf.IndexedSlices(stored, slot))
        self.count.assign_add(ops.cast(filling, "int32"))
        return ops.where(swap, earlier, picture)
