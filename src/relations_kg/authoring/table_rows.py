"""The rows of a table with the facts composed from them, and findings about their cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pyoxigraph import Triple

from relations_kg.answers.knowledge import Knowledge
from relations_kg.authoring import default_kinds
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.columns import Columns
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.event_dates import ONGOING
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import Further, spans
from relations_kg.authoring.known_things import remarks
from relations_kg.authoring.nearby_files import NearbyFiles
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.properties import described
from relations_kg.authoring.ranks import RankColumns
from relations_kg.authoring.row_passages import EarlierRows, RowPassage, cited_rows
from relations_kg.authoring.settings import Dataset
from relations_kg.authoring.things import ROW, Key
from relations_kg.authoring.unclear_cells import DateColumns, NumberColumns
from relations_kg.errors import InputError, QueryError, RelationsError, UnknownName
from relations_kg.rdf.spelling import counted
from relations_kg.rdf.terms import Statement, Term, shared, value
from relations_kg.rdf.words import is_vacant, stands_for_nothing
from relations_kg.validation.findings import Finding

# The maximum number of further cells with one mistake that a finding names.
_MOST_CELLS = 12


@dataclass
class Row:
    """A row, the facts composed from it, and the rows that it cites, by default itself."""

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
        """The first cell of the row."""
        return next(iter(self.cells.values()))


@dataclass
class Findings:
    """The findings of an import; those of one group, or with the same message, are merged."""

    found: dict[object, Finding] = field(default_factory=dict)
    # The addresses of the cells of the merged findings.
    cells: dict[object, list[str]] = field(default_factory=dict)

    def add(self, finding: Finding, group: object = None) -> None:
        """Add a finding; of a group, the first is kept, and of the others only the cells."""
        key = group or (finding.file, finding.code, finding.message, finding.help)
        self.found.setdefault(key, finding)
        address = finding.pointer or f"{finding.line}:{finding.column}"
        self.cells.setdefault(key, []).append(address.rpartition("!")[2])

    def __iter__(self) -> Iterator[Finding]:
        for key, finding in self.found.items():
            others = self.cells[key][1:]
            more = len(others)
            cells = f"and {counted(more, 'more cell')}" if more else ""
            cells += f": {', '.join(others)}" if 0 < more <= _MOST_CELLS else ""
            help = "; ".join(filter(None, (finding.help, cells)))
            yield replace(finding, help=help) if more else finding


class RowReader:
    """A reader of the rows of a table, which adds findings about their cells.

    `order` is the order of day and month in numeric dates, `dataset` describes the table, and
    `earlier` collects the rows that were read, including those of other sheets.
    """

    def __init__(
        self,
        graph: Knowledge,
        columns: Columns,
        things: NewThings,
        findings: Findings,
        order: str | None,
        dataset: Dataset,
        earlier: EarlierRows,
    ) -> None:
        self._graph, self._columns, self._dataset = graph, columns, dataset
        self._things, self._findings = things, findings
        self._source = next((p.name for p in columns.form.parameters if p.type == "passage"), None)
        self._dates = DateColumns(columns, order)
        self._numbers = NumberColumns(columns)
        self._nearby = NearbyFiles(columns.table.file)
        # In a spreadsheet, a line break may separate the names in a cell.
        self._several = {p.name for p in columns.form.parameters if p.several and p.is_thing}
        self._about = described(columns.form)
        self._assumed = dict(default_kinds.assumed(columns.form, things.names))
        self._types = columns.types
        self._ranks = RankColumns(columns)
        self._earlier = earlier
        # The terms of earlier rows, so that equal ones are shared.
        self._terms: dict[Term, Term] = {}

    def rows(self) -> Iterator[Row]:
        """Yield the rows, with the facts that the form composes from them."""
        for found, group in self._ranks.notes():
            self._findings.add(found, group)
        for found in self._ranks.shared():
            self._findings.add(found)
        return map(self._row, self._columns.rows)

    def _row(self, cells: Sequence[Cell]) -> Row:
        columns, form, table = self._columns, self._columns.form, self._columns.table
        named = {columns.parameters[c.column]: c for c in cells if c.column in columns.parameters}
        self._things.at = table.row_name(cells[0])
        keyed = named.pop(ROW, None)
        is_wrong = any(cell.problem for cell in cells if columns.is_read(cell))
        values: dict[str, object] = {n: self._dates.read(n, t) for n, t in columns.given.items()}
        vacant = {
            n: c for n, c in named.items() if self._types.get(n) == "person" and is_vacant(c.text)
        }
        for name, cell in vacant.items():
            self._report_vacant(name, cell)
        if any(p.required and p.name in vacant for p in form.parameters):
            return Row(columns, named, Composed(()), has_error=is_wrong)
        for name, cell in named.items():
            if name in vacant:
                continue
            if self._dates.is_wrong(name, cell):
                is_wrong = True
                self._findings.add(*self._dates.finding(name, cell))
                continue
            if found := self._numbers.finding(name, cell):
                is_wrong = is_wrong or found.severity == "error"
                self._findings.add(found, (found.severity, table.file, table.sheet, name))
            if found := self._dates.other_order(name, cell):
                self._findings.add(found, ("order", table.file, table.sheet, name))
            if not cell.is_empty and not cell.problem:
                is_number = isinstance(cell.value, int)
                text = cell.text.replace("\n", ";") if name in self._several else cell.text
                values[name] = cell.value if is_number else self._dates.read(name, text)
                if name in columns.given:
                    # A list has the values that all rows share, too.
                    values[name] = f"{columns.given[name]}; {text}"
        for found in self._ranks.split(values, named):
            self._findings.add(found)
            is_wrong = True
        several = bool(columns.further)
        if keyed and (
            flaw := self._earlier.add_key(keyed, table, form, values, may_repeat=several)
        ):
            self._findings.add(table.finding(keyed, "value", *flaw))
            is_wrong, keyed = True, None
        row_key = keyed.text if keyed else str(cells[0].row)
        key = RowPassage.of(table, row_key).key if keyed else None
        cited: list[RowPassage] = []
        if self._source:
            cell_or_row = values.get(self._source) or RowPassage.of(table, row_key)
            cited, values[self._source] = cited_rows(cell_or_row)
        read = dict(values)
        own = {name: values.pop(name) for name in columns.properties if name in values}
        problems: list[RelationsError] = []
        dated, contradictions = spans(values, self._types)
        problems += contradictions
        named |= {when: named[name] for when, name in dated.items() if name in named}
        more = [(each, _taken(values, each.prefix)) for each in columns.further]
        composed = form.compose(values, self._things, key)
        for each, given in more:
            if self._is_vacant(each, given, named):
                continue
            if not composed.problems and any(each.prefix + name in named for name in given):
                composed = self._joined(each, given, values, composed, key, named)
        named |= {to: named[name] for to, name in composed.moved.items() if name in named}
        problems += composed.problems
        facts = list(composed.triples)
        if not problems:
            facts += self._of_properties(own, composed, named, problems)
        for problem in problems:
            problem.help = self._nearby.help_of(problem) or problem.help
            problem.help = self._with_place(problem, read.get(problem.where or "", ""))
            cell = named.get(problem.where or "", cells[0])
            if not cell.problem:
                self._findings.add(*self._dates.problem(cell, problem))
        self._remark(form, composed, named)
        self._report_assumed(composed, named)
        row = Row(columns, named or {"": cells[0]}, replace(composed, triples=()), cited=cited)
        row.has_error, row.composes = is_wrong or bool(problems), bool(facts)
        if not row.has_error:
            labels = [thing.label for thing in composed.new]
            of_passages = [
                fact for each in cited for fact in each.facts(labels, self._is_cited, self._dataset)
            ]
            # Rows with the same key, or that cite the same row, have one passage, stated once.
            self._earlier.passages.update(each.iri.value for each in cited)
            row.facts = tuple(shared(chain(facts, of_passages), self._terms))
        return row

    def _is_vacant(
        self, further: Further, given: Mapping[str, object], named: Mapping[str, Cell]
    ) -> bool:
        """Return whether a required cell of a further form is "none", as for a vacant post.

        A missing column counts as "none" if the settings read its empty cells so. Other values for
        the form are then not read, and each is reported as a warning.
        """
        for name in further.required:
            cell, empty = named.get(name), self._columns.reading.replacements.get(name, {}).get("")
            text = empty or "" if cell is None else cell.text
            if not (text and stands_for_nothing(text)) and not (cell and cell.is_none):
                continue
            for other in (further.prefix + each for each in given):
                if other in named and other != name:
                    # "when" has the cell of the column "since" or "until", which comes before it.
                    own = next(each for each in named if named[each] == named[other])
                    message = f"{own}: this column is not read in rows without {name}"
                    help = f"clear the cell, or write the {name}"
                    table = self._columns.table
                    finding = table.finding(named[other], "value", message, help, "warning")
                    self._findings.add(finding)
            return True
        return False

    def _is_cited(self, iri: str) -> bool:
        return iri in self._earlier.passages or bool(self._things.names.kinds(iri))

    def _joined(
        self,
        further: Further,
        given: Mapping[str, object],
        values: Mapping[str, object],
        composed: Composed,
        key: Key | None,
        named: Mapping[str, Cell],
    ) -> Composed:
        """Return the composed facts of a row with those of a further form."""
        try:
            own_key = further.key(key, given) if key else None
        except InputError as error:
            error.where = further.prefix + next(iter(given))
            return replace(composed, problems=(error,))
        every = further.values(given, self._columns.form, composed.terms)
        every |= {self._source: values[self._source]} if self._source else {}
        if further.holds_now(given, composed.triples):
            every["when"] = ONGOING
        elif end := further.latest_end(given, composed.triples):
            every |= {"when": str(given["when"]).removesuffix(".."), "ended": end}
        found = further.form.compose(every, self._things, own_key)
        self._remark(further.form, found, named, further.prefix)
        return composed.joined(found, further.prefix)

    def _of_properties(
        self,
        own: Mapping[str, object],
        composed: Composed,
        named: Mapping[str, Cell],
        problems: list[RelationsError],
    ) -> Iterator[Triple]:
        """Yield the facts that columns of properties state, and add the problems with them."""
        for name, text in own.items():
            property = self._columns.properties[name]
            try:
                terms = property.terms(str(text), self._things)
                if len(terms) > 1 and property.is_text and name in named:
                    self._report_several(name, named[name], len(terms))
                for term in terms:
                    for thing in composed.terms.get(self._about or "", ()):
                        yield Triple(thing, property.iri, term)  # type: ignore[arg-type]
            except (InputError, QueryError, UnknownName) as error:
                error.where = name
                problems.append(error)

    def _report_several(self, name: str, cell: Cell, number: int) -> None:
        table = self._columns.table
        message = f"{name}: {cell.text!r} is read as {number} texts, since it has a semicolon"
        help = r"if it is one text, write \; for the semicolon, such as below [replacements]"
        found = table.finding(cell, "value", message, help, "warning")
        self._findings.add(found, ("several", table.file, table.sheet, name))

    def _with_place(self, problem: RelationsError, read: object) -> str | None:
        """Return the help of a problem, with the setting that gave the text that was `read`."""
        texts = self._columns.reading.replacements.get(problem.where or "", {})
        own = [text for text, instead in texts.items() if instead == read]
        if not own or not problem.help:
            return problem.help
        place = f"below [replacements.{problem.where}] in relations-kg.toml"
        return f"{problem.help}; it replaces {own[0]!r} {place}"

    def _remark(
        self, form: Form, composed: Composed, named: Mapping[str, Cell], prefix: str = ""
    ) -> None:
        """Add the remarks on values of a form that differ from known values."""
        for remark in remarks(self._graph, form, composed):
            if own := [prefix + name for name in remark.parameters if prefix + name in named]:
                message = f"{composed.moved.get(own[0], own[0])}: {remark.message}"
                table, help = self._columns.table, remark.help
                finding = table.finding(named[own[0]], "known", message, help, "warning")
                focus, path = value(remark.fact.subject), remark.fact.predicate.value
                self._findings.add(replace(finding, focus=focus, path=path, related=remark.related))

    def _report_vacant(self, name: str, cell: Cell) -> None:
        """Report that a text such as "vacant" is read as an empty cell of a person."""
        table = self._columns.table
        message = (
            f"{name}: {cell.text!r} means that a post is vacant, so this cell is read as empty"
        )
        help = f'write "new: {cell.text}" if it is a name'
        finding = table.finding(cell, "vacant", message, help, "info")
        self._findings.add(finding, ("vacant", table.file, table.sheet, name))

    def _report_assumed(self, composed: Composed, named: Mapping[str, Cell]) -> None:
        """Warn of an empty cell for which the form assumes a kind, such as Embassy."""
        for name, kind in self._assumed.items():
            cell, taken = named.get(name), composed.terms.get(name, ())
            if cell and cell.is_empty and not cell.problem and kind in taken:
                label = self._things.names.label(value(kind))
                message = f"{name}: this cell is empty, so {label!r} is assumed"
                help = f"write the {name}, even if it is {label!r}"
                if any(fact.object == kind for fact in composed.triples):
                    finding = self._columns.table.finding(cell, "value", message, help, "warning")
                    self._findings.add(finding)


def _taken(values: dict[str, object], prefix: str) -> dict[str, object]:
    """Remove the values of columns with a prefix; return them by the rest of their names."""
    names = [name for name in values if name.startswith(prefix)]
    return {name.removeprefix(prefix): values.pop(name) for name in names}
