"""The columns of a table, matched with the parameters of a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from relations_kg.answers.guesses import parameters_meant
from relations_kg.answers.parameters import SINCE, UNTIL
from relations_kg.answers.queries import stored_queries
from relations_kg.articles.draft import CONFIDENCE
from relations_kg.authoring import headings
from relations_kg.authoring.cell_reading import Reading, not_read, without_left_out
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.completed_rows import notes_on_filled
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import Further, further, types
from relations_kg.authoring.properties import Properties, Property
from relations_kg.authoring.things import ROW
from relations_kg.authoring.value_texts import spelling
from relations_kg.authoring.wording import leaving_open, missing
from relations_kg.errors import QueryError
from relations_kg.rdf.words import key, stands_for_nothing
from relations_kg.sparql.parser import parse
from relations_kg.validation.findings import Finding

_AS_IT_IS = Reading()


@dataclass(frozen=True)
class Columns:
    """A table with its form, its parameters by column, and the rows below the headings.

    `headed` are all columns with a heading, even if it names no parameter. `properties` are those
    that have a column or a value for all rows, by their CURIEs; their columns are in `parameters`.
    So are columns of the `further` forms, such as head.holder. `given` are the values for all rows.
    """

    table: Table
    form: Form
    parameters: Mapping[int, str]
    headed: Collection[int]
    rows: Sequence[Sequence[Cell]]
    findings: Sequence[Finding]
    properties: Mapping[str, Property] = field(default_factory=dict)
    further: Sequence[Further] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = _AS_IT_IS

    @classmethod
    def of(
        cls,
        table: Table,
        form: Form,
        named: Mapping[str, str],
        given: Mapping[str, str],
        properties: Properties | None = None,
        reading: Reading = _AS_IT_IS,
    ) -> Columns:
        """Match the headings of a table with the parameters of a form, and with properties.

        `named` are headings by parameter, and `given` the values for all rows. Raises InputError
        if the `reading` of the settings does not fit the form or the table lacks a heading in
        `named`, and QueryError for the name of a parameter or property that does not exist.
        """
        reading.check(form)
        asked = [name for name in (*named, *given) if name != ROW]
        form.check_names([name for name in asked if ":" not in name and name not in types(form)])
        own = {name: properties[name] for name in asked if properties and ":" in name}
        also = [(name, each) for name, every in reading.also.items() for each in every]
        wanted = _wanted(form, named)
        wanted |= {key(each): name for name, each in also}
        place = headings.place_of_headings(table, wanted)
        findings: list[Finding] = []
        parameters: dict[int, str] = {}
        row_of_headings = table.rows[place] if table.rows else []
        for above in table.rows[:place]:
            message = "this row is above the headings and is not read"
            help = "move it below them if it states a fact"
            findings.append(table.finding(above[0], "heading", message, help, "warning"))
        several = {p.name for p in form.parameters if p.several and p.is_thing}
        there = {*given, *(headings.wanted_by(heading, wanted) for heading in row_of_headings)}
        unread = [each.name for each in form.parameters if each.name not in there]
        for heading in row_of_headings:
            name = headings.wanted_by(heading, wanted)
            if name is None and (heading.is_empty or _is_left_out(heading)):
                continue
            if name is None and properties and (found := properties.get(heading.text)):
                name = found.name
                own[name] = found
            if name is None:
                others = properties or ()
                findings.append(headings.unknown_heading(table, heading, form, unread, others))
            elif (name in parameters.values() and name not in reading.also) or (
                name in given and name not in several
            ):
                where = "--set" if name in given else "another column"
                message = f"{heading.text!r} is given twice: {where} also has {name}"
                findings.append(table.finding(heading, "heading", message, "remove one of them"))
            else:
                parameters[heading.column] = name
        read = {*parameters.values()}
        used = [each for each in further(form) if any(n.startswith(each.prefix) for n in read)]
        for heading in row_of_headings:
            name = parameters.get(heading.column)
            if used and name in (SINCE, UNTIL) and name not in named:
                findings.append(headings.ambiguous_heading(table, heading, name, form, used[0]))
        for name, heading_text in named.items():
            if name not in parameters.values():
                raise headings.no_heading(table, heading_text, row_of_headings)
        for name in [name for name in _required(form) if name in unread]:
            cell = row_of_headings[0] if row_of_headings else Cell(None, 1, 1)
            message = f"no column has {name}, which the form {form.name} requires"
            help = f"add a column {name!r}, name its heading: --column {name}=HEADING, "
            help += f"or give one value for all rows: --set {name}=VALUE"
            findings.append(table.finding(cell, "heading", message, help))
        rows = [row for row in table.rows[place + 1 :] if not headings.is_comment(row)]
        if not rows and not table.findings:
            message, help = "there are no rows below the headings", "write a fact in each row"
            if not table.rows:
                message = "all columns are left out"
                help = "give those with facts a parameter: --column PARAM=HEADING"
            findings.append(table.finding(Cell(None, 1, 1), "empty", message, help))
        of_heading = {heading.column: key(heading.text) for heading in row_of_headings}
        for row in [row for row in rows if headings.repeats(row, of_heading)]:
            message = "this row repeats the headings and is not read"
            findings.append(table.finding(row[0], "heading", message, "delete it", "warning"))
            rows.remove(row)
        rows, below = headings.without_footers(rows)
        for cell in below:
            message = "this row is below the table and is not read"
            help = "move it up, or fill in more of its cells, if it states a fact"
            findings.append(table.finding(cell, "heading", message, help, "warning"))
        for name, texts in reading.replacements.items():
            is_there = name in (*parameters.values(), *given) or name not in types(form)
            is_read = not name.count(".") or any(name.startswith(each.prefix) for each in used)
            is_left_out = stands_for_nothing(texts.get("", ""))
            if "" in texts and not is_left_out and not is_there and is_read:
                cell = row_of_headings[0] if row_of_headings else Cell(None, 1, 1)
                message = f"{name}: no column has it, so no empty cell is read as {texts['']!r}"
                help = f"for all rows, write {name} = {texts['']!r} below [values]"
                findings.append(table.finding(cell, "heading", message, help, "warning"))
        left: list[tuple[str, Cell]] = []
        order = {name: [key(each) for each in every] for name, every in reading.also.items()}
        # The columns of one parameter are read in the order of the settings.
        in_order = sorted(
            parameters, key=lambda column: _rank(of_heading[column], order.get(parameters[column]))
        )
        ordered = {c: parameters[c] for c in in_order}
        keyed = {c for c, n in parameters.items() if n == ROW}
        if reading.fill or reading.prefix:
            rows, before = list(reading.completed(rows, ordered)), rows
            findings += notes_on_filled(table, before, rows, ordered)
            table = replace(table, rows=[*table.rows[: place + 1], *rows])
        replaced = {*map(spelling, reading.replacements.get(ROW, {}))}
        rows, titles = headings.without_titles(rows, keyed, replaced)
        if titles:
            findings.append(headings.titles_not_read(table, titles))
        rows = reading.rows(rows, ordered, form, left)
        rows, out = without_left_out(rows, keyed)
        for row in out:
            message = "this row is not read, since the settings replace its key by none"
            findings.append(table.finding(row[0], "row", message, None, "info"))
        findings += not_read(table, left)
        headed = {heading.column for heading in row_of_headings if not heading.is_empty}
        return cls(table, form, parameters, headed, rows, findings, own, used, given, reading)

    @property
    def types(self) -> dict[str, str]:
        """The types of the columns that the table may have, by column name."""
        own = {name: each.range or "" for name, each in self.properties.items()}
        return {**own, **types(self.form)}

    def texts(self, names: Collection[str]) -> Iterator[str]:
        """Yield the texts in the columns of the named parameters."""
        return (c.text for row in self.rows for c in row if self.parameters.get(c.column) in names)

    @property
    def is_sound(self) -> bool:
        """Whether the table and its headings have no errors, so that its rows can be read."""
        return not any(f.severity == "error" for f in (*self.table.findings, *self.findings))

    def is_read(self, cell: Cell) -> bool:
        """Return whether a cell is in the column of a parameter, or has no heading above it."""
        return cell.column in self.parameters or cell.column not in self.headed

    def worded(self, finding: Finding, prefix: str = "") -> Finding:
        """Return a finding about a missing property, reworded to name the missing column.

        `prefix` is that of the further form whose thing lacks the property, if it is one.
        """
        form = next((each.form for each in self.further if each.prefix == prefix), self.form)
        found = missing(form, finding)
        if found is None:
            return finding
        message, name, property = found
        # A table dates a beginning in the column "since".
        name = prefix + (SINCE if name == "start" and prefix + SINCE in self.types else name)
        fill = "fill in the column" if name in self.parameters.values() else "add a column"
        help = f"{fill} {name!r}{leaving_open(form, property)}"
        return replace(finding, message=message, help=help)

    def check(self) -> Iterator[Finding]:
        """Yield findings about cells that cannot be read and about values without a heading."""
        for row in self.rows:
            for cell in row:
                if not self.is_read(cell):
                    continue
                if cell.problem:
                    yield self.table.finding(cell, "cell", cell.problem, cell.help)
                elif cell.column not in self.parameters and not cell.is_empty:
                    message = f"no heading is above {cell.text[:60]!r}"
                    help = "write a heading, or clear the cell"
                    yield self.table.finding(cell, "heading", message, help)


def form_of(
    table: Table, forms: Mapping[str, Form], named: Mapping[str, str], given: Collection[str]
) -> Form:
    """Return the form that the headings of a table fit; raise QueryError if it is not clear.

    `named` are headings by parameter, and `given` the parameters with one value for all rows.
    Raises InputError if the table lacks a heading in `named`.
    """
    check_names((*named, *given), forms)
    above = table.rows[: headings.MOST_ABOVE]
    there = {key(cell.text) for row in above for cell in row if not cell.is_empty}
    for heading in named.values():
        if key(heading) not in there:
            raise headings.no_heading(table, heading, above[0] if above else ())
    fitting = [form for form in forms.values() if not _lacking(table, form, named, given)]
    fitting = [form for form in fitting if _is_named_after(table, form)] or fitting
    # Many forms require only a name, so the other columns distinguish the forms.
    read = {form.name: len(_read(table, form, named)) for form in fitting}
    fitting = [form for form in fitting if read[form.name] == max(read.values())]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(form.name for form in fitting)
    lacking = {form.name: _lacking(table, form, named, given) for form in forms.values()}
    # A form is suggested only if the table has one of its required columns.
    near = sorted(name for name in lacking if len(lacking[name]) < len(_required(forms[name])))
    nearest = min(near, key=lambda name: len(lacking[name]), default=None)
    if not fitting and (query := _query_with(there)):
        message = (
            f"its headings are the columns of the query {query}: this is an answer, not "
            "a table of facts"
        )
        help = "relations-kg diff OLD.ttl --answers lists the answers that change"
        raise QueryError(message, where=table.file, help=f"{help}; import reads tables of a form")
    if nearest and not fitting:
        needs = lacking[nearest]
        message = f"its headings fit no form; {nearest} also needs {', '.join(needs)}"
        help = f"name the heading of each with --column {needs[0]}=HEADING, or give one value for"
        help += f" all rows with --set {needs[0]}=VALUE; in relations-kg.toml, write them below"
        raise QueryError(message, where=table.file, help=f"{help} [columns] or [values]")
    raise QueryError(
        f"its headings fit the forms {listed}" if fitting else "its headings fit no form",
        where=table.file,
        help="name one with --form; see new --list",
    )


def check_headings(table: Table, form: Form, named: Mapping[str, str]) -> None:
    """Raise QueryError for a sheet without a column of the form, such as a sheet of notes."""
    if not _read(table, form, named):
        message = f"no heading is a parameter of the form {form.name}"
        raise QueryError(message, where=table.file, help="name its columns, or remove the sheet")


def check_names(names: Iterable[str], forms: Mapping[str, Form], where: str | None = None) -> None:
    """Raise QueryError for the name of a column that no form has."""
    own = [name for name in names if name != ROW and ":" not in name]
    known = {name for form in forms.values() for name in types(form)} if own else set()
    for name in own:
        if name not in known:
            help = parameters_meant(name, known) or "see new --list"
            raise QueryError(f"no form has the parameter {name!r}", where=where, help=help)


def _query_with(asked: Collection[str]) -> str | None:
    """Return the first stored query whose columns are all among the headings, or None."""
    for name, query in stored_queries().items():
        select = parse(query.text).select
        columns = {key(each) for each in (select and select.projected) or ()}
        if columns and columns.issubset(asked):
            return name
    return None


def _is_named_after(table: Table, form: Form) -> bool:
    """Return whether a table's name, without leading digits, begins with the name of a form."""
    name, own = key(table.name.lstrip("0123456789")), key(form.name)
    return name.startswith((own, f"{own[:-1]}ies" if own.endswith("y") else own))


