"""Whom to credit, from the table beside the pictures."""

import pytest

from keras_stylex.errors import InputError
from keras_stylex.weights.credits import (
    Credit,
    credits_markdown,
    credits_of,
    read_credits,
)

TABLE = """\
file,repo,commit,licence,author
photos/a.jpg,x/flowers,00,CC BY 2.0,Ann http://a.example
photos/b.jpg,x/flowers,00,CC BY 2.0,"Bo, of C"
photos/c.jpg,x/flowers,00,CC BY 2.0,Ann http://a.example
photos/d.jpg,y/walls,00,CC0,
prints/e.jpg,z/prints,00,Public domain,Katsushika Hokusai - The Great Wave
"""


@pytest.fixture
def data(tmp_path):
    (tmp_path / "CREDITS.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_rows_are_found_by_file(data):
    paths = [data / "photos" / "b.jpg", data / "prints" / "e.jpg"]
    found = credits_of(read_credits(data), data, paths)
    assert [credit.author for credit in found] == [
        "Bo, of C",
        "Katsushika Hokusai - The Great Wave",
    ]


def test_many_pictures_are_credited_by_origin_with_every_author_once(data):
    assert credits_markdown(read_credits(data).values()).splitlines() == [
        "- photos, 3 from [x/flowers](https://github.com/x/flowers), CC BY 2.0: "
        "Ann http://a.example; Bo, of C",
        "- photos, 1 from [y/walls](https://github.com/y/walls), CC0",
        "- prints, 1 from [z/prints](https://github.com/z/prints), Public domain: "
        "Katsushika Hokusai - The Great Wave",
    ]


def test_a_picture_is_credited_in_one_line(data):
    credits = read_credits(data)
    assert credits["photos/b.jpg"].markdown() == (
        "`photos/b.jpg`: Bo, of C; CC BY 2.0; from [x/flowers]"
        "(https://github.com/x/flowers)"
    )
    assert "author not named; CC0" in credits["photos/d.jpg"].markdown()


def test_a_picture_without_a_row_is_named(data):
    with pytest.raises(InputError, match="CREDITS.csv: has no row for photos/z.jpg"):
        credits_of(read_credits(data), data, [data / "photos" / "z.jpg"])


def test_a_table_that_is_missing_or_has_other_columns_is_named(tmp_path):
    with pytest.raises(InputError, match=r"CREDITS.csv: cannot be read \(No such"):
        read_credits(tmp_path)
    (tmp_path / "CREDITS.csv").write_text("file,repo\na,b\n")
    with pytest.raises(InputError, match="has no column 'licence'"):
        read_credits(tmp_path)


@pytest.mark.parametrize(
    "author, name",
    [
        (
            "Katsushika Hokusai - The Great Wave off Kanagawa",
            "hokusai-great-wave-off-kanagawa",
        ),
        ("Claude Monet (French, 1840–1926) - Étretat: The Beach", "monet-etretat"),
        ("Henri de Toulouse-Lautrec - A Dancer, red", "toulouse-lautrec-dancer"),
        ("Hokusai - Inume Pass, Kōshū", "hokusai-inume-pass"),
        (
            "Hokusai - Mount Fuji from the mountains of Tōtōmi",
            "hokusai-mount-fuji-from-the-mountains-of",
        ),
        ("Utagawa Hiroshige", "tokaido-01-kawasaki"),
        ("", "tokaido-01-kawasaki"),
    ],
)
def test_styles_are_named_by_artist_and_title_or_else_by_file(author, name):
    credit = Credit("prints/tokaido_01_Kawasaki.jpg", "a/b", "CC0", author)
    assert credit.style_name == name
