"""Citations of passages, written out as a reader would cite a page, a row or an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.namespaces import DCTERMS, PREFIXES, RDFS, RKG, shorten
from relations_kg.rdf.terms import objects, printable, value

_AUTHOR, _TITLE, _LABEL = RKG + "author", RKG + "title", RDFS + "label"
_IN_DOCUMENT, _NIF = RKG + "inDocument", PREFIXES["nif"]
# What a text that is merely named by its label does not have, and how it is written.
_OF_DOCUMENTS = {
    "version": "version {}",
    "publication": "{}",
    "publishedOn": "{}",
    "archive": "{}",
    "shelfmark": "{}",
    "webAddress": "{}",
    "readOn": "read on {}",
}
_OF_PASSAGES = {"page": "p. {}", "row": "row {}", "article": "art. {}"}


def citation(store: Store, passage: NamedNode) -> str:
    """Return the citation of a passage.

    It is empty for a span of a text of which only a label and a licence are known.
    """
    documents = [
        each for each in objects(store, passage, _IN_DOCUMENT) if isinstance(each, NamedNode)
    ]
    if not documents:
        return ""
    document = documents[0]
    about = _written(store, document, _OF_DOCUMENTS)
    within = _written(store, passage, _OF_PASSAGES)
    if not about and not within:
        return ""
    # An edition is named as such already; several pages are "pp.".
    about = [re.sub(r"^version (?=[^\d.]|\d*[^\W\d])", "", words) for words in about]
    within = [re.sub(r"^p\. (?=.*[–,-])", "pp. ", words) for words in within]
    offsets = [_text(store, passage, _NIF + name) for name in ("beginIndex", "endIndex")]
    return ", ".join(
        [
            *_authors(store, document),
            _text(store, document, _TITLE)
            or _text(store, document, _LABEL)
            or shorten(document.value),
            *about,
            *filter(None, [_text(store, passage, RKG + "section")]),
            *within,
            *([f"characters {' to '.join(offsets)}"] if all(offsets) else []),
            *(_licence(value(each)) for each in objects(store, document, DCTERMS + "license")),
        ]
    )


def _written(store: Store, thing: NamedNode, forms: Mapping[str, str]) -> list[str]:
    return [
        form.format(words)
        for name, form in forms.items()
        if (words := _text(store, thing, RKG + name))
    ]


def _authors(store: Store, document: NamedNode) -> Iterator[str]:
    for author in sorted(objects(store, document, _AUTHOR), key=value):
        if isinstance(author, NamedNode):
            yield _text(store, author, _LABEL)


def _text(store: Store, thing: NamedNode, name: str) -> str:
    """Return the value of a property as text, the English one if there are several."""
    found = [each for each in objects(store, thing, name) if isinstance(each, Literal)]
    found.sort(key=lambda each: (each.language != "en", each.value))
    return printable(found[0].value) if found else ""


def _licence(iri: str) -> str:
    """Return the short name of a Creative Commons licence, or the IRI of another one."""
    known = re.fullmatch(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?", iri)
    return f"CC {known[1].upper()} {known[2]}" if known else printable(iri)
