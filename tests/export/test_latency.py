"""How long files take: what is measured of what, never how long."""

import keras
import pytest

from keras_stylex.errors import InputError
from keras_stylex.export import RECIPES, DeviceNetwork, convert, latency
from keras_stylex.export.latency import Latency, measure_latency, measure_roofline


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(latency, "WARM_UP_SECONDS", 0.01)


@pytest.fixture(scope="module")
def file():
    """One 3x5 convolution from 3 to 7 channels, 16x24: 120,960 multiplications."""
    frame = keras.Input((16, 24, 3), batch_size=1, name="frame")
    model = keras.Model([frame], keras.layers.Conv2D(7, (3, 5), padding="same")(frame))
    return convert(DeviceNetwork("f", model, "y"), RECIPES["float32"])


def test_figures_of_a_latency():
    assert Latency(20.0, 1.0, 2, 0.5).gmac_per_second == pytest.approx(25)


@pytest.mark.parametrize("threads, repeats", [(1, 1), (1, 5), (2, 3)])
def test_a_file_is_timed(file, threads, repeats):
    seen = measure_latency(file, threads, repeats)
    assert seen.median > 0 and seen.spread >= 0
    assert (seen.spread == 0) == (repeats == 1)
    assert seen.threads == threads
    assert seen.gmac == pytest.approx(16 * 24 * 3 * 5 * 3 * 7 / 1e9)


def test_the_runtime_is_given_the_threads(file, monkeypatch):
    given, load = [], latency.load_interpreter

    def record(content, threads=1):
        given.append(threads)
        return load(content, threads)

    monkeypatch.setattr(latency, "load_interpreter", record)
    measure_latency(file, 2, repeats=1)
    assert given == [2]


def test_as_many_calls_are_timed_as_asked_for(file, monkeypatch):
    ticks = iter(range(100_000))
    monkeypatch.setattr(latency.time, "perf_counter", lambda: next(ticks) ** 2 / 1e3)
    monkeypatch.setattr(latency, "WARM_UP_SECONDS", 0)
    # The clock is read at 0 and 1 to warm up; then two readings a call, 2k + 1 apart.
    seen = measure_latency(file, repeats=3)
    assert seen.median == pytest.approx(2 * 4 + 1)  # of 5, 9, 13
    assert seen.spread == pytest.approx(4)


def test_a_roofline_is_a_convolution_in_both_types(monkeypatch):
    monkeypatch.setattr(latency, "ROOFLINE_SIZE", 8)
    monkeypatch.setattr(latency, "ROOFLINE_CHANNELS", 16)
    rooflines = measure_roofline(threads=2, repeats=2)
    assert set(rooflines) == {"float32", "int8"}
    for best in rooflines.values():
        assert best.gmac == pytest.approx(8 * 8 * 9 * 16 * 16 / 1e9)
        assert best.threads == 2 and best.gmac_per_second > 0


def test_files_of_plain_integers_are_timed():
    words = keras.Input((4,), batch_size=1, name="words", dtype="int32")
    model = keras.Model([words], keras.layers.Embedding(5, 2)(words))
    content = convert(_integers(model), RECIPES["float32"])
    assert measure_latency(content, repeats=1).gmac == 0


def _integers(model):
    return DeviceNetwork("f", model, "y")


def test_what_is_no_file_is_refused():
    with pytest.raises(InputError, match="LiteRT cannot load"):
        measure_latency(b"Dear diary,")
