"""`keras-stylex train`."""

import argparse
import os
import sys
from dataclasses import fields

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.errors import InputError

EPILOG = """\
A source of pictures is a folder (searched recursively), a TFDS name such as
tfds:cycle_gan/monet2photo:trainB or tfds:scenes/ukiyoe:trainA, a folder that
keras-stylex prepare wrote, or a TFRecord glob in quotes.

  keras-stylex train --content photos/ --style paintings/ --minutes 60 --out runs/mine
  keras-stylex train --resume --minutes 60 --out runs/mine

Look at DIR/samples/ while it runs. Ctrl-C saves; --resume goes on from there, or from
the last checkpoint of a run that was killed, for the steps or minutes that are left;
with --minutes, for so many more. It takes other sources, rates, loss weights, sizes of
pictures and batches if you give them; --preset, --objective, --precision and --seed
stay as they were.
"""

DEFAULT_MINUTES = 60.0


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train on two sets of pictures",
        description="Trains a generator on two unpaired sets of pictures.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--content", metavar="SOURCE", help="content pictures")
    parser.add_argument("--style", metavar="SOURCE", help="style pictures")
    parser.add_argument("--out", metavar="DIR", required=True, help="the run's folder")
    parser.add_argument(
        "--resume", action="store_true", help="continue the run in --out"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--minutes", type=float, help=f"how long to train ({DEFAULT_MINUTES:g})"
    )
    length.add_argument("--steps", type=int, help="how many steps to train in all")
    add_training_options(parser)
    parser.set_defaults(run=run)


def add_training_options(parser):
    """Adds the options that have defaults in `RunConfig`; absent ones are left out."""
    add = _adder(parser.add_argument_group("training"))
    _add_options_that_follow_the_data(add)
    add("--batch-size", type=int, help="pictures of each kind per step (4)")
    add(
        "--preset", help="generator: stylex_mobile (default), stylex_small, stylex_base"
    )
    add("--seed", type=int, help="the same seed gives the same run (0)")
    add("--generator-rate", type=float, help="its learning rate (1e-3)")
    add("--discriminator-rate", type=float, help="its learning rate (4e-4)")
    add("--schedule", help="of both rates: constant (default), linear, cosine to zero")
    add("--warmup-steps", type=int, help="steps until the rates are reached (0)")
    add("--clip-norm", type=float, help="largest norm of a network's gradients (none)")
    add(
        "--accumulate",
        type=int,
        help="parts to work through a batch in, to save memory (1)",
    )
    add("--objective", help="non_saturating (default), minimax, hinge, least_squares")
    add("--precision", help="float32 (default), mixed_float16, mixed_bfloat16")
    add(
        "--cache",
        action=argparse.BooleanOptionalAction,
        help="keep decoded pictures in memory, or decode them anew in each epoch "
        "(kept where they take at most a GiB)",
    )
    add = _adder(parser.add_argument_group("devices and machines"))
    add("--strategy", help="none (default), one-device, mirrored, multi-worker, tpu")
    add(
        "--worker-seconds",
        type=float,
        help="how long to wait for the workers in TF_CONFIG (300)",
    )
    add = _adder(
        parser.add_argument_group("loss weights", "In brackets: those of --look any.")
    )
    for name, text in LOSS_WEIGHTS.items():
        add(f"--{name.replace('_', '-')}", type=float, help=text)


def _add_options_that_follow_the_data(add):
    add(
        "--size",
        dest="image_size",
        type=int,
        help="side of crops, pixels (128; 96 in less than 15 minutes, 192 from 150 on, "
        "256 from 240 on; less where the pictures are smaller)",
    )
    add(
        "--load-size",
        type=int,
        help="shorter side that pictures are brought to, pixels, before crops are cut "
        "from them (288, or what they have, where style pictures share hues; elsewhere "
        "1.125 times --size; 1.5 times under strong augmentation)",
    )
    add(
        "--epoch-steps",
        type=int,
        help="steps between sample grids (50 to 1000, so that there are 24 to 60 grids "
        "on two CPU cores)",
    )
    add(
        "--strong-augmentation",
        action=argparse.BooleanOptionalAction,
        help="zoom and turn pictures a little, vary the colours of content pictures "
        "(with less than 100 pictures of either kind)",
    )
    add(
        "--recolor",
        type=float,
        help="how much hue and luma are changed before pictures are rebuilt, 0 to 1: "
        "with 1 all colours come from the reference, with less a blue sky stays rather "
        "blue (0.2; 1 where style pictures come in all hues)",
    )
    add(
        "--look",
        help="what style pictures look like, which decides on loss weights: prints, "
        "with outlines and flat colours; paintings, with strokes all over; any "
        "(prints; any where style pictures come in all hues)",
    )


