"""Files that are whole, or not there."""

import os

import pytest

from keras_stylex.training.durable_file import (
    durable_file,
    link_durably,
    remove_partial_files,
)


def contents(folder):
    return {
        str(file.relative_to(folder)): file.read_text()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_file_appears_when_it_is_whole(tmp_path):
    with durable_file(tmp_path / "new" / "a.txt") as partial:
        partial.write_text("all of it")
        assert partial.suffix == ".txt"  # Keras goes by it
        assert not (tmp_path / "new" / "a.txt").exists()
    assert contents(tmp_path) == {"new/a.txt": "all of it"}


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(OSError, match="full"), durable_file(tmp_path / "a.txt") as path:
        path.write_text("ne")
        raise OSError("full")
    assert contents(tmp_path) == {"a.txt": "old"}


def test_content_reaches_the_disk_before_the_name_and_then_the_folder(
    tmp_path, monkeypatch
):
    order, replace, fsync = [], os.replace, os.fsync

    def synced(descriptor):
        order.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    def replaced(*paths):
        order.append("renamed")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    with durable_file(tmp_path / "a.txt") as partial:
        partial.write_text("x")
    assert order == [str(partial), "renamed", str(tmp_path)]


@pytest.mark.parametrize("links", [True, False])
def test_a_second_name_keeps_the_content_when_the_first_is_replaced(
    tmp_path, monkeypatch, links
):
    def refuse(*paths):
        raise OSError("no links here")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    first, second = tmp_path / "first", tmp_path / "kept" / "second"
    for content in ("one", "two"):
        with durable_file(first) as partial:
            partial.write_text(content)
        if content == "one":
            link_durably(first, second)
            assert (first.stat().st_ino == second.stat().st_ino) == links
    assert contents(tmp_path) == {"first": "two", "kept/second": "one"}


def test_what_killed_processes_left_is_removed(tmp_path):
    for name in (".partial-a.npz", ".b.png.0123.tmp", "a.npz", "b.tmp", ".lock"):
        (tmp_path / name).write_text("")
    remove_partial_files([tmp_path, tmp_path / "missing"])
    assert set(contents(tmp_path)) == {"a.npz", "b.tmp", ".lock"}
