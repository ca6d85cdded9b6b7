"""The command `query`: stored queries and SPARQL."""

from __future__ import annotations

import shlex
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from os.path import exists
from typing import TYPE_CHECKING, Any

import click

from relations_kg.answers import bindings, frames, tables
from relations_kg.answers.parameters import SINCE, UNTIL
from relations_kg.answers.queries import StoredQuery, stored_queries
from relations_kg.answers.rows import Rows, Triples
from relations_kg.cli import guesses
from relations_kg.cli.graph_options import GraphOptions, graph_options, timeout
from relations_kg.cli.output import format_option, keep_inputs, output_option, write
from relations_kg.cli.parameters import StoredCommand, check_first, list_stored, parse
from relations_kg.errors import QueryError, QueryTimeout, QueryWarning
from relations_kg.rdf.formats import Content, choose, names
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import value
from relations_kg.reader.files import name_of, text_of
from relations_kg.sparql.evaluation import is_sparql

if TYPE_CHECKING:
    from relations_kg.names.names import Names

# The longest alarm, in seconds, that every platform supports.
_LONGEST_TIMEOUT = 1e6


class _Query(StoredCommand):
    stored = staticmethod(stored_queries)


@click.command(cls=_Query, context_settings={"ignore_unknown_options": True})
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("--list", "list_", is_flag=True, help="List the stored queries.")
@click.option("--show", is_flag=True, help="Print the SPARQL of a stored query.")
@format_option("rows", "cells", "triples", "answers")
@graph_options()
@timeout
@click.option(
    "--allow-service",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE in the query call this host.",
)
@output_option()
@click.option("-q", "--quiet", is_flag=True, help="Print no passages below a table.")
def query(
    options: GraphOptions,
    question: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    show: bool,
    format: str | None,
    timeout: float | None,
    allow_service: tuple[str, ...],
    output: str | None,
    quiet: bool,
) -> None:
    """Run a stored query by NAME, or SPARQL: its text, a FILE.rq, or - for standard input.

    Each parameter of a stored query is an option: --sender peru. A value is an IRI, a CURIE, a slug
    or a name; a date is 1990-11-05 or 5 Nov 1990; --all needs no value. The formats of CONSTRUCT
    and DESCRIBE are turtle, jsonld and ntriples; other queries have the other formats. An answer is
    limited to 1,000,000 rows or triples and 256 MiB; a table shows the first 300 characters of a
    cell.
    """
    stored: Mapping[str, StoredQuery] = stored_queries()
    if list_:
        list_stored(stored, question)
        return
    if question is None:
        help = "name a stored query, give SPARQL, or - for standard input; see query --list"
        raise click.UsageError(help)
    check_first(question, parameters, stored)
    end = next((i for i, word in enumerate(parameters) if word.startswith("--")), len(parameters))
    found = _sparql((question, *parameters[:end]))
    text, file = found or (None, "")
    keep_inputs(output, file)
    if show:
        click.echo(text if text is not None else stored[question].text, nl=False)
        return
    if text is not None and not file:
        parameters = parameters[end:]
    query = None if text is not None else stored[question]
    declared = bindings.declared(text) if text is not None else query
    values = parse(parameters, declared.parameters if declared else None)
    if declared:
        _check_names(declared, values)
    graph = options.load()
    if declared:
        declared.check_required(values, graph.names, "--{name} {value}")

    def ask(sparql: str, together: bool = True) -> Rows | Triples | bool:
        limit: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        with _named(file), warnings.catch_warnings(record=True) as issued:
            warnings.simplefilter("always", QueryWarning)
            given: dict[str, Any] = {} if query else {**values}
            answer = graph.query(sparql, **{**given, "allow_service": allow_service, **limit})
        if query is None:
            why = [str(each.message) for each in issued]
            why += () if isinstance(answer, bool) else answer.warnings
            _warn((each for each in why if each not in known), file)
        return answer

    with _deadline(timeout):
        # Warnings about a text are printed before it is run, which may take long.
        known = () if text is None else bindings.still_unbound(graph.warnings(text), text, values)
        _warn(known, file)
        # A stored query on the bundled graph takes milliseconds. Any other query runs in a worker,
        # so that it can be interrupted.
        answer: Rows | Triples | bool
        if query is None:
            answer = ask(text or "")
        elif timeout is None and options.name_bundled_graph:
            answer = graph.run(query.name, **values)
        else:
            answer = query.answer(values, graph.names, ask)
        if query and isinstance(answer, Rows):
            _warn_of_future(query, values, graph.names)
            _explain(query.name, answer)
        chosen = choose(format, output, *_contents(answer)).name
        pieces = written(answer, chosen, terminal=output is None and sys.stdout.isatty())
        if query and chosen == "table" and not quiet:
            pieces = chain(pieces, [graph.evidence(answer).encode()])
        with _named(file):
            write(pieces, output)


