"""The command `info`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import format_option


@click.command()
@format_option("counts")
@graph_options()
def info(options: GraphOptions, format: str | None) -> None:
    """Count what is in the graph."""
    summary = options.load().summary()
    click.echo(summary.to_json() if format == "json" else str(summary), nl=False)
