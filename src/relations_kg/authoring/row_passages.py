"""The rows of a table as the passages of their facts, and the table as a dataset."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os.path import basename, splitext

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.forms import Form
from relations_kg.authoring.settings import Dataset
from relations_kg.authoring.things import Key
from relations_kg.authoring.value_texts import several, slug
from relations_kg.errors import InputError
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import RKG, SOURCE, shorten
from relations_kg.rdf.terms import TYPE
from relations_kg.rdf.words import key as key_of
from relations_kg.rdf.words import words

_MOST_NAMED = 3
_IN_DOCUMENT = NamedNode(RKG + "inDocument")
_UNSET = Dataset()
_ROW = r"Table (?P<file>[^;]*?\w[^;]*?\.\w+)(?:, sheet (?P<sheet>.+))?, row (?P<row>[\w./-]*\w)"


@dataclass(frozen=True)
class RowPassage:
    """A row of a file or of a sheet, as a passage; `str` returns its citation.

    `row` is its number, or a key that stays when other rows are inserted.

    >>> passage = RowPassage("visits.xlsx", "2024", "7")
    >>> str(passage), passage.iri.value.rpartition("source/")[2]
    ('Table visits.xlsx, sheet 2024, row 7', 'visits-2024/row-7')
    >>> RowPassage.parse(str(passage)) == passage
    True
    """

    file: str
    sheet: str | None
    row: str

    @classmethod
    def of(cls, table: Table, row: str) -> RowPassage:
        """Return the passage of a row, by its number or its key.

        Raises InputError if the table cannot be cited.
        """
        sheet = None if table.is_alone else table.sheet
        found = cls(basename(table.file), sheet, row)
        help = "name passages with --set source=src:…"
        if "." not in found.file:
            message = "a row without a source needs a file with a name"
            raise InputError(message, where=table.file, help=help)
        try:
            slug(found._name)
        except InputError as error:
            help = f"rename the table, or {help}"
            raise InputError(error.message, where=table.file, help=help) from None
        return found

    @classmethod
    def parse(cls, text: str) -> RowPassage | None:
        """Return the passage that a text cites, or None."""
        match = re.fullmatch(_ROW, text)
        found = cls(match["file"], match["sheet"], match["row"]) if match else None
        return found if found and "-".join(words(found._name)).isascii() else None

    def __str__(self) -> str:
        return f"{self._title}, row {self.row}"

    @property
    def iri(self) -> NamedNode:
        """The IRI of the passage; raises InputError if the table's name cannot be part of it."""
        return NamedNode(f"{self.document.value}/row-{slug(self.row)}")

    @property
    def document(self) -> NamedNode:
        """The IRI of the table; raises InputError as `iri` does."""
        return NamedNode(SOURCE + slug(self._name))

    def facts(
        self,
        labels: Iterable[str],
        known: Callable[[str], object] = lambda iri: False,
        dataset: Dataset = _UNSET,
    ) -> Iterator[Triple]:
        """Yield the descriptions of the row and the table.

        `labels` are those of the row's new things. The table is left out if `known` returns true
        for its IRI and no settings of the `dataset` are given, and both are left out if `known`
        returns true for the IRI of the row.
        """
        passage = self.iri
        if known(passage.value):
            return
        gist = "; ".join(labels) or "This row is about known things"
        if dataset.settings or not known(self.document.value):
            yield from dataset.facts(self.document, self._title)
        yield Triple(passage, TYPE, NamedNode(RKG + "Passage"))
        yield Triple(passage, _IN_DOCUMENT, self.document)
        yield Triple(passage, NamedNode(RKG + "row"), Literal(self.row))
        yield Triple(passage, NamedNode(RKG + "gist"), Literal(f"{gist}.", language="en"))

    @property
    def key(self) -> Key:
        """The key of the row, from which the IRIs of its things are made.

        It has the name of the file only, since sheets are often renamed.
        """
        return Key(splitext(self.file)[0], self.row)

    @property
    def _name(self) -> str:
        return f"{splitext(self.file)[0]} {self.sheet or ''}".strip()

    @property
    def _title(self) -> str:
        return f"Table {self.file}" + (f", sheet {self.sheet}" if self.sheet else "")


def cited_rows(given: object) -> tuple[list[RowPassage], list[object]]:
    """Return the cited rows of tables, and all given passages with these rows as IRIs."""
    texts = several(given) if isinstance(given, str) else [given]
    rows = [RowPassage.parse(str(text)) for text in texts]
    iris = (row.iri if row else text for row, text in zip(rows, texts, strict=True))
    return [row for row in rows if row], list(iris)


def undescribed(names: Names, cited: Iterable[RowPassage]) -> Iterator[tuple[str, str]]:
    """Yield a message and a correction for each cited table that the graph does not describe.

    There are none unless the graph describes a dataset that no passage is part of: this dataset may
    be the table under another name.
    """
    tables = {each.document: each.file for each in cited}
    missing = [document for document in tables if not names.kinds(document.value)]
    find = names.store.quads_for_pattern
    others = [
        shorten(each.value)
        for each in (names.instances(RKG + "Dataset") if missing else [])
        if each not in tables and next(find(None, _IN_DOCUMENT, each), None) is None
    ]
    for document in missing if others else []:
        short, listed = shorten(document.value), ", ".join(others[:_MOST_NAMED])
        message = f"{short} is not described, and no row cites what is described: {listed}"
        yield message, f"describe {short}, which is named after the table {tables[document]}"


@dataclass
class EarlierRows:
    """The rows of a workbook that were read before.

    `keys` maps a form and a key, folded, to the latest row with this key, in words, and to the key
    as it is written there. `values` maps them to the values of the first such row. `passages` are
    the IRIs of the described rows.
    """

    keys: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    values: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    passages: set[str] = field(default_factory=set)

    def add_key(
        self,
        cell: Cell,
        table: Table,
        form: Form,
        values: Mapping[str, object],
        *,
        may_repeat: bool,
    ) -> tuple[str, str] | None:
        """Add the key of a row; return the mistake and a correction if it is unfit.

        If keys `may_repeat`, rows with one key are about one thing. A parameter that takes one
        thing must then have the same value in these rows, or none.
        """
        text = cell.text
        help = "give each row a key of its own, made of letters, digits and hyphens"
        short = "-".join(words(text))
        if not re.fullmatch(r"\w[\w./-]*", text) or not short.isascii():
            out = f'{json.dumps(text, ensure_ascii=False)} = "none"'
            help += f"; if the row is a title or a note, write {out} below [replacements.row]"
            help += " in relations-kg.toml, which leaves it out"
            return f"{text[:60]!r} cannot be the key of a row", help
        if (earlier := self.keys.get((form.name, short))) and not may_repeat:
            return f"{earlier[0]} already has the key {earlier[1][:60]!r}", help
        first = self.values.setdefault((form.name, short), values)
        one = [p.name for p in form.parameters if p.is_thing and not p.several]
        for name in [name for name in one if name in first and name in values]:
            # Capitals and punctuation do not matter.
            if key_of(str(first[name])) != key_of(str(values[name])):
                of, other = self.keys[form.name, short]
                message = f"{of} already has the key {other[:60]!r}, but has {first[name]!r} as"
                help = "give each row about another thing a key of its own, or write the same"
                return f"{message} {name}, and not {values[name]!r}", f"{help} {name} in both rows"
        self.keys[form.name, short] = table.row_name(cell), text
        return None
