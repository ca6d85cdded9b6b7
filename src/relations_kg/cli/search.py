"""The command `search`."""

from __future__ import annotations

import sys
from time import monotonic

import click

from relations_kg.cli.graph_options import GraphOptions, also_of_option, graph_options
from relations_kg.cli.output import format_option, output_option, write
from relations_kg.cli.progress import shown
from relations_kg.cli.query import written
from relations_kg.rdf.days import asked_days
from relations_kg.rdf.formats import choose

_LONG = 5.0  # the seconds from which the time for indexing is reported


@click.command()
@click.argument("words", nargs=-1, metavar="WORDS")
@click.option("--kind", metavar="CLASS", help="Find only instances of this class.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="List at most N things."
)
@format_option("rows", "cells")
@graph_options()
@output_option()
def search(
    options: GraphOptions,
    words: tuple[str, ...],
    kind: str | None,
    limit: int,
    format: str | None,
    output: str | None,
) -> None:
    """Find things by the WORDS of their names, gists and descriptions.

    The best matches come first: a whole name before a part of a name, a name before a text, a thing
    before a passage. Case and accents don't matter; only whole words match. Classes, properties and
    codes with the words are named, too, and so are stored queries that answer a question such as
    'where are we not represented'.
    """
    if help := also_of_option(options._asdict(), words):
        raise click.UsageError(f"one of the words is a file; {help}")
    graph, text = options.load(), " ".join(words)
    start = monotonic()
    with shown("indexing names and texts"):
        rows = graph.search(text, kind=kind, limit=limit + 1)
    if options.endpoint is None and monotonic() - start > _LONG:
        help = "" if options.store else "; a graph in a --store keeps its index"
        click.echo(f"the index took {monotonic() - start:.0f} seconds{help}", err=True)
    if days := asked_days(text):
        since, until = map(str, days)
        click.echo(
            f"what happened then: relations-kg query timeline --since {since} --until {until}",
            err=True,
        )
    for warning in rows.warnings:
        click.echo(warning, err=True)
    if len(rows) > limit:
        help = "add words or --kind, or raise --limit"
        click.echo(f"these are the first {limit}; {help}", err=True)
    chosen = choose(format, output, "rows", "cells").name
    terminal = output is None and sys.stdout.isatty()
    write(written(rows[:limit], chosen, terminal=terminal), output)
