"""How near exported filters come to Keras, how large they are, and how fast.

    python benchmarks/export_filter.py RUN --pictures photos/ --style painting.jpg
    python benchmarks/export_filter.py RUN ... --peers a.tflite b.tflite

Exports every recipe at 256x256 and int8 at 384x384 with their verification, then
times them against peers' files, one thread each, in turn. Takes three minutes.
"""

import argparse
import platform
import time
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import keras
import tensorflow as tf
from rich.progress import track

from keras_stylex.data import load_pictures
from keras_stylex.export.exporter import Exporter
from keras_stylex.export.latency import measure_latency, measure_roofline
from keras_stylex.export.recipes import RECIPES
from keras_stylex.export.style import read_style
from keras_stylex.training.run import Run

ROUNDS = 5  # each times every file once


def main():
    args = parse_arguments()
    with TemporaryDirectory() as folder:
        artefacts, seconds = export(args, Path(folder))
        files = [Path(folder, each.name) for each in artefacts]
        print(parity_table(artefacts))
        print(f"\nfour recipes at 256x256, with verification: {seconds:.0f} s\n")
        print(latency_table(files + args.peers))
    print(f"\n{conditions()}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a training run")
    parser.add_argument("--style", type=Path, nargs="+", required=True)
    parser.add_argument("--pictures", required=True, help="calibrate and compare on")
    parser.add_argument("--peers", type=Path, nargs="*", default=[], help=".tflite")
    return parser.parse_args()


def export(args, folder):
    """Artefacts at both sizes, and how long all recipes took at the first."""
    generator = Run(args.run).load_generator()
    style = read_style(generator, args.style)
    artefacts, seconds = [], 0.0
    for size, formats in ((256, [*RECIPES, "pair"]), (384, ["int8"])):
        place = folder / str(size)
        place.mkdir()
        pictures = load_pictures(args.pictures, 64, size)
        exporter = Exporter(generator, style, pictures, place, size)
        for name in track(formats, f"exporting at {size}x{size}"):
            start = time.monotonic()
            written = exporter.write(name)
            seconds += (time.monotonic() - start) * (size == 256 and name in RECIPES)
            artefacts += [in_folder(each, place.name) for each in written]
    return artefacts, seconds


def in_folder(artefact, folder):
    return type(artefact)(**{**vars(artefact), "name": f"{folder}/{artefact.name}"})


def parity_table(artefacts):
    rows = [
        "| file | KB | PSNR dB | largest difference | on a GPU delegate, dB | "
        "delegated / not / parts |",
        "|---|---|---|---|---|---|",
    ]
    for each in artefacts:
        gpu = "" if each.gpu is None else f"{each.gpu.psnr:.1f}"
        rows.append(
            f"| {each.name} | {each.bytes / 1000:.0f} | {each.parity.psnr:.1f} | "
            f"{each.parity.max:.4f} | {gpu} | "
            f"{each.delegated} / {each.left} / {each.partitions} |"
        )
    return "\n".join(rows)


def latency_table(files):
    """Medians over rounds in which every file takes its turn."""
    contents = {str(Path(*file.parts[-2:])): file.read_bytes() for file in files}
    times = {name: [] for name in contents}
    best = {"int8": [], "float32": []}
    for _ in track(range(ROUNDS), "timing"):
        for name, roofline in measure_roofline(repeats=5).items():
            best[name].append(roofline.gmac_per_second)
        for name, content in contents.items():
            times[name].append(measure_latency(content, repeats=10))
    rows = ["| file | ms | GMAC | GMAC/s | % of roofline |", "|---|---|---|---|---|"]
    for name, rounds in times.items():
        kind = "int8" if "int8" in name else "float32"
        speeds = [each.gmac_per_second for each in rounds]
        shares = [s / b for s, b in zip(speeds, best[kind], strict=True)]
        rows.append(
            f"| {name} | {median(each.median for each in rounds):.1f} | "
            f"{rounds[0].gmac:.2f} | {median(speeds):.0f} | {median(shares):.0%} |"
        )
    rooflines = ", ".join(f"{k} {median(v):.0f} GMAC/s" for k, v in best.items())
    return "\n".join(rows) + f"\n\nroofline: {rooflines}"


def conditions():
    return (
        f"{date.today()}, {platform.machine()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}, one thread, median of {ROUNDS} rounds"
    )


if __name__ == "__main__":
    main()
