"""What memory the training data takes, by the number of pictures and of batches.

    python benchmarks/data_memory.py
    python benchmarks/data_memory.py --counts 1000 10000 --source folder --cache auto

Draws pictures of 64x64 pixels into TFRecord files of 1,000 pictures (or a folder of
files), and iterates over `unpaired_dataset` in a process of its own for each number of
pictures: over all of them once, and over 2,000 batches at least. What was drawn is
deleted. 100,000 pictures take about five minutes on two cores, and 250 MB of disk.
Needs Linux, which tells how much memory a process has.
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

SHARD = 1000  # pictures
SIDE = 64  # pixels
WARM_UP = 200  # batches, after which memory should stay as it is
CACHES = {"none": False, "memory": True, "auto": None}


def main():
    args = parse_arguments()
    if args.measure:
        print(json.dumps(measure(args)))
        return
    columns = ("pictures", "batches", "pictures/s per domain", "peak RSS, MB")
    columns += ("times the first row's", "MB above the imports")
    columns += (f"RSS from batch {WARM_UP} to the end",)
    print(f"source: {args.source}, cache: {args.cache}, batch: {args.batch}\n")
    print("|", " | ".join(columns), "|")
    print("|" + "---|" * len(columns), flush=True)
    first = None
    for count in args.counts:
        with tempfile.TemporaryDirectory() as folder:
            args.take = max(args.batches, -(-count // args.batch))
            figures = in_a_process(draw(Path(folder), count, args), args)
        first = first or figures["peak"]
        print(row(count, figures, first), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    counts = [1_000, 10_000, 100_000]
    parser.add_argument("--counts", type=int, nargs="+", default=counts)
    parser.add_argument("--batches", type=int, default=2000, help="at least")
    parser.add_argument("--batch", type=int, default=16, help="pictures of each kind")
    parser.add_argument("--source", choices=("shards", "folder"), default="shards")
    parser.add_argument("--cache", choices=CACHES, default="none")
    parser.add_argument("--measure", metavar="SOURCE", help=argparse.SUPPRESS)
    return parser.parse_args()


def draw(folder, count, args):
    """Draws the pictures; returns the source to read them from."""
    pictures = jpegs(count)
    if args.source == "folder":
        for index, picture in enumerate(pictures):
            (folder / f"{index:07}.jpg").write_bytes(picture)
        return folder
    import tensorflow as tf

    for shard in range(-(-count // SHARD)):
        with tf.io.TFRecordWriter(str(folder / f"{shard:05}.tfrecord")) as writer:
            for _ in range(min(SHARD, count - shard * SHARD)):
                value = tf.train.BytesList(value=[next(pictures)])
                feature = {"image": tf.train.Feature(bytes_list=value)}
                example = tf.train.Example(features=tf.train.Features(feature=feature))
                writer.write(example.SerializeToString())
    return folder / "*.tfrecord"


def jpegs(count):
    random = np.random.default_rng(0)
    for _ in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (8, 8, 3), "uint8"))
        file = io.BytesIO()
        coarse.resize((SIDE, SIDE), Image.Resampling.BILINEAR).save(file, "JPEG")
        yield file.getvalue()


def in_a_process(source, args):
    options = ("--measure", source, "--batches", args.take, "--batch", args.batch)
    command = [sys.executable, __file__, *map(str, options), "--cache", args.cache]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(args):
    from keras_stylex.data import unpaired_dataset

    imports = memory("VmRSS")
    how = {"cache": CACHES[args.cache], "repeat": True}  # as in training
    dataset = unpaired_dataset(*[args.measure] * 2, SIDE, args.batch, **how)
    sizes, start = [], time.perf_counter()
    for _ in dataset.take(args.batches):
        sizes.append(memory("VmRSS"))
    seconds = time.perf_counter() - start
    return {
        "batches": len(sizes),
        "speed": len(sizes) * args.batch / seconds,
        "peak": memory("VmHWM"),
        "imports": imports,
        "early": sizes[min(WARM_UP, len(sizes)) - 1],
        "late": max(sizes[WARM_UP:], default=sizes[-1]),
    }


def memory(field):
    """Megabytes: `VmRSS` of now, or `VmHWM`, the most there ever was."""
    status = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in status if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024 / 1e6


def row(count, figures, first):
    cells = (
        f"{count:,}",
        f"{figures['batches']:,}",
        f"{figures['speed']:,.0f}",
        f"{figures['peak']:.0f}",
        f"{figures['peak'] / first:.3f}",
        f"{figures['peak'] - figures['imports']:.0f}",
        f"{100 * (figures['late'] / figures['early'] - 1):+.1f} %",
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
