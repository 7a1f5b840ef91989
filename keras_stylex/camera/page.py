"""The page's files: packed into the package, or beside it in a checkout."""

import base64
import hashlib
import re
from pathlib import Path

_PACKED = Path(__file__).parent / "page"
PAGE = (
    _PACKED if _PACKED.is_dir() else Path(__file__).parents[2] / "examples/web_camera"
)

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tflite": "application/octet-stream",
    ".wasm": "application/wasm",
}


def page_files():
    """Paths of what the browser loads, by name."""
    suffixes = (".html", ".css", ".js", ".svg")
    return {p.name: p for p in sorted(PAGE.iterdir()) if p.suffix in suffixes}


def security_headers():
    """What a browser is told: no other origin, and threads (isolation)."""
    return {
        "Content-Security-Policy": "; ".join(_policy()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _policy():
    """No inline script but the import map, which browsers take inline only."""
    html = (PAGE / "index.html").read_text("utf-8")
    (inline,) = re.findall(r'<script type="importmap">(.*?)</script>', html, re.DOTALL)
    digest = hashlib.sha256(inline.encode()).digest()
    import_map = f"'sha256-{base64.b64encode(digest).decode()}'"
    return (
        "default-src 'none'",
        f"script-src 'self' 'wasm-unsafe-eval' {import_map}",
        "worker-src 'self'",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
