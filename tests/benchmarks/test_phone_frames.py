import numpy as np
import pytest
from phone_frames import sample

Y, X = np.indices((4, 6))
FRAME = np.stack([X, Y, 0 * X], axis=-1).astype(
    "uint8"
)  # red counts columns, green rows


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_quarter_turn_clockwise_brings_the_lower_left_corner_to_the_upper(mirrored):
    red = [[0.5, 0.5], [2.5, 2.5], [4.5, 4.5]]  # means of blocks of four pixels
    green = np.array([[2.5, 0.5]] * 3)
    picture = 255 * sample(FRAME, 90, mirrored, height=3, width=2)
    np.testing.assert_allclose(picture[..., 0], red, atol=1e-4)
    green = green[:, ::-1] if mirrored else green
    np.testing.assert_allclose(picture[..., 1], green, atol=1e-4)


def test_the_middle_is_cut_out_where_proportions_differ():
    picture = 255 * sample(FRAME, 0, False, height=2, width=2)
    np.testing.assert_allclose(picture[..., 0], [[1.5, 3.5]] * 2, atol=1e-4)
    np.testing.assert_allclose(picture[..., 1], [[0.5] * 2, [2.5] * 2], atol=1e-4)


def test_beyond_the_outermost_pixels_there_is_no_more():
    picture = 255 * sample(FRAME, 0, False, height=8, width=12)
    np.testing.assert_allclose(picture[0, :3, 0], [0, 0.25, 0.75], atol=1e-4)
