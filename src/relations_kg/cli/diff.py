"""The command `diff`."""

from __future__ import annotations

from os.path import exists

import click

from relations_kg.authoring.tables import SUFFIXES
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import (
    FAILED,
    format_option,
    keep_apart,
    keep_inputs,
    output_option,
    write,
)
from relations_kg.comparison import closed as closures
from relations_kg.comparison import heads
from relations_kg.comparison.comparison import compare
from relations_kg.comparison.phases import write as write_phases
from relations_kg.comparison.versions import given, lost
from relations_kg.errors import InputError
from relations_kg.rdf.formats import choose

_INSTEAD = (
    "diff OLD.ttl --answers lists the answers that change; relations-kg import writes the rows of"
    " a form as Turtle"
)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option("--answers", is_flag=True, help="Also list changed answers of stored queries.")
@click.option(
    "--without",
    multiple=True,
    metavar="provenance|CLASS",
    help="Leave out passages and documents, or the instances of a class.",
)
@click.option(
    "--ended",
    metavar="FILE",
    help="Write a table of the heads of missions whom only A has, with dates of their ends.",
)
@click.option(
    "--phases",
    metavar="FILE",
    help="Write a table of the seats, receivers and kinds that only A has, and of accreditations.",
)
@click.option(
    "--closed",
    metavar="FILE",
    help="Write a table of the missions that only A has, with dates of their closures.",
)
@format_option("comparison")
@graph_options(endpoint=False)
@output_option()
def diff(
    options: GraphOptions,
    before: str,
    after: str | None,
    answers: bool,
    without: tuple[str, ...],
    ended: str | None,
    phases: str | None,
    closed: str | None,
    format: str | None,
    output: str | None,
) -> int | None:
    """Show what changes from file A to file B, or to the graph, thing by thing.

    Files are compared by their facts, whatever their format and order; - is standard input. Exits
    with 1 if there is a difference.
    """
    chosen = choose(format, output, "comparison").name
    for file in (output, ended, phases, closed):
        keep_inputs(file, before, *([after] if after else []))
    keep_apart(output, ended, phases, closed)
    if after is not None and (options.facts or options.only or options.store):
        raise click.UsageError(
            "--facts, --only and --store name the graph to compare with; "
            "leave them out, or leave out B"
        )
    if before == after == "-":
        raise click.UsageError("standard input can be read only once; name a file")
    for file in (before, *([after] if after else [])):
        if file.lower().endswith(SUFFIXES) and exists(file):
            raise InputError(
                "this is a table, but diff compares files of facts", where=file, help=_INSTEAD
            )
    (former,) = options.sources([before])
    latter = options.load() if after is None else options.sources([after])[0]
    own = options.sources(options.vocabulary)
    comparison = compare(former, latter, answers=answers, without=without, vocabulary=own)
    write(comparison.serialize(chosen).encode(errors="replace"), output)
    for file, rows, write_rows, what in (
        (ended, comparison.ended, heads.write, "correct the ends"),
        (phases, comparison.phases, write_phases, "correct the dates"),
        (closed, comparison.closed, closures.write, "correct the closures"),
    ):
        if file is not None:
            said = write_rows(rows, file, comparison.between)
            advice = f"{what}, delete rows of what was only corrected, and import it"
            click.echo(f"{file}: {said}; {advice}", err=True)
    written = given(ended, phases, closed)
    missing = lost(comparison, lambda option: f"{option} writes a table that keeps them", written)
    for text in (*comparison.warnings, *missing):
        click.echo(f"warning: {text}", err=True)
    return FAILED if comparison else None
