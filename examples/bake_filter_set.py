"""Makes a camera filter of every reference in a folder, and a sheet of their pictures.

python examples/bake_filter_set.py runs/mine references/ --pictures photos/

Each filter is compared with the network that it comes from, on half of the pictures;
the other half calibrates int8. The folder appears when all have passed.
"""

import argparse
import sys

import numpy as np
from rich.console import Console
from rich.progress import track

from keras_stylex.data import list_images, load_pictures, write_image
from keras_stylex.data.picture_grid import picture_grid
from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export.exporter import Exporter
from keras_stylex.export.folder import check_place, whole_folder
from keras_stylex.export.style import read_style
from keras_stylex.training.run import Run

PICTURES = 64  # half calibrate, half prove


def main():
    args = parse_arguments()
    check_place(args.out)
    references = list_images(args.references)
    generator = Run(args.run).load_generator()
    pictures = load_pictures(args.pictures, PICTURES, args.size)
    columns = []
    with whole_folder(args.out) as folder:
        for path in track(references, "baking", console=Console(stderr=True)):
            style = read_style(generator, [path], strength=args.strength)
            if list(folder.glob(f"filter_{style.name}_*")):
                raise InputError(f"{path}: its filter would have another's name")
            exporter = Exporter(
                generator, style, pictures, folder, args.size, args.licence
            )
            (artefact,) = exporter.write(args.recipe)
            reference = load_pictures(path, 1, args.size)
            columns.append(np.concatenate([reference, artefact.painted]))
            print(
                f"{artefact.name}: {artefact.bytes / 1000:.0f} KB, "
                f"{artefact.parity.psnr:.1f} dB, {artefact.latency.median:.1f} ms"
            )
        write_image(folder / "sheet.png", picture_grid(np.stack(columns, axis=1)))
    print(f"Wrote {args.out}; in sheet.png, references lie above what they paint")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("run", help="the folder of a training run")
    add("references", help="a folder of pictures; their names become the filters'")
    add("--pictures", required=True, help="8 or more, like those to be filtered")
    add("--recipe", default="int8", help="int8 (default), float16, dynamic, float32")
    add("--size", type=int, default=256, help="side of the filters, pixels (256)")
    add("--strength", type=float, default=1.0, help="of the styles, 0 to 1 (1)")
    add("--licence", help="of the filters, for their metadata")
    add("--out", default="filters", help="the folder to make (filters)")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except (InputError, VerificationError) as error:
        sys.exit(f"bake_filter_set.py: {error}")
