"""The command `source`."""

from __future__ import annotations

import click

from relations_kg.answers.documents import listing
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import FAILED


@click.command()
@click.option("--document", metavar="FILE", help="Show and check the passages of this text.")
@graph_options()
def source(options: GraphOptions, document: str | None) -> int | None:
    """List each passage with the facts drawn from it."""
    text, mismatches = listing(options.load(), document)
    click.echo(text, nl=False)
    if not mismatches:
        return None
    click.echo(f"{document}: {mismatches} passages do not match the document", err=True)
    return FAILED
