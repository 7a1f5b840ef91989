"""`keras-stylex prepare`."""

import argparse
import sys
import time

from keras_stylex.cli.libraries import load_libraries

LOG_SECONDS = 10

EPILOG = """\
A source of pictures is a folder (searched recursively), a TFDS name such as
tfds:cycle_gan/monet2photo:trainB, or a TFRecord glob in quotes.

  keras-stylex prepare photos/ more_photos/ --size 256 --out prepared/photos
  keras-stylex train --content prepared/photos --style paintings/ --out runs/mine

Training reads what was prepared in memory that does not grow with the number of
pictures. When it is interrupted or killed, the same command goes on where it was; when
all is done, it compares every file with its checksum and repairs what is damaged.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "prepare",
        help="turn many pictures into files that training streams",
        description="Shrinks pictures and writes them as sharded TFRecord files.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "sources", metavar="SOURCE", nargs="+", help="where the pictures are"
    )
    parser.add_argument("--out", metavar="FOLDER", required=True, help="what to write")
    parser.add_argument(
        "--size",
        type=int,
        default=256,
        help="of the crops that training will cut, pixels; pictures are kept an eighth "
        "larger than that on their shorter side, smaller ones as they are (256)",
    )
    parser.add_argument(
        "--encoding",
        default="jpeg",
        help="jpeg, of quality 95 (default), or png, without loss but larger",
    )
    parser.add_argument(
        "--shard-size", type=int, default=1000, help="pictures per file (1000)"
    )
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace pictures there that were prepared from something else, or "
        "otherwise",
    )
    parser.set_defaults(run=run)


def run(options):
    """Prepares, and says what was written."""
    load_libraries()
    from keras_stylex.data.prepare import PrepareOptions, prepare

    how = PrepareOptions(options.size, options.encoding, options.shard_size)
    try:
        with _Progress() as progress:
            manifest = prepare(
                options.sources,
                options.out,
                how,
                overwrite=options.overwrite,
                progress=progress,
            )
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from there.", file=sys.stderr)
        raise
    _show(manifest, options.out)


class _Progress:
    """Tells how far it is: by a bar; in a log file, by a line now and then."""

    def __enter__(self):
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress

        self.console = Console(stderr=True)
        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        self.bar = Progress(
            *columns,
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.bar.start()
        self.task = self.bar.add_task("looking for pictures", total=None)
        self.last = time.monotonic()
        return self.update

    def update(self, what, done, total):
        self.bar.update(self.task, description=what, completed=done, total=total)
        if self.bar.disable and time.monotonic() - self.last > LOG_SECONDS:
            self.console.print(f"{what}: {done} of {total}")
            self.last = time.monotonic()

    def __exit__(self, *_):
        self.bar.stop()


def _show(manifest, folder):
    skipped = manifest.skipped
    if skipped:
        count = sum(pictures for *_, pictures in skipped)
        print(f"Pictures left out: {count}", file=sys.stderr)
    for picture, reason, _ in skipped:
        print(f"  {picture}: {reason}", file=sys.stderr)
    megabytes = sum(shard.size for shard in manifest.shards) / 1e6
    print(
        f"Wrote {manifest.count} pictures to {folder}: {len(manifest.shards)} files, "
        f"{megabytes:.1f} MB. Train on them with --content {folder}"
    )
