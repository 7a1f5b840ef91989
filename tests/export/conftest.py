"""A generator that is small, but has every part; and its exports, made once."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_stylex.data.images import to_float, to_uint8, write_image
from keras_stylex.export.export_folder import ALL_FORMATS, export_folder
from keras_stylex.export.saved_model import export_saved_model
from keras_stylex.export.style import read_style


@pytest.fixture(scope="session")
def generator(make_generator):
    return make_generator()


@pytest.fixture(scope="session")
def encode():
    """Makes the bytes of a picture file of an array or a `PIL.Image`."""

    def make(picture, kind="PNG", **options):
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        file = io.BytesIO()
        picture.save(file, kind, **options)
        return file.getvalue()

    return make


@pytest.fixture(scope="session")
def exported(generator, made_once):
    """The folder of versions and the verification of a SavedModel of `generator`."""

    def make(folder):
        return folder / "toy", export_saved_model(generator, folder / "toy")

    return made_once("models", make)


FILTER_SIZE = (32, 44)


@pytest.fixture(scope="session")
def frames(pictures):
    """Eight smooth pictures of `FILTER_SIZE`, of whole levels: noise is no picture."""
    ramp = np.linspace(0.1, 0.9, FILTER_SIZE[1])[:, None].astype("float32")
    smooth = 0.7 * ramp + 0.3 * pictures(8, *FILTER_SIZE)
    return to_float(to_uint8(smooth))


@pytest.fixture(scope="session")
def references(tmp_path_factory, pictures):
    """Paths of two pictures."""
    folder = tmp_path_factory.mktemp("references")
    paths = [folder / "Great Wave.png", folder / "b.png"]
    for seed, path in enumerate(paths, 1):
        write_image(path, pictures(1, 40, 52, seed)[0] ** seed)
    return paths


@pytest.fixture(scope="session")
def style(generator, references):
    return read_style(generator, references, [2, 1], 0.8)


@pytest.fixture(scope="session")
def export(generator, style, frames):
    """Exports the toy generator to a folder."""

    def write(folder, formats=("dynamic",), **options):
        return export_folder(
            generator, style, frames, folder, formats, FILTER_SIZE, **options
        )

    return write


@pytest.fixture(scope="session")
def whole_export(export, brief_timing, made_once):
    """`(folder, artefacts)` of every format."""
    options = {"licence": "CC0", "warnings": ["5 < 6 & more"]}

    def make(folder):
        with brief_timing():
            return folder / "all", export(folder / "all", ALL_FORMATS, **options)

    return made_once("whole_export", make)
