"""How long a file takes on this machine, beside what the machine can do at best."""

import time
from dataclasses import dataclass

import keras
import numpy as np

from keras_stylex.errors import InputError
from keras_stylex.export.device_network import DeviceNetwork
from keras_stylex.export.recipes import RECIPES
from keras_stylex.export.tflite import convert
from keras_stylex.export.tflite_contents import multiply_accumulates
from keras_stylex.export.tflite_runner import load_interpreter, quantize

WARM_UP_SECONDS = 0.3
ROOFLINE_SIZE = 64  # pixels
ROOFLINE_CHANNELS = 256


@dataclass(frozen=True)
class Latency:
    """Times of one call.

    Attributes:
        median: Milliseconds.
        spread: Milliseconds between the quartiles.
        threads: Threads used.
        gmac: Multiply-accumulates of one call, in billions.
    """

    median: float
    spread: float
    threads: int
    gmac: float

    @property
    def gmac_per_second(self):
        """Billions of multiply-accumulates a second, at the median."""
        return 1000 * self.gmac / self.median


def measure_latency(content, threads=1, repeats=30):
    """Times a TFLite file, after a warm-up.

    Args:
        content: bytes of the file.
        threads: Integer, threads to use.
        repeats: Integer, calls to time.

    Returns: `Latency`.

    Raises:
        InputError: when LiteRT cannot load the file, or cannot run it on noise.
    """
    interpreter = load_interpreter(content, threads)
    _run_on_noise(interpreter)
    start = time.perf_counter()
    while time.perf_counter() - start < WARM_UP_SECONDS:
        interpreter.invoke()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        interpreter.invoke()
        times.append(1000 * (time.perf_counter() - start))
    low, median, high = (float(each) for each in np.percentile(times, (25, 50, 75)))
    return Latency(median, high - low, threads, multiply_accumulates(content) / 1e9)


def _run_on_noise(interpreter):
    noise = np.random.default_rng(0)
    try:
        for details in interpreter.get_input_details():
            values = quantize(noise.random(details["shape"]), details)
            interpreter.set_tensor(details["index"], values)
        interpreter.invoke()
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"the TFLite file cannot be run on noise ({reason})"
        ) from error


def measure_roofline(threads=1, repeats=15):
    """What this machine does at best, through the same runtime.

    Returns: dict of `Latency` of one large 3x3 convolution, for `float32` and `int8`.
    """
    shape = (1, ROOFLINE_SIZE, ROOFLINE_SIZE, ROOFLINE_CHANNELS)
    inputs = keras.Input(shape[1:], batch_size=1, name="frame")
    outputs = keras.layers.Conv2D(ROOFLINE_CHANNELS, 3, padding="same")(inputs)
    model = keras.Model([inputs], outputs)
    network = DeviceNetwork("stylize", model, "stylized")
    noise = np.random.default_rng(0)
    samples = [{"frame": noise.random(shape).astype("float32")} for _ in range(4)]
    return {
        name: measure_latency(
            convert(network, RECIPES[name], samples), threads, repeats
        )
        for name in ("float32", "int8")
    }
