"""Trains a generator, measures it, and packs its weights as they ship in the package.

python examples/train_shipped_weights.py --data pictures/ --style ukiyoe --load-size 288

Trains for a number of steps, so that a seed gives the same weights however fast the
machine is; `--minutes` in place of `--steps` ends it by the clock. The data folder
holds `photos/`, a folder of the style's name, and `CREDITS.csv` with a row for every
picture: file, repo, licence, author. Other options are those of `keras-stylex train`.
A run that was trained before is packed with `--run`.
"""

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from keras_stylex.cli.main import main as command
from keras_stylex.data import list_images
from keras_stylex.data.images import read_reference
from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export.card_sections import short_source
from keras_stylex.export.folder import check_place, whole_folder
from keras_stylex.export.shipped_card import ShippedCard
from keras_stylex.training.kept_evaluation import kept_evaluation
from keras_stylex.training.run import Run
from keras_stylex.training.run_facts import run_facts
from keras_stylex.weights import BundledStyle
from keras_stylex.weights.bundling import choose_medoids
from keras_stylex.weights.credits import credits_markdown, credits_of, read_credits
from keras_stylex.weights.packing import pack_weights, rounding_change
from keras_stylex.weights.shipped import CARD_NAME, FOLDER

PHOTOS = "photos"
DIGITS = 6  # of a style code, after the point
STEPS = 2832  # of `ukiyoe`; twice as many may bring dots along edges
APART = 0.11  # of style codes, whose size is 1: nearer ones look alike


def main():
    args, training_options = parse_arguments()
    place = Path(args.out, args.style)
    check_place(place, args.overwrite)
    sources = [Path(args.data, name) for name in (PHOTOS, args.style)]
    files = [list_images(source) for source in sources]
    table = read_credits(args.data)
    credits = [credits_of(table, args.data, paths) for paths in files]
    run = Run(args.run or Path("runs", args.style))
    if not args.run:
        train(run, sources, args, training_options)
    check_sources(run, sources)
    if not kept_evaluation(run):
        call("evaluate", run.folder)
    generator = run.load_generator()
    styles = bundle(generator, files[1], credits[1], args.styles)
    facts = name_sources(run_facts(run), run, args.style)
    with whole_folder(place, args.overwrite) as folder:
        preset = run.config.preset
        shipped = pack_weights(folder, generator, preset, styles, facts, args.licence)
        card = ShippedCard(
            replace(shipped, folder=place),
            rounding_change(shipped, generator),
            credits_markdown([*credits[0], *credits[1]]),
        )
        (folder / CARD_NAME).write_text(card.markdown(), encoding="utf-8")
    size = sum(file.stat().st_size for file in place.iterdir())
    print(f"Wrote {place}: {size / 1e6:.2f} MB; styles, the default first:")
    print("\n".join(f"  {style.name}: {style.credit}" for style in styles))


def train(run, sources, args, more):
    """Trains with `keras-stylex train`."""
    content, style = sources
    by_clock = args.minutes is not None
    length = {"minutes": args.minutes} if by_clock else {"steps": args.steps}
    options = {
        "content": content,
        "style": style,
        **length,
        "seed": args.seed,
        "out": run.folder,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    call("train", *words, *more)


def call(*arguments):
    """Runs a command of ours, and ends as it does if it fails."""
    code = command([str(argument) for argument in arguments])
    if code:
        sys.exit(code)


def check_sources(run, sources):
    """Raises `InputError` unless a run learned from folders of these names."""
    config = run.config
    for source, folder in zip((config.content, config.style), sources, strict=True):
        if Path(source).name != folder.name:
            raise InputError(f"{run.folder}: learned from {source}, not from {folder}")


def bundle(generator, files, credits, count):
    """The styles of a few pictures that differ, as `BundledStyle`."""
    console = Console(stderr=True)
    codes = [
        np.asarray(generator.encode_style(read_reference(file)[None]))[0]
        for file in track(files, "encoding styles", console=console)
    ]
    styles = [
        BundledStyle(
            name=credits[i].style_name,
            file=credits[i].file,
            sha256=hashlib.sha256(files[i].read_bytes()).hexdigest(),
            credit=credits[i].author,
            licence=credits[i].licence,
            numbers=tuple(round(float(number), DIGITS) for number in codes[i]),
        )
        for i in choose_medoids(np.stack(codes), count, APART)
    ]
    names = [style.name for style in styles]
    if len(set(names)) < len(names):
        raise InputError(f"Two styles would have one name: {', '.join(sorted(names))}.")
    return styles


def name_sources(facts, run, style):
    """Facts whose sources are named without where they lie on this machine."""
    own = {run.config.content: PHOTOS, run.config.style: style}
    for part in (facts, facts["evaluation"]):
        for kind in ("content", "style"):
            part[kind] = own.get(part[kind]) or short_source(part[kind])
    return facts


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", required=True, help="the folder of photos/, the style, CREDITS.csv")
    add("--style", required=True, help="a folder in it; the name of the weights")
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--steps", type=int, default=STEPS, help=f"of training ({STEPS:,})"
    )
    length.add_argument("--minutes", type=float, help="of training, instead of steps")
    add("--seed", type=int, default=0, help="decides the training (0)")
    add("--run", help="pack this run, and train nothing")
    add("--styles", type=int, default=10, help="how many to bundle, at most (10)")
    add("--licence", default="Apache-2.0", help="of the weights (Apache-2.0)")
    add("--out", default=FOLDER, help="where to make the folder (in the package)")
    add("--overwrite", action="store_true", help="replace the folder if it exists")
    args, more = parser.parse_known_args()
    if args.run and more:
        parser.error(f"--run trains nothing; leave out {' '.join(more)}")
    return args, more


if __name__ == "__main__":
    try:
        main()
    except (InputError, VerificationError) as error:
        sys.exit(f"train_shipped_weights.py: {error}")
