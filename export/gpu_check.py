"""Compares a TFLite file on a GPU delegate with Keras: numbers, not flags.

The delegate was seen to report that it takes all of a graph and to compute it wrong.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from keras_stylex.errors import VerificationError
from keras_stylex.export import gpu_replay
from keras_stylex.export.parity import compare

# A Vulkan driver that needs no GPU, as Chromium ships it.
SWIFTSHADER = Path("/usr/lib/chromium/vk_swiftshader_icd.json")
DRIVER_VARIABLE = "VK_ICD_FILENAMES"
DEVICE_FOUND = "Selected adapter"  # what LiteRT prints when there is one
LEAST_PSNR = 45.0  # decibels; half floats on a GPU


def gpu_driver():
    """The Vulkan driver's description to use, or `None` where there is none."""
    given = os.environ.get(DRIVER_VARIABLE)
    return given or (str(SWIFTSHADER) if SWIFTSHADER.exists() else None)


def verify_on_gpu(content, network, samples):
    """Runs a float file with LiteRT's GPU delegate, and compares it with Keras.

    Args:
        content: bytes of a TFLite file of floats.
        network: The `DeviceNetwork` it was made of.
        samples: list of dicts of input arrays by name.

    Returns: `Parity`, or `None` where there is no driver, or no device for it.

    Raises:
        VerificationError: when the delegate leaves anything out or computes it wrong.
    """
    driver = gpu_driver()
    if driver is None:
        return None
    answers = _replay(content, samples, driver)
    if answers is None:
        return None
    expected = [network(**sample) for sample in samples]
    shaped = [
        answer.reshape(target.shape)
        for answer, target in zip(answers, expected, strict=True)
    ]
    parity = compare(shaped, expected)
    if not parity.psnr >= LEAST_PSNR:  # which holds for NaN, too
        raise VerificationError(
            f"on the GPU delegate it is {parity.psnr:.1f} dB from the float network; "
            f"it needs {LEAST_PSNR:g} dB"
        )
    return parity


def _replay(content, samples, driver):
    program = Path(gpu_replay.__file__).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place:
        Path(place, "model.tflite").write_bytes(content)
        Path(place, "samples").write_bytes(pickle.dumps(samples))
        done = subprocess.run(
            [sys.executable, "-c", program, "model.tflite", "samples", "results"],
            cwd=place,
            env={**os.environ, DRIVER_VARIABLE: driver},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and DEVICE_FOUND not in done.stderr:
            return None
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise VerificationError(f"the GPU delegate does not take it: {last}")
        return pickle.loads(Path(place, "results").read_bytes())
