"""What the phone examples compute around a filter, in NumPy."""

from itertools import product

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from ai_edge_litert.tools import flatbuffer_utils

from keras_stylex.data.images import to_float, to_uint8
from keras_stylex.export.tflite_contents import read_metadata, with_metadata

SIZES = ((37, 26), (26, 37), (64, 48))  # width, height: wide, tall, and a camera's
PADDING = 12  # bytes after every row, as some cameras have


def write_cases(folder, filter_file, turns):
    """Writes what the examples' check programs read.

    Args:
        folder: Path of an empty folder.
        filter_file: Path of a float filter.
        turns: pairs of degrees clockwise that make a frame upright, and whether it is
            mirrored.

    Returns: the filter's metadata, and arrays by the name of the file that a program
        should write them to.
    """
    content = filter_file.read_bytes()
    metadata = read_metadata(content)
    (folder / "filter.tflite").write_bytes(content)
    for name, bad in _bad_filters(content, metadata).items():
        (folder / f"bad_{name}.tflite").write_bytes(bad)
    ((_, height, width, _),) = metadata["inputs"].values()
    expected = {"test_picture.values": _test_picture(height, width)}
    painted = _paint(filter_file, metadata, expected["test_picture.values"])
    painted = 1.2 * painted - 0.1  # so that something lies outside of the range
    (folder / "painted.floats").write_bytes(painted.astype("<f4").tobytes())
    opaque = to_uint8(np.ones((height, width, 1)))
    expected["painted.pixels"] = np.concatenate([to_uint8(painted), opaque], -1)
    for size, (rotation, mirrored) in product(SIZES, turns):
        name, rgb = _write_frame(folder, size, rotation, mirrored)
        expected[f"{name}.values"] = sample(rgb, rotation, mirrored, height, width)
    return metadata, expected


def sample(rgb, rotation, mirrored, height, width):
    """Turns, mirrors, crops the middle of, and scales a frame, in [0, 1]."""
    upright = np.rot90(to_float(rgb), -rotation // 90)
    upright = upright[:, ::-1] if mirrored else upright
    scale = min(upright.shape[0] / height, upright.shape[1] / width)
    for axis, side in enumerate((height, width)):
        length = upright.shape[axis]
        start = (length - scale * side) / 2
        places = start + (np.arange(side) + 0.5) * scale - 0.5
        upright = np.apply_along_axis(
            lambda line, at=places: np.interp(at, np.arange(len(line)), line),
            axis,
            upright,
        )
    return upright.astype("float32")


def _write_frame(folder, size, rotation, mirrored):
    """Writes noise with noise in its padding and its alpha; gives its name and RGB."""
    width, height = size
    stride = 4 * width + PADDING
    rng = np.random.default_rng(rotation + mirrored)
    rows = rng.integers(0, 256, (height, stride), dtype="uint8")
    name = "_".join(map(str, (width, height, stride, rotation, int(mirrored))))
    (folder / f"{name}.frame").write_bytes(rows.tobytes())
    return name, rows[:, : 4 * width].reshape(height, width, 4)[..., :3]


def _test_picture(height, width):
    y, x, channel = np.indices((height, width, 3))
    return to_float(((x * (1 + channel) + 2 * y) % 256).astype("uint8"))


def _paint(filter_file, metadata, frame):
    runner = Interpreter(str(filter_file)).get_signature_runner(metadata["signature"])
    name = next(iter(metadata["inputs"]))
    return runner(**{name: frame[None]})[metadata["output"]][0]


def _bad_filters(content, metadata):
    """Files that are not a float filter's, by what is wrong with them."""
    name, shape = next(iter(metadata["inputs"].items()))
    wrong = {
        "no_object": "no object",
        "missing_key": {k: v for k, v in metadata.items() if k != "value_range"},
        "two_inputs": metadata | {"inputs": {name: shape, "style_code": [1, 64]}},
        "grey": metadata | {"inputs": {name: [*shape[:3], 1]}},
        "integers": metadata | {"value_range": "uint8, 0 to the greatest"},
    }
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    model.metadata = None
    others = bytes(flatbuffer_utils.convert_object_to_bytearray(model))
    return {
        "of_others": others,
        "cut": content[: len(content) // 2],
        "empty": b"",
        "picture": b"\x89PNG\r\n\x1a\n" * 100,
        **{name: with_metadata(others, each) for name, each in wrong.items()},
    }
