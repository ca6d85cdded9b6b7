"""The answers of queries: rows or triples, whose terms become Python values when read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, Self, overload

from pyoxigraph import QuerySolution, Store, Triple

from relations_kg.answers import attributes, frames, passages, tables
from relations_kg.answers.calls import explained
from relations_kg.answers.cells import Cell, Thing, cell
from relations_kg.engines.lines import Lines
from relations_kg.errors import InputError
from relations_kg.export import export
from relations_kg.names.names import Names
from relations_kg.pictures import drawing, related_events, timeline
from relations_kg.rdf import markup
from relations_kg.rdf.terms import EngineTerm, in_order

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from relations_kg.answers.passages import Passage
    from relations_kg.pictures.picture import Picture


class _Answer:
    """An immutable answer that refers to its graph for labels and passages."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("an answer belongs to its graph; pickle its cells, or to_pandas()")


class Row(_Answer):
    """A row: its cells by attribute, by name or by index, in the order of the columns."""

    __slots__ = ("_rows", "terms")

    def __init__(self, rows: Rows, terms: tuple[EngineTerm | None, ...]) -> None:
        self._rows = rows
        self.terms = terms

    @property
    def _fields(self) -> tuple[str, ...]:
        return tuple(self._rows.columns)

    def __getattr__(self, column: str) -> Cell:
        if column.startswith("_") or column not in self._rows.columns:
            raise attributes.of_row(column, self._rows.columns)
        return self[column]

    def __getitem__(self, column: int | str) -> Cell:
        if isinstance(column, str) and column not in self._rows.columns:
            raise KeyError(f"no column {column!r}; the columns are {', '.join(self._rows.columns)}")
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

    def _repr_html_(self) -> str:
        (cells,) = tables.clipped_cells([self])
        return markup.table(("column", "value"), zip(self._rows.columns, cells, strict=True), 1)


# pandas takes the names of columns from `_fields`, but only if a row counts as a sequence.
Sequence.register(Row)


