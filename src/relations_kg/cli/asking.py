"""The commands that ask: info, query, show, explain, source and passage."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import click

from relations_kg.cli import options


@click.command()
@options.format_of("text", "json", default="text")
@options.facts
@options.only
@options.store
@options.endpoint
def info(format: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Count what is in the graph."""
    options.known(format, ("text", "json"))
    summary = options.load(facts, only).summary()
    click.echo(summary.to_json() if format == "json" else str(summary), nl=False)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("--list", "list_", is_flag=True, help="List the stored queries.")
@click.option("--show", is_flag=True, help="Print the SPARQL of a stored query.")
@options.format_of("table", "csv", "tsv", "json", "xml", "markdown", default="")
@options.facts
@options.only
@options.store
@options.endpoint
@options.timeout
@options.allow_service
@options.output
@click.option("-q", "--quiet", is_flag=True, help="Leave out the passages below a table.")
def query(
    question: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    show: bool,
    format: str,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    timeout: float | None,
    allow_service: tuple[str, ...],
    output: str | None,
    quiet: bool,
) -> None:
    """Run a stored query by NAME, SPARQL text, a FILE.rq, or - for standard input.

    Each parameter of a stored query is an option: --sender peru. A value is an IRI, a CURIE, a
    slug or a label; dates are ISO. CONSTRUCT and DESCRIBE take the formats turtle, jsonld and
    ntriples. An answer may have 1,000,000 rows or triples and 256 MiB; a table shows the first 300
    characters of a cell.
    """
    if list_:
        _list_queries()
        return
    if question is None:
        raise click.UsageError("name a stored query, or give SPARQL; see query --list")
    text = _sparql(question)
    if show:
        click.echo(text if text is not None else _stored()[question].text, nl=False)
        return
    if text is not None and parameters:
        raise click.UsageError(f"SPARQL text takes no parameter such as {parameters[0]}")
    values = _parameters(parameters)
    if text is None:
        _stored()[question].check_names(values)
    graph = options.load(facts, only)
    # A stored query too goes where it can be stopped.
    sparql = text if text is not None else graph.queries[question].bind(values, graph.names)
    limits = {} if timeout is None else {"timeout": timeout}
    with options.deadline(timeout):
        answer = graph.query(sparql, allow_service=allow_service, **limits)
        written = _written(answer, format, terminal=output is None and sys.stdout.isatty())
        if text is None and format in ("", "table") and not quiet:
            written = chain(written, _passages(graph, answer))
        options.write(written, output)


def _passages(graph: Any, answer: Any) -> Iterator[bytes]:
    yield graph.basis(answer).encode()


def _written(answer: Any, format: str, *, terminal: bool) -> Iterable[bytes]:
    from relations_kg.answers import tables
    from relations_kg.answers.rows import Rows

    if isinstance(answer, bool):
        return [tables.serialize_boolean(answer, format or "table").encode()]
    if not isinstance(answer, Rows):
        return [answer.serialize(format or "turtle").encode()]
    if terminal and format in ("", "table") and len(answer) <= tables.MOST_SHOWN:
        tables.print_table(answer)
        return []
    return tables.pieces(answer, format or "table")


def _list_queries() -> None:
    for name, question in _stored().items():
        click.echo(f"{name}\n    {question.summary}")
        for parameter in question.parameters:
            click.echo(f"    --{parameter}")


def _stored() -> Any:
    from relations_kg._files import folder
    from relations_kg.answers.queries import Queries

    return Queries(folder("queries"))


def _sparql(question: str) -> str | None:
    if "{" in question:
        return question
    if question == "-" or question.endswith(".rq"):
        from relations_kg.reader.files import text_of

        return text_of(question)
    return None


def _parameters(words: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        name, sign, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            raise click.UsageError(f"{word!r} is no parameter; write --NAME VALUE")
        if not sign and not queue:
            raise click.UsageError(f"{word} needs a value")
        if name in values:
            raise click.UsageError(f"{word} is given twice")
        values[name] = value if sign else queue.pop(0)
    return values


@click.command()
@click.argument("thing")
@options.facts
@options.only
@options.store
@options.endpoint
def show(thing: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Show one THING: labels, facts both ways by date, passages."""
    click.echo(str(options.load(facts, only).show(thing)), nl=False)


@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object")
@options.format_of("text", "json", "markdown", default="text")
@click.option("--document", metavar="FILE", help="Show the passages in the document's words.")
@options.facts
@options.only
@options.store
@options.endpoint
def explain(
    subject: str,
    predicate: str,
    object: str,
    format: str,
    document: str | None,
    facts: tuple[str, ...],
    only: tuple[str, ...],
) -> int | None:
    """Tell why a triple holds, down to what is stated, or what is missing for it."""
    explanation = options.load(facts, only).explain(subject, predicate, object, document=document)
    click.echo(explanation.serialize(format), nl=False)
    if not explanation:
        return options.FAILED
    return None


@click.command()
@click.option("--document", metavar="FILE", help="Check offsets and hashes; show the text.")
@options.facts
@options.only
@options.store
@options.endpoint
def source(document: str | None, facts: tuple[str, ...], only: tuple[str, ...]) -> int | None:
    """List each passage with the facts drawn from it."""
    from relations_kg.answers.passages import listing

    text, mismatches = listing(options.load(facts, only), document)
    click.echo(text, nl=False)
    if mismatches:
        click.echo(f"{document}: {mismatches} passages do not match the document", err=True)
        return options.FAILED
    return None


@click.command()
@click.argument("document", metavar="FILE")
@click.argument("words")
@options.facts
@options.only
@options.store
def passage(document: str, words: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Write a Turtle block for the passage of FILE that has these WORDS, to start a new one."""
    from relations_kg.answers.passages import draft

    click.echo(draft(options.load(facts, only), document, words), nl=False)
