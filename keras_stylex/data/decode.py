"""From any picture file to an upright RGB picture, by Pillow.

Whatever is wrong with a file ends as an `InputError` which names it.
"""

import os

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_stylex.errors import InputError

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
# Named, since Pillow would also try formats which run other programs (EPS).
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
LONGEST = 4  # training sees at most this many crops side by side, see `trim`

_ORIENTATION = 0x0112  # the EXIF tag; what undoes each of its values
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(file, name, cover=None):
    """Reads one picture file as an upright RGB `PIL.Image`.

    Args:
        file: A path, or a binary file object.
        name: What error messages call the file.
        cover: `(height, width)` in pixels that will be needed. A JPEG is then
            decoded at a half, a quarter or an eighth of its size where that leaves
            twice as many pixels; resize the result with `resize_to_cover`.

    Raises:
        InputError: the file is missing, empty, broken, no picture, or has more
            pixels than Pillow's limit, `PIL.Image.MAX_IMAGE_PIXELS`.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            _check_pixels(image.size, name)
            turn = _UPRIGHT.get(_orientation(image))
            if cover is not None:
                _draft(image, cover, turn)
            image = flatten(image, name)
        return image if turn is None else image.transpose(turn)
    except InputError:
        raise
    except Exception as error:  # decoders raise anything at all on broken files
        raise InputError(f"{name}: {_reason(file, error)}") from error


def short_side(file, name):
    """Pixels of a picture file's shorter side, as its header says; nothing is decoded.

    Raises:
        InputError: as for `decode`, as far as a header tells.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            return min(image.size)
    except Exception as error:  # decoders raise anything at all on broken files
        raise InputError(f"{name}: {_reason(file, error)}") from error


def flatten(image, name):
    """RGB from grey, palette, CMYK, 16-bit or transparent pictures (over white)."""
    if image.mode == "I" or image.mode.startswith("I;16"):
        image = _eight_bits(image, name)
    elif image.mode == "F":
        raise InputError(f"{name}: has floating-point pixels; save it with 8 or 16 bit")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def resize_to_cover(image, cover):
    """The picture at the smallest size that covers `cover = (height, width)`.

    Shrinks with antialiasing, enlarges what is too small; keeps the aspect ratio.
    """
    height, width = cover
    scale = max(height / image.height, width / image.width)
    height = max(height, round(image.height * scale))
    width = max(width, round(image.width * scale))
    if (width, height) == image.size:
        return image
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3)


def trim(image, cover):
    """The middle of very long pictures: at most `LONGEST` times `cover` each way.

    A strip of 30,000x20 pixels enlarged to the height of a crop would fill memory.
    """
    height, width = cover
    unit = LONGEST * _pixels_per_unit(image.size, cover)
    width = min(image.width, max(1, int(width * unit)))
    height = min(image.height, max(1, int(height * unit)))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _pixels_per_unit(size, cover):
    (width, height), (cover_height, cover_width) = size, cover
    return min(height / cover_height, width / cover_width)


def _check_pixels(size, name):
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and size[0] * size[1] > limit:
        raise InputError(
            f"{name}: {size[0]:,}x{size[1]:,} pixels are over the limit of {limit:,} "
            "pixels; make it smaller first"
        )


def _orientation(image):
    try:
        return image.getexif().get(_ORIENTATION)
    except Exception:  # broken EXIF data around a good picture
        return None


def _draft(image, cover, turn):
    if turn in (_UPRIGHT[5], _UPRIGHT[6], _UPRIGHT[7], _UPRIGHT[8]):
        cover = cover[::-1]
    shrink = _pixels_per_unit(image.size, cover) / 2
    if shrink > 1:
        image.draft(None, (int(image.width / shrink), int(image.height / shrink)))


def _eight_bits(image, name):
    deep = np.asarray(image).astype("int64")
    if deep.min() < 0 or deep.max() > 65535:
        raise InputError(f"{name}: has 32-bit pixels; save it with 8 or 16 bit")
    return Image.fromarray(((deep + 128) // 257).astype("uint8"))


def _reason(file, error):
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a picture"
    if isinstance(error, PermissionError):
        return "may not be read (permission denied)"
    if isinstance(error, _BOMBS):
        return f"is too large: {error}; make it smaller first"
    if _is_empty(file):
        return "is empty (0 bytes)"
    if isinstance(error, UnidentifiedImageError):
        return "is not a picture (JPEG, PNG, WebP, BMP, GIF or TIFF)"
    return f"is damaged and cannot be read ({error})"


def _is_empty(file):
    if isinstance(file, (str, os.PathLike)):
        return os.path.getsize(file) == 0
    return file.seek(0, os.SEEK_END) == 0
