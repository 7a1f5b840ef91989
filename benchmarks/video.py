"""How fast a filter paints a video, in how much memory, and whether it flickers.

    python benchmarks/video.py exported/filter_painting_int8.tflite photo.jpg
    python benchmarks/video.py ... --csv frames.csv

Pans over the picture, one pixel from frame to frame and back again, and paints that
clip with sound by `keras-stylex stylize` in a process of its own, whose memory is read.
Then compares every frame of a short pan with the one before it, moved by that pixel;
and every eighth, since networks that halve a picture three times see it alike then.
Needs Linux, which tells how much memory a process has. Takes as long as painting does:
three minutes of 30 frames per second are 5,400 frames.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image
from rich.progress import track

from keras_stylex.data.images import read_image, to_float
from keras_stylex.export.painters import FilterPainter
from keras_stylex.metrics.stability import pan_errors
from keras_stylex.video.work import Work

RATE = 30  # frames per second
EVERY_EIGHTH = "painted, not encoded, 8 frames on"
SOUND_RATE = 16_000  # samples per second


def main():
    args = parse_arguments()
    wide = panorama(args.picture, args.side)
    with tempfile.TemporaryDirectory() as folder:
        clip, painted = Path(folder, "clip.mp4"), Path(folder, "painted.mp4")
        write_clip(clip, wide, args.side, args.seconds * RATE)
        print(speed_table(args, *stylize(args.model, clip, painted)))
        write_clip(clip, wide, args.side, args.pan + 1, turns=False)
        stylize(args.model, clip, painted)
        figures = flicker(args, wide, read_frames(clip), read_frames(painted))
    print(f"\n{flicker_table(figures)}\n\n{conditions()}")
    if args.csv:
        write_csv(args.csv, figures)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, help="a filter_*.tflite")
    parser.add_argument("picture", type=Path, help="a photo to pan over")
    parser.add_argument("--side", type=int, default=256, help="pixels of the clip")
    parser.add_argument("--seconds", type=int, default=180, help="of the long clip")
    parser.add_argument("--pan", type=int, default=120, help="frames to compare")
    parser.add_argument("--csv", type=Path, help="where to write each frame's figures")
    return parser.parse_args()


def panorama(path, side):
    """The picture, `side` pixels high, and mirrored until it is four times as wide."""
    image = Image.fromarray(read_image(path))
    width = round(image.width * side / image.height)
    picture = np.asarray(image.resize((width, side), Image.Resampling.LANCZOS))
    wide = [picture, picture[:, ::-1]] * (1 + 2 * side // width)
    return np.concatenate(wide, 1)[:, : 4 * side]


def windows(wide, side, count, turns=True):
    """Frames that move by one pixel, and back from the end unless `turns` is false."""
    room = wide.shape[1] - side
    for number in range(count):
        left = number % (2 * room)
        left = min(left, 2 * room - left) if turns else min(number, room)
        yield np.ascontiguousarray(wide[:, left : left + side])


def write_clip(path, wide, side, count, turns=True):
    """An H.264 clip of the pan, with a tone."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", RATE, options={"crf": "12"})
        stream.width = stream.height = side
        sound = container.add_stream("aac", SOUND_RATE, layout="mono")
        for number, picture in enumerate(windows(wide, side, count, turns)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
            container.mux(sound.encode(tone(number)))
        container.mux(stream.encode(None) + sound.encode(None))


def tone(number):
    """What sounds while a frame is seen."""
    samples = SOUND_RATE // RATE
    times = np.arange(number * samples, (number + 1) * samples)
    wave = (8000 * np.sin(0.17 * times)).astype("int16")
    frame = av.AudioFrame.from_ndarray(wave[None], "s16", "mono")
    frame.sample_rate, frame.pts = SOUND_RATE, int(times[0])
    frame.time_base = Fraction(1, SOUND_RATE)
    return frame


def stylize(model, clip, painted):
    """`(frames, seconds, memory)`: of the command; memory as `(segments, bytes)`."""
    painted.unlink(missing_ok=True)
    command = [sys.executable, "-m", "keras_stylex.cli", "stylize", model, clip]
    start, memory = time.monotonic(), []
    process = subprocess.Popen([*command, "-o", painted], stdout=subprocess.PIPE)
    folder = Work(painted, {}).folder
    while process.poll() is None:
        finished = len(list(folder.glob("segment_*.nut"))) if folder.exists() else 0
        if finished and (resident := resident_bytes(process.pid)):
            memory.append((finished, resident))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(process.returncode)
    frames = int(process.stdout.read().split()[1])
    return frames, time.monotonic() - start, memory


def resident_bytes(process):
    """The memory a process has, or 0 when it has ended."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def speed_table(args, frames, seconds, memory):
    last = max(done for done, _ in memory)
    start, middle, end = (
        max(size for done, size in memory if low * last <= done <= high * last) / 1e6
        for low, high in ((0, 0.2), (0.4, 0.6), (0.8, 1))
    )
    return (
        f"| {args.side}x{args.side}, {args.seconds} s of video | |\n|---|---|\n"
        f"| frames | {frames:,} |\n| seconds, with the start of the command "
        f"| {seconds:.0f} |\n| frames per second | {frames / seconds:.1f} |\n"
        f"| memory in the first fifth, MB | {start:.0f} |\n"
        f"| memory in the middle fifth, MB | {middle:.0f} |\n"
        f"| memory in the last fifth, MB | {end:.0f} |"
    )


def read_frames(path):
    with av.open(str(path)) as container:
        return [
            to_float(frame.to_ndarray(format="rgb24"))
            for frame in container.decode(video=0)
        ]


def flicker(args, wide, content, painted):
    """Figures of every frame but the first, by name."""
    paint = FilterPainter(args.model)
    pan = list(map(to_float, windows(wide, args.side, args.pan + 1, turns=False)))
    pure = [paint(frame) for frame in track(pan, "painting the pan")]
    return {
        "content, in the file": pan_errors(content),
        "painted, not encoded": pan_errors(pure),
        "painted, in the file": pan_errors(painted),
        EVERY_EIGHTH: pan_errors(pure[::8], 8),
        "content, the pan left in": pan_errors(content, 0),
        "painted, the pan left in": pan_errors(painted, 0),
    }


def flicker_table(figures):
    rows = [
        "| change from frame to frame | median | 95 % | largest |",
        "|---|---|---|---|",
    ]
    for name, values in figures.items():
        cells = (np.median(values), np.percentile(values, 95), values.max())
        rows.append(f"| {name} | {' | '.join(f'{cell:.4f}' for cell in cells)} |")
    return "\n".join(rows)


def write_csv(path, figures):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        figures = {name: f for name, f in figures.items() if name != EVERY_EIGHTH}
        writer.writerow(["frame", *figures])
        for number, row in enumerate(zip(*figures.values(), strict=True), 1):
            writer.writerow([number, *(f"{value:.5f}" for value in row)])


def conditions():
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, load {load}, "
        f"PyAV {av.__version__}, `{' '.join(sys.argv[1:])}`"
    )


if __name__ == "__main__":
    main()
