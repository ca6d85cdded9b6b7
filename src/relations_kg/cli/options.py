"""What several commands share: their options, loading the graph they name, writing an answer."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from relations_kg.cli.progress import shown
from relations_kg.errors import InputError, QueryTimeout

F = TypeVar("F", bound=Callable[..., Any])

FAILED = 1
# What the system's alarm can count to, at the least.
_LONGEST_TIMEOUT = 1e6

_facts = click.option(
    "--facts",
    multiple=True,
    metavar="FILE",
    help="Add these facts to the bundled ones.",
)
only = click.option(
    "--only",
    multiple=True,
    metavar="FILE",
    help="Use these facts instead of the bundled ones.",
)


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    # With the context, so that only `load` needs to know of it.
    context.meta[f"{__name__}.{parameter.name}"] = value


_allow_changes = click.option(
    "--allow-changes",
    is_flag=True,
    expose_value=False,
    callback=_keep,
    help="Let facts change bundled codes and labels.",
)


def facts(command: F) -> F:
    """Add --facts and --allow-changes to a command."""
    return _facts(_allow_changes(command))


endpoint = click.option(
    "--endpoint",
    metavar="URL",
    expose_value=False,
    callback=_keep,
    help="Ask the graph on this SPARQL server instead of the bundled one.",
)
store = click.option(
    "--store",
    metavar="DIR",
    expose_value=False,
    callback=_keep,
    help="Keep the graph in this folder, or open the one that is in it.",
)
timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Give up after so long, counted to the last byte written; without it, an answer may take "
    "60 s.",
)
allow_service = click.option(
    "--allow-service",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE in the query ask this host.",
)
output = click.option("-o", "--output", metavar="FILE", help="Write to this file, whole or not.")


def format_of(*formats: str, default: str) -> Callable[[F], F]:
    """Make the option that names one of some formats."""
    return click.option(
        "--format",
        default=default,
        metavar="FORMAT",
        help=f"One of {', '.join(formats)}.",
    )


def known(format: str, formats: tuple[str, ...]) -> None:
    """Refuse a format that is not one of some."""
    if format not in formats:
        raise InputError(f"unknown format {format!r}", help=f"use one of {', '.join(formats)}")


def load(facts: tuple[str, ...], only: tuple[str, ...]) -> Any:
    """Load the graph that the options name, or connect to it."""
    meta = click.get_current_context().meta
    url, folder = meta.get(f"{__name__}.endpoint"), meta.get(f"{__name__}.store")
    if url is not None:
        if facts or only or folder:
            raise click.UsageError("--facts, --only and --store name files; --endpoint uses none")
        from relations_kg.graph.remote import connect

        return connect(url, authorization=authorization())
    from relations_kg.graph.loading import load

    with shown("loading"):
        return load(*facts, only=only or None, store=folder, allow_changes=changes_allowed())


def changes_allowed() -> bool:
    """Return whether facts may change bundled codes and labels."""
    return bool(click.get_current_context().meta.get(f"{__name__}.allow_changes"))


def authorization() -> str | None:
    """Return what a server is shown, which has no place in a list of processes."""
    return os.environ.get("RELATIONS_KG_AUTHORIZATION") or None


def write(content: bytes | Iterable[bytes], output: str | None, *, coloured: bool = False) -> None:
    """Write an answer, or its pieces as they come, to a file or to standard output.

    At a terminal, control characters are escaped, unless they are our own colours.
    """
    if output is not None:
        from relations_kg.export.export import write

        write(output, content)
        return
    pieces = [content] if isinstance(content, bytes) else content
    for piece in _visible(pieces) if sys.stdout.isatty() and not coloured else pieces:
        click.echo(piece, nl=False)


def _visible(pieces: Iterable[bytes]) -> Iterator[str]:
    """Escape what a terminal would obey, as Turtle and JSON escape it."""
    # Few commands write to a terminal in these formats.
    import codecs
    import re

    obeyed = re.compile(
        "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    )
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    for piece in pieces:
        yield obeyed.sub(lambda match: f"\\u{ord(match[0]):04X}", decode(piece))


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise QueryTimeout in what takes longer, where the system has such an alarm."""
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        help = "ask for less, or allow more with --timeout"
        raise QueryTimeout(f"no answer within {seconds:g} seconds", where="query", help=help)

    signal.signal(signal.SIGALRM, late)
    # The worker has its own, earlier alarm: this one is for what comes after it.
    signal.setitimer(signal.ITIMER_REAL, min(seconds, _LONGEST_TIMEOUT) + 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
