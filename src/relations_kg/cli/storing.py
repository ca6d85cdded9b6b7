"""The commands for stores on disk: store check and store recover."""

from __future__ import annotations

import click

from relations_kg.cli import options


@click.group()
def store() -> None:
    """Check a store on disk, or recover its facts."""


@store.command()
@click.argument("folder", metavar="DIR")
def check(folder: str) -> int | None:
    """Check that the store in DIR is whole: each file by its checksum, each triple by reading it.

    Exits with 1 if the store is damaged.
    """
    from relations_kg.engines import recovery

    problems, contents = recovery.check(folder)
    for problem in problems:
        click.echo(f"{folder}: {problem}")
    if problems:
        return options.FAILED
    click.echo(f"{folder}: the store is whole, {contents}", nl=False)
    return None


@store.command()
@click.argument("folder", metavar="DIR")
@options.output
def recover(folder: str, output: str | None) -> int | None:
    """Write the stated facts of the store in DIR, which may be damaged or of another version.

    FILE is N-Quads, or what its name says. Exits with 1 if only a part can be read.
    """
    from relations_kg.engines import recovery
    from relations_kg.export.export import serialize
    from relations_kg.reader.files import format_of

    name = "nquads"
    if output is not None:
        name = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads"}.get(
            suffix := format_of(output).file_extension, suffix
        )
    found = recovery.recover(folder)
    for problem in found.problems:
        click.echo(f"{folder}: {problem}", err=True)
    if found.facts or found.whole:
        options.write(serialize(found.store, name), output)
    click.echo(
        f"{folder}: {found.facts} facts recovered" + ("" if found.whole else ", not all"), err=True
    )
    return None if found.whole else options.FAILED
