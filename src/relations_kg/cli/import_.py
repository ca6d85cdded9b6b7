"""The command `import`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os.path import isfile

import click
from pyoxigraph import NamedNode, RdfFormat

from relations_kg.answers import undescribed
from relations_kg.authoring import remarks, templates
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.overwriting import keep_rows
from relations_kg.authoring.things import Thing
from relations_kg.cli import configuration
from relations_kg.cli.configuring import write_settings
from relations_kg.cli.drafting import write_draft
from relations_kg.cli.graph_options import GraphOptions, graph_options
from relations_kg.cli.output import (
    FAILED,
    format_option,
    keep_apart,
    keep_inputs,
    max_option,
    output_option,
    shortened,
    write,
)
from relations_kg.comparison import closed as closures
from relations_kg.comparison import heads
from relations_kg.comparison.comparison import compare
from relations_kg.comparison.phases import write as write_phases
from relations_kg.comparison.versions import given as given_options
from relations_kg.comparison.versions import lost
from relations_kg.errors import InputError
from relations_kg.export import files
from relations_kg.graph.graph import Graph
from relations_kg.rdf.digit_dates import ORDERS
from relations_kg.rdf.formats import choose
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.words import words
from relations_kg.reader.files import Document, Source
from relations_kg.reasoning.ontology import with_superclasses
from relations_kg.validation.shape_files import shapes_of

_REPLACED = (
    f"to keep the table as it is, replace texts in {configuration.OWN}: below"
    ' [replacements.COLUMN], write "TEXT" = "VALUE"'
)
_DISTINCT = (
    f"if similar names are those of different things, add to {configuration.OWN}:"
    ' distinct = ["COLUMN"]'
)
_PARTY = NamedNode(RKG + "Party")


@click.command(name="import")
@click.argument("table", required=False)
@click.option("--form", metavar="FORM", help="The form that the rows fill in.")
@click.option(
    "--column", "columns", multiple=True, metavar="PARAM=HEADING", help="Name a column's heading."
)
@click.option(
    "--set", "given", multiple=True, metavar="PARAM=VALUE", help="Give all rows this value."
)
@click.option("--without", multiple=True, metavar="HEADING", help="Leave out this column.")
@click.option(
    "--dates",
    type=click.Choice(ORDERS),
    help="The order of day and month in dates such as 05/06/2001.",
)
@click.option("--configure", is_flag=True, help=f"Write {configuration.OWN} for TABLE.")
@click.option("--template", metavar="FORM", help="Write a table for this form.")
@click.option("--partial", is_flag=True, help="Leave out the rows with errors.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors and warnings only.")
@click.option("--update", is_flag=True, help="Show what changes from an earlier import to FILE.")
@click.option(
    "--ended",
    metavar="HEADS",
    help="With --update, write a table of the heads of missions whom only FILE has.",
)
@click.option(
    "--phases",
    metavar="PHASES",
    help="With --update, write a table of the seats, receivers and the like that only FILE has.",
)
@click.option(
    "--closed",
    metavar="MISSIONS",
    help="With --update, write a table of the missions that only FILE has.",
)
@max_option
@format_option("findings")
@graph_options(endpoint=False)
@output_option()
def import_(
    options: GraphOptions,
    table: str | None,
    form: str | None,
    columns: tuple[str, ...],
    given: tuple[str, ...],
    without: tuple[str, ...],
    dates: str | None,
    configure: bool,
    template: str | None,
    partial: bool,
    quiet: bool,
    update: bool,
    ended: str | None,
    phases: str | None,
    closed: str | None,
    most: int | None,
    format: str | None,
    output: str | None,
) -> int | None:
    """Write the rows of TABLE as Turtle, a fact for each row.

    TABLE is CSV, TSV, XLSX or Parquet, and its headings are the parameters of a form; `-` is
    standard input. A file relations-kg.toml describes the dataset and names other headings;
    --configure writes one for TABLE. Findings name the cell. If a row has errors, nothing is
    written or, with --partial, only the other rows. New parties are listed and other new things
    counted; --max N lists N of each class. With --template party, a table of the new parties is
    written, to be completed and imported first; with --template mission or phase, a draft of
    former missions or of phases from the dates in the remarks. With --update, the facts replace
    those of an earlier import in FILE, and the differences are shown.
    """
    if template is not None and (configure or update):
        raise click.UsageError("--template writes a table; leave out --configure and --update")
    if configure and (output is not None or update or partial or ended or phases or closed):
        others = "-o, --update, --partial, --ended, --phases and --closed"
        message = f"--configure writes {configuration.OWN}; leave out {others}"
        raise click.UsageError(message)
    if template is not None and table is None:
        _template(template, options.load(), output)
        return None
    if table is None:
        help = "import --template FORM writes an empty table"
        raise click.UsageError(f"name a table, or - for standard input; {help}")
    if configure:
        pairs = _pairs(columns, "--column PARAM=HEADING"), _pairs(given, "--set PARAM=VALUE")
        write_settings(table, form, options, *pairs, without, dates)
        return None
    if update and output is None:
        raise click.UsageError("--update needs the file of an earlier import: -o FILE")
    if (missing := given_options(ended, phases, closed)) and not update:
        option = missing[0]
        raise click.UsageError(f"{option} needs --update; diff OLD NEW {option} compares two files")
    if update and not isfile(output or ""):
        help = "leave out --update to write it"
        raise InputError("there is no such file of an earlier import", where=output, help=help)
    if template is None:
        choose("turtle", output, "triples")
    elif template not in remarks.COLUMNS:
        templates.name_of(forms()[template])
    keep_inputs(output, table)
    for file in (ended, phases, closed):
        keep_inputs(file, table)
    keep_apart(output, ended, phases, closed)
    chosen = choose(format, None, "findings").name
    table_format = None
    if table == "-":
        if options.reads_standard_input():
            message = "standard input can be read only once, as the table or as facts"
            raise click.UsageError(f"{message}; name a file for one of them")
        table_format, options = options.input_format, options._replace(input_format=None)
    graph = options.load()
    found = import_table(
        graph,
        table,
        form,
        columns=_pairs(columns, "--column PARAM=HEADING"),
        given=_pairs(given, "--set PARAM=VALUE"),
        # An update without the rows with errors would lose their earlier facts.
        partial=partial and not update,
        format=table_format,
        without=without,
        dates=dates,
        rules=configuration.rules(shapes_of(graph.quad_store)),
        settings=configuration.of_imports(),
    )
    report = found.report
    if quiet and found.kept and chosen == "text":
        # Notes ask for nothing to be done.
        kept = tuple(each for each in report.findings if each.severity != "info")
        report = replace(report, findings=kept)
    report = shortened(report, most, chosen)
    # If the facts or the differences go to standard output, the report goes to standard error.
    click.echo(report.serialize(chosen), nl=False, err=output is None or update)
    if template in remarks.COLUMNS:
        write_draft(template, found.remarks, graph, output)
    elif template is not None:
        _template(template, graph, output, found.new if partial else found.every)
    elif template is None and found.kept:
        own = options.sources(options.vocabulary)
        if update and output is not None:
            _update(graph, found, table, output, own, ended, phases, closed)
        else:
            write(found.turtle, output)
            if output is not None and not quiet:
                _list_new(found, graph, most)
    if not quiet:
        if template is None:
            click.echo(f"{found.kept} of {found.rows} rows written", err=True)
        elif not found.report.conforms:
            message = "rows with errors may name more; correct them, and look for new names then"
            click.echo(f"table of the form {template}: {message}", err=True)
        _advise(found)
    if partial and update and not found.report.conforms:
        message = "not updated, since the facts of rows with errors would be lost"
        click.echo(f"{output}: {message}; correct these rows", err=True)
    return None if found.report.conforms else FAILED


def _advise(found: Import) -> None:
    """Print which settings of imports accept what the findings report."""
    findings = found.report.findings
    if any(each.code == "value" and each.severity == "error" for each in findings):
        click.echo(_REPLACED, err=True)
    if any("nearly the same as" in each.message for each in findings):
        click.echo(_DISTINCT, err=True)


def _template(
    form: str, graph: Graph, output: str | None, things: Sequence[Thing] | None = None
) -> None:
    """Write a table for a form, with rows for the things that it describes by name."""
    content = templates.template(forms()[form], graph.names, output, things)
    if output is not None:
        keep_rows(output)
    write(content, output)


def _update(
    graph: Graph,
    found: Import,
    table: str,
    output: str,
    vocabulary: Sequence[Source],
    ended: str | None,
    phases: str | None,
    closed: str | None,
) -> None:
    """Replace the facts of an earlier import, and print the differences.

    The heads that only the earlier import has are written to the file `ended`, rows that keep what
    it states of seats, receivers, kinds and accreditations to `phases`, and missions that only it
    has to `closed`, if these are given. Warnings name what is lost otherwise, and things that are
    gone although other files state facts about them.
    """
    now = Document(table, RdfFormat.TURTLE)
    now.content = found.turtle
    difference = compare(output, now, vocabulary=vocabulary)
    click.echo(difference.serialize("text"), nl=False)
    if ended is not None:
        heads.write(difference.ended, ended, difference.between)
    if phases is not None:
        write_phases(difference.phases, phases, difference.between)
    if closed is not None:
        closures.write(difference.closed, closed, difference.between)

    def advice(option: str) -> str:
        return f"restore the earlier file, and add {option} to write a table that keeps them"

    missing = lost(difference, advice, given_options(ended, phases, closed))
    for warning in (*difference.warnings, *missing):
        click.echo(f"warning: {warning}", err=True)
    if difference:
        files.write(output, found.turtle)
    if text := undescribed.report(graph, difference.gone):
        click.echo(f"warning: {text}", err=True)


def _list_new(found: Import, graph: Graph, most: int | None) -> None:
    """Print the new things: by default all parties, else `most` of each class; count the others.

    Parties come first, since their names are most often misspelt. Those that the rows describe, as
    in a table of parties, are counted.
    """
    store, new = graph.quad_store, found.new
    types = {thing.type for thing in new}
    parties = {each for each in types if _PARTY in with_superclasses(store, [NamedNode(each)])}
    by_kind: dict[str, list[Thing]] = {}
    for thing in sorted(new, key=lambda each: (each.type not in parties, words(each.label))):
        by_kind.setdefault(thing.kind.partition(" ")[2], []).append(thing)
    left: dict[str, int] = {}
    for kind, things in by_kind.items():
        others = [each for each in things if each.iri not in found.named]
        listed = things[:most] if most is not None else others * (things[0].type in parties)
        for thing in listed:
            click.echo(f"new: {replace(thing, form='')}", err=True)
        if len(things) > len(listed):
            left[kind] = len(things) - len(listed)
    if wider := " or ".join(sorted({thing.form for thing in new if thing.form})):
        click.echo(f"for another kind of {wider}, use the form {wider} first", err=True)
    if left:
        ordered = sorted(left.items(), key=lambda item: -item[1])
        counts = ", ".join(f"{kind} {number}" for kind, number in ordered)
        every = max(map(len, by_kind.values()))
        click.echo(f"also new: {counts}; --max {every} lists them", err=True)


def _pairs(texts: tuple[str, ...], what: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name or not value:
            raise click.UsageError(f"{text!r} is not {what.partition(' ')[2]}; write {what}")
        if name in pairs:
            raise click.UsageError(f"{name} is given twice; give it once")
        pairs[name] = value
    return pairs
