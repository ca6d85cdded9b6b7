"""The passages of a document beside its text: a listing, and the draft of a new one."""

from __future__ import annotations

import re
from collections import Counter
from os.path import basename, splitext

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.answers.passages import Passage, passages, sha256_of
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import PREFIXES, RKG, SOURCE, shorten
from relations_kg.rdf.terms import printable, value
from relations_kg.reader.files import text_of

_SHA256 = NamedNode(RKG + "sha256")


def listing(graph: Knowledge, document: str | None = None) -> tuple[str, int]:
    """Return each passage with its facts, as text, and the number of mismatches.

    With the file of a document, only the passages of that document are listed, with their text; a
    mismatch is a passage whose text in the file has another hash.
    """
    words = text_of(document) if document is not None else None
    found = passages(graph.store)
    lines: list[str] = []
    mismatches = 0
    for p in found if words is None else _passages_in(graph, found, words):
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
        lines += [f"    · {graph.names.label(thing)} ({shorten(thing)})" for thing in p.things]
    return "".join(f"{line}\n" for line in lines), mismatches


def _passages_in(graph: Knowledge, found: list[Passage], words: str) -> list[Passage]:
    """Return the passages of the document with this text.

    If no document has its hash, the text may be another version: of the document with the most
    passages in it or, if no passage is in it, of any document.
    """
    hashed = Literal(sha256_of(words))
    known = {value(quad.subject) for quad in graph.store.quads_for_pattern(None, _SHA256, hashed)}
    if not known.intersection(p.document for p in found):
        matching = Counter(p.document for p in found if p.text(words) is not None)
        most = max(matching.values(), default=0)
        known = {p.document for p in found if matching[p.document] == most}
    return [p for p in found if p.document in known]


def draft(graph: Knowledge, document: str, words: str) -> str:
    """Return a Turtle block for the passage of a document's file that has these words.

    The gist is left empty, for you to write in words other than the document's. Raises InputError
    if the document does not contain the words, or contains them more than once.
    """
    text = text_of(document)
    begin = text.find(words) if words.strip() else -1
    if begin < 0:
        raise InputError(
            "the document does not contain these words",
            where=document,
            help="copy them exactly, with quotes and spaces",
        )
    if (again := text.find(words, begin + 1)) >= 0:
        raise InputError(
            f"the document contains these words twice, at characters {begin} and {again}",
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
        f'    rkg:sha256 "{sha256_of(text)}" ;\n'
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
        f'    rkg:sha256 "{sha256_of(words)}" ;\n'
        f'    rkg:gist ""@en .\n'
    )
