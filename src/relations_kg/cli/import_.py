"""The command `import`."""

from __future__ import annotations

import click

from relations_kg.authoring import templates
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import import_table
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import FAILED, format_option, output_option, write
from relations_kg.export import files
from relations_kg.rdf.formats import choose

_MOST_IN_TEXT = 10  # the maximum number of findings of each kind, and of new things


@click.command(name="import")
@click.argument("table", required=False)
@click.option("--form", metavar="FORM", help="The form that the rows fill in.")
@click.option(
    "--column", "columns", multiple=True, metavar="PARAM=HEADING", help="Name a column's heading."
)
@click.option(
    "--set", "given", multiple=True, metavar="PARAM=VALUE", help="Give all rows this value."
)
@click.option("--template", metavar="FORM", help="Write an empty table for this form.")
@click.option("--partial", is_flag=True, help="Leave out the rows with errors.")
@format_option("findings")
@graph_options(endpoint=False)
@output_option
def import_(
    options: GraphOptions,
    table: str | None,
    form: str | None,
    columns: tuple[str, ...],
    given: tuple[str, ...],
    template: str | None,
    partial: bool,
    format: str | None,
    output: str | None,
) -> int | None:
    """Write the rows of TABLE as Turtle, each of which is a fact.

    It is CSV, TSV, XLSX or Parquet, and its headings are the parameters of a form. Findings name
    the cell. Nothing is written unless all rows pass, or with --partial those that do.
    """
    if template is not None:
        if table is not None:
            raise click.UsageError("--template writes a table and reads none")
        content = templates.template(forms()[template], options.load().names, output)
        write(content, output)
        return None
    if table is None:
        raise click.UsageError("name a table; import --template FORM writes an empty one")
    chosen = choose(format, None, "findings").name
    graph = options.load()
    found = import_table(
        graph,
        table,
        form,
        columns=_pairs(columns, "--column PARAM=HEADING"),
        given=_pairs(given, "--set PARAM=VALUE"),
        partial=partial,
    )
    report = found.report.limited(_MOST_IN_TEXT) if chosen == "text" else found.report
    # Without a file, standard output has the facts.
    click.echo(report.serialize(chosen), nl=False, err=output is None)
    for thing in found.new[:_MOST_IN_TEXT]:
        click.echo(f"new: {thing}", err=True)
    if len(found.new) > _MOST_IN_TEXT:
        click.echo(f"+ {len(found.new) - _MOST_IN_TEXT} more new things", err=True)
    click.echo(f"{found.kept} of {found.rows} rows written", err=True)
    if found.kept:
        if output is None:
            write(found.turtle, None)
        else:
            files.write(output, found.turtle)
    return None if found.report.conforms else FAILED


def _pairs(texts: tuple[str, ...], what: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise click.UsageError(f"{text!r} is not {what.partition(' ')[2]}; write {what}")
        if name in pairs:
            raise click.UsageError(f"{name} is given twice")
        pairs[name] = value
    return pairs