def _lacking(
    table: Table, form: Form, named: Mapping[str, str], given: Collection[str]
) -> list[str]:
    """Return the required parameters that have no heading and are not given."""
    found = {*given, *_read(table, form, named)}
    return [name for name in _required(form) if name not in found]


def _read(table: Table, form: Form, named: Mapping[str, str]) -> set[str]:
    """Return the parameters that headings of a table name."""
    own = types(form)
    wanted = _wanted(form, {name: heading for name, heading in named.items() if name in own})
    row = headings.row_of_headings(table, wanted)
    return {name for cell in row if (name := headings.wanted_by(cell, wanted))}


def _rank(heading: str, others: Sequence[str] | None) -> int:
    """Return the place of a heading among those of one parameter; the first is not in `others`."""
    return others.index(heading) + 1 if others and heading in others else 0


def _required(form: Form) -> list[str]:
    """Return the required parameters except the source, whose default is the row itself."""
    return [p.name for p in form.parameters if p.required and p.type != "passage"]


def _wanted(form: Form, named: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters by the headings that name them, without case and accents."""
    own: dict[str, str] = {}
    for name in types(form):
        if name not in named:
            own.setdefault(key(name), name)
    return own | {key(heading) or heading: name for name, heading in named.items()}


def headings_of_facts(
    table: Table, form: Form, named: Mapping[str, Sequence[str]]
) -> Sequence[Cell]:
    """Return the headings of a table that may be those of columns with facts.

    `named` are the headings by parameter that the user has named.
    """
    wanted = _wanted(form, {}) | {key(each): n for n, every in named.items() for each in every}
    row = headings.row_of_headings(table, wanted)
    return [
        c for c in row if not c.is_empty and (c.text == headings.COMMENT or not _is_left_out(c))
    ]


def _is_left_out(heading: Cell) -> bool:
    return heading.text == CONFIDENCE or headings.is_marked(heading)
