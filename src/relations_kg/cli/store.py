"""The commands `store check` and `store recover`."""

from __future__ import annotations

import click

from relations_kg.cli.output import FAILED, output_option, write
from relations_kg.engines import recovery
from relations_kg.export.export import serialize
from relations_kg.rdf.formats import choose


@click.group()
def store() -> None:
    """Check a store on disk, or recover its facts."""


@store.command()
@click.argument("folder", metavar="DIR")
def check(folder: str) -> int | None:
    """Check the store in DIR: each file by its checksum, each triple by reading it.

    Exits with 1 if the store is damaged.
    """
    problems, contents = recovery.check(folder)
    for problem in problems:
        click.echo(f"{folder}: {problem}")
    if problems:
        return FAILED
    click.echo(f"{folder}: the store is intact, {contents}", nl=False)
    return None


@store.command()
@click.argument("folder", metavar="DIR")
@output_option()
def recover(folder: str, output: str | None) -> int | None:
    """Write the stated facts of the store in DIR, even if it is damaged or of another version.

    The suffix of FILE determines the format; the default is N-Quads. Exits with 1 if only a part of
    the facts can be read.
    """
    format = choose(None, output, "quads", "triples", default="nquads").name
    found = recovery.recover(folder)
    for problem in found.problems:
        click.echo(f"{folder}: {problem}", err=True)
    if found.facts or found.whole:
        write(serialize(found.store, format), output)
    click.echo(
        f"{folder}: {found.facts} facts recovered" + ("" if found.whole else ", not all"), err=True
    )
    return None if found.whole else FAILED
