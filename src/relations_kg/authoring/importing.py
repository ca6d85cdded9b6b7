"""Facts from the rows of a table: composed by a form, validated, and reported by cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pyoxigraph import NamedNode, Triple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.authoring.cells import Cell, serial_day
from relations_kg.authoring.columns import ROW, Columns, form_of, repeated
from relations_kg.authoring.composed import Composed, turtle
from relations_kg.authoring.forms import forms
from relations_kg.authoring.known_things import remarks
from relations_kg.authoring.new_things import NewThings, SimilarNames, Thing
from relations_kg.authoring.patterns import links
from relations_kg.authoring.row_passages import RowPassage, cited_rows, undescribed, unfit_key
from relations_kg.authoring.slugs import spelling
from relations_kg.authoring.tables import read
from relations_kg.errors import InputError, QueryError
from relations_kg.rdf.terms import Statement, Term, shared, value
from relations_kg.reader.files import Source, name_of
from relations_kg.reader.places import ComposedFacts
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Finding, Report
from relations_kg.validation.rules import ALL, Rules

_NOTHING_NEW = "there is nothing new in this table: the graph has all things that its rows name"


@dataclass(frozen=True)
class Import:
    """The facts of a table, the new things in them, and the report on the cells.

    `rows` is the number of rows. `kept` is the number of rows with facts here: all if the table has
    no errors, none if it has errors or only known things; if `partial` was set, the rows without
    errors.
    """

    report: Report
    triples: tuple[Triple, ...]
    new: tuple[Thing, ...]
    rows: int
    kept: int

    @property
    def turtle(self) -> bytes:
        """The facts as Turtle."""
        return turtle(self.triples)


@dataclass
class _Row:
    """A row, the facts composed from it, and its passage."""

    columns: Columns
    cells: Mapping[str, Cell]
    # The triples are moved from here to the beginning of `facts`, where equal terms share one
    # object.
    composed: Composed
    facts: Sequence[Statement] = ()
    cited: Sequence[RowPassage] = ()
    composes: bool = False
    has_error: bool = False

    @property
    def first(self) -> Cell:
        return next(iter(self.cells.values()))


@dataclass
class _Findings:
    """Findings, merged if the same message applies to many cells."""

    found: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    counts: Counter[tuple[object, ...]] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        key = (finding.file, finding.code, finding.message, finding.help)
        self.found.setdefault(key, finding)
        self.counts[key] += 1

    def __iter__(self) -> Iterator[Finding]:
        for key, finding in self.found.items():
            more = self.counts[key] - 1
            cells = f"and {more} more {'cell' if more == 1 else 'cells'}" if more else ""
            help = ", ".join(filter(None, (finding.help, cells)))
            yield replace(finding, help=help) if more else finding


def import_table(
    graph: Knowledge,
    source: Source,
    form: str | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    partial: bool = False,
    format: str | None = None,
    rules: Rules = ALL,
) -> Import:
    """Return the facts of a table, validated together with a graph, and a report by cell.

    The default form is the one that the headings fit. `columns` are headings by parameter, and
    `given` the values of parameters for all rows. With `partial`, rows with errors are left out.
    `format` is the format of standard input, by default recognised from its beginning. Raises
    InputError for a file that is not a table, QueryError for an unknown form or parameter.
    """
    tables = [table for table in read(source, format) if table.rows or table.findings]
    if not tables:
        raise InputError("there are no rows in it", where=name_of(source))
    findings = _Findings()
    found: list[Columns] = []
    for table in tables:
        for finding in table.findings:
            findings.add(finding)
        try:
            chosen = forms()[form] if form else form_of(table, forms(), columns or {}, given or {})
        except QueryError as error:
            # Other sheets may have notes, but at least one sheet must have facts.
            if form or (table is tables[-1] and not found):
                raise
            message = "this sheet is not read, since " + error.message
            findings.add(table.finding(Cell(None, 1, 1), "heading", message, error.help, "warning"))
        else:
            found.append(Columns.of(table, chosen, columns or {}, given or {}))
    things = NewThings(graph.names, repeated(found))
    rows: list[_Row] = []
    for each in found:
        for finding in (*each.findings, *each.check()):
            findings.add(finding)
        if each.is_sound:
            rows += _rows(graph, each, given or {}, things, findings)
    _report_similar_names(rows, things, findings)
    for message, help in undescribed(graph.names, (each for row in rows for each in row.cited)):
        findings.add(Finding("warning", "source", message, help=help, file=name_of(source)))
    partial = partial and all(each.is_sound for each in found)
    report, kept = _validated(graph, source, rows, findings, rules, partial=partial)
    kept = kept if report.conforms or partial else []
    facts = dict.fromkeys(fact for row in kept for fact in row.facts)
    triples = tuple(Triple(*fact) for fact in facts)  # type: ignore[arg-type]
    described = {subject for subject, _, _ in facts}
    new = tuple(thing for thing in things if NamedNode(thing.iri) in described)
    return Import(report, triples, new, sum(len(each.rows) for each in found), len(kept))


def _rows(
    graph: Knowledge,
    columns: Columns,
    given: Mapping[str, str],
    things: NewThings,
    findings: _Findings,
) -> Iterator[_Row]:
    """Yield the facts that the form composes from each row, and add findings about cells."""
    form, table = columns.form, columns.table
    parameters = {parameter.name: parameter for parameter in form.parameters}
    source = next((p.name for p in form.parameters if p.type == "passage"), None)
    terms: dict[Term, Term] = {}
    keys: set[str] = set()
    for cells in columns.rows:
        named = {columns.parameters[c.column]: c for c in cells if c.column in columns.parameters}
        values: dict[str, object] = dict(given)
        problem = any(cell.problem for cell in cells)
        cited_as = str(cells[0].row)
        if (key := named.pop(ROW, None)) and (flaw := unfit_key(key.text, keys)):
            problem = True
            findings.add(table.finding(key, "value", *flaw))
        elif key:
            cited_as = key.text
        for name, cell in named.items():
            is_dated = parameters[name].type in ("edtf", "date")
            if is_dated and (serial := serial_day(cell, table.serial)):
                problem = True
                message = f"{cell.text} is a number, not a date"
                help = f"as a date of a spreadsheet it is '{serial}'; format the cell as a date"
                findings.add(table.finding(cell, "value", message, help))
            elif not cell.is_empty and not cell.problem:
                values[name] = cell.value if isinstance(cell.value, int) else cell.text
        cited: list[RowPassage] = []
        if source:
            cell_or_row = values.get(source) or RowPassage.of(table, cited_as)
            cited, values[source] = cited_rows(cell_or_row)
        composed = form.compose(values, things)
        named |= {to: named[name] for to, name in composed.moved.items() if name in named}
        for error in composed.problems:
            cell = named.get(error.where or "", cells[0])
            if cell.problem:
                continue
            findings.add(
                table.finding(cell, "value", f"{error.where}: {error.message}", error.help)
            )
        for remark in remarks(graph, form, composed):
            if own := [name for name in remark.parameters if name in named]:
                shown = composed.moved.get(own[0], own[0])
                cell, message = named[own[0]], f"{shown}: {remark.message}"
                finding = table.finding(cell, "known", message, remark.help, "warning")
                focus, path = value(remark.fact.subject), remark.fact.predicate.value
                findings.add(replace(finding, focus=focus, path=path, related=remark.related))
        row = _Row(columns, named or {"": cells[0]}, replace(composed, triples=()), cited=cited)
        row.has_error = problem or bool(composed.problems)
        row.composes = bool(composed.triples)
        if not row.has_error:
            labels = [thing.label for thing in composed.new]
            known = things.names.kinds
            passage = (fact for each in cited for fact in each.facts(labels, known))
            row.facts = tuple(shared(chain(composed.triples, passage), terms))
        yield row


def _report_similar_names(rows: Sequence[_Row], things: NewThings, findings: _Findings) -> None:
    """Report rows with a new name that is similar in another row, or has another letter case.

    Similar names are errors in both rows, since either may be wrong; the later row has already been
    reported.
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
    rows: Sequence[_Row],
    findings: _Findings,
    rules: Rules,
    *,
    partial: bool,
) -> tuple[Report, list[_Row]]:
    """Return the report on all rows, and the rows without errors."""
    kept = [row for row in rows if not row.has_error]
    name = name_of(source)
    checked = Report((), (name,))
    if rows and not any(row.composes or row.has_error for row in rows):
        findings.add(Finding("info", "nothing-new", _NOTHING_NEW, file=name))
    reported: dict[Finding, None] = {}
    # Leaving out rows may cause errors in other rows.
    while any(row.composes for row in kept):
        facts, file = dict.fromkeys(each for row in kept for each in row.facts), f"{name}.ttl"
        checked = validate(graph, [file], {file: ComposedFacts(facts, file)}, rules=rules)
        places = _Places(kept)
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
    # A warning about a value with an error is left out.
    errors = {(each.focus, each.path) for each in findings if each.severity == "error"}
    found = (f for f in findings if f.code != "known" or (f.focus, f.path) not in errors)
    in_order = sorted(found, key=_order)
    return replace(checked, findings=tuple(in_order), files=(name,)), kept


