"""The page's server: on this machine, for this machine."""

import contextlib
import errno
import os
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from keras_stylex.camera.page import security_headers
from keras_stylex.errors import InputError

LOOPBACK = "127.0.0.1"
PORT = 8765


class CameraServer(ThreadingHTTPServer):
    """Hands out the resources of a site, and nothing else, on loopback.

    What it hands out was listed before it started, so no address leads to another
    file. It answers only who asks for it by its own name, so that no foreign page
    reaches it through a name that leads here.

    Args:
        site: dict of `Resource` by path.
        port: Integer, 0 for any that is free.

    Raises:
        InputError: when the port is in use or may not be used.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it lets two share a port

    def __init__(self, site, port=PORT):
        self.site = site
        self.headers = security_headers()
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except (OSError, OverflowError) as error:
            raise _unusable(port, error) from error

    @property
    def address(self):
        """Where to open the page."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    @property
    def names(self):
        """What a browser on this machine calls it."""
        return {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}

    def handle_error(self, request, client_address):
        """Says nothing: browsers hang up in the middle whenever a page is closed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds without a request
    server_version, sys_version = "keras-stylex", ""

    def do_GET(self):
        if problem := self._problem():
            return self._answer(problem, b"", "text/plain")
        resource = self.server.site[self._path()]
        return self._answer(HTTPStatus.OK, resource.read(), resource.type)

    do_HEAD = do_GET

    def _problem(self):
        """Why a request is refused, or `None`."""
        if self.headers.get("Host") not in self.server.names:
            return HTTPStatus.MISDIRECTED_REQUEST
        if self._is_foreign():
            return HTTPStatus.FORBIDDEN
        return None if self._path() in self.server.site else HTTPStatus.NOT_FOUND

    def _is_foreign(self):
        """Whether another origin's page asks; a link from one may be followed."""
        origin = self.headers.get("Origin")
        if (
            origin is not None
            and origin.removeprefix("http://") not in self.server.names
        ):
            return True
        other = self.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
        return other and self.headers.get("Sec-Fetch-Mode") != "navigate"

    def _path(self):
        return self.path.partition("?")[0]

    def _answer(self, status, content, kind):
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content)

    def log_message(self, *_):
        """Says nothing: the page shows what goes on."""


def _unusable(port, error):
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return InputError(f"port {port} is in use. Choose another: --port {port + 1}")
    reason = getattr(error, "strerror", None) or "not between 0 and 65535"
    return InputError(f"port {port} cannot be used ({reason}). Choose another: --port")
