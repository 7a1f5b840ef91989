"""Where LiteRT.js is, and how it comes here: once, from npm, at the locked version."""

import json
import os
import shutil
import subprocess
import uuid
from pathlib import Path

from keras_stylex.camera.page import PAGE
from keras_stylex.errors import InputError, unwritable

LOCKS = ("package.json", "package-lock.json")
NPM_CI = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
SCOPE = Path("node_modules", "@litertjs")


def find_litert(folder=None):
    """The folder of LiteRT.js' packages, or `None` where it has to be fetched first.

    Args:
        folder: Path of a folder in which `npm ci` ran, or `None` to look beside the
            page and in the cache.

    Raises:
        InputError: when `folder` does not hold it, or another version.
    """
    if folder is not None:
        return _checked(Path(folder))
    places = (place / SCOPE for place in (PAGE, cache()))
    return next((place for place in places if _version(place) == locked()), None)


def fetch_litert():
    """Runs `npm ci` in the cache, and returns the folder of LiteRT.js' packages.

    Raises:
        InputError: when npm is missing or fails.
    """
    place = cache()
    if not shutil.which("npm"):
        raise InputError(
            "LiteRT.js is not here yet, and npm neither. Install Node.js and run this "
            f"again, or elsewhere: copy {' and '.join(LOCKS)} of {PAGE}, run "
            f"`{' '.join(NPM_CI)}`, and give that folder with --litert FOLDER."
        )
    partial = place.with_name(f".partial-{uuid.uuid4().hex[:8]}")
    try:
        partial.mkdir(parents=True)
        _install(partial)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(partial, place)
    except OSError as error:
        raise unwritable(place, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return place / SCOPE


def cache():
    """The folder that keeps what npm fetched."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "keras_stylex", f"litertjs-{locked()}")


def locked():
    """The version of `@litertjs/core` that the page was written for."""
    lock = json.loads((PAGE / "package-lock.json").read_text("utf-8"))
    return lock["packages"]["node_modules/@litertjs/core"]["version"]


def _install(folder):
    for name in LOCKS:
        shutil.copy(PAGE / name, folder)
    npm = [shutil.which("npm"), *NPM_CI[1:]]
    result = subprocess.run(npm, cwd=folder, capture_output=True, text=True)
    if result.returncode or not _version(folder / SCOPE):
        said = (result.stderr.strip() or "no reason given").splitlines()[-1]
        raise InputError(
            f"LiteRT.js could not be fetched with `{' '.join(NPM_CI)}` ({said}). Run "
            f"it where there is a network, on {' and '.join(LOCKS)} of {PAGE}, and "
            "give that folder with --litert FOLDER."
        )


def _checked(folder):
    version = _version(folder / SCOPE)
    if version == locked():
        return folder / SCOPE
    wrong = f"holds LiteRT.js {version}" if version else "holds no LiteRT.js"
    raise InputError(
        f"{folder}: {wrong}, the page needs {locked()}. Copy {' and '.join(LOCKS)} of "
        f"{PAGE} there and run `{' '.join(NPM_CI)}`."
    )


def _version(scope):
    try:
        return json.loads((scope / "core" / "package.json").read_text())["version"]
    except (OSError, ValueError, KeyError):
        return None
