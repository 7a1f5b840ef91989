import sys

import filter_quality
import keras
import numpy as np
import pytest

from keras_stylex.metrics.kernel_distance import KernelDistance
from keras_stylex.weights import shipped


def test_the_table_compares_with_the_float_filter():
    distances = {
        "photos unchanged": KernelDistance(0.03, 0.001),
        "float32": KernelDistance(0.02, 0.002),
        "int8": KernelDistance(0.0205, 0.002),
    }
    assert filter_quality.table(distances).splitlines()[2:] == [
        "| photos unchanged | 0.0300 | 0.0010 | 1.500 |",
        "| float32 | 0.0200 | 0.0020 | 1.000 |",
        "| int8 | 0.0205 | 0.0020 | 1.025 |",
    ]


@pytest.fixture
def toy(make_generator, pack_toy, tmp_path, monkeypatch):
    """The name of trained weights in the package, which are a toy's."""
    pack_toy(tmp_path / "package" / "toy", make_generator())
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "package")
    return "toy"


def test_both_filters_paint_the_same_photos(
    toy, save, tmp_path, brief_timing, monkeypatch, capsys
):
    rng = np.random.default_rng(0)
    for name, count in (("photos", 11), ("prints", 4)):
        for number in range(count):
            coarse = rng.integers(256, size=(4, 6, 3)).astype("uint8")
            save(f"{name}/{number:02}.png", coarse.repeat(8, 0).repeat(8, 1))
    network = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Identity()])
    network.save(tmp_path / "network.keras")
    options = {
        "--photos": tmp_path / "photos",
        "--paintings": tmp_path / "prints",
        "--features": tmp_path / "network.keras",
        "--size": 32,
    }
    words = [str(word) for option in options.items() for word in option]
    monkeypatch.setattr(sys, "argv", ["filter_quality.py", toy, *words])
    with brief_timing():
        filter_quality.main()
    _, _, *rows = capsys.readouterr().out.splitlines()
    photos, float32, int8 = (
        [float(cell) for cell in row.split("|")[2:-1]] for row in rows[:3]
    )
    assert float32[2] == 1 and int8[0] == pytest.approx(float32[0], abs=0.02)
    assert abs(photos[0] - float32[0]) > abs(int8[0] - float32[0])
    counts = "3 photos in the style wave against 4 paintings, 32x32; network.keras"
    assert rows[4].startswith(counts)  # the other 8 photos calibrate
