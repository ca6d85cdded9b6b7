"""The command that checks: validate."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from relations_kg.cli import options
from relations_kg.validation.reports import FORMATS


@click.command()
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
@options.format_of(*FORMATS, default="text")
@options.facts
@options.only
@options.store
@options.endpoint
@options.output
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
    options.known(format, tuple(FORMATS))
    if dry_run and not fix:
        raise click.UsageError("--dry-run goes with --fix")
    if fix and "-" in files:
        raise click.UsageError("standard input cannot be repaired; name a file")
    graph = options.load(facts, only) if not against else _load_against(facts, only, against)
    talk = format != "text"
    changes = {"allow_changes": options.changes_allowed()}
    if fix:
        report = _fix(graph, files, dry_run, changes, talk=talk)
    else:
        report = graph.validate(*files, **changes)
    good = report.conforms_strictly if strict else report.conforms
    if most is None and format == "text":
        most = 10
    shown = report if most is None else report.limited(most)
    coloured = format == "text" and output is None and _in_colour()
    text = shown.serialize(format, colour=coloured)
    options.write(text.encode(errors="replace"), output, coloured=coloured)
    return None if good else options.FAILED


def _load_against(facts: tuple[str, ...], only: tuple[str, ...], against: tuple[str, ...]) -> Any:
    from relations_kg.graph.loading import load

    if only:
        raise click.UsageError("--against and --only say the same; give one of them")
    if "none" in against and len(against) > 1:
        raise click.UsageError("--against none goes with no other --against")
    alone = () if against == ("none",) else against
    return load(*facts, only=alone, allow_changes=options.changes_allowed())


def _fix(
    graph: Any, files: tuple[str, ...], dry_run: bool, changes: dict[str, bool], *, talk: bool
) -> Any:
    """Repair files and show what that changes; return what is left to say of them."""
    from relations_kg.validation.fixes import fixed

    changed, report = fixed(graph, files, **changes)
    for file in changed:
        click.echo(file.diff, nl=False, err=talk)
        if not dry_run:
            file.write()
    return graph.validate(*files, **changes) if dry_run else report


def _in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
