"""Decoded frames as pictures: upright, in the right colours."""

import av
import numpy as np
import pytest

from keras_stylex.video.picture import is_hdr, quarter_turns, to_picture
from keras_stylex.video.tone_mapping import screen_values


def flat_frame(luma, cb, cr, pixels="yuv444p", size=(8, 6), **tags):
    """A frame of one colour, its samples as given."""
    frame = av.VideoFrame(*size, pixels)
    kind = "<u2" if pixels.endswith("le") else "u1"
    for plane, value in zip(frame.planes, (luma, cb, cr), strict=True):
        count = plane.buffer_size // np.dtype(kind).itemsize
        plane.update(np.full(count, value, kind).tobytes())
    for name, value in tags.items():
        setattr(frame, name, value)
    return frame


def rgb_of(luma, cb, cr, kr, kb):
    """What BT.601 and BT.709 say, of a limited range of 8 bits."""
    y, pb, pr = (luma - 16) / 219, (cb - 128) / 224, (cr - 128) / 224
    red, blue = y + 2 * (1 - kr) * pr, y + 2 * (1 - kb) * pb
    green = (y - kr * red - kb * blue) / (1 - kr - kb)
    return np.clip([red, green, blue], 0, 1)


BT601, BT709, BT2020 = (0.299, 0.114), (0.2126, 0.0722), (0.2627, 0.0593)


@pytest.mark.parametrize(
    "matrix, size, weights",
    [
        (1, (8, 6), BT709),
        (5, (1280, 6), BT601),
        (6, (8, 6), BT601),
        (9, (8, 6), BT2020),
        (2, (8, 6), BT601),  # unmarked
        (2, (1280, 6), BT709),
        (2, (6, 1280), BT709),
    ],
)
def test_colours_follow_the_matrix_of_the_video(matrix, size, weights):
    picture = to_picture(flat_frame(120, 90, 160, size=size, colorspace=matrix), *size)
    expected = rgb_of(120, 90, 160, *weights)
    np.testing.assert_allclose(picture[2, 3], expected, atol=1.5 / 255)
    assert picture.shape == (size[1], size[0], 3) and picture.dtype == np.float32


@pytest.mark.parametrize("bits", [10, 12])
def test_more_bits_are_as_eight(bits):
    eight = to_picture(flat_frame(120, 90, 160), 8, 6)
    samples = (value << bits - 8 for value in (120, 90, 160))
    more = to_picture(flat_frame(*samples, f"yuv444p{bits}le"), 8, 6)
    np.testing.assert_allclose(more, eight, atol=1.1 / 255)


def test_the_full_range_is_known():
    frame = flat_frame(51, 128, 128, color_range=2)
    np.testing.assert_allclose(to_picture(frame, 8, 6)[0, 0], 0.2, atol=0.006)


@pytest.mark.parametrize("curve, paper", [(16, 0.580689), (18, 0.75)])
def test_a_high_dynamic_range_is_mapped(curve, paper):
    luma = round(64 + 876 * paper)
    frame = flat_frame(luma, 512, 512, "yuv444p10le", colorspace=9)
    assert is_hdr(curve) and not is_hdr(1) and not is_hdr(None)
    white = screen_values(1 - 0.4 * np.exp(-1))  # beyond the knee at 0.6
    np.testing.assert_allclose(to_picture(frame, 8, 6, curve), white, atol=0.01)


def test_a_frame_of_another_size_is_scaled():
    assert to_picture(flat_frame(120, 90, 160), 16, 10).shape == (10, 16, 3)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_frames_are_turned_upright(write_clip, turn, tmp_path, quarters):
    path = write_clip(tmp_path / "a.mp4", 2, sound=None)
    upright = next(av.open(str(path)).decode(video=0)).to_ndarray(format="rgb24")
    frame = next(av.open(str(turn(path, quarters))).decode(video=0))
    assert quarter_turns(frame) == quarters
    expected = np.rot90(upright, quarters) / 255
    assert np.abs(to_picture(frame, 48, 32) - expected).mean() < 0.01
