"""The commands `store check`, `store recover` and `store replace`."""

from __future__ import annotations

import warnings

import click

from relations_kg.cli.output import FAILED, output_option, write
from relations_kg.cli.progress import shown
from relations_kg.comparison.comparison import compare
from relations_kg.comparison.versions import lost
from relations_kg.engines import disk, recovery
from relations_kg.errors import InputError, RelationsError
from relations_kg.export.export import serialize
from relations_kg.graph.loading import load
from relations_kg.rdf.formats import choose


@click.group()
def store() -> None:
    """Check a store on disk, recover its facts, or replace a file of facts in it."""


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


@store.command()
@click.argument("folder", metavar="DIR")
@click.argument("old")
@click.argument("new")
@click.option("--allow-changes", is_flag=True, help="Let facts change bundled codes and labels.")
def replace(folder: str, old: str, new: str, allow_changes: bool) -> None:
    """Replace the facts of the file OLD in the store in DIR by those of the file NEW, atomically.

    Facts in both files stay, as do facts of other files. A warning names the things that no file
    describes any longer, but about which others state facts.
    """
    if not disk.Folder(folder):
        raise InputError("the folder has no store", where=folder, help=disk.NO_STORE)
    texts = _warnings(old, new)
    with warnings.catch_warnings(record=True) as caught, shown("replacing"):
        warnings.simplefilter("always")
        change = load(store=folder).replace(old, new, allow_changes=allow_changes)
    for text in (*texts, *(str(warning.message) for warning in caught)):
        click.echo(f"warning: {text}", err=True)
    added, removed = len(change.added), len(change.removed)
    click.echo(f"{folder}: {added:,} triples added and {removed:,} removed, with inferred ones")


def _warnings(old: str, new: str) -> tuple[str, ...]:
    """Return warnings about a file as a later version of another; none if one cannot be read.

    The store has the facts of OLD even if the file is gone.
    """

    def advice(option: str) -> str:
        return f"relations-kg diff {old} {new} {option} writes a table that keeps them"

    try:
        found = compare(old, new)
    except RelationsError:
        return ()
    return *found.warnings, *lost(found, advice)
