"""The command `info`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import format_option, output_option, write
from relations_kg.rdf.formats import choose


@click.command()
@format_option("counts")
@graph_options()
@output_option()
def info(options: GraphOptions, format: str | None, output: str | None) -> None:
    """Count what is in the graph.

    With --store, the graph is first stored in that folder, or --facts are added to the one there.
    """
    chosen = choose(format, output, "counts").name
    summary = options.load().summary()
    write((summary.to_json() if chosen == "json" else str(summary)).encode(), output)
