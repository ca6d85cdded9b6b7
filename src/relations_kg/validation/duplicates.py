"""New things that probably duplicate other things."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Store

from relations_kg.errors import InputError
from relations_kg.names.spellings import Spellings
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import RDFS, RKG, SKOS, STATED
from relations_kg.rdf.terms import TYPE, EngineTerm, Statement, Term, objects, value
from relations_kg.rdf.words import words
from relations_kg.reader.identifiers import HAS_IDENTIFIER, SAME_AS
from relations_kg.reasoning.ontology import with_superclasses
from relations_kg.validation.keys import Key, Keys
from relations_kg.validation.violations import Violation

if TYPE_CHECKING:
    from relations_kg.names.name_table import NameTable

_ANSWER = "use one IRI for both, or add rkg:distinctFrom if they are different things"
_SAME_NAME = f"{{$this}} has the name of {{?value}}, which is also a {{?kind}}; {_ANSWER}"
_SAME_FACTS = (
    f"{{$this}} has the date and the links of {{?value}}, which is also a {{?kind}}; {_ANSWER}"
)

_LABEL = NamedNode(RDFS + "label")
_FURTHER_LABEL = NamedNode(SKOS + "altLabel")
_NAMES = (_LABEL, _FURTHER_LABEL)
_WHEN = NamedNode(RKG + "when")
_STARTED_BY = [NamedNode(RKG + name) for name in ("openedBy", "startedBy")]
_ENDED_BY = [NamedNode(RKG + name) for name in ("closedBy", "endedBy")]
_GRAPH = NamedNode(STATED)
# These properties are not compared: things with a common source need not be alike.
_ABOUT_SOURCES = {RKG + "statedIn", RKG + "leavesOpen", RKG + "inDocument", RKG + "attestedBy"}
_IDENTIFYING = (SAME_AS, HAS_IDENTIFIER)
# Matches the local part of an identifier; the part before it stands for the authority.
_LAST_PART = re.compile(r"[^/#]*$")
_FEW = 200
# A function that returns up to `_FEW` things with a value of a property.
_Lookup = Callable[[NamedNode, EngineTerm], list[NamedNode]]
_SAME_CONTENT = (
    "{$this} has the same parties, place and time as {?value}, also a {?kind}; " + _ANSWER
)


def duplicates(
    store: Store,
    new: Iterable[NamedNode],
    identifying: Iterable[Statement] = (),
    spellings: Iterable[Spellings | NameTable] | None = None,
) -> Iterator[Violation]:
    """Yield a warning for each pair of a new thing and another thing of its class that are alike.

    Two things are alike if they share a name, apart from case, accents and the order of words; or
    all links and dates, at least two and one of them a date; or the values of the keys that the
    ontology gives for their class. Names and links that many things share are ignored. Two things
    are not alike if their identifiers of each common authority differ, if they are stated to be
    distinct, or if a property of both has no common value. `identifying` has the new identifiers;
    `spellings` has the indexes of all labels, by default those of the store.
    """
    found: set[frozenset[Term]] = set()
    new = set(new)
    spelt = _SpeltAlike(store, [Spellings.of(store)] if spellings is None else spellings)
    keys, authorities = Keys(store), _Authorities(store, identifying)
    # Cached, since many things share a party or a place.
    having = cache(partial(_having, store))
    for thing in sorted(new, key=str):
        kinds = _kinds(store, thing)
        labels = objects(store, thing, _LABEL.value)
        named, linked = _named_alike(store, labels, new), _linked_alike(store, thing, having)
        alike = dict.fromkeys(chain(named, spelt.to(thing, labels), linked))
        likely = [
            (message, other)
            for message, other in alike
            if other != thing and not _differ(store, thing, other)
        ]
        for message, other in (*likely, *_of_same_content(store, thing, keys.of(kinds), having)):
            theirs = _kinds(store, other)
            shared = kinds & theirs or (
                _implied(store, kinds, theirs) if message == _SAME_CONTENT else ()
            )
            pair = frozenset((thing, other))
            if (
                other == thing
                or pair in found
                or not shared
                or authorities.distinguish(thing, other)
            ):
                continue
            found.add(pair)
            kind = min(shared, key=str)
            bindings: dict[str, Term] = {"kind": kind}
            yield Violation("warning", "duplicate", message, thing, other, bindings=bindings)


def _named_alike(
    store: Store, labels: Iterable[Term], new: Collection[NamedNode]
) -> Iterator[tuple[str, NamedNode]]:
    for label in labels:
        alike = _having(store, _LABEL, label)
        for other in alike if len(alike) < _FEW else ():
            yield _SAME_NAME, other
        for other in _having(store, _FURTHER_LABEL, label):
            # New things with different labels count as different, even if they share a name.
            if other not in new:
                yield _SAME_NAME, other


def _linked_alike(
    store: Store, thing: NamedNode, having: _Lookup
) -> Iterator[tuple[str, NamedNode]]:
    links = _links(store, thing)
    if len(links) < 2 or not objects(store, thing, _WHEN.value):
        return
    for other in _in_all(having(*link) for link in links):
        if links == _links(store, other):
            yield _SAME_FACTS, other


class _Authorities:
    """The identifiers of things by the authority that gives them, such as Wikidata."""

    def __init__(self, store: Store, identifying: Iterable[Statement]) -> None:
        self._store = store
        self._new: dict[Term, list[Term]] = {}
        for subject, predicate, object_ in identifying:
            if value(predicate) in _IDENTIFYING:
                self._new.setdefault(subject, []).append(object_)

    def distinguish(self, thing: NamedNode, other: NamedNode) -> bool:
        """Return whether two things have different identifiers of each common authority.

        It is false if they have none in common.
        """
        ours, theirs = self._of(thing), self._of(other)
        common = ours.keys() & theirs.keys()
        return bool(common) and all(ours[each].isdisjoint(theirs[each]) for each in common)

    def _of(self, thing: NamedNode) -> dict[str, set[str]]:
        known = (each for name in _IDENTIFYING for each in objects(self._store, thing, name))
        found: dict[str, set[str]] = {}
        for each in (*known, *self._new.get(thing, ())):
            iri = value(each).rstrip("/")
            found.setdefault(_LAST_PART.sub("", iri), set()).add(iri)
        return found


class _SpeltAlike:
    """The things whose labels have the same language and words, whatever their case and accents."""

    def __init__(self, store: Store, spellings: Iterable[Spellings | NameTable]) -> None:
        self._store = store
        self._spellings = list(spellings)
        self._alike, self._candidates = cache(self._find), cache(self._search)

    def to(self, thing: NamedNode, labels: Iterable[Term]) -> Iterator[tuple[str, NamedNode]]:
        """Yield the things whose labels have the same words as a thing's, each with a message."""
        for label in labels:
            spelt = _words(label) if isinstance(label, Literal) else ()
            found = self._candidates(spelt) if spelt else {}
            # Most things are the only ones with their name.
            alike = () if found.keys() <= {thing.value} else self._alike(spelt)
            for other in alike if len(alike) < _FEW else ():
                yield _SAME_NAME, other

    def _search(self, spelt: tuple[str, ...]) -> dict[str, None]:
        """Return the IRIs of the things that may have a label with these words."""
        _, *asked = spelt
        return dict.fromkeys(iri for index in self._spellings for iri in index.spelt(asked))

    def _find(self, spelt: tuple[str, ...]) -> list[NamedNode]:
        """Return up to `_FEW` things that have a label with this language and these words."""
        found = map(NamedNode, self._candidates(spelt))
        return list(islice((node for node in found if self._has(node, spelt)), _FEW))

    def _has(self, thing: NamedNode, spelt: tuple[str, ...]) -> bool:
        labels = objects(self._store, thing, _LABEL.value, STATED)
        return any(isinstance(label, Literal) and _words(label) == spelt for label in labels)


