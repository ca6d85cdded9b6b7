"""The commands that show the graph on the web: serve and site."""

from __future__ import annotations

import re
from typing import Any

import click

from relations_kg.cli import options
from relations_kg.errors import InputError


def _origins(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    for value in values:
        if value != "*" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#\s*]+", value):
            raise click.BadParameter(f"{value!r} is not an origin; write it like https://HOST:PORT")
    return values


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here only.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Listen on this port; 0 is any free one.",
)
@options.facts
@options.only
@options.store
@options.timeout
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    callback=_origins,
    help="Let pages of this origin read the answers; * is any. Without it, any may read the "
    "bundled graph, and none one with facts of your own.",
)
def serve(
    host: str,
    port: int,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    timeout: float | None,
    allow_origin: tuple[str, ...],
) -> None:
    """Serve the graph: pages for people, linked data, and a SPARQL endpoint.

    On a loopback address only requests for localhost, or for the --host itself, are answered.
    """
    try:
        from relations_kg.web import server
        from relations_kg.web.application import application
    except ModuleNotFoundError as error:
        help = "pip install 'relations-kg[serve]'"
        raise InputError(f"serving needs {error.name}, which is not installed", help=help) from None
    with server.listen(host, port) as sock:
        limits: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        place = application(
            options.load(facts, only),
            hosts=server.hosts(sock, host),
            origins=allow_origin or None,
            **limits,
        )
        click.echo(f"{server.address(sock)} (Ctrl-C ends it)", err=True)
        server.run(place, sock)


@click.command()
@click.option("-o", "--output", metavar="DIR", required=True, help="Write into this folder.")
@options.facts
@options.only
@options.store
def site(output: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Write the pages as static files, which need no server and lead from one to another."""
    try:
        from relations_kg.web import static_site
    except ModuleNotFoundError as error:
        help = "pip install 'relations-kg[serve]'"
        raise InputError(f"pages need {error.name}, which is not installed", help=help) from None
    from relations_kg.cli.progress import shown

    graph = options.load(facts, only)
    with shown("writing"):
        number = static_site.write(graph, output)
    click.echo(f"{number} files in {output}; begin with index.html", err=True)
