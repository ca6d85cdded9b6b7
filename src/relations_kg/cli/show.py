"""The command `show`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import output_option, write
from relations_kg.errors import InputError
from relations_kg.rdf.formats import choose


@click.command()
@click.argument("thing")
@graph_options()
@output_option()
def show(options: GraphOptions, thing: str, output: str | None) -> None:
    """Show all about one THING: labels, facts by date, passages."""
    try:
        choose(None, output, "listing")
    except InputError as error:
        error.help = f"{error.help}; linked data is written by export --of"
        raise
    write(str(options.load().show(thing)).encode(errors="replace"), output)
