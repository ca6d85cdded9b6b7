"""Passages: the place of each in its document, its gist, its text and the facts drawn from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.errors import InputError, QueryError
from relations_kg.export.citations import citation
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, RDFS, RKG, STATED, shorten
from relations_kg.rdf.terms import TYPE, Term, objects, printable, statements, value
from relations_kg.reader.files import text_of

_IN_DOCUMENT = NamedNode(RKG + "inDocument")
_STATED_IN = NamedNode(RKG + "statedIn")
_READ_SUBJECT = NamedNode(RKG + "readSubject")
_SOURCES = (NamedNode(RKG + "Passage"), NamedNode(RKG + "SourceDocument"))
_POSITION = RKG + "position"
_FIELDS = {
    NamedNode(_POSITION): "position",
    NamedNode(RKG + "section"): "section",
    NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#beginIndex"): "begin",
    NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#endIndex"): "end",
    NamedNode(RKG + "sha256"): "sha256",
    NamedNode(RKG + "gist"): "gist",
    NamedNode(RKG + "carriesNoFact"): "carries_no_fact",
}


class Passage(NamedTuple):
    """A passage: its place in the document (a span of characters), its hash and its gist.

    `citation` is the place written out; a span with only a label has no citation. A page, a row or
    an article has no offsets (0) and no hash (""). `things` are the IRIs of the things that cite
    the passage; `carries_no_fact` is the reason if there are none.
    """

    iri: str
    document: str
    position: int = 0
    section: str = ""
    begin: int = 0
    end: int = 0
    sha256: str = ""
    gist: str = ""
    carries_no_fact: str | None = None
    things: tuple[str, ...] = ()
    citation: str = ""

    @property
    def place(self) -> str:
        """The citation, or the section and the offsets of a span of a text."""
        return self.citation or f"{self.section}, characters {self.begin} to {self.end}"

    @property
    def cited_gist(self) -> str:
        """The gist, followed by the citation if there is one."""
        return f"{self.gist} ({self.citation})" if self.citation else self.gist

    def __repr__(self) -> str:
        return f"<Passage: {self.curie}: {self.gist}>"

    @property
    def curie(self) -> str:
        """The CURIE of the passage, such as `src:china-peru/s022`."""
        return shorten(self.iri)

    def text(self, document: str) -> str | None:
        """Return the passage's words in the text of its document, or None if their hash differs."""
        words = document[self.begin : self.end]
        return words if sha256_of(words) == self.sha256 else None


def passage(store: Store, node: NamedNode) -> Passage:
    """Return the passage whose IRI is `node`.

    Raises InputError if its position or an offset is not a whole number.
    """
    values: dict[str, str] = {}
    document = ""
    for quad in store.quads_for_pattern(node, None, None, NamedNode(STATED)):
        if quad.predicate in _FIELDS and isinstance(quad.object, Literal):
            values[_FIELDS[quad.predicate]] = printable(quad.object.value)
        elif quad.predicate == _IN_DOCUMENT and isinstance(quad.object, NamedNode):
            document = quad.object.value
    things = sorted(
        quad.subject.value
        for quad in store.quads_for_pattern(None, _STATED_IN, node, NamedNode(STATED))
        if isinstance(quad.subject, NamedNode)
    )
    return Passage(
        node.value,
        document,
        position=_number(node, values, "position"),
        section=values.get("section", ""),
        begin=_number(node, values, "begin"),
        end=_number(node, values, "end"),
        sha256=values.get("sha256", ""),
        gist=values.get("gist", ""),
        carries_no_fact=values.get("carries_no_fact"),
        things=tuple(things),
        citation=citation(store, node),
    )


def _number(node: NamedNode, values: dict[str, str], name: str) -> int:
    text = values.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        right = "its number in the document, from 1"
        if name != "position":
            right = f"the number of characters before the passage {name}s"
        raise InputError(
            f"the {name} of a passage is not a whole number: {text[:40]!r}",
            where=shorten(node.value),
            help=f"write {right}",
        )
    return int(text)


def passages(store: Store) -> list[Passage]:
    """Return all passages, document by document in their order.

    >>> import relations_kg as rk
    >>> [p.curie for p in passages(rk.load(only="tests/facts/good/visit.ttl").store)]
    ['src:example-visit/s001']
    """
    nodes = {
        quad.subject
        for quad in store.quads_for_pattern(None, _IN_DOCUMENT, None, NamedNode(STATED))
        if isinstance(quad.subject, NamedNode)
    }
    return _ordered(passage(store, node) for node in nodes)


def sources(store: Store) -> set[Term]:
    """Return the passages and the documents of a store."""
    found = (store.quads_for_pattern(None, TYPE, kind) for kind in _SOURCES)
    return {thing for thing, _, _ in statements(chain.from_iterable(found))}


def passages_of(store: Store, things: Iterable[str]) -> list[Passage]:
    """Return the passages that things cite, and passages among the things, once each, in order.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> [p.curie for p in passages_of(graph.store, [graph.names.find("one-china-policy")])]
    ['src:china-peru/s024']
    """
    return _ordered(passage(store, node) for node in cited_nodes(store, things))


