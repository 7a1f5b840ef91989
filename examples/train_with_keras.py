"""Trains with plain Keras on the embedded scenes, and writes a sheet of results.

python examples/train_with_keras.py --epochs 5 --out scenes.png
"""

import argparse

import keras_stylex as ks
from keras_stylex.data import load_pictures, write_image
from keras_stylex.data.picture_grid import picture_grid

PHOTOS, PAINTINGS = "tfds:scenes/ukiyoe:trainA", "tfds:scenes/ukiyoe:trainB"


def main():
    args = parse_arguments()
    dataset = ks.unpaired_dataset(PHOTOS, PAINTINGS, args.size, batch_size=4)
    model = ks.StyleTransferGAN(
        ks.Generator.from_preset("stylex_mobile"), ks.Discriminator()
    )
    model.compile()
    dataset = dataset.take(args.steps) if args.steps else dataset
    model.fit(dataset, epochs=args.epochs, shuffle=False)  # it comes shuffled

    content = load_pictures("tfds:scenes/ukiyoe:testA", 6, args.size)
    style = load_pictures("tfds:scenes/ukiyoe:testB", 6, args.size)
    painted = model.predict([content, style], verbose=0)
    write_image(args.out, picture_grid([content, style, painted]))
    print(f"Wrote {args.out}: rows of photos, references, results")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--steps", type=int, help="per epoch; all pictures by default")
    parser.add_argument("--size", type=int, default=96, help="of pictures, in pixels")
    parser.add_argument("--out", default="scenes.png", help="the sheet to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
