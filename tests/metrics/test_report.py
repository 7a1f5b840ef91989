import re
from html.parser import HTMLParser

import numpy as np
import pytest

from keras_stylex.errors import InputError
from keras_stylex.metrics import Evaluation, Subject
from keras_stylex.metrics.glossary import MEANINGS
from keras_stylex.metrics.report import write_report

RNG = np.random.default_rng(0)
CONTENTS, REFERENCES = RNG.uniform(size=(2, 13, 8, 12, 3)).astype("float32")
SSIM = np.array([0.9, 0.1, 0.8, 0.3, 0.7, 0.2, 0.6, 0.5, 0.4, 1, 1, 1, 1])
COLOR = np.array([1.0, 9, 2, 8, 3, 7, 4, 6, 5, 0, 0, 0, 0])


class Page(HTMLParser):
    """Counts what a page holds: pictures, and the text of its cells."""

    def __init__(self, text):
        super().__init__()
        self.pictures, self.cells, self.open = [], [], []
        self.feed(text)
        assert not self.open  # everything was closed

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.pictures.append(dict(attributes)["src"])
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.cells.append(data)


@pytest.fixture
def evaluation():
    subject = Subject(lambda x, y: 0.5 * x + 0.5 * y, CONTENTS, REFERENCES)
    figures = {"pictures": 13, "ssim_content": 0.5, "color_distance": 5.0}
    per_picture = {"ssim_content": SSIM, "color_distance": COLOR}
    return Evaluation(subject, figures, per_picture, ["13 contents & 9 references"])


def read(path):
    text = path.read_text(encoding="utf-8")
    return text, Page(text)


def test_the_page_shows_figures_a_grid_a_sheet_and_the_worst(evaluation, tmp_path):
    write_report(tmp_path / "new" / "report.html", "A run & more", evaluation)
    text, page = read(tmp_path / "new" / "report.html")
    assert "<title>A run &amp; more</title>" in text
    assert "<p>13 contents &amp; 9 references</p>" in text
    assert page.cells[7:10] == ["ssim content", "0.5000", "higher"]
    grid, sheet, worst = 12 * 3, 6 + 3 * 7, 2 * 4 * 3
    assert len(page.pictures) == grid + sheet + worst
    assert all(src.startswith("data:image/png;base64,") for src in page.pictures)


def test_the_worst_come_first_whichever_way_is_better(evaluation, tmp_path):
    write_report(tmp_path / "report.html", "A run", evaluation)
    text, page = read(tmp_path / "report.html")
    shown = [cell for cell in page.cells if re.fullmatch(r"\d\.\d{4}", cell)][2:]
    assert shown == [
        *("0.1000", "0.2000", "0.3000", "0.4000"),
        *("9.0000", "8.0000", "7.0000", "6.0000"),
    ]
    assert text.count("The worst by ") == 2


def test_a_report_that_cannot_be_written_is_named(evaluation, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="report.html: cannot be written"):
        write_report(tmp_path / "file" / "report.html", "A run", evaluation)


def test_nothing_unfinished_is_left_under_the_name(evaluation, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(InputError):
        write_report(tmp_path / "report.html", "A run", evaluation)
    assert not list(tmp_path.iterdir())


def test_every_figure_has_a_line_that_fits():
    assert all(len(meaning.text) <= 60 for meaning in MEANINGS.values())
    assert {meaning.better for meaning in MEANINGS.values()} == {"higher", "lower", ""}
