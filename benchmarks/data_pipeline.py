"""How fast the training data comes: pictures per second and domain.

    python benchmarks/data_pipeline.py
    python benchmarks/data_pipeline.py --content photos/ --style paintings/ --size 256

Without folders it draws smooth random JPEGs. The first epoch reads and decodes the
files, the later ones come from the cache. Where other work is going on, the seconds of
CPU time tell more than those on the clock.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from keras_stylex.data import SkippedFiles, unpaired_dataset, write_image


def main():
    args = parse_arguments()
    with tempfile.TemporaryDirectory() as scratch:
        content, style = (
            folder or draw_pictures(Path(scratch, name), args)
            for folder, name in ((args.content, "content"), (args.style, "style"))
        )
        print("| cache | epoch | pictures | seconds | of CPU | pictures/s per domain |")
        print("|---|---|---|---|---|---|")
        for name, cache in caches(scratch).items():
            measure(name, cache, content, style, args)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--content", help="folder; default: drawn pictures")
    parser.add_argument("--style", help="folder; default: drawn pictures")
    parser.add_argument("--size", type=int, default=128, help="crop in pixels")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=3, help="per kind of cache")
    parser.add_argument("--count", type=int, default=400, help="pictures to draw")
    parser.add_argument("--side", type=int, default=512, help="of drawn pictures")
    return parser.parse_args()


def caches(scratch):
    return {"memory": True, "folder": Path(scratch, "cache"), "none": False}


def draw_pictures(folder, args):
    random = np.random.default_rng(0)
    for index in range(args.count):
        coarse = random.integers(0, 256, (24, 32, 3), "uint8")
        size = (args.side * 4 // 3, args.side)
        picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
        write_image(folder / f"{index:05}.jpg", np.asarray(picture))
    return folder


def measure(name, cache, content, style, args):
    skipped = SkippedFiles()
    dataset = unpaired_dataset(
        content, style, args.size, args.batch, cache=cache, skipped=skipped
    )
    for epoch in range(args.epochs):
        start, cpu_start = time.perf_counter(), time.process_time()
        pictures = args.batch * sum(1 for _ in dataset)
        seconds = time.perf_counter() - start
        cpu = time.process_time() - cpu_start
        row = (name, epoch + 1, pictures, f"{seconds:.2f}", f"{cpu:.2f}")
        print("|", *(f"{cell} |" for cell in row), f"{pictures / seconds:,.0f} |")
    if len(skipped):
        print(f"{len(skipped)} files were left out")


if __name__ == "__main__":
    main()
