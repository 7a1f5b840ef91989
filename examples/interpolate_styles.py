"""Paints one photo in styles between several references, as a strip or a GIF.

python examples/interpolate_styles.py runs/mine photo.jpg \
    --style a.jpg b.jpg --steps 7 --out strip.png

The name of the file decides: .gif is animated, there and back; others are a strip.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from keras_stylex.data import read_image, to_float, to_uint8, write_image
from keras_stylex.data.images import read_reference
from keras_stylex.data.picture_grid import picture_grid
from keras_stylex.inference import Stylizer
from keras_stylex.training.run import Run

MILLISECONDS = 80  # a frame of the GIF


def main():
    args = parse_arguments()
    stylizer = Stylizer(Run(args.run).load_generator())
    content = to_float(read_image(args.photo, short_side=args.side))
    references = [read_reference(path) for path in args.style]
    painted = [
        stylizer(content, stylizer.style_code(references, weights))
        for weights in blend_weights(len(references), args.steps)
    ]
    if Path(args.out).suffix.lower() == ".gif":
        write_gif(args.out, painted)
    else:
        write_image(args.out, picture_grid([np.stack(painted)]))
    print(
        f"Wrote {args.out}: {len(painted)} styles between {len(references)} references"
    )


def blend_weights(count, steps):
    """From each reference to the next in `steps` steps: lists of `count` weights."""
    corners = np.eye(count)
    weights = [
        (1 - share) * here + share * there
        for here, there in zip(corners, corners[1:], strict=False)
        for share in np.arange(steps) / steps
    ]
    return [*weights, corners[-1]]


def write_gif(path, pictures):
    frames = [Image.fromarray(to_uint8(picture)) for picture in pictures]
    frames += frames[-2:0:-1]
    options = {"save_all": True, "duration": MILLISECONDS, "loop": 0}
    frames[0].save(path, append_images=frames[1:], **options)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("run", help="the folder of a training run")
    add("photo", help="a picture file")
    add("--style", nargs="+", required=True, help="two references or more")
    add("--steps", type=int, default=7, help="from one reference to the next (7)")
    add("--side", type=int, default=256, help="largest shorter side (256)")
    add("--out", default="strip.png", help="the file to write (strip.png)")
    args = parser.parse_args()
    if len(args.style) < 2 or args.steps < 1:
        parser.error("needs two references or more, and --steps of 1 or more")
    return args


if __name__ == "__main__":
    main()
