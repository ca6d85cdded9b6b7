"""The command `push`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, authorization, graph_options
from relations_kg.cli.progress import shown
from relations_kg.rdf.namespaces import shorten


@click.command()
@click.argument("url")
@click.option("--update", is_flag=True, help="Send only what differs from the server's graphs.")
@graph_options(endpoint=False)
def push(options: GraphOptions, url: str, update: bool) -> None:
    """Put the graph on the SPARQL 1.1 server at URL.

    The stated and the inferred triples are sent. They replace the server's named graphs of the same
    names. The Authorization header is taken from the environment variable
    RELATIONS_KG_AUTHORIZATION.
    """
    graph = options.load()
    with shown("pushing"):
        counts = graph.push(url, update=update, authorization=authorization())
    for name, number in counts.items():
        click.echo(f"{number:>8}  {shorten(name)}")
