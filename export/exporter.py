"""Turns a generator and a style into files that have been proved."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_stylex.errors import InputError, VerificationError
from keras_stylex.export import device_network
from keras_stylex.export.artefact import Artefact
from keras_stylex.export.gpu_check import verify_on_gpu
from keras_stylex.export.image_size import check_image_size
from keras_stylex.export.latency import measure_latency
from keras_stylex.export.metadata import describe
from keras_stylex.export.recipes import RECIPES
from keras_stylex.export.tflite import convert
from keras_stylex.export.tflite_checks import verify_tflite
from keras_stylex.export.tflite_contents import with_metadata
from keras_stylex.export.tflite_runner import TFLiteRunner

# Formats that take any style, and their recipes. Not int8: a style encoder computed in
# it was 24 dB from the float one.
PAIRS = {"pair": "float16", "pair-float32": "float32", "pair-dynamic": "dynamic"}
FORMATS = (*RECIPES, *PAIRS)
EQUALIZED = 8  # pictures whose ranges are looked at
SHOWN = 4  # pictures in reports
LEAST_PICTURES = 8  # half calibrate, half prove


@dataclass(frozen=True)
class Exporter:
    """Writes TFLite files of one generator, one style and one size.

    Attributes:
        generator: `Generator`.
        style: `Style`.
        pictures: `(count, height, width, 3)` real pictures like those the filter will
            see, [0, 1]; the first half calibrates, the second half proves.
        folder: Path, where to write.
        image_size: Integer or `(height, width)`, pixels; that of the pictures.
        licence: String for the metadata, or `None`.
    """

    generator: object
    style: object
    pictures: np.ndarray
    folder: Path
    image_size: object
    licence: str | None = None

    def __post_init__(self):
        size = check_image_size(self.image_size)
        if self.pictures.shape[1:3] != size:
            raise ValueError(
                f"Expected pictures of {size}. Received: {self.pictures.shape}."
            )
        if len(self.pictures) < LEAST_PICTURES:
            raise InputError(
                f"An export needs at least {LEAST_PICTURES} pictures like those the "
                "filter will see, to calibrate on and to prove itself on. Give a "
                f"folder of them with --calibrate. Received: {len(self.pictures)}."
            )

    @property
    def calibration(self):
        """The pictures that integer recipes read value ranges off."""
        return self.pictures[: len(self.pictures) // 2]

    @property
    def proof(self):
        """The pictures that files are compared with Keras on."""
        return self.pictures[len(self.pictures) // 2 :]

    def write(self, format_name):
        """Writes, proves and times the file, or the pair of files, of a format.

        Returns: list of `Artefact`.

        Raises:
            InputError: when there is no such format.
            VerificationError: when a file fails; it is not written.
        """
        if format_name in PAIRS:
            recipe = RECIPES[PAIRS[format_name]]
            return [self._write_encoder(recipe), self._write_stylizer(recipe)]
        if format_name not in RECIPES:
            raise InputError(
                f"There is no format {format_name!r}. "
                f"Choose from: {', '.join(FORMATS)}."
            )
        return [
            self._write(
                self._filter,
                RECIPES[format_name],
                f"filter_{self.style.name}_{format_name}",
                self._frames(self.calibration),
                self._frames(self.proof),
                self.style,
            )
        ]

    @functools.cached_property
    def _filter(self):
        """The filter, which all recipes share."""
        return device_network.filter_network(
            self.generator,
            self.style.code,
            self.style.strength,
            self.image_size,
            self.calibration[:EQUALIZED],
        )

    @functools.cached_property
    def _encoder(self):
        return device_network.style_encoder_network(self.generator, self.image_size)

    @functools.cached_property
    def _stylizer(self):
        return device_network.stylizer_network(self.generator, self.image_size)

    def _write_encoder(self, recipe):
        samples = [{"style": picture[None]} for picture in self.proof]
        name = f"style_encoder_{recipe.name}"
        return self._write(self._encoder, recipe, name, None, samples)

    def _write_stylizer(self, recipe):
        strength = np.full((1, 1), self.style.strength, "float32")
        samples = [
            {**frame, "style_code": self.style.code, "strength": strength}
            for frame in self._frames(self.proof)
        ]
        name = f"stylizer_{recipe.name}"
        return self._write(self._stylizer, recipe, name, None, samples)

    @staticmethod
    def _frames(pictures):
        return [{"frame": picture[None]} for picture in pictures]

    def _write(self, network, recipe, name, calibration, samples, style=None):
        content = convert(network, recipe, calibration)
        try:
            verification = verify_tflite(content, network, recipe, samples)
            metadata = describe(network, recipe, verification, style, self.licence)
            content = with_metadata(content, metadata)
            # Once more: what is kept are these bytes.
            verification = verify_tflite(content, network, recipe, samples)
            gpu = verify_on_gpu(content, network, samples[:1]) if recipe.gpu else None
        except VerificationError as error:
            raise VerificationError(f"{name}.tflite: {error}; not written") from error
        file = self.folder / f"{name}.tflite"
        file.write_bytes(content)
        text = json.dumps(metadata, indent=2) + "\n"
        file.with_suffix(".json").write_text(text)
        return Artefact(
            name=file.name,
            recipe=recipe.name,
            bytes=verification.bytes,
            parity=verification.parity,
            gpu=gpu,
            latency=measure_latency(content),
            delegated=verification.delegated,
            left=verification.left,
            partitions=verification.partitions,
            painted=self._paint(content, network, samples),
        )

    @staticmethod
    def _paint(content, network, samples):
        if network.output != "stylized":
            return None
        runner = TFLiteRunner(content)
        return np.concatenate([runner(**sample) for sample in samples[:SHOWN]])
