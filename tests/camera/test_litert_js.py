"""Where LiteRT.js is looked for, and what is said when it is not there."""

import json
import stat

import pytest

from keras_stylex.camera.litert_js import (
    SCOPE,
    cache,
    fetch_litert,
    find_litert,
    locked,
)
from keras_stylex.camera.page import PAGE
from keras_stylex.errors import InputError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """`npm(script)`: what is called npm from now on."""

    def install(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "npm"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return install


def write_litert(folder, version):
    core = folder / SCOPE / "core"
    core.mkdir(parents=True)
    (core / "package.json").write_text(json.dumps({"version": version}))
    return folder


def test_the_lock_pins_what_the_page_asks_for():
    wanted = json.loads((PAGE / "package.json").read_text())["dependencies"]
    assert wanted == {"@litertjs/core": locked()}
    packages = json.loads((PAGE / "package-lock.json").read_text())["packages"]
    assert all(entry.get("integrity") for name, entry in packages.items() if name)


def test_a_folder_in_which_npm_ran_is_taken(tmp_path):
    folder = write_litert(tmp_path / "mine", locked())
    assert find_litert(folder) == folder / "node_modules" / "@litertjs"


def test_another_version_is_refused_with_both_versions(tmp_path):
    folder = write_litert(tmp_path / "old", "1.0.0")
    with pytest.raises(InputError, match=rf"1\.0\.0.*{locked()}.*npm ci"):
        find_litert(folder)


def test_a_folder_without_it_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no LiteRT.js.*npm ci"):
        find_litert(tmp_path)


def test_it_is_fetched_into_the_cache_and_found_there(npm):
    npm(
        f'[ "$1" = ci ] && [ -f package-lock.json ] && mkdir -p {SCOPE}/core && '
        f"""echo '{{"version": "{locked()}"}}' > {SCOPE}/core/package.json"""
    )
    place = fetch_litert()
    assert place == cache() / SCOPE
    assert find_litert() in (place, PAGE / SCOPE)
    assert [p.name for p in cache().parent.iterdir()] == [cache().name]


def test_when_npm_fails_its_last_words_are_shown_and_nothing_is_left(npm):
    npm("mkdir -p half; echo 'npm error network' >&2; exit 1")
    with pytest.raises(InputError, match="npm error network.*--litert FOLDER"):
        fetch_litert()
    assert list(cache().parent.iterdir()) == []


def test_without_npm_it_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="npm ci --ignore-scripts.*--litert FOLDER"):
        fetch_litert()
