"""Rows as data frames of pandas, Polars and Arrow with equivalent column types, and as files.

| cells of a column | pandas | Polars | Arrow |
|---|---|---|---|
| dates | datetime64 | Date | date32 |
| integers of at most 64 bits | Int64 | Int64 | int64 |
| decimals, larger integers, and either beside integers | Decimal objects | Decimal | decimal128 |
| floats, also beside other numbers | Float64 | Float64 | double |
| booleans | boolean | Boolean | bool |
| lists, also beside single values | lists | List(String) | list<string> |
| things and texts | string | String | string |
| numbers of more than 38 digits, and any other mixture | objects | String | string |

A cell without a value is null in Polars and Arrow, and NA in pandas (NaT in a column of dates). In
a column of lists, it is an empty list. NaN is a number.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from relations_kg.answers.cells import Cell, Thing
from relations_kg.answers.tables import Table
from relations_kg.errors import QueryWarning, missing
from relations_kg.export import workbooks
from relations_kg.rdf.formats import find

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from relations_kg.answers.tables import Table
    from relations_kg.export.workbooks import Value

_MOST_DIGITS = 38
_EXPLODE = "frame.explode(COLUMN) first"


class Values(list[str]):
    """A cell of a list column in pandas; it never equals a text and is unhashable.

    >>> {Values(["Peru"])}
    Traceback (most recent call last):
    TypeError: rows cannot be grouped by cells of several values; write frame.explode(COLUMN) first
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        self._warn_of(other)
        return list.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        self._warn_of(other)
        return list.__ne__(self, other)

    def _warn_of(self, other: object) -> None:
        if isinstance(other, str):
            message = f"a cell of several values never equals {other!r}; write {_EXPLODE}"
            warnings.warn(message, QueryWarning, stacklevel=3)

    if not TYPE_CHECKING:

        def __hash__(self) -> int:
            raise TypeError(f"rows cannot be grouped by cells of several values; write {_EXPLODE}")


@dataclass(frozen=True)
class Column:
    """A column: its values, their common type, and the decimal places of decimals.

    The type is `object` for a mixture and for decimals of more than 38 digits, and None if there
    are no values.
    """

    values: list[Any]
    type: type | None
    places: int = 0

    @classmethod
    def of(cls, cells: Iterable[Cell], *, labels: bool) -> Column:
        """Return a column of cells; with `labels`, a thing's label replaces its IRI."""
        values = [_plain(cell, labels) for cell in cells]
        kinds = {type(value) for value in values if value is not None}
        if list in kinds:
            # A list column has a list in every row, so that it can be exploded.
            return cls([_listed(value) for value in values], list)
        if kinds == {int} and all(-(2**63) <= v < 2**63 for v in values if v is not None):
            return cls(values, int)
        if kinds and kinds <= {int, Decimal}:
            return cls._decimals(values)
        if float in kinds and kinds <= {int, Decimal, float}:
            # As in SPARQL, a column of floats and other numbers becomes floats.
            try:
                return cls([None if v is None else float(v) for v in values], float)
            except OverflowError:
                return cls(values, object)
        return cls(values, kinds.pop() if len(kinds) == 1 else object if kinds else None)

    @classmethod
    def _decimals(cls, values: list[Any]) -> Column:
        decimals = [None if v is None else Decimal(v) for v in values]
        signs = [v.as_tuple() for v in decimals if v is not None]
        places = max(-int(sign.exponent) for sign in signs)
        whole = max(len(sign.digits) + int(sign.exponent) for sign in signs)
        if whole + places > _MOST_DIGITS:
            return cls(values, object)
        return cls(decimals, Decimal, places)

    @property
    def uniform(self) -> list[Any]:
        """The values in one type: a mixture as text, decimals with equal numbers of places."""
        if self.type is Decimal:
            # Polars 1.0 rejects decimals with fewer places than the column type has.
            unit = Decimal((0, (1,), -self.places))
            context = Context(prec=_MOST_DIGITS)
            return [None if v is None else v.quantize(unit, context=context) for v in self.values]
        if self.type is not object:
            return self.values
        return [None if value is None else _text(value) for value in self.values]


