"""The command `show`."""

from __future__ import annotations

import click

from relations_kg.cli.graph_options import GraphOptions, graph_options


@click.command()
@click.argument("thing")
@graph_options()
def show(options: GraphOptions, thing: str) -> None:
    """Show all about one THING: labels, facts by date, passages."""
    click.echo(str(options.load().show(thing)), nl=False)
