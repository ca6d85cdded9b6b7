"""The rows of a table as the passages of their facts, and the table as a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from os.path import basename, splitext

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.composed import Composed
from relations_kg.authoring.new_things import slug
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DCTERMS, RDFS, RKG, SOURCE
from relations_kg.rdf.terms import TYPE


class RowPassages:
    """The passages of the rows of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def iri(self, cells: Sequence[Cell]) -> NamedNode:
        """Return the IRI of the passage of a row; raise InputError if the table's name has none."""
        return NamedNode(f"{self._document.value}/row-{cells[0].row}")

    def triples(self, cells: Sequence[Cell], composed: Composed) -> Iterator[Triple]:
        """Yield the description of a row, and of the table, as sources."""
        document, passage = self._document, self.iri(cells)
        gist = "; ".join(thing.label for thing in composed.new) or "This row repeats known facts"
        leaves_open = NamedNode(RKG + "leavesOpen")
        yield Triple(document, TYPE, NamedNode(RKG + "Dataset"))
        yield Triple(document, NamedNode(RDFS + "label"), Literal(self._title, language="en"))
        yield Triple(document, leaves_open, NamedNode(RKG + "version"))
        yield Triple(document, leaves_open, NamedNode(DCTERMS + "license"))
        yield Triple(passage, TYPE, NamedNode(RKG + "Passage"))
        yield Triple(passage, NamedNode(RKG + "inDocument"), document)
        yield Triple(passage, NamedNode(RKG + "row"), Literal(str(cells[0].row)))
        yield Triple(passage, NamedNode(RKG + "gist"), Literal(f"{gist}.", language="en"))

    @cached_property
    def _document(self) -> NamedNode:
        stem = splitext(basename(self._table.file))[0]
        try:
            return NamedNode(SOURCE + slug(f"{stem} {self._table.sheet or ''}".strip()))
        except InputError as error:
            help = "rename the table, or name passages with --set source=src:…"
            raise InputError(error.message, where=self._table.file, help=help) from None

    @property
    def _title(self) -> str:
        sheet = f", sheet {self._table.sheet}" if self._table.sheet else ""
        return f"Table {basename(self._table.file)}{sheet}"
