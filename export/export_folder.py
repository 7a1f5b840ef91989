"""A folder of exported files with their report."""

from pathlib import Path

import numpy as np

from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export.artefact import Artefact
from keras_stylex.export.exporter import FORMATS, SHOWN, Exporter
from keras_stylex.export.folder import check_place, whole_folder
from keras_stylex.export.image_size import check_image_size
from keras_stylex.export.latency import measure_roofline
from keras_stylex.export.model_card import ModelCard
from keras_stylex.export.report import PAGE_NAME, Report
from keras_stylex.export.saved_model import export_saved_model

SAVED_MODEL = "saved-model"
ALL_FORMATS = (SAVED_MODEL, *FORMATS)
FEW_STEPS = 500  # of training; fewer paint little


def check_formats(formats):
    """Raises `InputError` unless all formats are known."""
    for name in formats:
        if name not in ALL_FORMATS:
            raise InputError(
                f"There is no format {name!r}. Choose from: {', '.join(ALL_FORMATS)}."
            )


def check_folder(folder, overwrite=False):
    """Raises `InputError` when an export cannot go there.

    What is replaced is deleted, so it must be an earlier export: whoever names the
    folder of their photos, or of a run, keeps it.
    """
    folder = Path(folder)
    check_place(folder, overwrite)
    if folder.exists() and any(folder.iterdir()) and not (folder / PAGE_NAME).is_file():
        raise InputError(
            f"{folder}: holds files of others, and no earlier export (it has no "
            f"{PAGE_NAME}). Choose another folder."
        )


def training_warnings(steps):
    """Warnings about a generator that was trained for so many steps."""
    if steps >= FEW_STEPS:
        return []
    return [
        f"the generator was trained for {steps} steps only. It will paint little of "
        "any style; train it longer before you ship it."
    ]


def export_folder(
    generator,
    style,
    pictures,
    folder,
    formats,
    image_size=256,
    licence=None,
    overwrite=False,
    warnings=(),
    track=iter,
    training=None,
):
    """Exports a generator to a folder that appears when all of it has been proved.

    Args:
        generator: `Generator`.
        style: `Style` for the filters.
        pictures: `(count, height, width, 3)` real pictures of the filter's size,
            [0, 1].
        folder: Path of the folder to make.
        formats: list of some of `ALL_FORMATS`.
        image_size: Integer or `(height, width)`, pixels, divisible by 4.
        licence: String for the metadata, or `None`.
        overwrite: Boolean, whether to replace the folder where it holds an export.
        warnings: list of strings for the report.
        track: Function that goes through the formats and shows how far it is.
        training: dict for the model card, see `ModelCard`; or `None`.

    Returns: list of `Artefact`.

    Raises:
        InputError: when something given cannot be used.
        VerificationError: when a file fails; nothing is left of the folder.
    """
    check_formats(formats)
    check_image_size(image_size)
    check_folder(folder, overwrite)
    artefacts = []
    with whole_folder(folder, overwrite) as partial:
        exporter = Exporter(generator, style, pictures, partial, image_size, licence)
        for name in track(list(dict.fromkeys(formats))):
            if name == SAVED_MODEL:
                artefacts.append(_write_saved_model(exporter))
            else:
                artefacts += exporter.write(name)
        content = exporter.proof[:SHOWN]
        Report(
            title=f"{style.name}, strength {style.strength:g}",
            artefacts=artefacts,
            rooflines=measure_roofline(),
            content=content,
            style=style.picture,
            keras=_paint(generator, content, style),
            warnings=list(warnings),
        ).write(partial)
        ModelCard(
            style=style,
            artefacts=artefacts,
            weights=generator.count_params(),
            training=training or {},
            licence=licence,
            warnings=list(warnings),
        ).write(partial)
    return artefacts


def _write_saved_model(exporter):
    folder = exporter.folder / "saved_model"
    try:
        verification = export_saved_model(
            exporter.generator,
            folder,
            pictures=list(exporter.proof[:SHOWN]),
            style=exporter.style.picture,
        )
    except VerificationError as error:
        raise VerificationError(f"{folder.name}: {error}; not written") from error
    return Artefact(
        name=folder.name,
        recipe=SAVED_MODEL,
        bytes=verification.bytes,
        parity=verification.parity["serving_default"],
    )


def _paint(generator, content, style):
    painted = [
        generator.stylize(picture[None], style.code, style.strength)
        for picture in content
    ]
    return np.concatenate(painted)
