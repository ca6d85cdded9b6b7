"""The command `export`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import format_option, output_option, write
from relations_kg.export.export import CONTENTS
from relations_kg.rdf.formats import choose


@click.command()
@format_option(*CONTENTS)
@click.option("--stated", is_flag=True, help="The default.")
@click.option("--all", "inferred", is_flag=True, help="Add dates and inferred facts.")
@click.option("--of", metavar="THING", help="Export one thing, with what points to it.")
@graph_options()
@output_option
def export(
    options: GraphOptions,
    format: str | None,
    stated: bool,
    inferred: bool,
    of: str | None,
    output: str | None,
) -> None:
    """Export the graph as linked data, or as tables, one for each kind of thing.

    The tables are CSV files in a folder, or the sheets of a workbook.
    """
    if stated and inferred:
        raise click.UsageError("--stated leaves out what --all adds; give one of them")
    chosen = choose(format, output, *CONTENTS).name
    if chosen == "csv" and output is None:
        raise click.UsageError("csv is one table for each kind; name a folder for them with -o")
    if chosen == "xlsx" and output is None:
        raise click.UsageError("xlsx is not text; name a file with -o")
    content = options.load().export(output, format=chosen, inferred=inferred, of=of)
    if output is None:
        write(content, None)
