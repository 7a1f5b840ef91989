"""Paints photos with the weights in the package: rows of photo, reference, result.

python examples/make_gallery.py --data pictures/ --out docs/

Writes a picture for each set of weights, and prints whom to credit, in Markdown. The
data folder is that of `train_shipped_weights.py`.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import track

from keras_stylex import Generator, shipped_weights
from keras_stylex.data import load_pictures, to_uint8
from keras_stylex.data.picture_grid import picture_grid
from keras_stylex.errors import InputError
from keras_stylex.weights import read_shipped
from keras_stylex.weights.credits import credits_of, read_credits

QUALITY = 88  # of JPEG
PHOTOS = (
    "akc_Moraine_Lake.jpg",
    "budgie_singaporean_cityscape.jpg",
    "flower_1240624822_4111dde542.jpg",
    "skimage_chelsea.jpg",
    "budgie_roman_colosseum.jpg",
    "coco_000000367818.jpg",
)


def main():
    args = parse_arguments()
    data, table = Path(args.data), read_credits(args.data)
    photos = [data / "photos" / name for name in args.photos]
    size = args.height, args.height * 4 // 3
    used = list(photos)
    for name in args.weights:
        shipped = read_shipped(name)
        styles = np.resize(np.array(shipped.styles, object), len(photos))
        references = [data / style.file for style in styles]
        generator = Generator.from_preset(shipped.preset, weights=name)
        rows = [
            paint_row(generator, photo, reference, style.code, size)
            for photo, reference, style in track(
                list(zip(photos, references, styles, strict=True)),
                f"painting with {name}",
                console=Console(stderr=True),
            )
        ]
        file = Path(args.out, f"gallery_{name}.jpg")
        sheet = Image.fromarray(to_uint8(picture_grid(rows)))
        sheet.save(file, quality=QUALITY)
        print(f"![Rows: photo, reference, painted]({file.name})\n")
        used += references
    for credit in credits_of(table, data, dict.fromkeys(used)):
        print(f"- {credit.markdown()}")


def paint_row(generator, photo, reference, style_code, size):
    """`(3, height, width, 3)`: a photo, a reference, and what comes of them."""
    pictures = [load_pictures(path, 1, size) for path in (photo, reference)]
    painted = np.asarray(generator.stylize(pictures[0], style_code))
    return np.concatenate([*pictures, painted])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", required=True, help="a folder of photos/, the styles, CREDITS.csv")
    add("--weights", nargs="+", default=shipped_weights(), help="some of them (all)")
    add("--photos", nargs="+", default=PHOTOS, help="names of files in photos/")
    add("--height", type=int, default=216, help="of each picture, pixels (216)")
    add("--out", default="docs", help="the folder to write to (docs)")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        sys.exit(f"make_gallery.py: {error}")