@explained
class Rows(_Answer, Sequence[Row]):
    """The rows of a SELECT, in order; cells are converted when read."""

    def __init__(
        self,
        columns: list[str],
        solutions: Sequence[QuerySolution],
        names: Names,
    ) -> None:
        self.columns = columns
        self.names = names
        self.solutions = solutions
        # A function that counts the rows left out as unknown; a stored query sets it.
        self.count_unknown: Callable[[], int] = int
        # A function that finds the warnings; a query sets it.
        self.find_warnings: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """The warnings about the SPARQL text, or the reasons why rows are missing or repeated.

        For a stored query without rows, they give the number of rows without each condition. They
        are found at the first access, in the graph as it is then, by running the query or parts of
        it again.
        """
        return self.find_warnings()

    @cached_property
    def unknown(self) -> int:
        """The number of rows that a stored query left out as unknown.

        With `all=True`, the query lists them: no known fact about their things is near the days of
        the query. They are counted at the first access, by running the query again.
        """
        return self.count_unknown()

    @property
    def quad_store(self) -> Store:
        """The engine's store, with the labels and passages of things."""
        return self.names.store

    @property
    def terms(self) -> list[tuple[EngineTerm | None, ...]]:
        """The rows as the engine's own terms, with datatypes and language tags."""
        return [in_order(solution) for solution in self.solutions]

    @property
    def subjects(self) -> list[Thing]:
        """The things that the rows are about, in order.

        These are the values of the column `counted` or, without it, of the first column with
        things.
        """
        for column in ("counted",) if "counted" in self.columns else self.columns:
            cells = (row[column] for row in self)
            listed = (one for cell in cells for one in (cell if isinstance(cell, list) else [cell]))
            if found := [one for one in listed if isinstance(one, Thing)]:
                return found
        return []

    @property
    def passages(self) -> list[Passage]:
        """The passages that state the `subjects`, each once, in the order of the documents."""
        return passages.passages_of(self.names.store, self.subjects)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Row | Rows:
        if isinstance(place, slice):
            part = Rows(self.columns, self.solutions[place], self.names)
            part.find_warnings = lambda: self.warnings
            return part
        if isinstance(place, str):
            raise TypeError(f"rows are indexed by number; write [row[{place!r}] for row in rows]")
        try:
            return Row(self, in_order(self.solutions[place]))
        except IndexError:
            message = f"there is no row {place}; the {len(self)} rows are numbered from 0"
            raise IndexError(message) from None

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, in_order(solution)) for solution in self.solutions)

    def __len__(self) -> int:
        return len(self.solutions)

    def __bool__(self) -> bool:
        return bool(self.solutions)

    def __eq__(self, other: object) -> bool:
        """Return whether other rows have the same columns and the same terms, in the same order."""
        if not isinstance(other, Rows):
            return NotImplemented
        return self.columns == other.columns and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((*self.columns, len(self.solutions)))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.of_rows(name, self.__dict__.get("columns", ()))

    def __repr__(self) -> str:
        why = "" if self else "".join(f"; {text}" for text in self.warnings)
        return f"<Rows: {len(self)} of {', '.join(self.columns)}{why}>"

    def __str__(self) -> str:
        return tables.serialize(self, "table")

    def _repr_html_(self) -> str:
        notes = "".join(markup.element("p", text) for text in self.warnings)
        return notes + tables.html_table(self)

    def serialize(self, format: str = "table") -> str:
        """Return the rows as table, csv, tsv, json, xml or markdown.

        csv, tsv, json and xml are the SPARQL 1.1 result formats; all but csv keep datatypes and
        languages. table and markdown show labels, and a table the first 300 characters of a cell.
        """
        return tables.serialize(self, format)

    def timeline(self, title: str | None = None) -> Picture:
        """Draw a timeline of the dated things among the `subjects`; a notebook shows the picture.

        Raises InputError if no subject has a date.

        >>> import relations_kg as rk
        >>> rk.load().run("visits", host="peru").timeline("Visits to Peru")
        <Picture: Timeline: Visits to Peru>
        """
        found = [related_events.dated(self, iri) for iri in dict.fromkeys(self.subjects)]
        things = sorted(filter(None, found), key=related_events.by_day)
        if not things:
            help = "select things with a date, such as visits"
            raise InputError("no row has a dated thing", where="timeline", help=help)
        of_rows = timeline.timeline_of(
            self, things, title or f"{len(things)} thing{'s'[: len(things) - 1]}"
        )
        return drawing.timeline_picture(of_rows)

    def to_pandas(self, *, labels: bool = False) -> pandas.DataFrame:
        """Copy the rows into a pandas DataFrame (extra `frames`), with a column per variable.

        Things are IRIs or, with `labels`, their labels. Dates become datetime64, integers are
        nullable, decimals stay decimals, and lists stay lists. A column with integers of more than
        64 bits has decimals. In Polars and Arrow, integers of more than 38 digits become text. A
        cell without a value is NA, or NaT in a column of dates; NaN is a number. Raises InputError
        if pandas is not installed.

        A column that can have several values in a cell always has lists, even for one value, so
        that its type does not depend on the rows; `==` with a single value is false.
        `frame.explode("who")` makes a row for each value.

        >>> import relations_kg as rk
        >>> frame = rk.load().run("visits", host="peru").to_pandas(labels=True).explode("who")
        >>> len(frame[frame.who == "Xi Jinping"])
        2
        """
        return frames.to_pandas(self, labels=labels)

    def to_polars(self, *, labels: bool = False) -> polars.DataFrame:
        """Copy the rows into a Polars DataFrame (extra `frames`), with types as in `to_pandas`.

        A mixture of types becomes text. Raises InputError if Polars is not installed.
        """
        return frames.to_polars(self, labels=labels)

    def to_arrow(self, *, labels: bool = False) -> pyarrow.Table:
        """Copy the rows into a pyarrow Table (extra `frames`), with types as in `to_pandas`.

        A mixture of types becomes text. Raises InputError if pyarrow is not installed.
        """
        return frames.to_arrow(self, labels=labels)


class Triples(Sequence[tuple[Cell, Cell, Cell]]):
    """The triples of a CONSTRUCT or DESCRIBE, sorted."""

    def __init__(self, triples: Sequence[Triple], names: Names) -> None:
        # A worker has already sorted its triples.
        self._triples = triples if isinstance(triples, Lines) else sorted(set(triples), key=str)
        self.names = names
        self.find_warnings: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """The warnings about the SPARQL text, or the reasons why there are no triples."""
        return self.find_warnings()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.unknown("triples", name, self)

    @property
    def terms(self) -> list[Triple]:
        """The triples as the engine's own terms."""
        return list(self._triples)

    @overload
    def __getitem__(self, place: int) -> tuple[Cell, Cell, Cell]: ...
    @overload
    def __getitem__(self, place: slice) -> Triples: ...
    def __getitem__(self, place: int | slice) -> tuple[Cell, Cell, Cell] | Triples:
        if isinstance(place, slice):
            return Triples(self._triples[place], self.names)
        subject, predicate, object_ = self._triples[place]
        return cell(subject, self.names), cell(predicate, self.names), cell(object_, self.names)

    def __len__(self) -> int:
        return len(self._triples)

    def __repr__(self) -> str:
        return f"<Triples: {len(self)}>"

    def _repr_html_(self) -> str:
        columns = ("subject", "predicate", "object")
        return markup.table(columns, tables.clipped_cells(self), len(self))

    def serialize(self, format: str = "turtle") -> str:
        """Return the triples as turtle, jsonld, ntriples or rdfxml."""
        return export.serialize_triples(self._triples, format).decode()
