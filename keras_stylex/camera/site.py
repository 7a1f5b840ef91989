"""Everything the server hands out, listed by path before it starts."""

import json
from dataclasses import dataclass
from pathlib import Path

from keras_stylex.camera.page import TYPES, page_files
from keras_stylex.camera.sample import sample
from keras_stylex.data.images import encode_image


@dataclass(frozen=True)
class Resource:
    """Something to hand out.

    Attributes:
        content: Its bytes, or the path of a file.
        type: Media type.
    """

    content: bytes | Path
    type: str

    def read(self):
        """Its bytes."""
        return self.content if isinstance(self.content, bytes) else _read(self.content)


def build_site(exhibits, refused, litert):
    """Resources by the path of their address.

    Args:
        exhibits: list of `Exhibit`.
        refused: list of sentences on what does not hang in the gallery.
        litert: Path of the folder of LiteRT.js' packages.
    """
    site = {f"/{name}": _resource(name, path) for name, path in page_files().items()}
    site["/"] = site.pop("/index.html")
    site |= _litert(litert)
    entries = [_hang(site, *numbered) for numbered in enumerate(exhibits)]
    _add(site, "/sample.png", encode_image(sample("photo"), "png"))
    gallery = {"filters": entries, "refused": refused}
    _add(site, "/gallery.json", json.dumps(gallery, allow_nan=False).encode())
    return site


def _hang(site, number, exhibit):
    """Adds an exhibit's resources, and returns what the page has to know of it."""
    network, encoder = exhibit.network, exhibit.encoder
    height, width = network.size
    painted = encode_image(exhibit.painted, "png")
    return {
        "name": network.name,
        "title": exhibit.title,
        "recipe": network.metadata["recipe"]["name"],
        "height": height,
        "width": width,
        "dtype": network.dtype,
        "signature": network.signature,
        "output": network.metadata["output"],
        "model": _add(site, f"/models/{number}.tflite", network.content),
        "sample": _add_sample(site, "photo", network.size),
        "painted": _add(site, f"/models/{number}.png", painted),
        "encoder": encoder and _encoder(site, number, encoder),
    }


def _encoder(site, number, encoder):
    height, width = encoder.size
    return {
        "height": height,
        "width": width,
        "signature": encoder.signature,
        "output": encoder.metadata["output"],
        "model": _add(site, f"/models/{number}.encoder.tflite", encoder.content),
        "sample": _add_sample(site, "painting", encoder.size),
    }


def _add_sample(site, kind, size):
    height, width = size
    picture = encode_image(sample(kind, size), "png")
    return _add(site, f"/samples/{kind}-{height}x{width}.png", picture)


def _add(site, path, content):
    site[path] = _resource(path, content)
    return path


def _litert(scope):
    files = [scope / "core/dist/index.js", scope / "wasm-utils/dist/index.js"]
    files += [p for p in (scope / "core/wasm").iterdir() if p.suffix in TYPES]
    return {
        f"/litert/{path.relative_to(scope).as_posix()}": _resource(path.name, path)
        for path in files
    }


def _resource(name, content):
    return Resource(content, TYPES[Path(name).suffix])


def _read(path):
    return path.read_bytes()
