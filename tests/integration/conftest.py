"""A working folder as the documents speak of it, with a toy run; and quick settings."""

import contextlib
import io
import shutil
import warnings
from functools import partial, partialmethod
from importlib import import_module
from types import SimpleNamespace

import av
import numpy as np
import pytest
from PIL import Image

import keras_stylex
from keras_stylex.cli import export as export_command
from keras_stylex.cli.main import main
from keras_stylex.export import export_saved_model
from keras_stylex.export.parity import Parity
from keras_stylex.models import Discriminator
from keras_stylex.models.presets import PRESETS
from keras_stylex.training import StyleTransferGAN, run_training
from keras_stylex.training.callbacks import TrainingLimit

TOY = {
    "widths": (2, 3),
    "encoder_blocks": 0,
    "decoder_blocks": (0, 1),
    "style_widths": (2,),
    "style_dim": 4,
}
SIDE = 32  # pixels, of exported filters
SIZE = (48, 32)  # width and height of pictures, in pixels
PICTURES = {
    "photos": 8,  # as many as an export needs
    "more_photos": 2,
    "paintings": 3,
    "holiday/monday": 1,
    "references": 2,
}
FILES = ("photo.jpg", "painting.jpg", "a.jpg", "b.jpg")
VIDEOS = ("clip.mp4", "a.mov", "b.mkv")


# Its package has a function of that name.
export_folder = import_module("keras_stylex.export.export_folder")


class OneStep(TrainingLimit):
    """Ends a training after one step, however many it was to have."""

    def __init__(self, clock, steps=None, minutes=None):
        super().__init__(clock, clock.step + 1)


@contextlib.contextmanager
def quick_settings(brief_timing):
    """Lets commands and programs run as they are, on toy networks, for a step."""
    eager = partialmethod(StyleTransferGAN.compile, run_eagerly=True)
    fit = StyleTransferGAN.fit
    read_size = export_command.image_size

    def brief_fit(self, *args, **options):
        return fit(self, *args, **{**options, "epochs": 1, "steps_per_epoch": 1})

    def small(text):
        return (SIDE, SIDE) if read_size(text) else None

    with (
        pytest.MonkeyPatch.context() as patch,
        brief_timing(),
        warnings.catch_warnings(),
    ):
        # 2026-11: Keras 3.15 saves variables in a way that NumPy 2 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in PRESETS:
            patch.setitem(PRESETS, name, TOY)
        for module in (keras_stylex, run_training):
            patch.setattr(module, "Discriminator", partial(Discriminator, 1))
        patch.setattr(run_training, "TrainingLimit", OneStep)
        patch.setattr(StyleTransferGAN, "compile", eager)
        patch.setattr(StyleTransferGAN, "fit", brief_fit)
        patch.setattr(export_command, "image_size", small)
        patch.setattr(export_folder, "export_saved_model", unverified)
        yield


def unverified(generator, folder, **options):
    """Writes a SavedModel; other tests verify some, which takes a process."""
    export_saved_model(generator, folder, verify=False)
    parity = {"serving_default": Parity(0.0, 0.0, 150.0)}
    return SimpleNamespace(bytes=1000, parity=parity)


def write_pictures(folder):
    """The pictures that the documents speak of: soft colours, each different."""
    rng = np.random.default_rng(0)
    names = [f"{where}/{i}.jpg" for where, n in PICTURES.items() for i in range(n)]
    for name in (*names, *FILES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = rng.integers(40, 216, (4, 6, 3), dtype="uint8")
        Image.fromarray(coarse).resize(SIZE, Image.BICUBIC).save(path, quality=95)


def write_videos(folder):
    """The videos that the documents speak of: two frames each."""
    for name in VIDEOS:
        with av.open(str(folder / name), "w") as container:
            stream = container.add_stream("libx264", rate=25)
            stream.width, stream.height = SIZE
            stream.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.full((*SIZE[::-1], 3), 90, "uint8"))
            for packet in [*stream.encode(frame), *stream.encode(frame)]:
                container.mux(packet)
            container.mux(stream.encode())


@pytest.fixture(scope="session")
def call(process_as_it_was):
    """`call("stylize", ...)`: the command, in this process; it has to succeed."""

    def call_command(*arguments):
        printed = io.StringIO()
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            process_as_it_was(),
        ):
            try:
                code = main(list(arguments))
            except SystemExit as end:  # of --help, or of an option that there is not
                code = end.code
        assert code == 0, f"keras-stylex {' '.join(arguments)}\n{printed.getvalue()}"

    return call_command


@pytest.fixture(scope="session")
def quick(brief_timing):
    """A context in which programs and commands end soon, whatever they were told."""
    return partial(quick_settings, brief_timing)


@pytest.fixture(scope="session")
def master(call, quick, made_once):
    """A folder of pictures, a run of one step, and its export in most formats."""
    sources = ("--content", "photos/", "--style", "paintings/")
    formats = "saved-model,float16,int8,dynamic,pair"

    def make(folder):
        write_pictures(folder)
        write_videos(folder)
        with quick(), pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            call("train", *sources, "--size", "32", "--out", "runs/mine")
            options = ("--style", "painting.jpg", "--formats", formats)
            call("export", "runs/mine", *options, "--out", "exported")
        shutil.copytree(folder / "runs/mine", folder / "runs/quickstart")
        shutil.copy(
            folder / "exported/filter_painting_float16.tflite",
            folder / "network.tflite",
        )
        return folder

    return made_once("workplace", make)


@pytest.fixture
def workplace(master, tmp_path, monkeypatch):
    """A copy of that folder, entered."""
    folder = shutil.copytree(master, tmp_path / "workplace")
    monkeypatch.chdir(folder)
    return folder
