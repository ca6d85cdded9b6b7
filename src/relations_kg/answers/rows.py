"""The answers of queries: rows of cells, converted to Python values when they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, overload

from pyoxigraph import Literal, NamedNode, QuerySolution, Triple

from relations_kg.engines.lines import Lines
from relations_kg.rdf.namespaces import XSD, shorten
from relations_kg.rdf.terms import EngineTerm

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from relations_kg.answers.names import Names


class Thing(str):
    """Be the IRI of a thing, as text, that knows its label."""

    __slots__ = ("_names",)
    _names: Names

    @classmethod
    def named(cls, iri: str, names: Names) -> Thing:
        """Make a thing whose label is looked up when asked for."""
        thing = cls(iri)
        thing._names = names
        return thing

    @property
    def label(self) -> str:
        """The English label, else any label, else the CURIE."""
        return self._names.label(self)

    @property
    def curie(self) -> str:
        """The short form of the IRI, such as `id:peru`."""
        return shorten(self)


class Text(str):
    """Be a text in a language, given as its tag."""

    __slots__ = ("language",)
    language: str

    @classmethod
    def tagged(cls, value: str, language: str) -> Text:
        """Make a text with its language tag."""
        text = cls(value)
        text.language = language
        return text


Cell = Thing | Text | str | date | int | float | Decimal | bool | None


def cell(term: EngineTerm | None, names: Names) -> Cell:
    """Convert a term: an IRI to Thing, a date, number or truth to Python's, unbound to None.

    A literal whose text is not of its datatype stays a str, so that nothing is lost.
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Thing.named(term.value, names)
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return Text.tagged(term.value, term.language)
    form, convert = _CONVERTERS.get(term.datatype.value, ("", str))
    if not re.fullmatch(form, term.value):
        return term.value
    try:
        value: Cell = convert(term.value)
    except ValueError:
        return term.value
    return value


_INTEGER = r"[+-]?[0-9]{1,4000}"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
# The lexical forms of XML Schema, which are narrower than what Python reads.
_CONVERTERS: dict[str, tuple[str, Any]] = {
    XSD + "integer": (_INTEGER, int),
    XSD + "nonNegativeInteger": (_INTEGER, int),
    XSD + "positiveInteger": (_INTEGER, int),
    XSD + "decimal": (_DECIMAL, Decimal),
    XSD + "double": (_DECIMAL + r"(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", float),
    XSD + "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
    XSD + "boolean": (r"true|false|1|0", ("true", "1").__contains__),
}


class Row:
    """Hold one row: cells by attribute, by name or by place, in the order of the columns."""

    __slots__ = ("_rows", "terms")

    def __init__(self, rows: Rows, terms: tuple[EngineTerm | None, ...]) -> None:
        self._rows = rows
        self.terms = terms

    def __getattr__(self, column: str) -> Cell:
        if column.startswith("_") or column not in self._rows.columns:
            raise AttributeError(f"no column {column!r}; there are {', '.join(self._rows.columns)}")
        return self[column]

    def __getitem__(self, column: int | str) -> Cell:
        place = self._rows.columns.index(column) if isinstance(column, str) else column
        return cell(self.terms[place], self._rows.names)

    def __iter__(self) -> Iterator[Cell]:
        return (cell(term, self._rows.names) for term in self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.terms)

    def __repr__(self) -> str:
        pairs = zip(self._rows.columns, self, strict=True)
        return f"Row({', '.join(f'{column}={value!r}' for column, value in pairs)})"


class Rows(Sequence[Row]):
    """The rows of a SELECT, in its order; cells are converted when they are read."""

    def __init__(
        self, columns: list[str], solutions: Sequence[QuerySolution], names: Names
    ) -> None:
        self.columns = columns
        self.names = names
        self.solutions = solutions

    @property
    def terms(self) -> list[tuple[EngineTerm | None, ...]]:
        """The rows as the engine's own terms, with datatypes and language tags."""
        return [tuple(solution) for solution in self.solutions]

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Row | Rows:
        if isinstance(place, slice):
            return Rows(self.columns, self.solutions[place], self.names)
        return Row(self, tuple(self.solutions[place]))

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, tuple(solution)) for solution in self.solutions)

    def __len__(self) -> int:
        return len(self.solutions)

    def __repr__(self) -> str:
        return f"<Rows: {len(self)} of {', '.join(self.columns)}>"

    def __str__(self) -> str:
        from relations_kg.answers.tables import text_table

        return text_table(self)

    def _repr_html_(self) -> str:
        from relations_kg.answers.tables import html_table

        return html_table(self)

    def serialize(self, format: str = "table") -> str:
        """Write the rows as table, csv, tsv, json, xml or markdown.

        csv, tsv, json and xml are the SPARQL 1.1 result formats, with full terms; the others
        show labels. A table shows the first 300 characters of a cell.
        """
        from relations_kg.answers.tables import serialize

        return serialize(self, format)

    def to_pandas(self) -> pandas.DataFrame:
        """Copy into a pandas DataFrame (extra `frames`), a column per variable."""
        import pandas

        return pandas.DataFrame(self._columnwise(), columns=self.columns).convert_dtypes()

    def to_polars(self) -> polars.DataFrame:
        """Copy into a polars DataFrame (extra `frames`), a column per variable."""
        import polars

        return polars.DataFrame(self._uniform(), schema=self.columns, strict=False)

    def to_arrow(self) -> pyarrow.Table:
        """Copy into a pyarrow Table (extra `frames`), a column per variable."""
        import pyarrow

        return pyarrow.table(self._uniform())

    def _uniform(self) -> dict[str, list[Any]]:
        """Return the columns with those of several types written as text."""
        columns = self._columnwise()
        for name, values in columns.items():
            if len({type(value) for value in values if value is not None}) > 1:
                columns[name] = [value if value is None else str(value) for value in values]
        return columns

    def _columnwise(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {name: [] for name in self.columns}
        for row in self:
            for name, value in zip(self.columns, row, strict=True):
                # Frames take exact types only; a subclass would become an opaque object.
                columns[name].append(str(value) if isinstance(value, str) else value)
        return columns


class Triples(Sequence[tuple[Cell, Cell, Cell]]):
    """The triples of a CONSTRUCT or DESCRIBE, sorted."""

    def __init__(self, triples: Sequence[Triple], names: Names) -> None:
        # What a worker wrote, it has sorted.
        self._triples = triples if isinstance(triples, Lines) else sorted(set(triples), key=str)
        self.names = names

    @property
    def terms(self) -> list[Triple]:
        """The triples as the engine's own."""
        return list(self._triples)

    @overload
    def __getitem__(self, place: int) -> tuple[Cell, Cell, Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> Triples: ...
    def __getitem__(self, place: int | slice) -> tuple[Cell, Cell, Cell] | Triples:
        if isinstance(place, slice):
            return Triples(self._triples[place], self.names)
        triple = self._triples[place]
        subject, predicate, object_ = triple.subject, triple.predicate, triple.object
        return (
            cell(subject, self.names),
            cell(predicate, self.names),
            cell(object_, self.names),
        )

    def __len__(self) -> int:
        return len(self._triples)

    def __repr__(self) -> str:
        return f"<Triples: {len(self)}>"

    def serialize(self, format: str = "turtle") -> str:
        """Write the triples as turtle, jsonld or ntriples."""
        from relations_kg.export.export import serialize_triples

        return serialize_triples(self._triples, format).decode()
