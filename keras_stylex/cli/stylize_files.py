"""Which files `keras-stylex stylize` paints, and where to."""

from collections import Counter
from pathlib import Path

from keras_stylex.errors import InputError
from keras_stylex.video.files import check_target, is_video, target_in_folder


def plan(pictures, out):
    """Pairs of picture file and where its painting goes.

    Args:
        pictures: list of files and folders.
        out: Path: a file for one picture file, otherwise a folder, in which pictures
            keep their names and their places below the folders given.

    Raises:
        InputError: when two paintings would get one name, a folder has no pictures, or
            a painting cannot have its name.
    """
    from keras_stylex.data.images import check_suffix, list_images

    single = len(pictures) == 1 and not Path(pictures[0]).is_dir()
    if single and out.suffix and not out.is_dir():
        check = check_target if is_video(pictures[0]) else check_suffix
        return [(Path(pictures[0]), check(out))]
    if out.is_file():
        raise InputError(f"{out}: is a file. Give a folder to paint to.")
    jobs = []
    for picture in map(Path, pictures):
        below = picture if picture.is_dir() else picture.parent
        files = list_images(picture) if picture.is_dir() else [picture]
        jobs += [(file, _target(file, out / file.relative_to(below))) for file in files]
    targets = Counter(target for _, target in jobs)
    for source, target in jobs:
        if targets[target] > 1:
            raise InputError(
                f"{source}: another picture would be painted to {target} too. Paint "
                "them to different folders."
            )
    return jobs


def _target(source, path):
    """Where a file is painted to, in a folder; raises `InputError` if it cannot be."""
    from keras_stylex.data.images import check_suffix

    return target_in_folder(path) if is_video(source) else check_suffix(path)
