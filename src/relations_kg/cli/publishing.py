"""The commands that publish: export."""

from __future__ import annotations

import click

from relations_kg.cli import options


@click.command()
@options.format_of("turtle", "jsonld", "ntriples", "nquads", "trig", default="turtle")
@click.option("--stated", "inferred", flag_value=False, default=False, help="The default.")
@click.option("--all", "inferred", flag_value=True, help="Add dates and inferred facts.")
@options.facts
@options.only
@options.output
def export(
    format: str,
    inferred: bool,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
) -> None:
    """Export the graph as linked data."""
    options.write(options.load(facts, only).export(format=format, inferred=inferred), output)
