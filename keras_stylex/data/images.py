"""The value-range contract, and the pictures on disk it speaks of.

Pictures are uint8 [0, 255] on disk and in caches, float32 [0, 1] everywhere else. Only
this module knows the number 255.
"""

import io
import os
import uuid
from pathlib import Path

import numpy as np
from PIL import Image

from keras_stylex.data import decode
from keras_stylex.errors import InputError, unwritable

# Pixels of a reference's shorter side: strokes are learned at the size of training
# pictures, not at that of a scan.
REFERENCE_SIDE = 256

MIN_SIDE = 8  # pixels; what is smaller on one side teaches nothing
_WHITE = 255
_SAVE_OPTIONS = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}
ENCODINGS = ("jpeg", "png")  # of prepared pictures


def to_float(image):
    """uint8 [0, 255] to float32 [0, 1]: arrays to arrays, tensors to tensors."""
    if image.dtype != "uint8":
        raise ValueError(f"Expected uint8 pixels. Received: dtype={image.dtype}")
    if _is_array(image):
        return np.asarray(image, "float32") / np.float32(_WHITE)
    import tensorflow as tf

    return tf.cast(image, tf.float32) / _WHITE


def to_uint8(image):
    """Floats in [0, 1] to uint8, rounded; what lies outside is clipped.

    Arrays to arrays, tensors to tensors.
    """
    if "float" not in getattr(image.dtype, "name", str(image.dtype)):
        raise ValueError(f"Expected float pixels. Received: dtype={image.dtype}")
    if _is_array(image):
        image = np.clip(np.asarray(image, "float32"), 0, 1)
        return np.round(image * _WHITE).astype("uint8")
    import tensorflow as tf

    image = tf.clip_by_value(tf.cast(image, tf.float32), 0, 1)
    return tf.cast(tf.round(image * _WHITE), tf.uint8)


def read_image(path, short_side=None):
    """Reads a picture file upright, as `(height, width, 3)` uint8 RGB.

    Grey, palette, CMYK and 16-bit pictures become 8-bit RGB, transparency lies over
    white, and of an animation the first frame is taken.

    Args:
        path: Path of a JPEG, PNG, WebP, BMP, GIF or TIFF file.
        short_side: Pixels. Larger pictures are shrunk (antialiased) until their shorter
            side has so many; smaller ones keep their size.

    Raises:
        InputError: the file is missing, unreadable, no picture, or too large.
    """
    cover = None if short_side is None else (short_side, short_side)
    image = decode.decode(path, str(path), cover)
    if cover is not None and min(image.size) > short_side:
        image = decode.resize_to_cover(image, cover)
    return np.array(image)


def read_training_image(file, cover, name=None, enlarge=True):
    """Reads a picture file at the smallest size that covers `cover`.

    Args:
        file: A path, or a binary file object.
        cover: `(height, width)` in pixels.
        name: What errors call the file; defaults to its path.
        enlarge: `False` keeps pictures that are smaller as they are.

    Returns: `(h, w, 3)` uint8 with `h >= height` and `w >= width`, one of them equal;
        of very long pictures only the middle, up to four times `cover`.

    Raises:
        InputError: as for `read_image`, or a side has fewer than `MIN_SIDE` pixels.
    """
    name = str(file) if name is None else name
    return _fit(decode.decode(file, name, cover), cover, name, enlarge)


def read_reference(path):
    """Reads a style reference as training sees pictures: not too large, not too long.

    Returns: `(h, w, 3)` float32 in [0, 1], the shorter side `REFERENCE_SIDE`.

    Raises:
        InputError: as for `read_training_image`.
    """
    return to_float(read_training_image(path, (REFERENCE_SIDE, REFERENCE_SIDE)))