class _Places:
    """The cells from which the facts of rows come."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._by_subject: dict[str, list[_Row]] = {}
        for row in rows:
            for subject in dict.fromkeys(subject for subject, _, _ in row.facts):
                self._by_subject.setdefault(str(subject), []).append(row)

    def located(self, finding: Finding, name: str) -> tuple[Finding, _Row | None]:
        """Return a finding with the address of its cell, and the row of the cell."""
        plain = replace(
            finding,
            file=name,
            line=None,
            column=None,
            end_line=None,
            end_column=None,
            excerpt=None,
            fix=None,
            follows=None,
            related=tuple(r for r in finding.related if not r.place.file.startswith(name)),
        )
        focus = f"<{finding.focus}>" if finding.focus else ""
        rows = self._by_subject.get(focus) or self._by_subject.get(finding.value or "") or []
        if not rows:
            return plain, None
        # Of two rows that contradict each other, the later one is reported.
        with_value = [row for row in rows if _column(row, finding.value)]
        row = (with_value or rows)[-1]
        cell = _column(row, finding.value) or _stating(row, finding.path, focus)
        cell = cell or _column(row, focus) or row.first
        return row.columns.table.located(row.columns.worded(plain), cell), row


def _column(row: _Row, term: str | None) -> Cell | None:
    """Return the cell of a row with a term as its value."""
    named = row.composed.named(term) if term else []
    return next((row.cells[name] for name in named if name in row.cells), None)


def _stating(row: _Row, path: str | None, focus: str) -> Cell | None:
    """Return the cell of a row that gives a thing's property its value."""
    form, terms = row.columns.form, row.composed.terms
    names = [
        name
        for subject, predicate, every in links(form)
        if predicate == path and focus in map(str, terms.get(subject, ()))
        for name in (*every, *form.made_of(every))
        if name != subject
    ]
    found = (row.cells[name] for name in names if name in row.cells)
    return next((cell for cell in found if not cell.is_empty), None)


def _order(finding: Finding) -> tuple[object, ...]:
    sheet, _, cell = (finding.pointer or "").rpartition("!")
    match = re.fullmatch(r"([A-Z]+)(\d+)", cell)
    place = (int(match[2]), len(match[1]), match[1]) if match else (0, 0, "")
    return (finding.severity != "error", sheet, finding.line or 0, finding.column or 0, place)
