"""Pictures in: files, TFDS and TFRecord sources, and the unpaired training pipeline.

Names are imported when first used, so that reading one picture needs no TensorFlow.
"""

from importlib import import_module

_HOME = {
    "to_float": "images",
    "to_uint8": "images",
    "read_image": "images",
    "write_image": "images",
    "list_images": "images",
    "SkippedFiles": "skipped",
    "open_source": "sources",
    "load_pictures": "sources",
    "unpaired_dataset": "unpaired",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return sorted({*globals(), *_HOME})
