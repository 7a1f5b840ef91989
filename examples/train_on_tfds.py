"""Trains on TFDS data sets: one by its name, and one with a choice of your own.

python examples/train_on_tfds.py --epochs 5 --out painted.png
python examples/train_on_tfds.py --content tfds:cycle_gan/monet2photo:trainB \
    --style cycle_gan/monet2photo --split trainA --out monet.png

Contents come by name, as `tfds:name[/config]:split`. Styles come as a
`tf.data.Dataset`, so that they can be filtered, cut or mixed before: here, pictures
that are nearly grey are left out. The defaults are the package's own scenes.

Tests run it on these scenes only, which are drawn where it runs: TFDS' own data sets,
as in the second command, need the network.
"""

import argparse
from functools import partial

import tensorflow as tf
import tensorflow_datasets as tfds

import keras_stylex as ks
from keras_stylex.data import load_pictures, scenes, write_image
from keras_stylex.data.picture_grid import picture_grid
from keras_stylex.training.callbacks import EpochEvaluation

SHOWN = 6  # pictures on the sheet


def main():
    args = parse_arguments()
    styles = open_tfds(args.style, args.split).map(lambda row: row["image"])
    styles = styles.filter(partial(is_colorful, least=args.least_saturation))
    dataset = ks.unpaired_dataset(args.content, styles, args.size, batch_size=4)
    dataset = dataset.take(args.steps) if args.steps else dataset

    content, style = (
        load_pictures(source, SHOWN, args.size) for source in (args.content, styles)
    )
    model = ks.StyleTransferGAN(
        ks.Generator.from_preset("stylex_mobile"), ks.Discriminator()
    )
    model.compile()
    model.fit(
        dataset,
        epochs=args.epochs,
        shuffle=False,  # it comes shuffled
        callbacks=[EpochEvaluation(content, style)],
    )
    painted = model.predict([content, style], verbose=0)
    write_image(args.out, picture_grid([content, style, painted]))
    print(f"Wrote {args.out}: rows of photos, references, results")


def open_tfds(name, split):
    """A split of a data set, downloaded or drawn at its first use."""
    family, _, config = name.partition("/")
    if family == "scenes":
        return scenes.builder(config).as_dataset(split=split)
    return tfds.load(name, split=split)


def is_colorful(image, least):
    """Whether the mean saturation of a uint8 picture reaches a share."""
    hue_saturation_value = tf.image.rgb_to_hsv(
        tf.image.convert_image_dtype(image, tf.float32)
    )
    return tf.reduce_mean(hue_saturation_value[..., 1]) >= least


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--content", default="tfds:scenes/pointillist:trainA", help="tfds:name:split")
    add("--style", default="scenes/pointillist", help="a TFDS data set of pictures")
    add("--split", default="trainB", help="of --style")
    add("--least-saturation", type=float, default=0.1, help="of styles, 0 to 1")
    add("--epochs", type=int, default=5)
    add("--steps", type=int, help="per epoch; all pictures by default")
    add("--size", type=int, default=96, help="of pictures, in pixels")
    add("--out", default="painted.png", help="the sheet to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
