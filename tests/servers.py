"""Servers on free local ports for tests: real ones, and one with scripted behaviour."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest


class Request(NamedTuple):
    """A request that a server received."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


# A function that is called with a request and the handler that answers it.
Behaviour = Callable[[Request, "Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behave: Behaviour
    requests: list[Request]

    def _handle(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): text for name, text in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(size))
        self.requests.append(request)
        type(self).behave(request, self)

    do_GET = do_POST = do_PUT = _handle

    def reply(
        self,
        status: int = 200,
        type: str = "application/sparql-results+json",
        body: bytes = b'{"head":{},"boolean":true}',
        **headers: str,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None: ...  # prints nothing if a client disconnects


@contextmanager
def behaving(behave: Behaviour) -> Iterator[tuple[str, list[Request]]]:
    """Run a server with scripted behaviour; yield its address and the requests it receives."""
    requests: list[Request] = []
    handler = type("Told", (Handler,), {"behave": staticmethod(behave), "requests": requests})
    server = _Server(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/query", requests
    finally:
        server.shutdown()
        server.server_close()


def relay(base: str, request: Request, handler: Handler) -> None:
    """Forward a request to another server, and send its response to the client."""
    connection = HTTPConnection(base.removeprefix("http://"))
    names = ("content-type", "accept")
    headers = {name: request.headers[name] for name in names if name in request.headers}
    connection.request(request.method, request.path, request.body, headers)
    response = connection.getresponse()
    handler.reply(response.status, response.headers.get_content_type(), response.read())
    connection.close()


@contextmanager
def oxigraph() -> Iterator[str]:
    """Run Oxigraph's server with an empty store; yield its base address."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the server of Oxigraph is not installed (package oxigraph)")
    place = f"127.0.0.1:{free_port()}"
    server = subprocess.Popen(
        [program, "serve", "--bind", place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(place)
        yield f"http://{place}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def relations_kg(*options: str) -> Iterator[str]:
    """Run our own server on a free port; yield its base address."""
    program = Path(sys.executable).parent / "relations-kg"
    command: list[str | Path] = [program, "serve", "--port", "0", *options]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        yield server.stderr.readline().split()[0].rstrip("/")
    finally:
        server.terminate()
        server.communicate()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for(place: str, seconds: float = 30) -> None:
    """Wait until a server accepts connections."""
    host, _, port = place.partition(":")
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, f"nothing answers at {place}"
            time.sleep(0.02)
