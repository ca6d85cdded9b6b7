"""The command `site`."""

from __future__ import annotations

import sys
from time import monotonic

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.progress import shown
from relations_kg.web.static_site import write

# The seconds between two lines about the progress in a log.
_INTERVAL = 10.0


@click.command()
@click.option("-o", "--output", metavar="DIR", required=True, help="Write into this folder.")
@graph_options(endpoint=False)
def site(options: GraphOptions, output: str) -> None:
    """Write the pages as static files, which need no server and link to one another."""
    graph = options.load()
    next_line = monotonic() + _INTERVAL

    def report(done: int, of: int) -> None:
        nonlocal next_line
        if monotonic() >= next_line and not sys.stderr.isatty():
            next_line = monotonic() + _INTERVAL
            click.echo(f"{done / of:.0%} of the pages are written", err=True)

    with shown("writing"):
        number = write(graph, output, report)
    click.echo(f"{number} files in {output}; start with index.html", err=True)