@lru_cache(10_000)
def _words(label: Literal) -> tuple[str, ...]:
    return label.language or "", *sorted(words(label.value))


def _of_same_content(
    store: Store, thing: NamedNode, keys: Iterable[Key], having: _Lookup
) -> Iterator[tuple[str, NamedNode]]:
    """Yield the things with the same values of a class's keys as a thing, each with a message."""
    for key in keys:
        links = [properties for properties in key.shared if _WHEN not in properties]
        wanted = [_values(store, thing, properties) for properties in links]
        alike = (
            {other for each in values for name in names for other in having(name, each)}
            for names, values in zip(links, wanted, strict=True)
        )
        for other in _in_all(alike):
            pairs = zip(wanted, (_values(store, other, each) for each in links), strict=True)
            dated = [objects(store, each, _WHEN.value, STATED) for each in (thing, other)]
            if (
                other != thing
                and not any(ours.isdisjoint(theirs) for ours, theirs in pairs)
                and (len(links) == len(key.shared) or all(dated))
                and all(_values(store, thing, {p}) == _values(store, other, {p}) for p in key.kinds)
                and _may_coincide(*dated)
                and not (_ends_before(store, thing, other) or _ends_before(store, other, thing))
                and not _differ(store, thing, other, but=_WHEN)
            ):
                yield _SAME_CONTENT, other


