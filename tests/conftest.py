"""Small pictures on disk, for the tests which read some; and small disks."""

import contextlib
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image


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


@pytest.fixture(scope="session")
def brief_timing():
    """A context in which little is timed, for little time."""
    from keras_stylex.export import latency

    @contextlib.contextmanager
    def brief():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(latency, "WARM_UP_SECONDS", 0.01)
            patch.setattr(latency, "ROOFLINE_SIZE", 8)
            patch.setattr(latency, "ROOFLINE_CHANNELS", 16)
            yield

    return brief


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
