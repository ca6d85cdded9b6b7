"""How the settings read the cells of a table: replaced, split at commas, or joined with others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.completed_rows import filled_down, with_prefix
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import parameters
from relations_kg.authoring.things import ROW
from relations_kg.authoring.usual_words import pattern
from relations_kg.authoring.value_texts import listed, several, spelling
from relations_kg.errors import InputError
from relations_kg.names.name_lists import pieces
from relations_kg.rdf.words import stands_for_nothing
from relations_kg.validation.findings import Finding

_ACCREDITED = "accredited"


@dataclass(frozen=True)
class Reading:
    """How cells are read: replaced texts, columns of lists, and columns that share a parameter.

    `replacements` are texts by parameter, `split` the parameters whose cells are lists that commas
    separate, and `also` the further headings of parameters that have several columns. `fill` are
    the parameters whose empty cells have the text of the cell above, and `prefix` is put before
    each key. `language` is the tag of the language of names.
    """

    replacements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Collection[str] = ()
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)
    language: str = "en"
    fill: Collection[str] = ()
    prefix: str = ""

    def check(self, form: Form) -> None:
        """Raise InputError for a column of lists whose parameter takes one value only."""
        one = {prefix + p.name for _, prefix, p in parameters(form) if not p.several}
        for name in self.split:
            if name in one:
                message = f"split: {name} takes one value, and not a list"
                raise InputError(message, help="remove it, or write a row for each value")

    def completed(
        self, rows: Sequence[Sequence[Cell]], columns: Mapping[int, str]
    ) -> Sequence[Sequence[Cell]]:
        """Return rows with the prefix before their keys, and with the columns in `fill` filled.

        An empty cell gets the text of the cell above it, in the last column of a parameter to fill.
        `columns` are the parameters by column, in the order in which they are read.
        """
        last = {name: column for column, name in columns.items()}
        for name in self.fill:
            rows = filled_down(rows, last[name]) if name in last else rows
        keyed = [column for column, name in columns.items() if name == ROW]
        return with_prefix(rows, keyed, self.prefix) if self.prefix else rows

    def rows(
        self,
        rows: Iterable[Sequence[Cell]],
        columns: Mapping[int, str],
        form: Form,
        left: list[tuple[str, Cell]] | None = None,
    ) -> list[Sequence[Cell]]:
        """Return the rows as they are read; `columns` are the parameters by column.

        The cells that are not read, since another column of their parameter has a value, are added
        to `left` with their parameter.
        """
        of_name: dict[str, list[int]] = {}
        for column, name in columns.items():
            of_name.setdefault(name, []).append(column)
        lists = {prefix + p.name for _, prefix, p in parameters(form) if p.several}
        found = list(rows)
        of_rows = {spelling(t): spelling(e) for t, e in self.replacements.get(ROW, {}).items()}
        keys = [_keys(row, of_name.get(ROW, ()), of_rows) for row in found]
        for name, every in of_name.items():
            texts = {spelling(t): each for t, each in self.replacements.get(name, {}).items()}
            if name in self.split:
                found = [_split(row, every, texts) for row in found]
            is_accredited = name.rpartition(".")[2] == _ACCREDITED
            if is_accredited:
                in_order = zip(found, keys, strict=True)
                found = [_without_residence(r, every, _in_row(texts, own)) for r, own in in_order]
            if texts:
                in_order = zip(found, keys, strict=True)
                found = [_replaced(row, every, _in_row(texts, own)) for row, own in in_order]
            if is_accredited:
                found = [_without_residence(row, every, {}) for row in found]
            if len(every) > 1:
                pairs = [_joined(row, every, is_list=name in lists) for row in found]
                found = [row for row, _ in pairs]
                if left is not None:
                    left += [(name, cell) for _, others in pairs for cell in others]
        return found

    def unmatched(
        self, rows: Iterable[Sequence[Cell]], names: Collection[str]
    ) -> list[tuple[str, str]]:
        """Return the texts to replace that no cell has, each after the parameter of its column.

        `rows` are the rows before they are read, and `names` the parameters of their columns.
        """
        every = {spelling(cell.text) for row in rows for cell in row}
        keys = every | {spelling(each) for each in self.replacements.get(ROW, {}).values()}
        whole = "\n".join(every)

        def is_there(text: str) -> bool:
            key, colon, own = text.partition(": ")
            return text in whole or (bool(colon) and key in keys and own in whole)

        of_columns = {n: texts for n, texts in self.replacements.items() if n in names}
        every_text = ((name, text) for name, texts in of_columns.items() for text in texts)
        return [(name, text) for name, text in every_text if not is_there(spelling(text))]

    def misplaced(
        self, rows: Iterable[Sequence[Cell]], parameters: Mapping[int, str]
    ) -> Iterator[tuple[str, str, Cell]]:
        """Yield each text to replace in a single row if that row does not have the text.

        The parameter comes before the text, and the first cell of the row after it. `rows` are the
        rows before they are read, and `parameters` those of their columns.
        """
        of_rows = {spelling(t): spelling(e) for t, e in self.replacements.get(ROW, {}).items()}
        keyed = [column for column, name in parameters.items() if name == ROW]
        found: dict[str, list[Sequence[Cell]]] = {}
        for row in rows:
            for key in _keys(row, keyed, of_rows):
                found.setdefault(key, []).append(row)
        for name in dict.fromkeys(parameters.values()):
            for text in self.replacements.get(name, {}):
                key, _, own = spelling(text).partition(": ")
                every = found.get(key, []) if own else []
                there = (c for row in every for c in row if parameters.get(c.column) == name)
                if every and not any(own in spelling(cell.text) for cell in there):
                    yield name, text, every[0][0]


def not_read(table: Table, cells: Iterable[tuple[str, Cell]]) -> Iterator[Finding]:
    """Yield a warning for each parameter of cells that are not read."""
    every: dict[str, list[Cell]] = {}
    for name, cell in cells:
        every.setdefault(name, []).append(cell)
    for name, own in every.items():
        number = "1 cell is" if len(own) == 1 else f"{len(own)} cells, such as this one, are"
        message = f"{name}: {number} not read, since another column of {name} has a value"
        help = "write first in relations-kg.toml the heading whose values are to be read"
        yield table.finding(own[0], "value", message, help, "warning")


def without_left_out(
    rows: Iterable[Sequence[Cell]], columns: Collection[int]
) -> tuple[list[Sequence[Cell]], list[Sequence[Cell]]]:
    """Return the rows to read, and those whose keys, in `columns`, are replaced by "none"."""
    read: list[Sequence[Cell]] = []
    out: list[Sequence[Cell]] = []
    for row in rows:
        is_out = any(cell.is_none and cell.column in columns for cell in row)
        (out if is_out else read).append(row)
    return read, out


def _joined(
    row: Sequence[Cell], columns: Sequence[int], *, is_list: bool
) -> tuple[Sequence[Cell], list[Cell]]:
    """Return a row with one cell in place of those in `columns`, and the cells that are not read.

    This cell has the values of all these columns if they are a list, or else the first value.
    """
    own = sorted((c for c in row if c.column in columns), key=lambda c: columns.index(c.column))
    filled = [cell for cell in own if not cell.is_empty] or own[:1]
    if not filled:
        return row, []
    others = filled[1:]
    first = filled[0]
    if is_list and others:
        first, others = replace(first, value="; ".join(cell.text for cell in filled)), []
    kept = [cell for cell in row if cell.column not in columns]
    return [*kept, first], others


def _keys(
    row: Sequence[Cell], columns: Collection[int], replacements: Mapping[str, str]
) -> set[str]:
    """Return the key of a row as it is read and as it is written.

    The latter is left out if the settings give this key to another row.
    """
    written = next((spelling(cell.text) for cell in row if cell.column in columns), "")
    others = {each for text, each in replacements.items() if text != written}
    return {replacements.get(written, written), *({written} - others)} - {""}


def _in_row(texts: Mapping[str, str], keys: Iterable[str]) -> Mapping[str, str]:
    """Return the replacements that apply to a row, given those of a parameter and the row's keys.

    A replacement for this row alone takes precedence over one for all rows.

    >>> _in_row({"colón": "", "p9: colón": "Colón (Panama)"}, ["p9"])["colón"]
    'Colón (Panama)'
    """
    starts = [f"{key}: " for key in keys]
    own = {t[len(s) :]: each for s in starts for t, each in texts.items() if t.startswith(s)}
    return {**texts, **own} if own else texts


def _split(row: Sequence[Cell], columns: Sequence[int], texts: Mapping[str, str]) -> Sequence[Cell]:
    """Return a row whose cells in some columns have ";" in place of commas.

    A text that `texts` replace as a whole is not split.
    """

    def parts(text: str) -> list[str]:
        return [text] if spelling(text) in texts else pieces(text)

    def read(cell: Cell) -> Cell:
        if cell.column not in columns or "," not in cell.text or spelling(cell.text) in texts:
            return cell
        return replace(cell, value=listed([p for text in several(cell.text) for p in parts(text)]))

    return [read(cell) for cell in row]


def _without_residence(
    row: Sequence[Cell], columns: Sequence[int], texts: Mapping[str, str]
) -> Sequence[Cell]:
    """Return a row without notes such as "(non-resident)" in some columns of accreditations.

    `texts` are the replacements of the settings; a text that they replace keeps its note.
    """
    note = pattern("not-resident")

    def kept(text: str) -> str:
        return text if spelling(text) in texts else note.sub("", text) or text

    def read(cell: Cell) -> Cell:
        if cell.column not in columns or not note.search(cell.text) or spelling(cell.text) in texts:
            return cell
        return replace(cell, value=listed(map(kept, several(cell.text))))

    return [read(cell) for cell in row]


def _replaced(
    row: Sequence[Cell], columns: Sequence[int], texts: Mapping[str, str]
) -> Sequence[Cell]:
    """Return a row with the texts of its cells in `columns` replaced.

    The keys of `texts` are normalised by `spelling`. A row without a cell in `columns` gets an
    empty one in the first of them.
    """
    is_there = any(cell.column in columns for cell in row)
    every = row if is_there else (*row, Cell(None, row[0].row, columns[0]))
    own = [c for c in every if c.column in columns]
    # The replacement of an empty cell matters only if all columns of a parameter are empty.
    are_empty = all(cell.is_empty for cell in own)
    return [
        _read_as(cell, texts)
        if cell.column in columns and (not cell.is_empty or (are_empty and cell is own[0]))
        else cell
        for cell in every
    ]


def _read_as(cell: Cell, texts: Mapping[str, str]) -> Cell:
    """Return a cell with its text replaced or, if it is a list, each of its values.

    A replacement such as "none" leaves the value out.
    """
    asked = spelling(cell.text)
    whole = texts.get(asked)
    own = several(cell.text if whole is None else whole)
    if whole is None and texts.keys().isdisjoint(map(spelling, own)):
        return cell
    if whole is not None and len(own) < 2:
        read = [whole]
    else:
        # Each text of a list is replaced, except the text of the cell if the list replaces it.
        others = {text: each for text, each in texts.items() if text != asked}
        read = [others.get(spelling(text), listed([text])) for text in own]
    read = [text for text in read if not stands_for_nothing(text)]
    return replace(cell, value="; ".join(read), is_none=not read)
