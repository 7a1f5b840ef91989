"""The report: what it says, what it shows, and that it is whole."""

import html.parser
import re
from dataclasses import replace

import numpy as np
import pytest

from keras_stylex.data.images import read_image
from keras_stylex.export.artefact import Artefact
from keras_stylex.export.latency import Latency
from keras_stylex.export.parity import Parity
from keras_stylex.export.report import Report

ROOFLINES = {
    "float32": Latency(1.0, 0.0, 1, 0.1),  # 100 GMAC/s
    "int8": Latency(1.0, 0.0, 1, 0.4),
}


@pytest.fixture(scope="module")
def report(pictures):
    """Of two files, one of which paints nothing; pictures are 16x24 and 20x12."""
    keras = 0.5 * pictures(2)
    timed = {"latency": Latency(20.0, 1.0, 1, 2.0), "parity": Parity(0.5, 0.25, 41.26)}
    figures = {"delegated": 30, "left": 2, "partitions": 1}
    int8 = Artefact(
        "int8.tflite", "int8", 41_600, **timed, **figures, painted=keras + 0.01
    )
    encoder = Artefact("encoder.tflite", "float16", 900, **timed)
    served = Artefact("saved_model", "saved-model", 9_900, Parity(0.0, 0.0, 150.0))
    return Report(
        title="<i>wave</i> & co",
        artefacts=[int8, encoder, served],
        rooflines=ROOFLINES,
        content=pictures(2, seed=1),
        style=pictures(1, 20, 12)[0],
        keras=keras,
        warnings=["<script>"],
    )


@pytest.fixture(scope="module")
def folder(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    report.write(folder)
    return folder


def test_rows_worked_out_by_hand(report):
    parity = ("41.3", "", "0.5000")
    assert report.rows() == [
        # 2 GMAC in 20 ms are 100 GMAC/s, of 400 in int8 and of 100 in float.
        ("int8.tflite", "42", "20.0", "25%", *parity, "30 / 2 / 1"),
        ("encoder.tflite", "1", "20.0", "100%", *parity, ""),
        ("saved_model", "10", "", "", "150.0", "", "0.0000", ""),
    ]


def test_a_style_without_a_picture_has_no_column(report, tmp_path):
    replace(report, style=None).write(tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| content | Keras | int8.tflite |" in text


class Page(html.parser.HTMLParser):
    """Reads a page: its tags, its texts, and where its pictures are."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.pictures, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.pictures.append(dict(attributes)["src"])
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append(text)


@pytest.fixture(scope="module")
def page(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_is_whole_and_takes_no_tags_from_names(page):
    assert page.open == []
    assert {"i", "script"}.isdisjoint(page.tags)
    assert page.texts.count("<i>wave</i> & co") == 2  # its title and its heading
    assert "Warning: <script>" in page.texts


def test_both_reports_show_the_same_in_the_same_order(page, folder, report):
    markdown = (folder / "report.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[\]\((.*?)\)", markdown) == page.pictures
    for row in report.rows():
        assert f"| {' | '.join(row)} |" in markdown
        place = page.texts.index(row[0])
        shown = page.texts[place : place + sum(map(bool, row))]
        assert shown == [cell for cell in row if cell]
    assert "float32 100 GMAC/s, int8 400 GMAC/s" in markdown


def test_pictures_are_columns_of_what_they_are_headed_by(page, folder, report):
    heads = ["content", "reference", "Keras", "int8.tflite"]
    heads.append("int8.tflite: difference x 16")
    start = page.texts.index("content")
    assert page.texts[start : start + 5] == heads
    assert len(page.pictures) == 2 * len(heads)
    painted = report.artefacts[0].painted
    for row in range(2):
        expected = [
            report.content[row],
            report.style,
            report.keras[row],
            painted[row],
            np.full_like(painted[row], 0.16),
        ]
        shown = page.pictures[5 * row : 5 * row + 5]
        for file, picture in zip(shown, expected, strict=True):
            seen = read_image(folder / file) / 255
            assert seen.shape == picture.shape, file
            np.testing.assert_allclose(seen, picture, atol=0.51 / 255)


def test_nothing_else_is_written(page, folder):
    written = {f.relative_to(folder).as_posix() for f in folder.rglob("*.*")}
    assert written == {*page.pictures, "report.md", "report.html"}
