"""The command `site`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.progress import shown
from relations_kg.web.static_site import write


@click.command()
@click.option("-o", "--output", metavar="DIR", required=True, help="Write into this folder.")
@graph_options(endpoint=False)
def site(options: GraphOptions, output: str) -> None:
    """Write the pages as static files, which need no server and link to one another."""
    graph = options.load()
    with shown("writing"):
        number = write(graph, output)
    click.echo(f"{number} files in {output}; start with index.html", err=True)
