"""The cells of answers: the engine's terms converted to Python values."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from relations_kg.answers import attributes
from relations_kg.errors import QueryWarning
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import PREFIXES, XSD, shorten
from relations_kg.rdf.terms import LIST, EngineTerm, is_iri

if TYPE_CHECKING:
    from decimal import Decimal

_EDTF_IS = "a date in EDTF is text, such as '1990' or '1971-11-02/..'"


class _Label:
    """The stored label of an unpickled thing, which has no graph to look it up in."""

    def __init__(self, text: str) -> None:
        self.text = text

    def label(self, _: str) -> str:
        return self.text


class Thing(str):
    """The IRI of a thing: a str with a label."""

    __slots__ = ("_names",)
    _names: Names | _Label

    @classmethod
    def named(cls, iri: str, names: Names) -> Thing:
        """Return a thing whose label is looked up at first use."""
        thing = cls(iri)
        thing._names = names
        return thing

    def __reduce__(self) -> tuple[Callable[[str, str], Thing], tuple[str, str]]:
        """Return how to unpickle the thing, with its label but without the graph.

        >>> import pickle, relations_kg as rk
        >>> pickle.loads(pickle.dumps(rk.load().query("SELECT ?x { BIND(id:peru AS ?x) }")[0].x))
        <Thing: Peru, id:peru>
        """
        return _labelled, (str(self), self.label)

    def __repr__(self) -> str:
        return f"<Thing: {self.label}, {self.curie}>"

    def __eq__(self, other: object) -> bool:
        if (is_equal := str.__eq__(self, other)) is False:
            self._warn_of(other)
        return is_equal

    def __ne__(self, other: object) -> bool:
        if (is_unequal := str.__ne__(self, other)) is True:
            self._warn_of(other)
        return is_unequal

    __hash__ = str.__hash__

    def _warn_of(self, other: object) -> None:
        """Issue a warning if the thing is compared with a name or with its own CURIE."""
        if type(other) is not str or not other:
            return
        attribute = "label" if ":" not in other else "curie" if other == self.curie else ""
        if attribute:
            message = f"a thing is its IRI, which never equals {other!r}; compare its .{attribute}"
            warnings.warn(message, QueryWarning, stacklevel=3)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            help = "kg.show(thing) lists its facts, and a query selects them"
            raise attributes.unknown("thing", name, self, help * (not name.startswith("_")))

    @property
    def label(self) -> str:
        """The English label, else any label, else the CURIE."""
        return self._names.label(self)

    @property
    def curie(self) -> str:
        """The CURIE of the IRI, such as `id:peru`."""
        return shorten(self)


def _labelled(iri: str, label: str) -> Thing:
    thing = Thing(iri)
    thing._names = _Label(label)
    return thing


class Several(list["Thing | str"]):
    """The things and dates of one cell."""

    __slots__ = ()
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        if type(other) is str:
            message = f"a cell of several things never equals {other!r}; write "
            help = f"{other!r} in [each.label for each in cell]"
            warnings.warn(message + help, QueryWarning, stacklevel=2)
        return list.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.unknown("cell of several things", name, self)


class Text(str):
    """A text with a language tag."""

    __slots__ = ("language",)
    language: str

    @classmethod
    def tagged(cls, value: str, language: str) -> Text:
        """Return a text with its language tag."""
        text = cls(value)
        text.language = language
        return text

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.unknown("text", name, self)


class Edtf(str):
    """A date in EDTF."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, date | int):
            message = f"{_EDTF_IS}, which never equals {other!r}; {attributes.DAYS}"
            warnings.warn(message, QueryWarning, 2)
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    if not TYPE_CHECKING:

        def __lt__(self, other: object) -> bool:
            return self._ordered(other, str.__lt__)

        def __le__(self, other: object) -> bool:
            return self._ordered(other, str.__le__)

        def __gt__(self, other: object) -> bool:
            return self._ordered(other, str.__gt__)

        def __ge__(self, other: object) -> bool:
            return self._ordered(other, str.__ge__)

        def _ordered(self, other: object, compare: Callable[[str, str], bool]) -> bool:
            """Compare the date as text; raise TypeError if `other` is a day or a year."""
            if isinstance(other, date | int):
                message = f"{_EDTF_IS}, which cannot be ordered with {other!r}"
                raise TypeError(f"{message}; {attributes.DAYS}")
            return compare(self, other)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Raise AttributeError with what to write instead."""
            raise attributes.unknown("date", name, self)


Cell: TypeAlias = (
    "Thing | Text | Edtf | str | date | int | float | Decimal | bool | list[Thing | str] | None"
)


def cell(term: EngineTerm | None, names: Names) -> Cell:
    """Convert a term to a Python value: an IRI to a Thing, an unbound variable to None.

    A date, number or boolean gets its Python type, and a literal of the datatype rkg:List becomes a
    list of things and dates. An ill-typed literal becomes a str, so that nothing is lost.
    """
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Thing.named(term.value, names)
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return Text.tagged(term.value, term.language)
    if term.datatype == LIST:
        texts = term.value.split()
        return Several(Thing.named(text, names) if is_iri(text) else text for text in texts)
    if term.datatype.value == _EDTF:
        return Edtf(term.value)
    form, convert = _CONVERTERS.get(term.datatype.value, ("", str))
    if not re.fullmatch(form, term.value):
        return term.value
    try:
        value: Cell = convert(term.value)
    except ValueError:
        return term.value
    return value


def _decimal(text: str) -> Decimal:
    # Few answers have decimals, and importing decimal takes a millisecond.
    from decimal import Decimal

    return Decimal(text)


_EDTF = PREFIXES["edtf"] + "EDTF"
_INTEGER = r"[+-]?[0-9]{1,4000}"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT = _DECIMAL + r"(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
# For each datatype, the pattern of its lexical forms in XML Schema, and a function that converts
# them; the functions also accept forms that XML Schema does not have.
_CONVERTERS: dict[str, tuple[str, Any]] = {
    **{
        XSD + name: (_INTEGER, int)
        for name in (
            *("integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong"),
            *("unsignedShort", "unsignedByte", "positiveInteger", "negativeInteger"),
            *("nonNegativeInteger", "nonPositiveInteger"),
        )
    },
    XSD + "decimal": (_DECIMAL, _decimal),
    XSD + "double": (_FLOAT, float),
    XSD + "float": (_FLOAT, float),
    XSD + "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
    XSD + "boolean": (r"true|false|1|0", ("true", "1").__contains__),
}
