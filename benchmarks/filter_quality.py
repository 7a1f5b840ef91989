"""What int8 costs in pictures: KID of the int8 filter beside the float filter's.

    python benchmarks/filter_quality.py ukiyoe --photos photos/ --paintings prints/ \\
        --features network.tflite
    python benchmarks/filter_quality.py runs/mine --style painting.jpg ...

Exports a run, or trained weights of the package, as two filters of one style, paints
the same photos with both, and compares each with a folder of paintings. The filters
are calibrated on other photos, those after the painted ones. Takes a few minutes.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from conditions import conditions
from rich.console import Console
from rich.progress import track

from keras_stylex.cli.model import open_model
from keras_stylex.data import load_pictures
from keras_stylex.errors import InputError
from keras_stylex.export.exporter import LEAST_PICTURES, Exporter
from keras_stylex.export.painters import FilterPainter
from keras_stylex.export.style import read_style
from keras_stylex.metrics import kernel_distance, open_features

FORMATS = ("float32", "int8")
CALIBRATION = 64  # photos: half calibrate, half prove
CONSOLE = Console(stderr=True)


def main():
    args = parse_arguments()
    features = open_features(args.features)
    known = load_pictures(args.photos, args.count + CALIBRATION, args.size)
    left = max(len(known) - LEAST_PICTURES, 0)
    photos, others = np.split(known, [min(args.count, left)])
    paintings = load_pictures(args.paintings, args.count, args.size)
    with TemporaryDirectory() as folder:
        style, files = export(args, others, Path(folder))
        painted = {
            name: paint(FilterPainter(file), photos, f"painting with {name}")
            for name, file in files.items()
        }
    reference = describe(features, paintings)
    distances = {
        name: kernel_distance(describe(features, pictures), reference)
        for name, pictures in {"photos unchanged": photos, **painted}.items()
    }
    print(table(distances))
    print(
        f"\n{len(photos)} photos in the style {style.name} against {len(paintings)} "
        f"paintings, {args.size}x{args.size}; {features.name}. Pictures of the two "
        f"filters differ by {difference(painted):.4f} on average.\n\n{conditions()}"
    )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("model", help="folder of a training run, or weights of the package by name")
    add("--style", nargs="+", help="references; of weights of the package also by name")
    add("--photos", required=True, help="source of photos to paint and calibrate on")
    add("--paintings", required=True, help="source of paintings to compare with")
    add("--features", required=True, help="as for keras-stylex evaluate")
    add("--count", type=int, default=256, help="photos, and paintings, at most (256)")
    add("--size", type=int, default=256, help="of the filters, in pixels (256)")
    return parser.parse_args()


def export(args, pictures, folder):
    """The style, and a file of each format by its name."""
    model = open_model(args.model)
    generator = model.load_generator()
    style = read_style(generator, model.references(args.style))
    exporter = Exporter(generator, style, pictures, folder, args.size)
    files = {}
    for name in track(FORMATS, "exporting", console=CONSOLE):
        (artefact,) = exporter.write(name)
        files[name] = folder / artefact.name
    return style, files


def paint(painter, photos, description):
    return np.stack(
        [painter(photo) for photo in track(photos, description, console=CONSOLE)]
    )


def describe(features, pictures):
    return features.extract(
        pictures, lambda starts: track(starts, "describing pictures", console=CONSOLE)
    )


def difference(painted):
    one, other = painted.values()
    return float(np.abs(one - other).mean())


def table(distances):
    """A Markdown table: KID of each, and how it compares with the float filter's."""
    rows = ["| pictures | KID | standard error | of float32 |", "|---|---:|---:|---:|"]
    for name, kid in distances.items():
        share = kid.value / distances["float32"].value
        rows.append(
            f"| {name} | {kid.value:.4f} | {kid.standard_error:.4f} | {share:.3f} |"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        sys.exit(f"filter_quality.py: {error}")
