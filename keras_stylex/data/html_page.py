"""Plain HTML pages of tables and pictures."""

import base64
import html
import io
import os
from pathlib import Path

from PIL import Image

from keras_stylex.data.images import to_uint8
from keras_stylex.errors import unwritable


def table(rows, head=()):
    """An HTML table.

    Args:
        rows: rows of cells, HTML: see `escape` and `picture`.
        head: cells of its first row.
    """
    heads = _cells("th", head) if head else ""
    return f"<table>{heads}{''.join(_cells('td', row) for row in rows)}</table>"


def escape(text):
    """Text as HTML."""
    return html.escape(str(text))


def linked_picture(file):
    """A picture that lies beside the page."""
    return f'<img src="{escape(file)}" alt="">'


def picture(image):
    """A picture inside the page, `(height, width, 3)` floats in [0, 1]."""
    content = io.BytesIO()
    Image.fromarray(to_uint8(image)).save(content, "PNG")
    data = base64.b64encode(content.getvalue()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="">'


def page(title, body):
    """A whole page; `body` is a list of HTML blocks."""
    return PAGE.format(title=escape(title), body="\n".join(body))


def write_page(path, title, body):
    """Writes a page; it appears under its name only when it is complete.

    Raises:
        InputError: when it cannot be written.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_text(page(title, body), encoding="utf-8")
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error


def _cells(tag, cells):
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222 }}
table {{ border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }}
th, td {{ padding: .3rem .6rem; text-align: left; border-bottom: 1px solid #ddd }}
img {{ width: 14rem; display: block }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""
