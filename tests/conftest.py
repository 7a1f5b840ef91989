"""Small pictures on disk, small disks, and what several processes of tests share."""

import contextlib
import functools
import importlib.util
import logging
import os
import pickle
import shutil
import signal
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SPEC = importlib.util.spec_from_file_location(
    "warm_python", Path(__file__).with_name("warm_python.py")
)


@pytest.fixture(scope="session")
def warm_python():
    """Starts programs in processes of their own, see `WarmPython`."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    module = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(module)
    with module.WarmPython() as python:
        yield python


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """`made_once("name", make)`: what `make(folder)` gives, made by one of all workers.

    pytest-xdist runs tests in several processes, each with fixtures of its own. Here
    all get a copy of the same value, and look at the same folder, which none changes.
    """
    fcntl = pytest.importorskip("fcntl")
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent

    def get(name, make):
        folder, value = place / name, place / f"{name}.pickle"
        with open(place / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not value.exists():
                folder.mkdir()
                value.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(value.read_bytes())

    return get


# A shell's job in the background ignores Ctrl-C, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def save(tmp_path):
    """`save("a/b.png", array or PIL image, **options)`: writes it below `tmp_path`."""

    def write(name, picture, **options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        picture.save(path, **options)
        return path

    return write


@pytest.fixture
def flat_pictures(save, tmp_path):
    """`flat_pictures("photos", [3, 9])`: a folder of pictures, each of one grey.

    Neither crops nor flips nor resizing change a flat picture, so its level tells
    which one was seen.
    """

    def write(folder, levels, size=(20, 28)):
        for level in levels:
            save(f"{folder}/{level:03}.png", np.full((*size, 3), level, "uint8"))
        return tmp_path / folder

    return write


@pytest.fixture
def few_scenes(tmp_path, monkeypatch):
    """Makes `tfds:scenes/...` a data set of few pictures, drawn in `tmp_path`."""
    from tensorflow_datasets.core import constants

    from keras_stylex.data.scenes.tfds_builder import Scenes

    monkeypatch.setattr(constants, "DATA_DIR", str(tmp_path / "tfds"))
    for config in Scenes.builder_configs.values():
        monkeypatch.setattr(config, "train_count", 9)
        monkeypatch.setattr(config, "test_count", 3)
    return tmp_path / "tfds"


TOY = {
    "widths": (4, 8),
    "encoder_blocks": 1,
    "decoder_blocks": (1, 1),
    "style_widths": (4, 6),
    "style_dim": 5,
}


@pytest.fixture(scope="session")
def make_generator():
    """Makes generators that are small, but have every part.

    None of their weights is what it starts as.
    """
    import keras

    from keras_stylex.models import Generator

    def make(**options):
        keras.utils.set_random_seed(0)
        generator = Generator(**{**TOY, **options})
        rng = np.random.default_rng(0)
        generator.set_weights(
            [w + 0.1 * rng.normal(size=w.shape) for w in generator.get_weights()]
        )
        return generator

    return make


@pytest.fixture(scope="session")
def pictures():
    """Makes `(count, height, width, 3)` random pictures."""

    def make(count=2, height=16, width=24, seed=0):
        rng = np.random.default_rng(seed)
        return rng.random((count, height, width, 3)).astype("float32")

    return make


@pytest.fixture(scope="session")
def brief_timing():
    """A context in which little is timed, for little time; the machine but once."""
    from keras_stylex.export import latency

    # Its package has a function of that name.
    export_folder = importlib.import_module("keras_stylex.export.export_folder")
    measured_once = functools.cache(export_folder.measure_roofline)

    @contextlib.contextmanager
    def brief():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(latency, "WARM_UP_SECONDS", 0.01)
            patch.setattr(latency, "ROOFLINE_SIZE", 8)
            patch.setattr(latency, "ROOFLINE_CHANNELS", 16)
            patch.setattr(export_folder, "measure_roofline", measured_once)
            yield

    return brief


@pytest.fixture(scope="session")
def process_as_it_was():
    """A context that takes back what the command sets for its whole process."""
    import keras

    @contextlib.contextmanager
    def restored():
        loggers = [logging.getLogger(name) for name in ("absl", "keras_stylex")]
        levels = [logger.level for logger in loggers]
        policy = keras.config.dtype_policy()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
            yield
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        keras.config.set_dtype_policy(policy)

    return restored


@pytest.fixture
def small_disk(tmp_path):
    """`small_disk(kilobytes)`: a folder that is a disk of that size."""
    folder = tmp_path / "disk"

    def mount(kilobytes):
        folder.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.call(["mount", *options]):
            pytest.skip("needs the right to mount a disk")
        return folder

    yield mount
    if folder.exists():
        subprocess.call(["umount", "--lazy", str(folder)])


CLIP_SIZE = (48, 32)  # width and height, in pixels
UNEVEN_STEPS = (20, 50, 30)  # ticks of 1/600 s: a variable frame rate


@pytest.fixture(scope="session")
def write_clip():
    """`write_clip(path, frames=24, ...)`: a video of moving colours, with a sine."""

    def write(path, frames=24, size=CLIP_SIZE, sound="aac", kind=None, **video):
        import av

        with av.open(str(path), "w", kind, options=video.pop("container", {})) as out:
            stream = _add_clip_video(out, size, **video)
            tone = out.add_stream(sound, rate=16000) if sound else None
            packets = _clip_packets(stream, frames, size)
            end = frames * sum(UNEVEN_STEPS) / len(UNEVEN_STEPS) / 600
            packets += _sine_packets(tone, end) if sound else []
            packets.sort(key=lambda packet: packet.dts * packet.time_base)
            for packet in packets:
                out.mux(packet)
        return path

    return write


def clip_picture(number, size=CLIP_SIZE):
    """A picture of soft colours which tells its number: uint8."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    colors = (60 + 3 * x, 60 + 4 * y, (60 + 6 * number) % 200)
    return np.stack(np.broadcast_arrays(*colors), -1).astype("uint8")


