"""Who is answered, with what, over real connections."""

import http.client
import socket
import threading

import pytest

from keras_stylex.camera.server import CameraServer
from keras_stylex.camera.site import Resource
from keras_stylex.errors import InputError


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "listed.wasm").write_bytes(b"\0asm")
    (folder / "secret.txt").write_text("secret")
    site = {
        "/": Resource(b"<p>page", "text/html; charset=utf-8"),
        "/a/listed.wasm": Resource(folder / "listed.wasm", "application/wasm"),
    }
    with CameraServer(site, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def ask(server):
    """`ask(path, method, header=value)`: the response, its body read."""

    def request(path, method="GET", **headers):
        connection = http.client.HTTPConnection(*server.server_address, timeout=5)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=given)
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    return request


def test_listed_resources_come_with_their_type_and_length(ask):
    response = ask("/a/listed.wasm?version=1")
    assert (response.status, response.body) == (200, b"\0asm")
    assert response.headers["Content-Type"] == "application/wasm"
    assert response.headers["Content-Length"] == "4"


def test_a_head_request_gets_no_body(ask):
    response = ask("/", "HEAD")
    assert (response.status, response.body) == (200, b"")
    assert response.headers["Content-Length"] == "7"


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_every_answer_isolates_the_page_and_forbids_other_origins(ask, path):
    headers = ask(path).headers
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Access-Control-Allow-Origin"] is None
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy
    assert not {"*", "https:", "http:", "'unsafe-inline'"} & set(policy.split())


@pytest.mark.parametrize(
    "path",
    [
        "/a/../secret.txt",
        "/a/%2e%2e/secret.txt",
        "/../../../../etc/passwd",
        "//etc/passwd",
        "/a/..%5csecret.txt",
        "/a/listed.wasm/../../secret.txt",
        "/a/",
        "secret.txt",
    ],
)
def test_no_address_leads_out_of_the_site(ask, path):
    response = ask(path)
    assert (response.status, response.body) == (404, b"")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_name_that_was_made_to_lead_here_is_not_answered(ask, host):
    response = ask("/", Host=host)
    assert (response.status, response.body) == (421, b"")


def test_both_names_of_this_machine_are_answered(ask, server):
    for name in ("127.0.0.1", "localhost"):
        own = f"{name}:{server.server_port}"
        assert ask("/", Host=own, Origin=f"http://{own}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_pages_of_other_origins_get_nothing(ask, headers):
    response = ask("/", **headers)
    assert (response.status, response.body) == (403, b"")


def test_a_link_on_another_page_may_be_followed(ask):
    headers = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    assert ask("/", **headers).status == 200


def test_nothing_can_be_written(ask):
    assert ask("/", "POST").status == 501
    assert ask("/", "PUT").status == 501


def test_only_this_machine_can_connect(server):
    assert server.server_address[0] == "127.0.0.1"


def test_nonsense_does_not_end_the_server(ask, server):
    for nonsense in (b"\0\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET"):
        with socket.create_connection(server.server_address, timeout=5) as connection:
            connection.sendall(nonsense)
    assert ask("/").status == 200


def test_a_port_in_use_is_named_with_another_to_try(server):
    taken = server.server_port
    with pytest.raises(InputError, match=rf"port {taken} is in use.*{taken + 1}"):
        CameraServer({}, taken)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist_is_refused(port):
    with pytest.raises(InputError, match="between 0 and 65535"):
        CameraServer({}, port)
