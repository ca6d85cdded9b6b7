"""The command `explain`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import FAILED, format_option


@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object")
@format_option("explanation")
@click.option("--document", metavar="FILE", help="Show passages in the words of this document.")
@graph_options()
def explain(
    options: GraphOptions,
    subject: str,
    predicate: str,
    object: str,
    format: str | None,
    document: str | None,
) -> int | None:
    """Explain why a triple holds, or what is missing for it.

    Each proof goes down to stated triples, with their files, lines and passages.
    """
    explanation = options.load().explain(subject, predicate, object, document=document)
    click.echo(explanation.serialize(format or "text"), nl=False)
    return None if explanation else FAILED
