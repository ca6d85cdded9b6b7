"""The command line: `relations-kg` and its commands."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

import click

from relations_kg.errors import InputError, RelationsError

F = TypeVar("F", bound=Callable[..., Any])

FAILED, UNUSABLE, INTERRUPTED = 1, 2, 130

_facts = click.option(
    "--facts",
    multiple=True,
    metavar="FILE",
    help="Add these facts to the bundled ones.",
)
_only = click.option(
    "--only",
    multiple=True,
    metavar="FILE",
    help="Use these facts instead of the bundled ones.",
)
_output = click.option("-o", "--output", metavar="FILE", help="Write to this file, whole or not.")


def _format(*formats: str, default: str) -> Callable[[F], F]:
    return click.option(
        "--format",
        default=default,
        metavar="FORMAT",
        help=f"One of {', '.join(formats)}.",
    )


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--version", is_flag=True, help="Show the version.")
@click.pass_context
def commands(context: click.Context, version: bool) -> None:
    """Ask, show, check and export relations between states, each fact with its passage."""
    if version:
        import relations_kg

        click.echo(f"relations-kg {relations_kg.__version__}")
    elif context.invoked_subcommand is None:
        _welcome()


def _welcome() -> None:
    from relations_kg.graph import load

    summary = load().summary()
    things = sum(summary.kinds.values())
    click.echo(
        f"relations-kg: {things} things of {len(summary.kinds)} kinds, {summary.stated} stated and "
        f"{summary.inferred} inferred triples,\n"
        f"drawn from {summary.all_passages} passages, answering {summary.queries} stored queries.\n"
        "\n"
        "Three things to try:\n"
        "  relations-kg query mission-history --sender peru\n"
        "  relations-kg show one-china-policy\n"
        "  relations-kg query --list"
    )


@commands.command()
@_format("text", "json", default="text")
@_facts
@_only
def info(format: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Count what is in the graph."""
    _known(format, ("text", "json"))
    summary = _load(facts, only).summary()
    click.echo(summary.to_json() if format == "json" else str(summary), nl=False)


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@click.option("--list", "list_", is_flag=True, help="List the stored queries.")
@click.option("--show", is_flag=True, help="Print the SPARQL of a stored query.")
@_format("table", "csv", "tsv", "json", "xml", "markdown", default="")
@_facts
@_only
@_output
@click.option("-q", "--quiet", is_flag=True, help="Leave out the passages below a table.")
def query(
    question: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    show: bool,
    format: str,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
    quiet: bool,
) -> None:
    """Run a stored query by NAME, SPARQL text, a FILE.rq, or - for standard input.

    Each parameter of a stored query is an option: --sender peru. A value is an IRI, a CURIE, a
    slug or a label; dates are ISO. CONSTRUCT and DESCRIBE take the formats turtle, jsonld and
    ntriples.
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
    from relations_kg.rows import Rows
    from relations_kg.tables import print_table, serialize_boolean

    graph = _load(facts, only)
    answer = graph.query(text) if text is not None else graph.run(question, **values)
    table = format in ("", "table")
    if isinstance(answer, bool):
        content = serialize_boolean(answer, format or "table")
    elif table and output is None and sys.stdout.isatty() and isinstance(answer, Rows):
        print_table(answer)
        content = ""
    else:
        content = answer.serialize(format) if format else answer.serialize()
    if text is None and table and not quiet:
        content += graph.basis(answer)
    _write(content.encode(), output)


def _list_queries() -> None:
    for name, question in _stored().items():
        click.echo(f"{name}\n    {question.summary}")
        for parameter in question.parameters:
            click.echo(f"    --{parameter}")


def _stored() -> Any:
    from relations_kg._files import folder
    from relations_kg.queries import Queries

    return Queries(folder("queries"))


def _sparql(question: str) -> str | None:
    if "{" in question:
        return question
    if question == "-" or question.endswith(".rq"):
        from relations_kg.reading import text_of

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


@commands.command()
@click.argument("thing")
@_facts
@_only
def show(thing: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Show one THING: labels, facts both ways by date, passages."""
    click.echo(str(_load(facts, only).show(thing)), nl=False)


@commands.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object")
@_format("text", "json", "markdown", default="text")
@click.option("--document", metavar="FILE", help="Show the passages in the document's words.")
@_facts
@_only
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
    explanation = _load(facts, only).explain(subject, predicate, object, document=document)
    click.echo(explanation.serialize(format), nl=False)
    if not explanation:
        return FAILED
    return None


@commands.command()
@click.option("--document", metavar="FILE", help="Check offsets and hashes; show the text.")
@_facts
@_only
def source(document: str | None, facts: tuple[str, ...], only: tuple[str, ...]) -> int | None:
    """List each passage with the facts drawn from it."""
    from relations_kg.passages import listing

    text, mismatches = listing(_load(facts, only), document)
    click.echo(text, nl=False)
    if mismatches:
        click.echo(f"{document}: {mismatches} passages do not match the document", err=True)
        return FAILED
    return None


