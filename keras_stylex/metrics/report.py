"""An evaluation for people: a page with a table, pictures, and the worst of them."""

import numpy as np

from keras_stylex.data.html_page import escape, picture, table, write_page
from keras_stylex.metrics.glossary import HIGHER, MEANINGS, readable
from keras_stylex.metrics.painting import generate_batches

SHOWN = 12  # pictures of the grid
WORST = 4  # pictures per figure
SHEET = (3, 6)  # contents and references of the sheet of styles
# The figures whose worst pictures are shown.
JUDGED = (
    "palette_error",
    "ssim_content",
    "gradient_correlation",
    "self_similarity",
    "color_distance",
    "sensitivity",
)


def write_report(path, title, evaluation):
    """Writes a page that needs no other file.

    Args:
        path: Path of the HTML file.
        title: String.
        evaluation: `Evaluation`.

    Raises:
        InputError: when it cannot be written.
    """
    body = [
        *(f"<p>{escape(note)}</p>" for note in evaluation.notes),
        table(map(_figure_row, *zip(*evaluation.figures.items(), strict=True)), HEAD),
        "<h2>The first pictures</h2>",
        _grid(evaluation, range(min(SHOWN, len(evaluation.subject.contents)))),
        "<h2>The first contents in several styles</h2>",
        _sheet(evaluation.subject),
    ]
    for name in JUDGED:
        if name in evaluation.per_picture:
            body += _worst(evaluation, name)
    write_page(path, title, body)


HEAD = ("figure", "value", "better", "what it says")


def _figure_row(name, value):
    better, text = MEANINGS[name]
    return (name.replace("_", " "), readable(value), better, escape(text))


def _worst(evaluation, name):
    values = evaluation.per_picture[name]
    order = np.argsort(values if MEANINGS[name].better == HIGHER else -values)
    title = f"The worst by {name.replace('_', ' ')}"
    return [f"<h2>{title}</h2>", _grid(evaluation, order[:WORST], name)]


def _grid(evaluation, numbers, name=None):
    """Rows of content, reference, result and truth, perhaps with a figure."""
    subject, truth = evaluation.subject, evaluation.truth
    columns = {
        "content": subject.contents,
        "reference": subject.styles,
        "result": subject.results,
        **({} if truth is None else {"truth": truth.truth}),
    }
    rows = [[picture(pictures[i]) for pictures in columns.values()] for i in numbers]
    if name is None:
        return table(rows, columns)
    values = evaluation.per_picture[name]
    captions = [readable(float(values[i])) for i in numbers]
    rows = [[*row, text] for row, text in zip(rows, captions, strict=True)]
    return table(rows, [*columns, name.replace("_", " ")])


def _sheet(subject):
    contents = subject.contents[: SHEET[0]]
    references = subject.references[: SHEET[1]]
    rows = [["", *map(picture, references)]]
    for content in contents:
        repeated = np.stack([content] * len(references))
        painted = generate_batches(subject.generate, repeated, references)
        rows.append([picture(content), *map(picture, painted)])
    return table(rows)