# Guessed parameters for a time, for which a query about a period has two.
_TIMES = ("on", "at", "in", "when", "date", "day", "year", "during")


def _check_names(query: StoredQuery, values: Mapping[str, Any]) -> None:
    """Raise QueryError, with what may be meant, for a parameter that a query does not have."""
    try:
        query.check_names(values)
    except QueryError as error:
        known = [p.name for p in query.parameters]
        wrong = next(name for name in values if name not in known)
        if wrong in _TIMES and "on" not in known and {SINCE, UNTIL}.issubset(known):
            day = shlex.quote(str(values[wrong]))
            error.help = f"it is about a period: write --{SINCE} {day} --{UNTIL} {day}"
        else:
            error.help = guesses.instead_of_parameter(wrong, known, error.help)
        raise


def _warn(found: Iterable[str], file: str) -> None:
    for text in found:
        text = text.replace("query:", f"{name_of(file)}:", 1) if file else text
        click.echo(f"warning: {text}", err=True)


def _warn_of_future(
    query: StoredQuery, values: Mapping[str, str | list[str]], things: Names
) -> None:
    """Warn about days more than a year from now, which may be misspelt."""
    soon = f"{date.today() + timedelta(days=366)}"
    for parameter in query.parameters:
        given = values.get(parameter.name) if parameter.type == "date" else None
        if given and (day := value(parameter.term(given, things))) > soon:
            click.echo(f"{query.name}: --{parameter.name} {day} is in the future", err=True)


def _explain(name: str, rows: Rows) -> None:
    """Print the number of rows that a stored query left out, and the warnings about its rows."""
    if rows.unknown:
        more, are = ("row", "is") if rows.unknown == 1 else ("rows", "are")
        click.echo(
            f"{rows.unknown} more {more} {are} unknown at that time; list with --all", err=True
        )
    for warning in rows.warnings:
        click.echo(f"{name}: {warning}", err=True)


def _contents(answer: Rows | Triples | bool) -> tuple[Content, ...]:
    if isinstance(answer, bool):
        return ("boolean",)
    return ("triples", "answers") if isinstance(answer, Triples) else ("rows", "cells")


def written(answer: Rows | Triples | bool, format: str, *, terminal: bool) -> Iterable[bytes]:
    """Return an answer in a format, in pieces.

    A table for a terminal is printed directly unless it has many rows; there are no pieces then.
    Raises click.UsageError for a binary format on a terminal.
    """
    if isinstance(answer, bool):
        return [tables.serialize_boolean(answer, format).encode()]
    if isinstance(answer, Triples):
        return [answer.serialize(format).encode()]
    if format in names("cells"):
        if terminal:
            raise click.UsageError(f"{format} is not text; name a file with -o")
        return [frames.serialize(answer, format)]
    if terminal and format == "table" and len(answer) <= tables.MOST_SHOWN:
        # Imported here, since only a table on a terminal needs rich.
        from relations_kg.cli.terminal import print_table

        print_table(answer)
        return []
    return tables.pieces(answer, format)


def _sparql(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the SPARQL text in arguments or in the file that they name, with the file's name.

    Returns None for a stored query, which takes precedence over a file, and for an unknown name.
    """
    question, text = words[0], " ".join(words)
    if is_sparql(text):
        return text, ""
    if question in stored_queries():
        return None
    if not exists(question) and question.removesuffix(".rq").lower() in stored_queries():
        return None
    is_file = question == "-" or question.endswith((".rq", ".sparql")) or "/" in question
    return (text_of(question), question) if is_file or exists(question) else None


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Name the file of a query, instead of "query", in the errors raised in this context."""
    try:
        yield
    except QueryError as error:
        if file and error.where == "query":
            error.where = name_of(file)
        raise


@contextmanager
def _deadline(seconds: float | None) -> Iterator[None]:
    """Raise QueryTimeout if the block takes longer than `seconds`; Windows has no such alarm."""
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        help = "ask for less, or allow more with --timeout"
        raise QueryTimeout(
            f"no answer within {counted(seconds, 'second')}", where="query", help=help
        )

    signal.signal(signal.SIGALRM, late)
    # The worker has its own, earlier timeout; this alarm limits the rest of the work.
    signal.setitimer(signal.ITIMER_REAL, min(seconds, _LONGEST_TIMEOUT) + 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
