"""Citations of passages, such as a page, a row or an article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.rdf.namespaces import DCTERMS, PREFIXES, RDFS, RKG, STATED, shorten
from relations_kg.rdf.terms import EngineTerm, objects, printable, value

_AUTHOR, _TITLE, _LABEL = RKG + "author", RKG + "title", RDFS + "label"
_IN_DOCUMENT, _NIF = RKG + "inDocument", PREFIXES["nif"]
# The properties of documents in citations, with their formats.
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

    It is empty if the passage has no document, and if it has no page, row or article and its
    document has no version, publication, date, archive, shelfmark or address, as for a span of a
    text.
    """
    place = _stated(store, passage)
    documents = [each for each in place[_IN_DOCUMENT] if isinstance(each, NamedNode)]
    if not documents:
        return ""
    document = _stated(store, documents[0])
    about = _written(document, _OF_DOCUMENTS)
    within = _written(place, _OF_PASSAGES)
    if not about and not within:
        return ""
    # "version" is redundant before the name of an edition, and several pages need "pp.".
    about = [re.sub(r"^version (?=[^\d.]|\d*[^\W\d])", "", words) for words in about]
    within = [re.sub(r"^p\. (?=.*[–,-])", "pp. ", words) for words in within]
    offsets = [_text(place[_NIF + name]) for name in ("beginIndex", "endIndex")]
    return ", ".join(
        [
            *_authors(store, document[_AUTHOR]),
            _text(document[_TITLE]) or _text(document[_LABEL]) or shorten(documents[0].value),
            *about,
            *filter(None, [_text(place[RKG + "section"])]),
            *within,
            *([f"characters {' to '.join(offsets)}"] if all(offsets) else []),
            *(_licence(value(each)) for each in document[DCTERMS + "license"]),
        ]
    )


def _stated(store: Store, thing: NamedNode) -> dict[str, list[EngineTerm]]:
    """Return the stated values of a thing by property, from a single look-up."""
    values: dict[str, list[EngineTerm]] = defaultdict(list)
    for quad in store.quads_for_pattern(thing, None, None, NamedNode(STATED)):
        values[quad.predicate.value].append(quad.object)
    return values


def _written(values: Mapping[str, list[EngineTerm]], forms: Mapping[str, str]) -> list[str]:
    return [
        form.format(words) for name, form in forms.items() if (words := _text(values[RKG + name]))
    ]


def _authors(store: Store, authors: Iterable[EngineTerm]) -> Iterator[str]:
    for author in sorted(authors, key=value):
        if isinstance(author, NamedNode):
            yield _text(objects(store, author, _LABEL))


def _text(values: Iterable[EngineTerm]) -> str:
    """Return one of the literals as text, preferably an English one, or "" if there is none."""
    found = [each for each in values if isinstance(each, Literal)]
    found.sort(key=lambda each: (each.language != "en", each.value))
    return printable(found[0].value) if found else ""


def _licence(iri: str) -> str:
    """Return the short name of a Creative Commons licence, or the IRI of another licence."""
    known = re.fullmatch(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)/?", iri)
    return f"CC {known[1].upper()} {known[2]}" if known else printable(iri)
