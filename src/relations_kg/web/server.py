"""The server: an application on a port of this machine."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import uvicorn

from relations_kg.errors import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette


def listen(host: str, port: int) -> socket.socket:
    """Take a port of this machine, any free one if it is 0; raise InputError if it is taken."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024
        )
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0
        reason = os.strerror(number) if number > 0 else getattr(error, "strerror", str(error))
        help = "name another --port, or 0 for any that is free"
        raise InputError(reason.lower(), where=f"{host}:{port}", help=help) from None


def address(sock: socket.socket) -> str:
    """Return the address of what a socket listens to."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(application: Starlette, sock: socket.socket) -> None:
    """Serve an application until it is interrupted."""
    # What goes wrong the application tells itself, in a line.
    config = uvicorn.Config(
        application, log_level="critical", access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[sock])
