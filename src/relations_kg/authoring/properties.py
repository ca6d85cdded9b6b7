"""Columns of properties that are not parameters of a form, such as mfa:website or geo:lat.

Their values are facts about the thing that the row describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.parameters import Parameter, Term
from relations_kg.authoring.forms import Form
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.patterns import described_by_values
from relations_kg.authoring.value_texts import several
from relations_kg.errors import InputError, QueryError, UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf import dates
from relations_kg.rdf.coordinates import degrees
from relations_kg.rdf.literals import flaws
from relations_kg.rdf.namespaces import OWL, RDF, RDFS, XSD, expand, shorten
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import named, objects
from relations_kg.reader.identifiers import LARGEST, LATITUDE, SAME_AS, SEE_ALSO

_LINKS, *_LITERALS = (OWL + n for n in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
_DECIMAL, _BOOLEAN, _STRING = (XSD + name for name in ("decimal", "boolean", "string"))
_LANGUAGE_TEXT, _ANY_LITERAL = RDF + "langString", RDFS + "Literal"
_ANY = "thing"


@dataclass(frozen=True)
class Property:
    """A property with its CURIE as its name.

    `range` is a datatype, or the type of a parameter if the property links things; None if it links
    to addresses in other datasets.
    """

    name: str
    iri: NamedNode
    range: str | None
    is_link: bool

    @property
    def is_text(self) -> bool:
        """Whether the values are texts, which may have semicolons."""
        return self.range in (_STRING, _LANGUAGE_TEXT)

    def terms(self, text: str, things: NewThings) -> list[Term]:
        """Return the values in the text of a cell.

        Raises InputError, QueryError or UnknownName for a text that is not a value of the property.
        """
        return [self._term(each, things) for each in several(text)]

    def _term(self, text: str, things: NewThings) -> Term:
        if self.range is None:
            return address(text, "http://www.wikidata.org/entity/Q419")
        if self.is_link:
            parameter = Parameter(self.name, self.range)
            return NamedNode(things.find(parameter, text, may_be_new=False).iri)
        if self.range == _LANGUAGE_TEXT:
            return Literal(text, language="en")
        text = text.lower() if self.range == _BOOLEAN else text
        if self.iri.value in LARGEST:
            text = degrees(text, is_latitude=self.iri.value == LATITUDE) or text
        term = literal(text, self.range)
        if (largest := LARGEST.get(self.iri.value)) and abs(float(text)) > largest:
            help = f"write degrees from -{largest} to {largest}"
            raise InputError(f"{text!r} is out of range", help=help)
        return term


class Properties:
    """The properties that columns may have: those of a graph, coordinates and addresses."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Property:
        """Return the property with a CURIE; raise QueryError if there is none."""
        try:
            iri = expand(name)
        except UnknownName as error:
            raise QueryError(error.message, help=error.help) from None
        if iri in LARGEST:
            return Property(name, NamedNode(iri), _DECIMAL, is_link=False)
        if iri in (SAME_AS, SEE_ALSO):
            return Property(name, NamedNode(iri), None, is_link=True)
        kinds = self._names.kinds(iri)
        ranges = named(objects(self._names.store, NamedNode(iri), RDFS + "range"))
        range = ranges[0].value if ranges else None
        if _LINKS in kinds:
            return Property(name, NamedNode(iri), shorten(range) if range else _ANY, is_link=True)
        if kinds.isdisjoint(_LITERALS):
            help = did_you_mean(name, self) or "name its vocabulary with --vocabulary FILE"
            raise QueryError(f"there is no property {name}", help=help)
        datatype = _STRING if range in (None, _ANY_LITERAL) else range
        return Property(name, NamedNode(iri), datatype, is_link=False)

    def __iter__(self) -> Iterator[str]:
        kinds = (_LINKS, *_LITERALS)
        found = (each.value for kind in kinds for each in self._names.instances(kind))
        return iter(sorted(map(shorten, {*found, *LARGEST, SAME_AS, SEE_ALSO})))

    def get(self, name: str) -> Property | None:
        """Return the property with a CURIE, or None."""
        try:
            return self[name] if ":" in name else None
        except QueryError:
            return None


def address(text: str, example: str) -> NamedNode:
    """Return the IRI of an address on the web; raise InputError for another text."""
    if "://" not in text or not text.isprintable() or set(text) & set(' <>"{}|\\^`'):
        raise InputError(f"{text!r} is not an address", help=f"write one such as {example}")
    return NamedNode(text)


def literal(text: str, datatype: str) -> Literal:
    """Return the literal of a text; raise InputError if it is not a value of the datatype.

    A date may be written as people write it.

    >>> literal("2 Nov 1971", dates.DATATYPE).value
    '1971-11-02'
    """
    text = dates.correction(text) or text if datatype == dates.DATATYPE else text
    term = Literal(text, datatype=NamedNode(datatype))
    if flaw := next(flaws(term), None):
        raise InputError(flaw.message, help=flaw.help)
    return term


def described(form: Form) -> str | None:
    """Return the parameter of the thing that a row of a form describes, or None.

    >>> from relations_kg.authoring.forms import forms
    >>> [described(forms()[name]) for name in ("mission", "place", "visit", "mention")]
    ['mission', 'name', 'visit', None]
    """
    things = described_by_values(form)
    own = form.of_row
    return own or next((p.name for p in form.parameters if p.name in things), None)


def name_parameter(form: Form) -> Parameter | None:
    """Return the parameter for the name of what a form describes, or None if it has no such name.

    >>> from relations_kg.authoring.forms import forms
    >>> name_parameter(forms()["party"]).name, name_parameter(forms()["visit"])
    ('name', None)
    """
    own = described(form)
    return next((p for p in form.parameters if p.name == own and not form.is_composed(p)), None)
