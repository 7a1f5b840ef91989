"""The command, called in this process, and a trained run that is small."""

import contextlib
import io
import struct
import warnings
import zlib
from functools import partial, partialmethod
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image

from keras_stylex.cli.main import main
from keras_stylex.models import Discriminator, Generator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN, run_training
from keras_stylex.training.run import Run
from keras_stylex.training.run_config import RunConfig

TOY = {
    "widths": (2, 3),
    "encoder_blocks": 1,
    "decoder_blocks": (0, 1),
    "style_widths": (3,),
    "style_dim": 4,
}
SIZE = (48, 32)  # width and height of pictures, in pixels


@pytest.fixture(autouse=True)
def _as_it_was(process_as_it_was):
    with process_as_it_was():
        yield


@pytest.fixture(scope="session")
def frames(tmp_path_factory):
    """Enough pictures to calibrate and prove filters on."""
    folder = tmp_path_factory.mktemp("frames")
    return write_pictures(folder, [f"{number}.png" for number in range(8)], 2)


@pytest.fixture(scope="session")
def exported(toy_run, paintings, frames, brief_timing, process_as_it_was, made_once):
    """What `export` printed, and the `folder` that it made, of filters of 32x44."""
    arguments = (
        *("export", toy_run.folder, "--style", paintings / "x.png"),
        *("--formats", "saved-model, int8,float16,pair", "--size", "32x44"),
        *("--calibrate", frames, "--strength", 0.9, "--name", "My Filter"),
        *("--licence", "CC0", "--json", "--out"),
    )

    def make(folder):
        out, err = io.StringIO(), io.StringIO()
        folder = folder / "new" / "exported"
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            process_as_it_was(),
            brief_timing(),
        ):
            code = main([str(argument) for argument in (*arguments, folder)])
        printed = {"out": out.getvalue(), "err": err.getvalue()}
        return SimpleNamespace(folder=folder, code=code, **printed)

    return made_once("exports", make)


@pytest.fixture
def command(capsys):
    """`command("stylize", run, ...)`: its exit code, and what it printed where."""

    def call(*arguments):
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return SimpleNamespace(code=code, out=printed.out, err=printed.err)

    return call


@pytest.fixture
def refused(command):
    """Calls the command on bad input; returns the one line that says what is wrong."""

    def call(*arguments):
        result = command(*arguments)
        assert result.code == 2, result
        (line,) = result.err.splitlines()
        return line.removeprefix("keras-stylex: ")

    return call


def write_pictures(folder, names, seed=0):
    """Pictures of soft colours, each different."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    for name in names:
        coarse = rng.integers(40, 216, (4, 6, 3), dtype="uint8")
        Image.fromarray(coarse).resize(SIZE, Image.BICUBIC).save(folder / name)
    return folder


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    return write_pictures(folder, ["a.png", "b.png", "c.png"])


@pytest.fixture(scope="session")
def paintings(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("paintings"), ["x.png", "y.png"], 1)


def bomb():
    """A PNG file of 45 bytes that says it has 30,000x30,000 pixels."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


@pytest.fixture
def broken(tmp_path, photos):
    """A folder of one good picture, and of five that cannot be learned from."""
    folder, whole = tmp_path / "broken", (photos / "a.png").read_bytes()
    folder.mkdir()
    files = {
        "good.png": whole,
        "truncated.png": whole[: len(whole) // 2],
        "zero.png": b"",
        "text.jpg": b"Dear diary,\n",
        "bomb.png": bomb(),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    return folder


@pytest.fixture(scope="session")
def toy_run(tmp_path_factory, photos, paintings):
    """A run as training leaves it, its weights not what they start as."""
    run = Run(tmp_path_factory.mktemp("runs") / "toy")
    config = RunConfig(str(photos), str(paintings), image_size=32, steps=1)
    run.create(config)
    keras.utils.set_random_seed(0)
    generator = Generator(**TOY)
    rng = np.random.default_rng(0)
    generator.set_weights(
        [w + 0.5 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    with warnings.catch_warnings():
        # 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        generator.save(run.generator_file)
    return run


@pytest.fixture(scope="module")
def small_and_eager():
    """Lets `train --preset toy` train in no time."""
    eager = partialmethod(StyleTransferGAN.compile, run_eagerly=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "toy", TOY)
        patch.setattr(run_training, "Discriminator", partial(Discriminator, 1))
        patch.setattr(StyleTransferGAN, "compile", eager)
        yield
