"""How fast the camera page is in headless Chromium, and whether its memory grows.

    python benchmarks/camera_page.py exported/filter_painting_int8.tflite

Prints a table as Markdown. Needs `chromium`, playwright and LiteRT.js, see
tests/cli/test_camera_page.py. The fake camera gives at most 60 frames per second.
"""

import argparse
import os
import platform
import shutil
import statistics
import sys
import threading
import time

from playwright.sync_api import sync_playwright

from keras_stylex.camera.gallery import read_exhibit
from keras_stylex.camera.litert_js import fetch_litert, find_litert, locked
from keras_stylex.camera.server import CameraServer
from keras_stylex.camera.site import build_site

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--use-fake-device-for-media-stream=fps=60",
)
COUNT = "window.lastFrame?.count ?? 0"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("filter", help="a .tflite filter")
    parser.add_argument("--frames", type=int, default=2000, help="to watch (2000)")
    parser.add_argument("--every", type=int, default=250, help="frames a row (250)")
    return parser.parse_args()


def main():
    options = parse()
    site = build_site(
        [read_exhibit(options.filter)], [], find_litert() or fetch_litert()
    )
    with CameraServer(site, port=0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        page, seconds = open_page(browser, server.address)
        rows = watch(page, options.frames, options.every)
        used = page.inner_text("#engine-used")
        report(options, browser.version, used, seconds, rows)
        browser.close()
        server.shutdown()


def open_page(browser, address):
    """A page, and the seconds from opening it to its first filtered frame."""
    context = browser.new_context(permissions=["camera"])
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{address}?inspect", wait_until="commit")
    wait_for(page, 1)
    return page, time.perf_counter() - start


def wait_for(page, count):
    while page.evaluate(COUNT) < count:
        time.sleep(0.02)


def watch(page, frames, every):
    """Rows of frames, frames per second, milliseconds, MB of the page's memory."""
    rows, seen, start = [], page.evaluate(COUNT), time.perf_counter()
    for goal in range(every, frames + 1, every):
        wait_for(page, goal)
        count, now = page.evaluate(COUNT), time.perf_counter()
        rows.append((count, (count - seen) / (now - start), *look(page)))
        print(f"{count} of {frames} frames", file=sys.stderr)
        seen, start = page.evaluate(COUNT), time.perf_counter()
    return rows


def look(page):
    """Milliseconds per frame, as the page says; MB that it holds, garbage collected."""
    milliseconds = float(page.inner_text("#speed").split("·")[-1].split()[0])
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    script = session.send("Runtime.getHeapUsage")
    session.detach()
    held = script["usedSize"] + script.get("backingStorageSize", 0)
    return milliseconds, held / 1e6, renderer_megabytes()


def renderer_megabytes():
    """Resident memory of the largest renderer among our own processes, in MB."""
    return max(resident(pid) for pid in descendants(os.getpid())) / 1e6


def descendants(parent):
    """Process numbers of renderers below a process."""
    children = {}
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                ppid = int(file.read().rpartition(")")[2].split()[1])
        except OSError:  # has ended meanwhile
            continue
        children.setdefault(ppid, []).append(int(pid))
    found, pending = [], [parent]
    while pending:
        below = children.get(pending.pop(), [])
        found += [pid for pid in below if is_renderer(pid)]
        pending += below
    return found


def is_renderer(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return b"--type=renderer" in file.read()
    except OSError:
        return False


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def report(options, chromium, used, seconds, rows):
    name = os.path.basename(options.filter)
    print(
        f"{name}, {used}; Chromium {chromium} headless, LiteRT.js {locked()}, "
        f"{os.cpu_count()} cores, {platform.machine()}, {time.strftime('%Y-%m-%d')}\n"
    )
    rates = statistics.median(row[1] for row in rows)
    print(
        f"First filtered frame {seconds:.2f} s after opening; {rates:.1f} frames/s.\n"
    )
    print("| frames | frames/s | ms | page's heap, MB | renderer's memory, MB |")
    print("|---|---|---|---|---|")
    for count, rate, milliseconds, heap, memory in rows:
        print(
            f"| {count} | {rate:.1f} | {milliseconds:.1f} | {heap:.2f} | {memory:.0f} |"
        )


if __name__ == "__main__":
    main()
