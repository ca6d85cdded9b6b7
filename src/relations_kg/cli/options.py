"""What several commands share: their options, loading the graph they name, writing an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from relations_kg.errors import InputError

F = TypeVar("F", bound=Callable[..., Any])

FAILED = 1

facts = click.option(
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
    """Load the graph that the options name."""
    from relations_kg.graph import load

    return load(*facts, only=only or None)


def write(content: bytes, output: str | None) -> None:
    """Write an answer to a file, or to standard output."""
    if output is None:
        click.echo(content, nl=False)
        return
    from relations_kg.export import write

    write(output, content)
