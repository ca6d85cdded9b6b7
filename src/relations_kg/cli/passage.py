"""The command `passage`."""

from __future__ import annotations

import click

from relations_kg.answers.documents import draft
from relations_kg.cli.graph_options import GraphOptions, graph_options


@click.command()
@click.argument("document", metavar="FILE")
@click.argument("words")
@graph_options(endpoint=False)
def passage(options: GraphOptions, document: str, words: str) -> None:
    """Write a Turtle block for the passage of FILE with these WORDS, as a draft to edit."""
    click.echo(draft(options.load(), document, words), nl=False)
