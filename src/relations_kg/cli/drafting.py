"""The drafts of tables that `import --template` writes from the remarks in a table of missions."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from relations_kg.authoring.overwriting import keep_rows
from relations_kg.authoring.remarks import Remark, draft
from relations_kg.cli import configuration
from relations_kg.cli.output import write
from relations_kg.errors import InputError
from relations_kg.export import spreadsheets
from relations_kg.graph.graph import Graph
from relations_kg.rdf.spelling import counted


def write_draft(form: str, found: Sequence[Remark], graph: Graph, output: str | None) -> None:
    """Write the draft for a form; for missions, print to standard error what else the remarks say.

    Raises InputError if nothing is drafted, for a file that is not CSV or TSV, and for a table with
    rows, which would be lost.
    """
    if output and not output.lower().endswith((".csv", ".tsv")):
        help = "name a file that ends in .csv or .tsv"
        raise InputError("a draft is written as CSV or TSV", where=output, help=help)
    result = draft(found, graph.names)
    headings, *rows = result.table(form)
    if not rows:
        number = counted(len(found), "remark")
        message = f"of {number} on missions with a key, none has what the form {form} states"
        help = "a heading such as Remarks and a column of keys are needed, and dates in the remarks"
        raise InputError(message, help=help)
    if output is not None:
        keep_rows(output)
    is_tsv = (output or "").lower().endswith(".tsv")
    write(spreadsheets.table([headings, *rows], "\t" if is_tsv else ","), output)
    if form == "mission" and result.openings:
        own = f"below [replacements.opened] in {configuration.OWN}"
        click.echo(f"missions that opened again; if this is right, write {own}:", err=True)
        for text, date in result.openings.items():
            click.echo(f"  {json.dumps(text, ensure_ascii=False)} = {json.dumps(date)}", err=True)
    closures = {f"{number}: {date}": text for (number, date), text in result.closures.items()}
    for what, every in (("closures", closures), ("dates that are not drafted", result.left)):
        if every and form == "mission":
            click.echo(f"{what}:", err=True)
            for number, text in every.items():
                click.echo(f"  {number}: {text}", err=True)
    advice = 'compare each row with its remark, replace each "?", and delete what is not meant'
    click.echo(f"{counted(len(rows), 'row')} drafted from remarks: {advice}", err=True)
