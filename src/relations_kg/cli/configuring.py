"""The settings that `import --configure` writes for a table, or for the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import exists

import click

from relations_kg.authoring import sheets, tables
from relations_kg.authoring.added_settings import completed
from relations_kg.authoring.cells import Table
from relations_kg.authoring.column_guesses import ColumnGuesses
from relations_kg.authoring.columns import check_names, form_of
from relations_kg.authoring.forms import forms
from relations_kg.authoring.headings import with_copies, without_columns
from relations_kg.authoring.new_settings import SettingsGuesses
from relations_kg.authoring.settings import Settings
from relations_kg.cli import configuration
from relations_kg.cli.graph_options import GraphOptions
from relations_kg.export import files
from relations_kg.rdf.spelling import counted
from relations_kg.reader.files import content_of


def write_settings(
    table: str,
    form: str | None,
    options: GraphOptions,
    columns: Mapping[str, str],
    given: Mapping[str, str],
    without: Sequence[str],
    dates: str | None,
) -> None:
    """Write a draft of `relations-kg.toml` for a table, or add what that file lacks for it.

    What is left to complete or to check is printed to standard error.
    """
    read = tables.read(table)
    widest = max(read, key=lambda each: sum(map(len, each.rows)))
    is_there = exists(configuration.OWN)
    settings = configuration.of_imports() if is_there else Settings()
    own = settings.of(widest)
    values = {**own.values, **given}
    first = {**own.columns, **columns}
    chosen = forms()[form] if form else form_of(widest, forms(), first, values)
    check_names(columns, forms(), "--column")
    for heading in (*columns.values(), *without):
        without_columns(read, [heading])
    names = options.load().names

    def guesses(sheet: Table) -> ColumnGuesses:
        of_sheet = settings.of(sheet)
        named, left_out = _named(of_sheet, columns), (*of_sheet.without, *without)
        # One of several sheets may have missions in the other direction, with other values.
        for_all = {**of_sheet.values, **given} if len(read) == 1 else {}
        return ColumnGuesses(sheet, chosen, names, named, left_out, for_all)

    found = sheets.with_facts(map(guesses, read) if len(read) > 1 else [guesses(widest)])
    # New prefixes in an existing configuration would change the identifiers of all missions.
    prefixes = sheets.prefixes(found) if len(found) > 1 and not is_there else {}
    before = {each.table.sheet or "": settings.prefix(each.table.sheet) or "" for each in found}
    whole = sheets.joined(found, prefixes or before)
    own = settings.of(whole)
    whole, named = with_copies(whole, _named(own, columns))
    further = sheets.headings_by_parameter(found) if len(found) > 1 else {}
    proposed = SettingsGuesses(
        whole,
        chosen,
        names,
        named={**named, **further},
        given={**own.values, **given},
        left_out=(*own.without, *without),
        reading=own.reading(),
        dates=dates or own.dates,
        needed=sheets.needed(found),
        fill=list(dict.fromkeys(name for each in found for name in each.filled)),
        prefixes=prefixes,
        is_numbered=any(each.numbers_rows for each in found),
    )
    text = content_of(configuration.OWN).decode() if is_there else ""
    result = completed(text, proposed, configuration.OWN) if is_there else proposed.new()
    files.write(configuration.OWN, result.encode())
    if len(read) > 1:
        listed = ", ".join(repr(each.table.sheet) for each in found)
        number = counted(len(read), "sheet")
        click.echo(
            f"{table}: {len(found)} of {number} with columns of the form: {listed}", err=True
        )
    elif proposed.place > 1:
        message = f"the headings seem to be in row {proposed.place}; what is above is not read"
        click.echo(f"{table}: {message}", err=True)
    for each in found:
        if each.host:
            of = f"{table}: " + (f"{each.table.sheet!r}: " if len(read) > 1 else "")
            message = f"most seats are in {each.host}, so these seem to be missions of other states"
            click.echo(f"{of}{message}: check sender and receiver", err=True)
    added = len(result.splitlines()) - len(text.splitlines())
    advice = "complete it, and check the columns"
    if is_there:
        advice = f"{counted(added, 'line')} added; look at them" if added > 0 else "nothing added"
    click.echo(f"{configuration.OWN}: {advice}", err=True)
    lacking = sheets.lacking(own.columns, further, named) if is_there else ()
    for warning in (*proposed.warnings(), *sheets.differing(found, further), *lacking):
        click.echo(f"warning: {warning}", err=True)


def _named(own: Settings, columns: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return the headings by parameter that the settings or the options name."""
    named = {name: (each, *own.also.get(name, ())) for name, each in own.columns.items()}
    return {**named, **{name: (each,) for name, each in columns.items()}}
