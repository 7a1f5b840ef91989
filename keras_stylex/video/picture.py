"""From a decoded frame to a picture, upright and in the colours of a screen."""

import numpy as np

from keras_stylex.data.images import to_float
from keras_stylex.video.tone_mapping import CURVES, tone_map

# swscale's matrices have the numbers of ITU-T H.273, where a frame gives one.
_BT709, _BT601, _BT2020 = 1, 5, 9
_MATRICES = {1: _BT709, 5: _BT601, 6: _BT601, 7: 7, 9: _BT2020, 10: _BT2020}
_HD = 1280  # pixels of the longer side from which unmarked video is BT.709
_WIDEST = np.iinfo(np.uint16).max


def to_picture(frame, width, height, transfer=None):
    """The picture of a frame, as it is meant to be seen.

    Args:
        frame: `av.VideoFrame`, of any pixel format.
        width: Pixels, as stored: what has another size is scaled.
        height: Pixels, as stored.
        transfer: Integer, what values mean as light, by its number in ITU-T H.273; or
            `None` where the video does not say.

    Returns: `(height, width, 3)`, or turned by 90 degrees, float32 in [0, 1].
    """
    if is_hdr(transfer):
        values = _convert(frame, width, height, "rgb48le") / np.float32(_WIDEST)
        picture = tone_map(values, CURVES[transfer])
    else:
        picture = to_float(_convert(frame, width, height, "rgb24"))
    return np.ascontiguousarray(np.rot90(picture, quarter_turns(frame)))


def is_hdr(transfer):
    """Whether values with a transfer function are of a high dynamic range."""
    return transfer in CURVES


def quarter_turns(frame):
    """How often a frame is to be turned to the left to stand upright."""
    return round(frame.rotation / 90) % 4


def _convert(frame, width, height, pixels):
    matrix = _MATRICES.get(frame.colorspace)
    if matrix is None:
        hd = max(frame.width, frame.height) >= _HD
        matrix = _BT709 if hd else _BT601
    options = {"src_colorspace": matrix, "interpolation": "BICUBIC", "threads": 1}
    return frame.reformat(width, height, pixels, **options).to_ndarray()
