"""Settings for the import of tables: the description of their dataset, and their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from relations_kg.authoring.cell_reading import Reading
from relations_kg.authoring.cells import Table
from relations_kg.authoring.columns import check_names
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.further_forms import further, types
from relations_kg.authoring.headings import MOST_ABOVE
from relations_kg.authoring.properties import address, literal
from relations_kg.authoring.things import ROW
from relations_kg.authoring.value_texts import spelling
from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import DCTERMS, RDFS, RKG, XSD
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE
from relations_kg.rdf.words import key

_A_LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
_LICENSE, _VERSION = "license", "version"
# The property of each setting of a dataset, and the datatype of its values, or None for an IRI.
_PROPERTIES = {
    "publisher": (RKG + "publication", XSD + "string"),
    _LICENSE: (DCTERMS + "license", None),
    _VERSION: (RKG + "version", XSD + "string"),
    "as-of": (RKG + "speaksFrom", dates.DATATYPE),
    "address": (RKG + "webAddress", XSD + "anyURI"),
    "read-on": (RKG + "readOn", dates.DATATYPE),
}
# A tag of BCP 47: a language and, perhaps, a script or a region.
_TAG = r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8})*"
KEYS = ("title", *_PROPERTIES)


@dataclass(frozen=True)
class Dataset:
    """The description of the dataset that tables are parts of: its settings by name.

    Raises InputError for an unknown setting, or for one that is not a value of its property.
    """

    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.settings:
            if name not in KEYS:
                help = did_you_mean(name, KEYS) or f"write {', '.join(KEYS[:-1])} or {KEYS[-1]}"
                raise InputError("there is no such setting", where=f"dataset.{name}", help=help)
        list(self._values())

    def facts(self, document: NamedNode, title: str) -> Iterator[Triple]:
        """Yield the description of a table; `title` is its title if no other is set.

        The version and the licence are left open if they are not set.
        """
        own = self.settings.get("title", "").strip()
        # Tables of one dataset have different titles, so that they are not taken for one table.
        label = Literal(f"{own}, {title[:1].lower()}{title[1:]}" if own else title, language="en")
        yield Triple(document, TYPE, NamedNode(RKG + "Dataset"))
        yield Triple(document, NamedNode(RDFS + "label"), label)
        for property, term in self._values():
            yield Triple(document, NamedNode(property), term)
        for name in (_VERSION, _LICENSE):
            if not self.settings.get(name):
                open = NamedNode(_PROPERTIES[name][0])
                yield Triple(document, NamedNode(RKG + "leavesOpen"), open)

    def _values(self) -> Iterator[tuple[str, NamedNode | Literal]]:
        for name, (property, datatype) in _PROPERTIES.items():
            if not (text := self.settings.get(name, "").strip()):
                continue
            try:
                yield property, literal(text, datatype) if datatype else address(text, _A_LICENSE)
            except InputError as error:
                error.where = f"dataset.{name}"
                raise


@dataclass(frozen=True)
class Settings:
    """The settings for the import of tables.

    `columns` are headings by parameter, and `without` the headings of columns without facts; they
    matter for tables with these headings. `values` are the values of parameters for all rows of
    tables without a column for them. `dates` is the order of day and month in numeric dates.
    `replacements` are the texts to read in place of those in the column of a parameter. `distinct`
    are the parameters whose similar values name different things, and `split` those whose
    cells are lists that commas separate. `also` are further headings of parameters that have
    several columns. `language` is the tag of the language of names. `fill` are the parameters whose
    empty cells have the text of the cell above, and `prefixes` what is put before the keys of each
    sheet. Raises QueryError for the name of a column that no form has, and InputError for texts
    that differ in capitals only but have two replacements, and for an invalid tag of a language.
    """

    dataset: Dataset = field(default_factory=Dataset)
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    dates: str | None = None
    replacements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    distinct: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = "en"
    fill: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for setting in ("columns", "values", "replacements", "distinct", "split", "fill"):
            check_names(getattr(self, setting), forms(), setting)
        for name, texts in self.replacements.items():
            first: dict[str, str] = {}
            for text, instead in texts.items():
                other = first.setdefault(spelling(text), text)
                if texts[other] != instead:
                    message = f"{other!r} and {text!r} are the same text with two replacements"
                    help = "remove one of them, since capitals do not matter"
                    raise InputError(message, where=f"replacements.{name}", help=help)
        if not re.fullmatch(_TAG, self.language):
            help = "write a tag of two or three letters, such as es, or one such as pt-br"
            raise InputError(
                f"{self.language!r} is not the tag of a language", where="language", help=help
            )

    def of(self, table: Table) -> Settings:
        """Return the settings that fit the headings of a table.

        Capitals do not matter, unless a heading is the name of a parameter: a column "rank" is not
        the column "Rank" of the settings.
        """
        texts = {cell.text for row in table.rows[:MOST_ABOVE] for cell in row}
        there = {key(text) for text in texts}
        named = {name for form in forms().values() for name in types(form)}
        others = {key(text) for text in texts - named}
        columns: dict[str, str] = {}
        also: dict[str, tuple[str, ...]] = {}
        for name, first in self.columns.items():
            every = (first, *self.also.get(name, ()))
            if found := tuple(each for each in every if each in texts or key(each) in others):
                columns[name], also[name] = found[0], found[1:]
        values = {name: each for name, each in self.values.items() if key(name) not in there}
        values = {name: each for name, each in values.items() if name not in columns}
        # A heading for which a parameter is given is read, even if it was left out before.
        read = {key(each) for name in columns for each in (columns[name], *also[name])}
        without = tuple(each for each in self.without if key(each) in there - read)
        also = {name: every for name, every in also.items() if every}
        return replace(self, columns=columns, also=also, values=values, without=without)

    def fitting(self, form: Form) -> Settings:
        """Return the settings without columns and values that a form does not have."""
        known = {*types(form), ROW}
        return replace(
            self,
            columns={n: each for n, each in self.columns.items() if n in known or ":" in n},
            values={n: each for n, each in self.values.items() if n in known or ":" in n},
            also={n: every for n, every in self.also.items() if n in known or ":" in n},
            split=tuple(n for n in self.split if n in known),
            fill=tuple(n for n in self.fill if n in known),
        )

    def of_another(self, form: Form) -> set[str]:
        """Return the parameters whose values or filled cells are about the things of another form.

        The settings for a table of missions may give each mission a receiver or a kind; a table of
        phases of missions, whose form a row of a mission also fills in, has other receivers. Values
        that both forms share, such as the sender, and settings for such a table alone are left out.
        """
        own = types(form)
        found: set[str] = set()
        for other in forms().values():
            names = {p.name for p in other.parameters if not p.required and p.type != "passage"}
            if form in [each.form for each in further(other)] and (
                {*self.columns, *self.values} & types(other).keys() - own.keys()
            ):
                found |= {n for n in (*self.values, *self.fill) if n in own and n in names}
        return found

    def reading(self, sheet: str | None = None) -> Reading:
        """Return how the cells of a table, or of a sheet, are read."""
        prefix = self.prefix(sheet) or ""
        replaced, lists = self.replacements, self.split
        return Reading(replaced, lists, self.also, self.language, self.fill, prefix)

    def prefix(self, sheet: str | None) -> str | None:
        """Return what is put before the keys of a sheet, or None if the settings do not name it."""
        own = key(sheet or "")
        return next((each for name, each in self.prefixes.items() if key(name) == own), None)


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a table of TOML with the dotted keys of its inner tables.

    >>> flat({"head": {"holder": "Chef"}, "seat": "Ort"})
    {'head.holder': 'Chef', 'seat': 'Ort'}
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= (
            flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
        )
    return found
