"""`keras-stylex camera`."""

import argparse
import sys
import webbrowser

from keras_stylex.errors import InputError

EPILOG = """\
  keras-stylex camera exported/
  keras-stylex camera exported/ more/filter_monet_int8.tflite --port 9000 --no-open

The page runs the filters in the browser, and what the camera sees stays there. The
runtime, LiteRT.js, is fetched from npm once. Ctrl-C ends.
"""


def add_parser(commands):
    """Adds the command to the parser."""
    parser = commands.add_parser(
        "camera",
        help="try exported filters live on the camera, in a browser",
        description="Serves a page on this machine that runs filters on the camera.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="+", help="what `export` wrote: a folder, files")
    add("--port", type=int, default=8765, help="(8765)")
    add("--no-open", action="store_true", help="print the address, open no browser")
    add("--litert", metavar="FOLDER", help="where `npm ci` put LiteRT.js")
    parser.set_defaults(run=run)


def run(options):
    """Serves the page until it is interrupted."""
    from keras_stylex.camera.server import CameraServer
    from keras_stylex.camera.site import build_site

    exhibits, refused = _read_gallery(options.paths)
    litert = _litert(options.litert)
    with CameraServer(build_site(exhibits, refused, litert), options.port) as server:
        print(f"Open {server.address} (Ctrl-C ends)", flush=True)
        if not options.no_open:
            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("Closed.")


def _read_gallery(paths):
    """`(exhibits, refused)`; what is refused is named, and the others hang."""
    from rich.console import Console
    from rich.progress import track

    from keras_stylex.camera.gallery import find_files, read_exhibit

    exhibits, refused = [], []
    console = Console(stderr=True)
    shown = {"console": console, "disable": not console.is_terminal, "transient": True}
    for path in track(find_files(paths), "painting thumbnails", **shown):
        try:
            exhibits.append(read_exhibit(path))
        except InputError as error:
            refused.append(str(error))
    if not exhibits:
        raise InputError(refused[0])
    for sentence in refused:
        print(f"left out: {sentence}", file=sys.stderr)
    return exhibits, refused


def _litert(folder):
    from keras_stylex.camera.litert_js import cache, fetch_litert, find_litert

    if found := find_litert(folder):
        return found
    print(f"Fetching LiteRT.js from npm, once, into {cache()} ...", file=sys.stderr)
    return fetch_litert()