def of_named(store: Store, names: Names, things: Iterable[str]) -> list[Passage]:
    """Return the passages of named things; raise QueryError for a term of the vocabulary."""
    found = [names.find(thing) for thing in things]
    if term := next((iri for iri in found if iri.startswith((CODE, *names.spaces))), None):
        message = f"{shorten(term)} is a term of the vocabulary, which no passage states"
        help = "name things of the facts, or take the passages of rows, such as run('visits')"
        raise QueryError(message, where="passages", help=help)
    return passages_of(store, found)


def cited_nodes(store: Store, things: Iterable[str]) -> set[NamedNode]:
    """Return the passages that things cite, and passages among the things."""
    asked = [NamedNode(thing) for thing in dict.fromkeys(things)]
    nodes = {
        quad.object
        for thing in asked
        for quad in store.quads_for_pattern(thing, _STATED_IN, None)
        if isinstance(quad.object, NamedNode)
    }
    return nodes | {t for t in asked if any(store.quads_for_pattern(t, _IN_DOCUMENT, None))}


def passages_of_fact(store: Store, subject: Term, other: Term) -> list[Passage]:
    """Return, in order, the passages cited by both a fact's subject and its object `other`.

    If they have none in common, the passages of the subject are returned.
    """
    here, there = (
        cited_nodes(store, [end.value]) if isinstance(end, NamedNode) else set()
        for end in (subject, other)
    )
    return _ordered(passage(store, node) for node in here & there or here)


def place_in_order(store: Store, node: NamedNode) -> tuple[str, int, str]:
    """Return the sort key of a passage: its document, its position in it and its IRI."""
    document = min(map(value, objects(store, node, _IN_DOCUMENT.value, STATED)), default="")
    position = map(value, objects(store, node, _POSITION, STATED))
    return document, _number(node, {"position": min(position, default="0")}, "position"), node.value


def evidence(store: Store, things: Collection[str]) -> str:
    """Return the passages and the readings of things as text, one per line under two headings.

    A reading is a fact that passages imply without stating it; its line includes its ground.
    """
    lines = [f"  {p.curie}  {p.cited_gist}\n" for p in passages_of(store, things)]
    read = [f"  {line}\n" for line in _readings(store, things)]
    return ("\nPassages\n" + "".join(lines) if lines else "") + (
        "\nReadings\n" + "".join(read) if read else ""
    )


def _readings(store: Store, things: Iterable[str]) -> Iterator[str]:
    """Yield the label and the ground of each reading about things."""
    about = set(things)
    readings = sorted(
        value(quad.subject)
        for quad in store.quads_for_pattern(None, _READ_SUBJECT, None, NamedNode(STATED))
        if value(quad.object) in about
    )
    for reading in readings:
        label, ground = (
            min(map(value, objects(store, NamedNode(reading), name)), default="")
            for name in (RDFS + "label", RKG + "ground")
        )
        yield printable(f"{label}: {ground}")


def sha256_of(words: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    # hashlib is imported here, since that takes milliseconds and queries need no hash.
    from hashlib import sha256

    return sha256(words.encode()).hexdigest()


def _ordered(found: Iterable[Passage]) -> list[Passage]:
    return sorted(found, key=lambda p: (p.document, p.position, p.iri))


_SHA256 = NamedNode(RKG + "sha256")


def listing(store: Store, names: Names, document: str | None = None) -> tuple[str, int]:
    """Return a text that lists each passage with its facts, and the number of mismatches.

    With the file of a document, only the passages of that document are listed, with their text; a
    mismatch is a passage whose text in the file has another hash.
    """
    words = text_of(document) if document is not None else None
    found = passages(store)
    lines: list[str] = []
    mismatches = 0
    for p in found if words is None else _passages_in(store, found, words):
        lines.append(f"{p.curie}  {p.place}")
        lines.append(f"    {p.gist}")
        if words is not None and p.sha256:
            text = p.text(words)
            mismatches += text is None
            lines.append(
                f"    {'! not in this document' if text is None else f'“{printable(text)}”'}"
            )
        if p.carries_no_fact:
            lines.append(f"    no fact: {p.carries_no_fact}")
        lines += [f"    · {names.label(thing)} ({shorten(thing)})" for thing in p.things]
    return "".join(f"{line}\n" for line in lines), mismatches


def _passages_in(store: Store, found: list[Passage], words: str) -> list[Passage]:
    """Return the passages of the document whose whole text is `words`.

    If no document has the hash of this text, the text is read as another version of the document of
    which it has the most passages. If it has none, all passages are returned.
    """
    hashed = Literal(sha256_of(words))
    known = {value(quad.subject) for quad in store.quads_for_pattern(None, _SHA256, hashed)}
    if not known.intersection(p.document for p in found):
        matching = Counter(p.document for p in found if p.text(words) is not None)
        most = max(matching.values(), default=0)
        known = {p.document for p in found if matching[p.document] == most}
    return [p for p in found if p.document in known]
