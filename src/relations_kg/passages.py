"""Passages: where each stands in its document, what it says, what was drawn from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg import reading
from relations_kg.namespaces import RKG, STATED, shorten

if TYPE_CHECKING:
    from relations_kg.graph import Graph

_IN_DOCUMENT = NamedNode(RKG + "inDocument")
_STATED_IN = NamedNode(RKG + "statedIn")
_FIELDS = {
    NamedNode(RKG + "position"): "position",
    NamedNode(RKG + "section"): "section",
    NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#beginIndex"): "begin",
    NamedNode("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#endIndex"): "end",
    NamedNode(RKG + "sha256"): "sha256",
    NamedNode(RKG + "gist"): "gist",
    NamedNode(RKG + "carriesNoFact"): "carries_no_fact",
}


class Passage(NamedTuple):
    """Hold a passage: its place (characters of the document file), its hash and its gist.

    `things` are the IRIs of what cites it; `carries_no_fact` says why there are none.
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

    @property
    def curie(self) -> str:
        """The short form of the IRI, such as `src:china-peru/s022`."""
        return shorten(self.iri)

    def text(self, document: str) -> str | None:
        """Return the passage's words in the text of its document, or None where they differ."""
        from hashlib import sha256

        words = document[self.begin : self.end]
        return words if sha256(words.encode()).hexdigest() == self.sha256 else None


def passage(store: Store, node: NamedNode) -> Passage:
    """Read one passage."""
    values: dict[str, str] = {}
    document = ""
    for quad in store.quads_for_pattern(node, None, None, NamedNode(STATED)):
        if quad.predicate in _FIELDS and isinstance(quad.object, Literal):
            values[_FIELDS[quad.predicate]] = quad.object.value
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
        position=int(values.get("position", 0)),
        section=values.get("section", ""),
        begin=int(values.get("begin", 0)),
        end=int(values.get("end", 0)),
        sha256=values.get("sha256", ""),
        gist=values.get("gist", ""),
        carries_no_fact=values.get("carries_no_fact"),
        things=tuple(things),
    )


def passages(store: Store) -> list[Passage]:
    """Read all passages, document by document in their order.

    >>> import relations_kg as rk
    >>> passages(rk.load().store)[21].section
    'Relations since 1971'
    """
    nodes = {
        quad.subject
        for quad in store.quads_for_pattern(None, _IN_DOCUMENT, None, NamedNode(STATED))
        if isinstance(quad.subject, NamedNode)
    }
    return _ordered(passage(store, node) for node in nodes)


def passages_of(store: Store, things: Iterable[str]) -> list[Passage]:
    """Read the passages that things cite, each once, in their order.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> [p.curie for p in passages_of(graph.store, [graph.names.find("one-china-policy")])]
    ['src:china-peru/s024']
    """
    nodes = {
        quad.object
        for thing in dict.fromkeys(things)
        for quad in store.quads_for_pattern(NamedNode(thing), _STATED_IN, None)
        if isinstance(quad.object, NamedNode)
    }
    return _ordered(passage(store, node) for node in nodes)


def listing(graph: Graph, document: str | None = None) -> tuple[str, int]:
    """Write each passage with its facts; with a document's file also its text.

    Returns the text and the number of passages that the document does not bear out.
    """
    words = reading.text_of(document) if document is not None else None
    lines: list[str] = []
    mismatches = 0
    for p in passages(graph.store):
        lines.append(f"{p.curie}  {p.section}, characters {p.begin} to {p.end}")
        lines.append(f"    {p.gist}")
        if words is not None:
            text = p.text(words)
            mismatches += text is None
            lines.append(f"    {'! not in this document' if text is None else f'“{text}”'}")
        if p.carries_no_fact:
            lines.append(f"    no fact: {p.carries_no_fact}")
        lines += [f"    · {graph.names.label(thing)} ({shorten(thing)})" for thing in p.things]
    return "".join(f"{line}\n" for line in lines), mismatches


def _ordered(found: Iterable[Passage]) -> list[Passage]:
    return sorted(found, key=lambda p: (p.document, p.position, p.iri))