@commands.command()
@click.argument("document", metavar="FILE")
@click.argument("words")
@_facts
@_only
def passage(document: str, words: str, facts: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Write a Turtle block for the passage of FILE that has these WORDS, to start a new one."""
    from relations_kg.passages import draft

    click.echo(draft(_load(facts, only), document, words), nl=False)


@commands.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--against",
    multiple=True,
    metavar="none|FILE",
    help="Check together with these facts instead of the bundled ones, or with none.",
)
@click.option("--strict", is_flag=True, help="Fail for warnings and for what met no shape too.")
@click.option("--fix", is_flag=True, help="Repair in the files what can be for certain.")
@click.option("--dry-run", is_flag=True, help="With --fix, only show what it would change.")
@click.option(
    "--max",
    "most",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show no more than N findings of each kind; without it, 10 as text and else all.",
)
@_format("text", "concise", "json", "github", "sarif", "junit", "turtle", default="text")
@_facts
@_only
@_output
def validate(
    files: tuple[str, ...],
    against: tuple[str, ...],
    strict: bool,
    fix: bool,
    dry_run: bool,
    most: int | None,
    format: str,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
) -> int | None:
    """Check new facts together with the known graph; - is standard input."""
    from relations_kg.reports import FORMATS, serialize

    _known(format, FORMATS)
    if dry_run and not fix:
        raise click.UsageError("--dry-run goes with --fix")
    if fix and "-" in files:
        raise click.UsageError("standard input cannot be repaired; name a file")
    graph = _load(facts, only) if not against else _load_against(facts, only, against)
    talk = format != "text"
    report = _fix(graph, files, dry_run, talk=talk) if fix else graph.validate(*files)
    good = report.conforms_strictly if strict else report.conforms
    if most is None and format == "text":
        most = 10
    shown = report if most is None else report.limited(most)
    text = serialize(shown, format, colour=output is None and _in_colour())
    _write(text.encode(errors="replace"), output)
    return None if good else FAILED


def _load_against(facts: tuple[str, ...], only: tuple[str, ...], against: tuple[str, ...]) -> Any:
    from relations_kg.graph import load

    if only:
        raise click.UsageError("--against and --only say the same; give one of them")
    if "none" in against and len(against) > 1:
        raise click.UsageError("--against none goes with no other --against")
    return load(*facts, only=[] if against == ("none",) else against)


def _fix(graph: Any, files: tuple[str, ...], dry_run: bool, *, talk: bool) -> Any:
    """Repair files and show what that changes; return what is left to say of them."""
    from relations_kg.fixes import fixed

    changed, report = fixed(graph, files)
    for file in changed:
        click.echo(file.diff, nl=False, err=talk)
        if not dry_run:
            file.write()
    return graph.validate(*files) if dry_run else report


def _in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


@commands.command()
@_format("turtle", "jsonld", "ntriples", "nquads", "trig", default="turtle")
@click.option("--stated", "inferred", flag_value=False, default=False, help="The default.")
@click.option("--all", "inferred", flag_value=True, help="Add dates and inferred facts.")
@_facts
@_only
@_output
def export(
    format: str,
    inferred: bool,
    facts: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
) -> None:
    """Export the graph as linked data."""
    _write(_load(facts, only).export(format=format, inferred=inferred), output)


def _load(facts: tuple[str, ...], only: tuple[str, ...]) -> Any:
    from relations_kg.graph import load

    return load(*facts, only=only or None)


def _known(format: str, formats: tuple[str, ...]) -> None:
    if format not in formats:
        raise InputError(f"unknown format {format!r}", help=f"use one of {', '.join(formats)}")


def _write(content: bytes, output: str | None) -> None:
    if output is None:
        click.echo(content, nl=False)
        return
    from relations_kg.export import write

    write(output, content)


def main() -> None:
    """Run the command line and exit as the contract says: 0, 1, 2 or 130."""
    # A command is over before collecting garbage would pay for itself.
    gc.disable()
    try:
        status = commands.main(standalone_mode=False) or 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except (RelationsError, click.ClickException) as error:
        status = UNUSABLE
        _complain(error.format_message() if isinstance(error, click.ClickException) else str(error))
    except (BrokenPipeError, SystemExit):
        # The reader has gone, and wants to hear no more; click tells of it in its own way.
        status = 0
    except OSError as error:
        status = UNUSABLE
        _complain(f"standard output: cannot be written: {error.strerror or error}")
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    _leave(status)


def _complain(message: str) -> None:
    with suppress(OSError):
        click.echo(" ".join(message.split()), err=True)


def _leave(status: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What a closed pipe or a full device did not take must not fail once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except AttributeError:
            # A stream that was closed from the start is None.
            continue
    sys.exit(status)