def _add_clip_video(out, size, codec="libx264", pixels="yuv420p", tags=(), options=()):
    from fractions import Fraction

    quick = {"preset": "ultrafast", "threads": "1"}
    stream = out.add_stream(codec, rate=20, options=quick | dict(options))
    stream.width, stream.height, stream.pix_fmt = *size, pixels
    stream.codec_context.time_base = Fraction(1, 600)
    for name, value in dict(tags).items():
        setattr(stream.codec_context, name, value)
    return stream


def _clip_packets(stream, frames, size):
    from fractions import Fraction

    import av

    time, packets = 0, []
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(clip_picture(number, size), format="rgb24")
        frame.pts, frame.time_base = time, Fraction(1, 600)
        packets += stream.encode(frame)
        time += UNEVEN_STEPS[number % len(UNEVEN_STEPS)]
    return packets + stream.encode(None)


def _sine_packets(tone, seconds):
    from fractions import Fraction

    import av

    tone.layout = "mono"
    wave = 8000 * np.sin(np.arange(int(seconds * 16000)) * 0.17)
    frame = av.AudioFrame.from_ndarray(wave.astype("int16")[None], "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = 16000, 0, Fraction(1, 16000)
    return tone.encode(frame) + tone.encode(None)


@pytest.fixture(scope="session")
def pack_toy():
    """`pack_toy(folder, generator)`: its weights as they ship, with two styles."""
    from keras_stylex.export.shipped_card import ShippedCard
    from keras_stylex.weights import BundledStyle
    from keras_stylex.weights.packing import pack_weights
    from keras_stylex.weights.shipped import CARD_NAME

    def pack(folder, generator):
        folder.mkdir(parents=True)
        signs = np.resize([1.0, -1.0], generator.style_dim)
        styles = [
            BundledStyle(name, f"toys/{name}.png", "0f", "Somebody", "CC0", tuple(code))
            for name, code in (("wave", signs), ("red-fuji", -signs))
        ]
        training = {"content": "photos", "style": "toys", "minutes": 12.5, "steps": 700}
        training |= {"preset": "stylex_mobile", "image_size": 32, "evaluation": None}
        with warnings.catch_warnings():
            # 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            shipped = pack_weights(
                folder, generator, "stylex_mobile", styles, training, "CC BY 4.0"
            )
        card = ShippedCard(shipped, 0.001, "- photos, 2 from a/b, CC BY 2.0: Somebody")
        (folder / CARD_NAME).write_text(card.markdown(), encoding="utf-8")
        return shipped

    return pack
