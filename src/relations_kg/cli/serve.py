"""The command `serve`."""

from __future__ import annotations

import re
from typing import Any

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options, timeout
from relations_kg.web import server
from relations_kg.web.application import application


def _origins(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    for value in values:
        if value != "*" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#\s*]+", value):
            raise click.BadParameter(f"{value!r} is not an origin; write it like https://HOST:PORT")
    return values


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address only.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Listen on this port; 0 is any free port.",
)
@graph_options(endpoint=False)
@timeout
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    callback=_origins,
    help="Let pages of this origin read responses; * is any origin. By default, any page may read "
    "the bundled graph, but no page may read a graph with facts of your own.",
)
def serve(
    options: GraphOptions,
    host: str,
    port: int,
    timeout: float | None,
    allow_origin: tuple[str, ...],
) -> None:
    """Serve the graph: pages, linked data, and a SPARQL endpoint.

    On a loopback address only requests for localhost, or for the --host itself, are answered.
    """
    with server.listen(host, port) as sock:
        limits: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        place = application(
            options.load(), hosts=server.hosts(sock, host), origins=allow_origin or None, **limits
        )
        click.echo(f"{server.address(sock)} (stop with Ctrl-C)", err=True)
        server.run(place, sock)
