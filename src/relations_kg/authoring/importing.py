"""Facts from the rows of a table: composed by a form, validated, and reported by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Triple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.authoring import unmatched_settings
from relations_kg.authoring.cell_places import Places, order
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.columns import Columns, check_headings, form_of
from relations_kg.authoring.composed import turtle
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.headings import with_copies, without_columns
from relations_kg.authoring.mission_names import named_apart
from relations_kg.authoring.new_names import alone, is_of_party, repeated
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.properties import Properties, name_parameter
from relations_kg.authoring.remarks import Remark, remarks, unchecked
from relations_kg.authoring.row_passages import EarlierRows, undescribed
from relations_kg.authoring.settings import Settings
from relations_kg.authoring.shared_seats import report_shared_seats
from relations_kg.authoring.table_rows import Findings, Row, RowReader
from relations_kg.authoring.tables import read
from relations_kg.authoring.things import ROW, SimilarNames, Thing
from relations_kg.authoring.value_texts import several, spelling
from relations_kg.errors import InputError, QueryError
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import value
from relations_kg.rdf.words import key
from relations_kg.reader.files import Source, name_of
from relations_kg.reader.places import ComposedFacts
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Finding, Report
from relations_kg.validation.rules import ALL, Rules

_NO_SETTINGS = Settings()
_NOTHING_NEW = "there is nothing new in this table: the graph has all things that its rows name"


@dataclass(frozen=True)
class Import:
    """The facts of a table, the new things in them, and the report on the cells.

    `rows` is the number of rows, and `kept` that of the rows whose facts are included: all rows if
    the table has no errors, or else none or, with `partial`, those without errors. `kept` is 0 if
    no row states a new fact. `named` are the IRIs of the things that the rows describe by name, as
    in a table of parties. `remarks` are those on missions, and `every` the new things that rows
    name, also rows with errors.
    """

    report: Report
    triples: tuple[Triple, ...]
    new: tuple[Thing, ...]
    rows: int
    kept: int
    named: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = ()
    every: tuple[Thing, ...] = ()

    @property
    def turtle(self) -> bytes:
        """The facts as Turtle."""
        return turtle(self.triples)


def import_table(
    graph: Knowledge,
    source: Source,
    form: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    partial: bool = False,
    format: str | None = None,
    without: Iterable[str] = (),
    dates: str | None = None,
    rules: Rules = ALL,
    settings: Settings = _NO_SETTINGS,
) -> Import:
    """Return the facts of a table, validated together with a graph, and a report by cell.

    The default form is the one that the headings fit. `columns` are headings by parameter or by
    the CURIE of a property, and `given` the values of parameters for all rows. Columns with the
    headings in `without` are left out. With `partial`, rows with errors are left out. `dates` is
    the order of day and month in numeric dates, "day-first" or "month-first". `format` is the
    format of standard input, by default recognised from its beginning. The other arguments take
    precedence over the `settings`. Raises InputError for a file that is not a table, QueryError for
    an unknown form or parameter.
    """
    tables = [table for table in read(source, format) if table.rows or table.findings]
    if not tables:
        help = "write a row of headings, and a fact in each row below it"
        raise InputError("the table has no rows", where=name_of(source), help=help)
    tables = without_columns(tables, without)
    columns, given, dates = columns or {}, given or {}, dates or settings.dates
    given_form = forms()[form] if form else None
    properties = Properties(graph.names)
    findings = Findings()
    found: list[Columns] = []
    remarked: list[Remark] = []
    for table in tables:
        for finding in (*table.findings, *unchecked(table)):
            findings.add(finding)
        own = settings.of(table)
        asked = {key(each) for each in columns.values()}
        (read_of,) = without_columns([table], [e for e in own.without if key(e) not in asked])
        also = {name: each for name, each in own.also.items() if name not in columns}
        every = {n: (e, *also.get(n, ())) for n, e in {**own.columns, **columns}.items()}
        read_of, headings = with_copies(read_of, every)
        named = {name: each[0] for name, each in headings.items()}
        own = replace(
            own,
            columns={name: named[name] for name in own.columns},
            also={name: tuple(each[1:]) for name, each in headings.items() if each[1:]},
        )
        values = {**own.values, **given}
        try:
            chosen = given_form or form_of(read_of, forms(), named, values)
            if len(tables) > 1:
                check_headings(read_of, chosen, named)
        except (InputError, QueryError) as error:
            # Other sheets may have notes, but at least one sheet must have facts.
            if table is tables[-1] and not found:
                raise
            message = "this sheet is not read, since " + error.message
            findings.add(table.finding(Cell(None, 1, 1), "heading", message, error.help, "warning"))
        else:
            own = own.fitting(chosen)
            others = settings.of_another(chosen)
            for name in sorted(others & own.values.keys() - given.keys()):
                findings.add(_value_of_another(read_of, chosen, name, own.values[name]))
            own = replace(
                own,
                values={n: v for n, v in own.values.items() if n not in others},
                fill=tuple(n for n in own.fill if n not in others),
            )
            named = {**own.columns, **{name: named[name] for name in columns}}
            # A list, such as the parties of an agreement, has the values that all rows share, too.
            lists = {p.name for p in chosen.parameters if p.several and p.is_thing}
            shared = {n: each for n, each in settings.values.items() if n in lists - others}
            values = {**shared, **own.values, **given}
            reading = own.reading(table.sheet)
            found.append(Columns.of(read_of, chosen, named, values, properties, reading))
            every = {n: (each, *settings.also.get(n, ())) for n, each in settings.columns.items()}
            for finding in unmatched_settings.renamed(read_of, found[-1], every):
                findings.add(finding)
            if chosen.name == "mission":
                remarked += remarks(table, found[-1], headings)
    texts = (text for each in settings.replacements.values() for text in each.values())
    meant = {name for text in texts for name in several(text)}
    distinct = [name.rpartition(".")[2] for name in settings.distinct]
    cells = repeated(text for each in found for text in each.texts(each.types))
    of_parties = alone(
        text
        for each in found
        for own in [{name for name, type in each.types.items() if is_of_party(type)}]
        for text in (*each.texts(own), *each.given.values())
    )
    things = NewThings(graph.names, cells, meant, distinct, of_parties, settings.language)
    rows: list[Row] = []
    earlier = EarlierRows()
    if len(found) == 1:
        found = [replace(each, table=replace(each.table, is_alone=True)) for each in found]
    for finding in _without_prefix(found, settings):
        findings.add(finding)
    for each in found:
        for finding in (*each.findings, *each.check(), *_repeated_rows(each)):
            findings.add(finding)
        if each.is_sound:
            reader = RowReader(graph, each, things, findings, dates, settings.dataset, earlier)
            rows += reader.rows()
    for finding in unmatched_settings.findings(found):
        findings.add(finding)
    _report_similar_names(rows, things, findings)
    report_shared_seats(rows, things, findings)
    for finding in _repeated_names(rows, things):
        findings.add(finding)
    cited = () if settings.dataset.settings else (each for row in rows for each in row.cited)
    for message, help in undescribed(graph.names, cited):
        findings.add(Finding("warning", "source", message, help=help, file=name_of(source)))
    partial = partial and all(each.is_sound for each in found)
    report, kept = _validated(graph, source, rows, findings, rules, partial=partial)
    kept = kept if report.conforms or partial else []
    facts = dict.fromkeys(fact for row in kept for fact in row.facts)
    renamed = named_apart(facts, graph.names)
    triples = tuple(Triple(*fact) for fact in renamed)  # type: ignore[arg-type]
    subjects = {subject for subject, _, _ in facts}
    new = tuple(thing for thing in things if NamedNode(thing.iri) in subjects)
    by_name = {
        value(term)
        for row in kept
        if (parameter := name_parameter(row.columns.form))
        for term in row.composed.terms.get(parameter.name, ())
    }
    number = sum(len(each.rows) for each in found)
    described = frozenset(by_name)
    return Import(
        report, triples, new, number, len(kept), described, tuple(remarked), tuple(things)
    )


def _value_of_another(table: Table, form: Form, name: str, text: str) -> Finding:
    """Return a note on a value of the settings that a table of another form does not get."""
    message = f"{name}: the settings give {text!r} to other tables, and not to the form {form.name}"
    help = f"add a column {name!r} if the rows have a {name}, or write --set {name}={text!r}"
    return table.finding(Cell(None, 1, 1), "values", message, help, "info")


def _without_prefix(found: Sequence[Columns], settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each sheet whose keys have no prefix although others have one.

    It is an error if there are several sheets.
    """
    keyed = [each for each in found if ROW in each.parameters.values()]
    # A workbook of one sheet may be another table, such as one of phases.
    severity = "error" if len(found) > 1 else "warning"
    for each in keyed if settings.prefixes else ():
        if each.table.sheet and settings.prefix(each.table.sheet) is None:
            named = ", ".join(map(repr, settings.prefixes))
            message = f"the settings have prefixes of keys for {named}, and none for this sheet"
            help = 'write its name below [prefixes], with its prefix in earlier versions, or ""'
            yield each.table.finding(Cell(None, 1, 1), "prefixes", message, help, severity)


