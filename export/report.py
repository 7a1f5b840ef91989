"""What an export came to, for people: Markdown, and a page with pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keras_stylex.data.html_page import escape, linked_picture, page, table
from keras_stylex.data.images import write_image

PAGE_NAME = "report.html"
AMPLIFIED = 16  # times, so that a difference can be seen
COLUMNS = (
    "file",
    "KB",
    "ms, 1 thread",
    "% of roofline",
    "PSNR dB",
    "on a GPU, dB",
    "largest difference",
    "delegated / not / parts",
)


@dataclass(frozen=True)
class Report:
    """Everything a report shows.

    Attributes:
        title: String.
        artefacts: list of `Artefact`.
        rooflines: dict of `Latency` by recipe: what this machine does at best.
        content: `(count, height, width, 3)` pictures, [0, 1].
        style: `(height, width, 3)` the reference, [0, 1]; or `None`.
        keras: `(count, height, width, 3)` what Keras paints of the content.
        warnings: list of strings.
    """

    title: str
    artefacts: list
    rooflines: dict
    content: np.ndarray
    style: np.ndarray | None
    keras: np.ndarray
    warnings: list

    def rows(self):
        """The table's cells, strings, a row per artefact."""
        return [self._row(artefact) for artefact in self.artefacts]

    def _row(self, artefact):
        latency = artefact.latency
        share, parts = "", ""
        if latency is not None:
            best = self.rooflines["int8" if artefact.recipe == "int8" else "float32"]
            share = f"{latency.gmac_per_second / best.gmac_per_second:.0%}"
        if artefact.delegated is not None:
            parts = f"{artefact.delegated} / {artefact.left} / {artefact.partitions}"
        return (
            artefact.name,
            f"{artefact.bytes / 1000:.0f}",
            "" if latency is None else f"{latency.median:.1f}",
            share,
            f"{artefact.parity.psnr:.1f}",
            "" if artefact.gpu is None else f"{artefact.gpu.psnr:.1f}",
            f"{artefact.parity.max:.4f}",
            parts,
        )

    def write(self, folder):
        """Writes `report.md`, `report.html` and their pictures into a folder."""
        folder = Path(folder)
        columns = self._columns()
        files = _write_pictures(folder / "pictures", columns)
        (folder / "report.md").write_text(self._markdown(files), encoding="utf-8")
        (folder / PAGE_NAME).write_text(self._page(files), encoding="utf-8")

    def _columns(self):
        """Named columns of pictures: what went in, and what came out of each."""
        columns = {"content": self.content}
        if self.style is not None:
            columns["reference"] = np.stack([self.style] * len(self.content))
        columns["Keras"] = self.keras
        for artefact in self.artefacts:
            if artefact.painted is not None:
                difference = np.abs(artefact.painted - self.keras)
                columns[artefact.name] = artefact.painted
                columns[f"{artefact.name}: difference x {AMPLIFIED}"] = np.clip(
                    AMPLIFIED * difference, 0, 1
                )
        return columns

    def _markdown(self, files):
        lines = [f"# {self.title}", "", *self._notes(), _markdown_row(COLUMNS)]
        lines += ["|---" * len(COLUMNS) + "|", *map(_markdown_row, self.rows()), ""]
        lines += [_markdown_row(files), "|---" * len(files) + "|"]
        for row in zip(*files.values(), strict=True):
            lines.append(_markdown_row(f"![]({file})" for file in row))
        return "\n".join(lines) + "\n"

    def _notes(self):
        best = ", ".join(
            f"{name} {latency.gmac_per_second:.0f} GMAC/s"
            for name, latency in self.rooflines.items()
        )
        notes = [f"Warning: {warning}" for warning in self.warnings]
        notes.append(
            "PSNR and differences: against Keras in float32, on pictures that were not "
            f"calibrated on. Roofline: a large convolution on one thread, {best}."
        )
        return [line for note in notes for line in (note, "")]

    def _page(self, files):
        pictures = zip(*files.values(), strict=True)
        return page(
            self.title,
            [
                *(f"<p>{escape(note)}</p>" for note in self._notes() if note),
                table([map(escape, row) for row in self.rows()], COLUMNS),
                table(
                    [map(linked_picture, row) for row in pictures], map(escape, files)
                ),
            ],
        )


def _write_pictures(folder, columns):
    """Writes each picture; returns paths relative to the report by column."""
    folder.mkdir()
    files = {}
    for number, (name, pictures) in enumerate(columns.items()):
        files[name] = []
        for row, picture in enumerate(pictures):
            write_image(folder / f"{row}_{number:02d}.png", picture)
            files[name].append(f"{folder.name}/{row}_{number:02d}.png")
    return files


def _markdown_row(cells):
    return "| " + " | ".join(cells) + " |"
