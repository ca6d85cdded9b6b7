"""The parameters of stored queries and forms, each of which is an option."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import click

from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery


def parse(words: Sequence[str], parameters: Collection[Parameter]) -> dict[str, str | list[str]]:
    """Return the values of options by name; an option that takes several values may be repeated.

    >>> parse(["--host", "peru", "--all"], [Parameter("all", "boolean")])
    {'host': 'peru', 'all': 'true'}
    """
    flags = {p.name for p in parameters if p.type == "boolean"}
    several = {p.name for p in parameters if p.several}
    values: dict[str, str | list[str]] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        name, sign, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            known = [p.name for p in parameters if p.name == name]
            if not sign and list(values)[-1:] and list(values)[-1] in flags:
                raise click.UsageError(f"--{list(values)[-1]} takes no value; leave {word!r} out")
            usage = f"--{known[0]} {value}" if known and value else "--NAME VALUE"
            raise click.UsageError(f"{word!r} is not a parameter; write {usage}")
        if name in values and name not in several:
            raise click.UsageError(f"{word} is given twice")
        if not sign and name in flags:
            value = "true"
        elif not sign:
            if not queue:
                raise click.UsageError(f"{word} needs a value")
            value = queue.pop(0)
        if name in several and name in values:
            values[name] = [*_listed(values[name]), value]
        else:
            values[name] = value
    return values


def check_first(word: str, others: Sequence[str]) -> None:
    """Raise click's error for an option in the place of the name of a stored query or form."""
    if word.startswith("--"):
        context = click.get_current_context()
        if others:
            usage = f"relations-kg {context.command.name} NAME {word} VALUE"
            raise click.UsageError(f"{word} is before the name; write {usage}")
        raise click.NoSuchOption(word, ctx=context)


def list_stored(stored: Mapping[str, StoredQuery]) -> None:
    """Print each stored query or form with its summary and parameters."""
    for name, question in stored.items():
        click.echo(f"{name}\n    {question.summary}")
        for parameter in question.parameters:
            click.echo(f"    --{parameter}")


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