def _repeated_rows(columns: Columns) -> Iterator[Finding]:
    """Yield a warning with the number of rows that repeat an earlier row."""
    first: dict[tuple[tuple[int, str], ...], Cell] = {}
    found: list[tuple[Cell, Cell]] = []
    for row in columns.rows:
        own = [cell for cell in row if cell.column in columns.parameters and not cell.is_empty]
        earlier = first.setdefault(tuple((cell.column, cell.text) for cell in own), row[0])
        if own and earlier is not row[0]:
            found.append((row[0], earlier))
    if found:
        (cell, earlier), table = found[0], columns.table
        number = f"{counted(len(found), 'row')} {'states' if len(found) == 1 else 'state'}"
        message = f"{number} the same as an earlier row, which adds no fact"
        rows = f"{table.row_name(cell)} repeats {table.row_name(earlier)}"
        help = f"{rows}; delete it, or distinguish the two by another column"
        yield table.finding(cell, "repeated", message, help, "warning")


def _repeated_names(rows: Sequence[Row], things: NewThings) -> Iterator[Finding]:
    """Yield a warning if rows with different keys describe one new thing by its name."""
    new = {thing.iri for thing in things}
    first: dict[str, Row] = {}
    found: list[tuple[str, Row, Row]] = []
    for row in rows:
        parameter = name_parameter(row.columns.form)
        name = parameter.name if parameter and ROW in row.columns.parameters.values() else ""
        for term in row.composed.terms.get(name, ()) if name in row.cells else ():
            earlier = first.setdefault(value(term), row)
            if value(term) in new and earlier.cited != row.cited:
                found.append((name, earlier, row))
    if found:
        (name, earlier, row), table = found[0], found[0][2].columns.table
        number = f"{counted(len(found), 'row')} {'has' if len(found) == 1 else 'have'}"
        message = f"{name}: {number} the name of an earlier row, and is taken for the same thing"
        if len(found) > 1:
            message = message.replace("and is taken", "and are taken")
        rows_of = f"{table.row_name(row.first)} and {table.row_name(earlier.first)}"
        help = f"if these are different things, as perhaps in {rows_of}, write"
        help += f' distinct = ["{name}"] in relations-kg.toml'
        yield table.finding(row.cells[name], "repeated", message, help, "warning")


