"""A folder appears when it is whole, and what was there stays until then."""

import os

import pytest

from keras_stylex.errors import InputError
from keras_stylex.export.folder import whole_folder


def fill(path, text="new", **options):
    with whole_folder(path, **options) as partial:
        assert partial.parent == path.resolve().parent
        (partial / "file").write_text(text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_appears_with_its_parents(tmp_path):
    fill(tmp_path / "a/b")
    assert (tmp_path / "a/b/file").read_text() == "new"
    assert names(tmp_path / "a") == ["b"]


def test_it_replaces_another_only_when_asked_to(tmp_path):
    fill(tmp_path / "a", "old")
    (tmp_path / "a/more").touch()
    with pytest.raises(InputError, match=r"a: exists\. Pass overwrite=True \(--over"):
        fill(tmp_path / "a")
    assert names(tmp_path / "a") == ["file", "more"]
    fill(tmp_path / "a", overwrite=True)
    assert names(tmp_path) == ["a"] and names(tmp_path / "a") == ["file"]
    assert (tmp_path / "a/file").read_text() == "new"


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt])
def test_what_fails_leaves_what_was_there(tmp_path, error):
    fill(tmp_path / "a", "old")
    place = whole_folder(tmp_path / "a", overwrite=True)
    with pytest.raises(error), place as partial:
        (partial / "file").write_text("half")
        raise error
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a/file").read_text() == "old"


def test_one_that_cannot_be_moved_into_place_leaves_what_was_there(
    tmp_path, monkeypatch
):
    fill(tmp_path / "a", "old")
    replace = os.replace

    def fail(source, target):
        if str(target) == str(tmp_path / "a") and not str(source).endswith("-old"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(InputError, match="a: cannot be written .No space left"):
        fill(tmp_path / "a", overwrite=True)
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a/file").read_text() == "old"


def test_one_that_appears_meanwhile_is_not_replaced(tmp_path):
    refused = pytest.raises(InputError, match="a: cannot be written")
    with refused, whole_folder(tmp_path / "a") as partial:
        (partial / "file").touch()
        fill(tmp_path / "a", "theirs")
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a/file").read_text() == "theirs"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_is_not_replaced(tmp_path, overwrite):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(InputError, match="a: is a file"):
        fill(tmp_path / "a", overwrite=overwrite)
    assert (tmp_path / "a").read_text() == "mine"


def test_of_a_link_what_it_leads_to_is_replaced(tmp_path):
    fill(tmp_path / "there/real", "old")
    (tmp_path / "link").symlink_to(tmp_path / "there/real")
    fill(tmp_path / "link", overwrite=True)
    assert (tmp_path / "there/real/file").read_text() == "new"
    assert names(tmp_path) == ["link", "there"] and names(tmp_path / "there") == [
        "real"
    ]


def test_a_place_below_a_file_is_named(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(InputError, match="a/b: cannot be written"):
        fill(tmp_path / "a/b")


def test_a_refusal_names_a_file_where_it_would_have_gone(tmp_path):
    with pytest.raises(InputError) as seen, whole_folder(tmp_path / "a") as partial:
        raise InputError(f"{partial / 'file'}: is bad")
    assert str(seen.value) == f"{tmp_path / 'a/file'}: is bad"
