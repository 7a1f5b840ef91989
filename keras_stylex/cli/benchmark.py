"""`keras-stylex benchmark`."""

import argparse
import contextlib
import json
from pathlib import Path

from keras_stylex.cli.libraries import load_libraries
from keras_stylex.errors import InputError

EPILOG = """\
  keras-stylex benchmark exported/*.tflite
  keras-stylex benchmark filter.tflite --threads 1 2 4 --json

The roofline is what one large convolution reaches on this machine through the same
runtime: no file can be faster by much.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "benchmark",
        help="time exported filters on this machine",
        description="Times TFLite files, beside what this machine can do.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", help=".tflite files")
    add("--threads", type=int, nargs="+", default=[1, 2], help="(1 2)")
    add("--repeats", type=int, default=30, help="calls to time (30)")
    add(
        "--json",
        action="store_true",
        help="print every figure as one JSON object on the last line",
    )
    parser.set_defaults(run=run)


def run(options):
    """Times every file with every number of threads, and prints a table."""
    load_libraries()
    from rich.console import Console
    from rich.progress import track

    from keras_stylex.export.latency import measure_latency, measure_roofline

    if min(*options.threads, options.repeats) < 1:
        raise InputError("--threads and --repeats must be 1 or more.")
    contents = {path: read(path) for path in options.files}
    console = Console(stderr=True)
    rows = []
    for threads in track(options.threads, "timing", console=console):
        rooflines = measure_roofline(threads)
        for path, content in contents.items():
            with naming(path):
                latency = measure_latency(content, threads, options.repeats)
            rows.append(_row(path, latency, rooflines))
    _show(rows)
    if options.json:
        print(json.dumps({"latencies": rows}, allow_nan=False))


def read(path):
    """The bytes of a TFLite file.

    Raises:
        InputError: when it cannot be read, or LiteRT cannot load it; names it.
    """
    from keras_stylex.export.tflite_runner import load_interpreter

    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}). Give a .tflite file."
        ) from error
    with naming(path):
        load_interpreter(content)
    return content


@contextlib.contextmanager
def naming(path):
    """Puts the name of a file before what is wrong with it."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _row(path, latency, rooflines):
    return {
        "file": str(path),
        "threads": latency.threads,
        "milliseconds": latency.median,
        "milliseconds_spread": latency.spread,
        "gmac": latency.gmac,
        "gmac_per_second": latency.gmac_per_second,
        **{
            f"{name}_roofline_gmac_per_second": best.gmac_per_second
            for name, best in rooflines.items()
        },
    }


def _show(rows):
    from rich.console import Console
    from rich.table import Column, Table

    columns = ("threads", "ms", "spread", "GMAC", "GMAC/s")
    table = Table(Column("file", no_wrap=True), *columns)
    rooflines = {}
    for row in rows:
        name, threads, *figures, floats, integers = row.values()
        table.add_row(Path(name).name, str(threads), *(f"{x:.2f}" for x in figures))
        rooflines[threads] = f"float32 {floats:.0f} GMAC/s, int8 {integers:.0f} GMAC/s"
    Console().print(table)
    for threads, best in rooflines.items():
        print(f"Roofline of this machine, threads {threads}: {best}.")
