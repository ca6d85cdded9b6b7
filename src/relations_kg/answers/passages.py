"""Passages: the place of each in its document, its gist, and the facts drawn from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from os.path import basename, splitext
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import PREFIXES, RKG, SOURCE, STATED, shorten
from relations_kg.rdf.terms import printable
from relations_kg.reader.files import text_of

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

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
    """A passage: its place (characters of the document file), its hash and its gist.

    `things` are the IRIs of what cites it; `carries_no_fact` is the reason if nothing does.
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
        """Return the passage's words in the text of its document, or None if they differ."""
        words = document[self.begin : self.end]
        return words if _sha256(words) == self.sha256 else None


def passage(store: Store, node: NamedNode) -> Passage:
    """Return one passage."""
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
    )


def _number(node: NamedNode, values: dict[str, str], name: str) -> int:
    text = values.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise InputError(
            f"the {name} of a passage is {text[:40]!r}",
            where=shorten(node.value),
            help="write a whole number, counted in characters or passages",
        )
    return int(text)


def passages(store: Store) -> list[Passage]:
    """Return all passages, document by document in their order.

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
    """Return the passages that things cite, each once, in their order.

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


def listing(graph: Knowledge, document: str | None = None) -> tuple[str, int]:
    """Return each passage with its facts, as text, and the number of mismatches.

    With the file of a document its words are shown too; a mismatch is a passage that differs there.
    """
    words = text_of(document) if document is not None else None
    lines: list[str] = []
    mismatches = 0
    for p in passages(graph.store):
        lines.append(f"{p.curie}  {p.section}, characters {p.begin} to {p.end}")
        lines.append(f"    {p.gist}")
        if words is not None:
            text = p.text(words)
            mismatches += text is None
            lines.append(
                f"    {'! not in this document' if text is None else f'“{printable(text)}”'}"
            )
        if p.carries_no_fact:
            lines.append(f"    no fact: {p.carries_no_fact}")
        lines += [f"    · {graph.names.label(thing)} ({shorten(thing)})" for thing in p.things]
    return "".join(f"{line}\n" for line in lines), mismatches


def draft(graph: Knowledge, document: str, words: str) -> str:
    """Return a Turtle block for the passage of a document's file that has these words.

    Its gist is left empty, to be written in words that are not the document's. Raises InputError
    if the document does not have the words, or has them more than once.
    """
    text = text_of(document)
    begin = text.find(words) if words.strip() else -1
    if begin < 0:
        raise InputError(
            "the document does not have these words",
            where=document,
            help="give them exactly, quotes and spaces included",
        )
    if (again := text.find(words, begin + 1)) >= 0:
        raise InputError(
            f"the document has these words at character {begin} and again at {again}",
            where=document,
            help="give more of the passage",
        )
    slug = re.sub(r"[^a-z0-9]+", "-", splitext(basename(document))[0].lower()).strip("-")
    iri = f"{SOURCE}{slug}"
    position = 1 + max((p.position for p in passages(graph.store) if p.document == iri), default=0)
    headings = re.findall(r"(?m)^(?:=+|#+)\s*(.*?)\s*=*$", text[: begin + len(words)])
    used = ("rkg", "code", "nif", "rdfs")
    header = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
    about_document = (
        f"<{iri}> a rkg:SourceDocument ;\n"
        f'    rdfs:label ""@en ;\n'
        f'    rkg:sha256 "{_sha256(text)}" ;\n'
        f"    rkg:statedIn <{iri}/s001> .\n\n"
    )
    return (
        f"{header}\n{about_document if position == 1 else ''}"
        f"<{iri}/s{position:03d}> a rkg:Passage ;\n"
        f"    rkg:inDocument <{iri}> ;\n"
        f"    rkg:position {position} ;\n"
        f"    rkg:passageKind code:sentence ;\n"
        f"    rkg:section {Literal(headings[-1] if headings else '')} ;\n"
        f"    nif:beginIndex {begin} ;\n"
        f"    nif:endIndex {begin + len(words)} ;\n"
        f'    rkg:sha256 "{_sha256(words)}" ;\n'
        f'    rkg:gist ""@en .\n'
    )


def _sha256(words: str) -> str:
    # Importing hashlib takes milliseconds, and a query needs no hash.
    from hashlib import sha256

    return sha256(words.encode()).hexdigest()


def _ordered(found: Iterable[Passage]) -> list[Passage]:
    return sorted(found, key=lambda p: (p.document, p.position, p.iri))
