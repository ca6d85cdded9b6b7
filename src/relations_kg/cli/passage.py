"""The command `passage`."""

from __future__ import annotations

import click

from relations_kg.articles.single import passage as block
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import keep_inputs, output_option, write
from relations_kg.rdf.formats import choose


@click.command()
@click.argument("document", metavar="FILE")
@click.argument("words")
@graph_options(endpoint=False)
@output_option()
def passage(options: GraphOptions, document: str, words: str, output: str | None) -> None:
    """Write a Turtle block for the passage of FILE with these WORDS, as a draft to edit."""
    choose("turtle", output, "triples")
    keep_inputs(output, document)
    write(block(options.load(), document, words).encode(), output)