def _report_similar_names(rows: Sequence[Row], things: NewThings, findings: Findings) -> None:
    """Report new names that are similar to others, or that rows spell in several ways.

    Of two similar names, the later one is already reported as an error. The earlier one gets an
    error too, since either may be wrong. If each occurs more than once, they only get a warning.
    """
    problems = [problem for row in rows for problem in row.composed.problems]
    similar = [problem for problem in problems if isinstance(problem, SimilarNames)]
    later = {f"<{o.iri}>": (o.label, each) for each in similar for o in each.others}
    spelt = {f"<{iri}>": each for iri, each in things.spellings.items() if len(each) > 1}
    distinct = {f"<{iri}>": each for iri, each in things.distinct.items()}
    if not later and not spelt and not distinct:
        return
    for row in rows:
        terms = ((name, str(term)) for name, every in row.composed.terms.items() for term in every)
        for name, term in terms:
            cell, table = row.cells.get(name, row.first), row.columns.table
            if term in later:
                row.has_error = True
                label, problem = later[term]
                message = f"{name}: a later row has {problem.text!r}, nearly the same as {label!r}"
                findings.add(table.finding(cell, "value", message, problem.help))
            if name not in row.cells:
                continue
            if alike := distinct.pop(term, None):
                why = "but each occurs more than once, so they are taken for two things"
                message = f"{name}: {alike.message}, {why}"
                findings.add(table.finding(cell, "spelling", message, alike.help, "warning"))
            own = {spelling(text) for text in cell.text.split(";")}
            others = [repr(text) for each, text in spelt.get(term, {}).items() if each not in own]
            if others:
                message = f"{name}: other rows write {cell.text[:60]!r} as {', '.join(others)}"
                help = "write the same name for the same thing, or a longer name for another thing"
                findings.add(table.finding(cell, "spelling", message, help, "warning"))


def _validated(
    graph: Knowledge,
    source: Source,
    rows: Sequence[Row],
    findings: Findings,
    rules: Rules,
    *,
    partial: bool,
) -> tuple[Report, list[Row]]:
    """Return the report on all rows, and the rows to keep: with `partial`, those without errors."""
    kept = [row for row in rows if not row.has_error]
    name = name_of(source)
    checked = Report((), (name,))
    is_known = any(row.composed.terms for row in rows)
    if is_known and not any(row.composes or row.has_error for row in rows):
        findings.add(Finding("info", "nothing-new", _NOTHING_NEW, file=name))
    reported: dict[Finding, None] = {}
    # Leaving out rows may cause errors in other rows, so the rest is validated again.
    while any(row.composes for row in kept):
        facts, file = dict.fromkeys(each for row in kept for each in row.facts), f"{name}.ttl"
        checked = validate(graph, [file], {file: ComposedFacts(facts, file)}, rules=rules)
        places = Places(kept)
        located = [places.located(finding, name) for finding in checked.findings]
        reported.update((finding, None) for finding, _ in located)
        wrong = {id(row) for finding, row in located if row and finding.severity == "error"}
        if not wrong or not partial:
            kept = kept if checked.conforms else []
            break
        kept = [row for row in kept if id(row) not in wrong]
    else:
        kept = []
    for finding in reported:
        findings.add(finding)
    # A warning that a value differs from a known one is left out if the value has an error.
    errors = {(each.focus, each.path) for each in findings if each.severity == "error"}
    found = (f for f in findings if f.code != "known" or (f.focus, f.path) not in errors)
    in_order = sorted(found, key=order)
    return replace(checked, findings=tuple(in_order), files=(name,)), kept
