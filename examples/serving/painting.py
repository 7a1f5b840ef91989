"""What both clients share: their arguments, and pictures sent side by side.

Exit codes: 0 all pictures are painted; 2 something sent was wrong, and the server said
what; 1 the server was not reached, took too long or failed.
"""

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SIGNATURE = "stylize_bytes"


class NotPainted(Exception):
    """Why a picture was not painted, in one line; and the exit code that this means."""

    def __init__(self, reason, exit_code):
        super().__init__(reason.strip().partition("\n")[0])
        self.exit_code = exit_code


def run(connect, description, port):
    """Paints what the command line names, and gives the exit code.

    `connect(server, model, timeout)` gives a function from the bytes of a picture and
    of a reference to the bytes of a PNG, which raises `NotPainted`.
    """
    args = parse_arguments(description, port)
    try:
        refuse_doubles(args)
        style = read_reference(args.style)
        args.out.mkdir(parents=True, exist_ok=True)
    except (NotPainted, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    paint = connect(args.server, args.model, args.timeout)
    with ThreadPoolExecutor(args.parallel) as pool:
        jobs = {
            path: pool.submit(attempt, paint, path, style, output_path(args.out, path))
            for path in args.pictures
        }
        return max(report(path, job) for path, job in jobs.items())


def attempt(paint, path, style, out):
    write(out, paint(read(path), style))
    return out


def report(path, job):
    """Says what became of a picture, and gives the exit code that this means."""
    try:
        print(f"{path} -> {job.result()}", flush=True)
        return 0
    except (NotPainted, OSError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return getattr(error, "exit_code", 1)


def read(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotPainted(f"cannot be read ({error.strerror})", 2) from error


def read_reference(path):
    try:
        return read(path)
    except NotPainted as error:
        raise NotPainted(f"{path}: {error}", 2) from error


def write(path, png):
    part = path.with_suffix(".part")  # never half a picture under the final name
    part.write_bytes(png)
    os.replace(part, path)


def output_path(folder, picture):
    return folder / f"{picture.stem}.png"


def refuse_doubles(args):
    outputs = Counter(output_path(args.out, path) for path in args.pictures)
    for path, count in outputs.items():
        if count > 1:
            raise NotPainted(f"{count} pictures would be written to {path}", 2)
    sources = {path.resolve() for path in args.pictures}
    for path in outputs:
        if path.resolve() in sources:
            raise NotPainted(f"{path} would be replaced: choose another --out", 2)


def parse_arguments(description, port):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("pictures", nargs="+", type=Path, help="JPEG or PNG files")
    parser.add_argument("--style", type=Path, required=True, help="the reference")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("painted"), help="folder"
    )
    parser.add_argument("--server", default=f"localhost:{port}", help="host:port")
    parser.add_argument("--model", default="saved_model", help="as in models.config")
    parser.add_argument("--timeout", type=float, default=60, help="s for a picture")
    parser.add_argument("--parallel", type=count, default=4, help="pictures at once")
    return parser.parse_args()


def count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