def fit_training_image(image, cover, name, enlarge=True):
    """Does to a picture in memory what `read_training_image` does to a file.

    Args:
        image: `(h, w)`, or `(h, w, c)` with 1, 3 or 4 channels; uint8, or floats in
            [0, 1].
    """
    image = _as_uint8(image, name)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    if not (image.ndim == 2 or image.ndim == 3 and image.shape[-1] in (3, 4)):
        raise InputError(f"{name}: has shape {image.shape}, not (height, width, 3)")
    if not image.size:
        raise InputError(f"{name}: has no pixels, its shape is {image.shape}")
    picture = decode.flatten(Image.fromarray(image), name)
    return _fit(picture, cover, name, enlarge)


def encode_image(image, encoding):
    """The bytes of a picture file.

    Args:
        image: `(height, width, 3)` uint8.
        encoding: One of `ENCODINGS`.
    """
    file, kind = io.BytesIO(), encoding.upper()
    Image.fromarray(image).save(file, kind, **_SAVE_OPTIONS.get(kind, {}))
    return file.getvalue()


def write_image(path, image):
    """Writes a picture, in the format its suffix asks for; folders are made.

    The file appears under its name only when it is complete.

    Args:
        path: Path ending in one of `.jpg .jpeg .png .webp .bmp .gif .tif .tiff`.
        image: `(height, width, 3)`, uint8 or floats in [0, 1].

    Raises:
        InputError: unknown suffix, or a place that cannot be written to.
    """
    path, image = check_suffix(path), _to_array(image)
    if image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(f"Expected (height, width, 3). Received: shape={image.shape}")
    image = image if image.dtype == "uint8" else to_uint8(image)
    try:
        _save(Image.fromarray(image), path)
    except OSError as error:
        raise unwritable(path, error) from error


def check_suffix(path):
    """The path as a `Path`, if its suffix is that of a picture we can write.

    Raises:
        InputError: unknown suffix.
    """
    path = Path(path)
    if path.suffix.lower() not in decode.SUFFIXES:
        known = ", ".join(decode.SUFFIXES)
        raise InputError(f"{path}: unknown kind of picture; end the name in {known}")
    return path


def list_images(path):
    """The picture files under a folder, at any depth, sorted; hidden ones left out.

    Args:
        path: A folder; or a single file, which is listed as it is.

    Raises:
        InputError: the folder does not exist or holds no pictures.
    """
    path = Path(path)
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InputError(f"{path}: there is no such folder")
    found = sorted(_walk(path))
    if not found:
        raise InputError(f"{path}: no pictures in this folder ({_what_is_there(path)})")
    return found


def _is_array(image):
    return isinstance(image, (np.ndarray, np.generic))


def _to_array(image):
    return image if _is_array(image) else np.asarray(image)


def _as_uint8(image, name):
    if image.dtype == "uint8":
        return image
    if image.dtype.kind != "f":
        raise InputError(f"{name}: has {image.dtype} pixels; expected uint8 or floats")
    if not (image.min(initial=0) >= 0 and image.max(initial=0) <= 1):
        raise InputError(f"{name}: float pixels must lie in [0, 1]; divide them first")
    return to_uint8(image)


def _fit(image, cover, name, enlarge):
    if min(image.size) < MIN_SIDE:
        raise InputError(
            f"{name}: {image.width}x{image.height} pixels are too few to learn from; "
            f"each side needs {MIN_SIDE}"
        )
    if not enlarge:
        cover = (min(cover[0], image.height), min(cover[1], image.width))
    return np.array(decode.resize_to_cover(decode.trim(image, cover), cover))


def _save(image, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = Image.registered_extensions()[path.suffix.lower()]
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        image.save(unfinished, kind, **_SAVE_OPTIONS.get(kind, {}))
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _walk(folder):
    """Picture files below, through links to folders too, each folder once."""
    seen = set()
    for root, folders, files in os.walk(folder, followlinks=True):
        if os.path.realpath(root) in seen:
            folders.clear()
            continue
        seen.add(os.path.realpath(root))
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in files:
            if file.lower().endswith(decode.SUFFIXES) and not file.startswith("."):
                yield Path(root, file)


def _what_is_there(folder):
    files = sum(len(files) for _, _, files in os.walk(folder))
    known = " ".join(decode.SUFFIXES)
    return f"{files} other files; looked for {known}" if files else "it is empty"
