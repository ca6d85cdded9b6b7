"""The commands that publish: export, diff and push."""

from __future__ import annotations

import click

from relations_kg.cli import options


@click.command()
@options.format_of("turtle", "jsonld", "ntriples", "nquads", "trig", "csv", default="turtle")
@click.option("--stated", "inferred", flag_value=False, default=False, help="The default.")
@click.option("--all", "inferred", flag_value=True, help="Add dates and inferred facts.")
@click.option("--of", metavar="THING", help="Export one thing, with what points to it.")
@options.facts
@options.only
@options.store
@options.endpoint
@options.output
def export(
    format: str,
    inferred: bool,
    of: str | None,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
) -> None:
    """Export the graph as linked data, or as a folder of tables, one for each kind of thing."""
    if format != "csv":
        graph = options.load(facts, only)
        options.write(graph.export(format=format, inferred=inferred, of=of), output)
    elif output is None:
        raise click.UsageError("csv is one table for each kind; name a folder for them with -o")
    else:
        options.load(facts, only).export(output, format=format, inferred=inferred, of=of)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", required=False)
@click.option("--answers", is_flag=True, help="Name the stored answers that change too.")
@options.format_of("text", "markdown", "json", default="text")
@options.facts
@options.only
@options.store
@options.output
def diff(
    before: str,
    after: str | None,
    answers: bool,
    format: str,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
) -> int | None:
    """Tell what changes from file A to file B, or to the graph, thing by thing.

    Files are compared by what they state, whatever their format and order; - is standard input.
    Exits with 1 if there is a difference.
    """
    from relations_kg.comparison.comparison import FORMATS, compare

    options.known(format, FORMATS)
    if after is not None and (facts or only):
        raise click.UsageError("--facts and --only change the graph, which two files leave out")
    if before == after == "-":
        raise click.UsageError("standard input can be read once; name a file")
    comparison = compare(
        before, options.load(facts, only) if after is None else after, answers=answers
    )
    options.write(comparison.serialize(format).encode(errors="replace"), output)
    return options.FAILED if comparison else None


@click.command()
@click.argument("url")
@options.facts
@options.only
@options.store
def push(url: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Put the graph with all that follows on the SPARQL 1.1 server at URL.

    The server's named graphs of these names are replaced; doing it again changes nothing. What
    the server asks for as authorization is taken from RELATIONS_KG_AUTHORIZATION.
    """
    from relations_kg.cli.progress import shown
    from relations_kg.rdf.namespaces import shorten

    graph = options.load(facts, only)
    with shown("pushing"):
        counts = graph.push(url, authorization=options.authorization())
    for name, number in counts.items():
        click.echo(f"{number:>8}  {shorten(name)}")
