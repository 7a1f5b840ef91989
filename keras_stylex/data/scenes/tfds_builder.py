"""The scenes as a TFDS data set, with the schema of TFDS' `cycle_gan`.

Importing this module registers the name `scenes` with TFDS.
"""

import io
from dataclasses import dataclass

import tensorflow_datasets as tfds

from keras_stylex.data.images import to_uint8
from keras_stylex.data.scenes.examples import example
from keras_stylex.data.scenes.paintings import CONFIGS
from keras_stylex.data.scenes.png import encode_png


@dataclass(eq=False)
class ScenesConfig(tfds.core.BuilderConfig):
    """How paintings are painted, how many pictures there are, and their side in pixels.

    `manner` is one of `strokes`, `ukiyoe`, `pointillist`, `mixed`.
    """

    manner: str = "strokes"
    train_count: int = 1500
    test_count: int = 64
    size: int = 128


class Scenes(tfds.core.GeneratorBasedBuilder):
    """Procedural landscapes: photos (A) and paintings of other landscapes (B)."""

    VERSION = tfds.core.Version("1.1.0")
    RELEASE_NOTES = {
        "1.0.0": "Photos; strokes, ukiyo-e, pointillism.",
        "1.1.0": "Strokes are painted in the harmony of one hue.",
    }
    BUILDER_CONFIGS = [
        ScenesConfig(
            name=name, manner=name, description=f"Landscapes painted as {name}."
        )
        for name in CONFIGS
    ]

    # Nothing is downloaded, so there are no checksums to look for; and to look for them
    # TFDS 4.9.10 needs a package that it does not install.
    url_infos = None

    def on_example(self):
        """Called for each picture that was drawn; replaced to show progress."""

    @property
    def picture_count(self):
        """How many pictures all splits have together."""
        return 2 * (self.builder_config.train_count + self.builder_config.test_count)

    def _info(self):
        features = tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(None, None, 3)),
                "label": tfds.features.ClassLabel(names=["A", "B"]),
            }
        )
        return tfds.core.DatasetInfo(
            builder=self,
            description=type(self).__doc__,
            features=features,
            supervised_keys=("image", "label"),
        )

    def _split_generators(self, dl_manager):
        train, test = self.builder_config.train_count, self.builder_config.test_count
        counts = {"trainA": train, "trainB": train, "testA": test, "testB": test}
        return {split: self._generate_examples(split, n) for split, n in counts.items()}

    def _generate_examples(self, split, count):
        config = self.builder_config
        for index in range(count):
            picture = to_uint8(example(config.manner, split, index, config.size))
            self.on_example()
            file = io.BytesIO(encode_png(picture))
            yield f"{index:05d}", {"image": file, "label": split[-1]}
