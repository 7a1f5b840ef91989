"""Encoded frames, against BT.709's formula."""

from fractions import Fraction

import av
import numpy as np

from keras_stylex.video.segment import SegmentWriter, VideoShape

RED, GREEN, BLUE = COLOR = (0.8, 0.3, 0.1)


def test_colours_are_those_of_bt_709(tmp_path):
    path = tmp_path / "a.nut"
    writer = SegmentWriter(path, VideoShape(Fraction(1, 600), Fraction(20)))
    writer.write(0, np.tile(np.float32(COLOR), (32, 48, 1)))
    writer.close()
    with av.open(str(path)) as container:
        (frame,) = container.decode(video=0)
    luma = 0.2126 * RED + 0.7152 * GREEN + 0.0722 * BLUE
    expected = [
        16 + 219 * luma,
        128 + 224 * (BLUE - luma) / 1.8556,
        128 + 224 * (RED - luma) / 1.5748,
    ]
    samples = [np.frombuffer(plane, "uint8")[5] for plane in frame.planes]
    np.testing.assert_allclose(samples, expected, atol=1.5)
    tags = (frame.colorspace, frame.color_range)
    assert tags == (1, 1)
