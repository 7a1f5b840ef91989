"""Who made the pictures that weights were trained on, from a table beside them."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from keras_stylex.errors import InputError

TABLE_NAME = "CREDITS.csv"
COLUMNS = ("file", "repo", "licence", "author")
LONGEST_NAME = 40  # characters


@dataclass(frozen=True)
class Credit:
    """One row of the table.

    Attributes:
        file: Path of the picture below the table's folder.
        repo: The GitHub repository that it comes from.
        licence: String.
        author: Who made it; after a hyphen its title, where that is known.
    """

    file: str
    repo: str
    licence: str
    author: str

    @property
    def style_name(self):
        """A readable name: of artist and title, or else of the file."""
        artist, _, title = self.author.partition(" - ")
        if not title:
            return _slug(Path(self.file).stem)
        surname = re.sub(r"\(.*?\)", "", artist).split()[-1]
        title = re.sub(r"^(The|A|An) ", "", re.split(r"[,(/:]", title)[0])
        return _slug(f"{surname} {title}")

    def markdown(self):
        """One line that names the picture, its author, licence and origin."""
        author = self.author or "author not named"
        return f"`{self.file}`: {author}; {self.licence}; from {_link(self.repo)}"


def read_credits(folder):
    """The rows of `CREDITS.csv` in a folder, dict of `Credit` by file.

    Raises:
        InputError: when there is no such table, or a column is missing.
    """
    path = Path(folder, TABLE_NAME)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                {name: row[name] for name in COLUMNS} for row in csv.DictReader(file)
            ]
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except LookupError as error:
        raise InputError(
            f"{path}: has no column {error}. It needs: {', '.join(COLUMNS)}."
        ) from error
    return {row["file"]: Credit(**row) for row in rows}


def credits_of(credits, folder, files):
    """The credits of pictures.

    Args:
        credits: dict of `Credit`, see `read_credits`.
        folder: Path of the table's folder.
        files: list of paths of pictures below it.

    Raises:
        InputError: when the table leaves one out.
    """
    names = [Path(file).relative_to(folder).as_posix() for file in files]
    for name in names:
        if name not in credits:
            raise InputError(f"{Path(folder, TABLE_NAME)}: has no row for {name}")
    return [credits[name] for name in names]


def credits_markdown(credits):
    """Whom to credit for many pictures: a list of their origins with all authors."""
    groups = {}
    for credit in credits:
        kind = Path(credit.file).parent.as_posix(), credit.repo, credit.licence
        groups.setdefault(kind, []).append(credit.author)
    lines = []
    for (folder, repo, licence), authors in groups.items():
        named = "; ".join(dict.fromkeys(filter(None, authors)))
        line = f"- {folder}, {len(authors)} from {_link(repo)}, {licence}"
        lines.append(f"{line}: {named}" if named else line)
    return "\n".join(lines)


def _link(repo):
    return f"[{repo}](https://github.com/{repo})"


def _slug(text):
    """Letters without accents, digits and hyphens; long ones end after a word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(slug) > LONGEST_NAME:
        slug = slug[: LONGEST_NAME + 1].rpartition("-")[0]
    return slug
