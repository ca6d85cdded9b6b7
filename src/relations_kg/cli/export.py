"""The command `export`."""

from __future__ import annotations

from typing import Literal

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import format_option, output_option, write
from relations_kg.export import files
from relations_kg.export.export import CONTENTS
from relations_kg.rdf.formats import choose

_NO_TEXT = "xlsx is not text; name a file"


@click.command()
@format_option(*CONTENTS)
@click.option("--stated", is_flag=True, help="The default.")
@click.option("--all", "inferred", is_flag=True, help="Add dates and inferred facts.")
@click.option("--of", metavar="THING", help="Export one thing, with the facts that point to it.")
@click.option(
    "--by",
    type=click.Choice(["form", "kind"]),
    help="One table for each form, the default, or for each kind of thing.",
)
@graph_options()
@output_option(may_be_folder=True)
def export(
    options: GraphOptions,
    format: str | None,
    stated: bool,
    inferred: bool,
    of: str | None,
    by: Literal["form", "kind"] | None,
    output: str | None,
) -> None:
    """Export the graph as linked data, or as tables: csv in a folder, or xlsx.

    The columns of a table are the parameters of a form, and import reads it back. Facts that fit no
    form are left out and counted. Linked data, and tables with --by kind, have all facts.
    """
    if stated and inferred:
        raise click.UsageError("--stated and --all exclude each other; give only one")
    chosen = choose(format, output, *CONTENTS)
    is_tables = "tables" in chosen.contents
    if by and not is_tables:
        raise click.UsageError(
            f"--by is only for csv and xlsx, not for {chosen.name}; leave it out"
        )
    if is_tables and output is None:
        what = "csv writes a file for each table; name a folder for them"
        raise click.UsageError(f"{what if chosen.name == 'csv' else _NO_TEXT} with -o")
    if output is not None and chosen.name != "csv":
        files.check(output)
    if is_tables and by != "kind":
        if inferred:
            raise click.UsageError("tables of forms have no inferred facts; add --by kind")
        tables = options.load().tables(of)
        tables.write(output, chosen.name)
        click.echo("\n".join(filter(None, (f"{tables}", tables.note))), err=True)
        return
    content = options.load().export(output, format=chosen.name, inferred=inferred, of=of, by="kind")
    if output is None:
        write(content, None)
