"""What a SavedModel is asked to prove itself, and what Keras answers."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from keras_stylex.data.images import to_float, to_uint8

STRENGTHS = (0.0, 0.5, 1.0)
NO_PICTURE = b"no picture"


@dataclass(frozen=True)
class Call:
    """One call of a signature.

    Attributes:
        signature: Its name.
        inputs: dict of arrays, or lists of bytes, by name.
        expected: list of arrays, what Keras makes of each row, with `None` for each
            that is to be refused; or an empty list, if any answer will do.
    """

    signature: str
    inputs: dict
    expected: list


def draw_picture(height, width):
    """Slopes and rings `(height, width, 3)`, [0, 1], if no real picture is at hand."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    rings = 0.5 + 0.5 * np.sin(25 * np.hypot(x - 0.4, y - 0.6))
    return np.stack([x, rings, 1 - y], -1).astype("float32")


def calls_on(generator, pictures, style):
    """Calls of all signatures; of bytes, of one size, and with a bad row in between.

    Args:
        generator: `Generator`.
        pictures: list of `(height, width, 3)` pictures, [0, 1]; sizes may differ.
        style: `(height, width, 3)` reference, [0, 1].

    Returns: list of `Call`.
    """
    styles = np.stack([style, style[:, ::-1]])
    code = _array(generator.encode_style(styles))
    calls = [Call("encode_style", {"style": styles}, [*code])]
    for index, picture in enumerate(pictures):
        content = np.stack([picture, picture[::-1]])
        strength = np.float32([STRENGTHS[index % 3], STRENGTHS[(index + 1) % 3]])
        calls += _float_calls(generator, content, styles, code, strength)
    alike = _bytes_call(generator, [pictures[0], pictures[0][::-1]], style)
    return [*calls, alike, _bytes_call(generator, pictures, style, [NO_PICTURE])]


def lone_bad_calls(style):
    """Calls of a single row with a picture cut off, by the name of that input."""
    png = _png(to_uint8(style))
    good = {"content_bytes": [png], "style_bytes": [png]}
    return {
        name: Call("stylize_bytes", {**good, name: [png[: len(png) // 2]]}, [None])
        for name in good
    }


def _float_calls(generator, content, styles, code, strength):
    stylized = _array(generator([content, styles]))
    yield Call("serving_default", {"content": content, "style": styles}, [*stylized])
    faded = _array(generator.stylize(content, code, strength[:, None]))
    for each in (strength, strength[:, None]):  # both shapes are allowed
        inputs = {"content": content, "style_code": code, "strength": each}
        yield Call("stylize_with_code", inputs, [*faded])


def _bytes_call(generator, pictures, style, bad=()):
    pictures, style = [to_uint8(picture) for picture in pictures], to_uint8(style)
    content = [_png(picture) for picture in pictures]
    expected = [
        _array(generator([to_float(picture)[None], to_float(style)[None]]))[0]
        for picture in pictures
    ]
    content[1:1] = bad
    expected[1:1] = [None] * len(bad)
    inputs = {"content_bytes": content, "style_bytes": [_png(style)] * len(content)}
    return Call("stylize_bytes", inputs, expected)


def _array(tensor):
    return np.asarray(keras.ops.convert_to_numpy(tensor), "float32")


def _png(picture):
    return tf.io.encode_png(picture).numpy()