def to_pandas(rows: Table, *, labels: bool = False) -> pandas.DataFrame:
    """Return rows as a pandas DataFrame."""
    pd = library("pandas", "to_pandas")
    np = library("numpy", "to_pandas")

    def series(column: Column) -> Any:
        values = column.values
        if column.type is date:
            return np.array(values, dtype="datetime64[s]")
        if column.type is float:
            # `pandas.array` would treat NaN as a missing value.
            missing = np.array([value is None for value in values], dtype=bool)
            known = np.array([0.0 if value is None else value for value in values])
            return pd.arrays.FloatingArray(known, missing)
        if column.type is list:
            return pd.Series([Values(each) for each in values], dtype=object)
        kinds = {int: "Int64", bool: "boolean", str: "string"}
        if column.type in kinds:
            return pd.array(values, dtype=kinds[column.type])
        return pd.Series([pd.NA if v is None else v for v in values], dtype=object)

    columns = _columns(rows, labels).items()
    frame: pandas.DataFrame = pd.DataFrame({name: series(column) for name, column in columns})
    return frame


def to_polars(rows: Table, *, labels: bool = False) -> polars.DataFrame:
    """Return rows as a Polars DataFrame."""
    pl = library("polars", "to_polars")
    frame: polars.DataFrame = pl.from_arrow(to_arrow(rows, labels=labels))
    return frame


def to_arrow(rows: Table, *, labels: bool = False) -> pyarrow.Table:
    """Return rows as a pyarrow Table."""
    arrow = library("pyarrow", "to_arrow")

    def kind(column: Column) -> Any:
        if column.type is Decimal:
            return arrow.decimal128(_MOST_DIGITS, column.places)
        kinds: dict[type | None, Any] = {
            date: arrow.date32(),
            int: arrow.int64(),
            float: arrow.float64(),
            bool: arrow.bool_(),
            list: arrow.list_(arrow.string()),
            None: arrow.null(),
        }
        return kinds.get(column.type, arrow.string())

    columns = _columns(rows, labels).items()
    return arrow.table(
        {name: arrow.array(column.uniform, type=kind(column)) for name, column in columns}
    )


def library(name: str, method: str) -> Any:
    """Return a library of the extra `frames`, which `method` needs; raise InputError without it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise missing(error, "frames", method) from None


def _columns(rows: Table, labels: bool) -> dict[str, Column]:
    columns: dict[str, list[Cell]] = {name: [] for name in rows.columns}
    for row in rows:
        for cells, cell in zip(columns.values(), row, strict=True):
            cells.append(cell)
    return {name: Column.of(cells, labels=labels) for name, cells in columns.items()}


def _plain(cell: Cell, labels: bool) -> Any:
    """Return a cell in a plain type, since frames turn a subclass such as Thing into an object."""
    if isinstance(cell, list):
        return [_plain(each, labels) for each in cell]
    if labels and isinstance(cell, Thing):
        return cell.label
    return str(cell) if isinstance(cell, str) else cell


def _listed(value: Any) -> Sequence[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    """Return a value as text; a boolean is written as in SPARQL, such as `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


_JOINT = " | "


def serialize(rows: Table, format: str) -> bytes:
    """Return rows as xlsx or parquet; raise InputError for any other format.

    In a workbook, things have two columns, such as `at` with labels and `at_iri` with IRIs. Parquet
    has only IRIs. Workbooks need the extra `tables`, Parquet the extra `frames`.
    """
    if find(format, "cells").name == "xlsx":
        try:
            return workbooks.workbook({"answer": [*_lines(rows)]})
        except ModuleNotFoundError as error:
            raise missing(error, "tables", "xlsx") from None
    content = BytesIO()
    library("pyarrow.parquet", "Parquet").write_table(to_arrow(rows), content)
    return content.getvalue()


def _lines(rows: Table) -> Iterator[list[Value]]:
    lines = [list(row) for row in rows]
    cells = {name: [line[n] for line in lines] for n, name in enumerate(rows.columns)}
    columns: dict[str, list[Value]] = {}
    for name, values in cells.items():
        columns[name] = [_in_file(cell) for cell in values]
        if any(isinstance(one, Thing) for cell in values for one in _cells_in(cell)):
            free = f"{name}_iri" if f"{name}_iri" not in cells else f"{name}_iri_"
            columns[free] = [_in_file(cell, iris=True) for cell in values]
    yield [*columns]
    for number in range(len(lines)):
        yield [values[number] for values in columns.values()]


def _cells_in(cell: Cell) -> list[Cell]:
    return [*cell] if isinstance(cell, list) else [cell]


def _in_file(cell: Cell, *, iris: bool = False) -> Value:
    if isinstance(cell, list):
        return _JOINT.join(str(_in_file(one, iris=iris)) for one in cell)
    if isinstance(cell, Thing):
        return str(cell) if iris else cell.label
    return None if iris else cell