def _implied(store: Store, *both: set[Term]) -> set[Term]:
    """Return the classes of either thing that are also classes or superclasses of the other."""
    one, two = (with_superclasses(store, kinds) for kinds in both)
    return both[0] & two | both[1] & one


def _values(store: Store, thing: NamedNode, properties: Iterable[NamedNode]) -> set[Term]:
    return {each for name in properties for each in objects(store, thing, name.value, STATED)}


def _in_all(found: Iterable[Collection[NamedNode]]) -> list[NamedNode]:
    """Return the things that are in all collections, sorted.

    A collection of `_FEW` things is ignored, since it may be incomplete. The thing for which others
    are sought is in each collection, so if only one thing is left, it has no duplicate.
    """
    common: set[NamedNode] | None = None
    for each in found:
        if len(each) < _FEW:
            common = set(each) if common is None else common.intersection(each)
            if len(common) < 2:
                return []
    return sorted(common or (), key=str)


def _may_coincide(ours: Sequence[Term], theirs: Sequence[Term]) -> bool:
    """Return whether all dates of two things may overlap; an invalid date overlaps with none."""
    try:
        spans = [[dates.parse(value(each)) for each in given] for given in (ours, theirs)]
    except InputError:
        return False
    return all(
        (one.earliest_start or date.min) <= (two.latest_end or date.max)
        and (two.earliest_start or date.min) <= (one.latest_end or date.max)
        for one in spans[0]
        for two in spans[1]
    )


def _ends_before(store: Store, one: NamedNode, other: NamedNode) -> bool:
    """Return whether a thing certainly ended before the other began, by their events."""
    ends, starts = (
        [value(when) for event in _values(store, thing, names) for when in _dates(store, event)]
        for thing, names in ((one, _ENDED_BY), (other, _STARTED_BY))
    )
    try:
        last = [dates.parse(text).latest_end or date.max for text in ends]
        first = [dates.parse(text).earliest_start or date.min for text in starts]
    except InputError:
        return False
    return bool(last and first) and max(last) < min(first)


def _dates(store: Store, event: Term) -> list[Term]:
    return objects(store, event, _WHEN.value, STATED)


def _differ(store: Store, thing: NamedNode, other: NamedNode, but: NamedNode | None = None) -> bool:
    """Return whether two things are stated to be distinct, or have no common value of a property.

    Only properties that both have are compared, without labels, classes, sources and `but`.
    """
    if any(
        two in objects(store, one, RKG + "distinctFrom", STATED)
        for one, two in ((thing, other), (other, thing))
    ):
        return True
    predicates = {quad.predicate for quad in _said(store, thing)} - {*_NAMES, TYPE, but}
    for name in {predicate.value for predicate in predicates} - _ABOUT_SOURCES:
        ours, theirs = (set(objects(store, each, name)) for each in (thing, other))
        if theirs and ours.isdisjoint(theirs):
            return True
    return False


def _links(store: Store, thing: NamedNode) -> set[tuple[NamedNode, EngineTerm]]:
    """Return the links and dates of a thing, without its classes and its sources."""
    return {
        (quad.predicate, quad.object)
        for quad in _said(store, thing)
        if quad.predicate != TYPE
        and quad.predicate.value not in _ABOUT_SOURCES
        and (isinstance(quad.object, NamedNode) or quad.predicate == _WHEN)
    }


def _kinds(store: Store, thing: NamedNode) -> set[Term]:
    return set(objects(store, thing, TYPE.value, STATED))


def _having(store: Store, predicate: NamedNode, object_: EngineTerm) -> list[NamedNode]:
    few = list(islice(store.quads_for_pattern(None, predicate, object_, _GRAPH), _FEW))
    return [quad.subject for quad in few if isinstance(quad.subject, NamedNode)]


def _said(store: Store, thing: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(thing, None, None, _GRAPH)