LOSS_WEIGHTS = {
    "adversarial_content": "the content discriminator's verdict (1)",
    "adversarial_style": "the style discriminator's verdict (1)",
    "adversarial_code": "the verdict on content codes (1)",
    "reconstruction": "|G(x,x) - x| + |G(y,y) - y| (20)",
    "content_code": "|Ec(G(x,y)) - Ec(x)| (1)",
    "style_code": "|Es(G(x,y)) - Es(y)| (1)",
    "cycle": "|D(Ec(G(y,x)), Es(y)) - y|, by way of a photo (40)",
    "palette": "the colours of G(x,y) against those of y (4)",
    "color_transfer": "the colours of G(x,y) against those of x moved to y's (75)",
    "strokes": "the direction of strokes of G(x,y) against that of y (20)",
    "texture": "how the details of G(x,y) are distributed against those of y (5)",
    "canvas": "the same where x is plain: strokes, or a canvas, in its skies (0)",
    "structure": "the edges and shades of x that G(x,y) lost, or made up (2)",
    "r1": "gradient penalty of the discriminators (2.5)",
}


def _adder(group):
    def add(*names, **options):
        group.add_argument(*names, default=argparse.SUPPRESS, **options)

    return add


def run(options):
    """Trains, and says what was written."""
    load_libraries()
    from keras_stylex.training.run import Run
    from keras_stylex.training.workers import telling

    run = Run(options.out)
    with telling(_strategy(options)):
        if options.resume:
            config = run.resumed(**given_options(options))
        else:
            config = _new(run, options)
    train(run, config)
    print(f"Wrote {run.generator_file}; sample grids are in {run.samples}.")


def _strategy(options):
    """That of the options, as far as they can be trusted yet."""
    if options.resume and "TF_CONFIG" in os.environ:  # the run may not be readable
        return getattr(options, "strategy", "multi-worker")
    return getattr(options, "strategy", "none")


def train(run, config):
    """Trains a run; on Ctrl-C says how to continue. Names the files left out."""
    try:
        run.train(config)
    except KeyboardInterrupt:
        name_skipped(run.skipped)
        print(
            f"\nStopped. Continue with: keras-stylex train --resume --out {run.folder}",
            file=sys.stderr,
        )
        raise
    name_skipped(run.skipped)


def name_skipped(skipped):
    """Says which pictures were left out, and why."""
    if len(skipped):
        print(f"Pictures left out: {skipped.pictures}", file=sys.stderr)
    for file, reason in skipped:
        print(f"  {file}: {reason}", file=sys.stderr)


def _new(run, options):
    from keras_stylex.training.chosen_options import CHOSEN
    from keras_stylex.training.run_config import RunConfig

    if not (options.content and options.style):
        raise InputError("Give --content and --style (or --resume a run).")
    given = given_options(options)
    if not {"steps", "minutes"} & set(given):
        given["minutes"] = DEFAULT_MINUTES
    config = RunConfig(**{**dict.fromkeys(CHOSEN), **given})
    run.create(config)
    return config


def given_options(options):
    """The fields of `RunConfig` that the user gave, loss weights gathered in a dict."""
    from keras_stylex.training.run_config import RunConfig

    given = {name: value for name, value in vars(options).items() if value is not None}
    names = {field.name for field in fields(RunConfig)}
    chosen = {name: value for name, value in given.items() if name in names}
    weights = {name: given[name] for name in LOSS_WEIGHTS if name in given}
    return {**chosen, "loss_weights": weights}
