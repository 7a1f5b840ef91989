"""Names of video files: which are read, and which can be written."""

from pathlib import Path

from keras_stylex.errors import InputError

SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts"),
    *(".mts", ".m2ts", ".wmv", ".flv", ".3gp", ".ogv", ".mxf", ".vob"),
)
# Containers that hold H.264 and frames of any times, by the names FFmpeg has for them.
CONTAINERS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}


def is_video(path):
    """Whether a file's name says that it is a video."""
    return Path(path).suffix.lower() in SUFFIXES


def check_target(path):
    """The path, if a video can be written to it.

    Raises:
        InputError: when its container is none of `CONTAINERS`.
    """
    if path.suffix.lower() not in CONTAINERS:
        raise InputError(
            f"{path}: cannot hold H.264 video; end the name in {', '.join(CONTAINERS)}"
        )
    return path


def target_in_folder(path):
    """Where in a folder a video is painted to: under its name, if that can be."""
    return path if path.suffix.lower() in CONTAINERS else path.with_suffix(".mp4")
