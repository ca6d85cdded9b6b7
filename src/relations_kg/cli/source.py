"""The command `source`."""

from __future__ import annotations

import click

from relations_kg.answers.passages import listing
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import FAILED, output_option, write
from relations_kg.rdf.formats import choose
from relations_kg.rdf.spelling import counted
from relations_kg.reader.files import name_of


@click.command()
@click.option("--document", metavar="FILE", help="Show and check the passages of this text.")
@graph_options()
@output_option()
def source(options: GraphOptions, document: str | None, output: str | None) -> int | None:
    """List each passage with the facts drawn from it."""
    choose(None, output, "listing")
    graph = options.load()
    text, mismatches = listing(graph.quad_store, graph.names, document)
    write(text.encode(errors="replace"), output)
    if document is None or not mismatches:
        return None
    do = "does" if mismatches == 1 else "do"
    message = f"{counted(mismatches, 'passage')} {do} not match the document"
    click.echo(f"{name_of(document)}: {message}", err=True)
    return FAILED
