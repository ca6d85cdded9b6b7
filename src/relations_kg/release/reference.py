"""The reference of the vocabulary: pages of classes, properties, code lists, shapes and queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from relations_kg.errors import UnknownName
from relations_kg.export.export import serialize_triples
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import (
    CODE,
    DATES,
    INFERRED,
    PREFIXES,
    RKG,
    STATED,
    is_bundled,
    prefixes_in,
    shorten,
)
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import TYPE, printable, value
from relations_kg.release.parts import CODES, PARTS, SUBJECTS, parts_of
from relations_kg.release.rendering import templates
from relations_kg.release.vocabulary import vocabulary_of

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph


@dataclass(frozen=True)
class Example:
    """An example in Turtle from the data, with a caption and whether it is inferred."""

    words: str
    turtle: str
    inferred: bool


@dataclass(frozen=True)
class Branch:
    """A class with its subclasses."""

    iri: str
    below: list[Branch]


class Reference:
    """The reference of a graph's vocabulary: the index of all terms, and a page for each part."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def page(
        self,
        name: str = "",
        *,
        suffix: str = ".html",
        query_at: Callable[[str], str] = "../queries/{}.rq".format,
        stylesheet: str | None = None,
        script: str | None = None,
        around: Iterable[tuple[str, str]] = (),
        search: str = "",
    ) -> str:
        """Return the index, or the page of a part, as HTML.

        A term has the same anchor (see `anchor`) in its part and in the index. The index is the
        file `ontology`, and a part is a file of the folder `ontology`, both with the `suffix`.
        `query_at` returns the address of a stored query. If `stylesheet` is an address, the page
        links to it instead of embedding a style sheet. `script` is the address of a script
        that leads from a term in the index to its entry. `around` are the titles and addresses of
        pages to link to, and `search` is the address of the page that finds terms and things by
        words. Raises InputError without jinja2, and UnknownName if there is no such part.
        """
        if name and name not in PARTS:
            help = did_you_mean(name, PARTS) or f"the parts are {', '.join(PARTS)}"
            raise UnknownName(f"the ontology has no part {name!r}", help=help)
        environment = templates("release")
        environment.filters |= {
            "address": partial(self._address, name, suffix),
            "anchor": anchor,
            "label": self._label,
            "short": shorten,
        }
        template = "subject" if name in SUBJECTS else "codes" if name in CODES else name or "index"
        return environment.get_template(f"reference/{template}.html").render(
            self._vocabulary,
            **self._members(name),
            a=TYPE.value,
            around=[*around],
            code=CODE,
            example=partial(_example, self._graph, self._label),
            name=name,
            page_of=partial(_page_of, name, suffix),
            prefixes=self._prefixes,
            query_at=query_at,
            script=script,
            search=search,
            stylesheet=stylesheet,
            subjects=SUBJECTS,
            title=PARTS.get(name, ""),
            titles=PARTS,
        )

    @cached_property
    def _vocabulary(self) -> dict[str, Any]:
        return vocabulary_of(self._graph)

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        own = extensions.namespaces(self._graph.quad_store)
        return prefixes_in([namespace.encode() for namespace in own])

    @cached_property
    def _places(self) -> dict[str, str]:
        """The part of each term, shape and part of a shape, by IRI."""
        shapes = [*self._vocabulary["shapes"], *(row["part"] for row in self._vocabulary["parts"])]
        return dict.fromkeys(shapes, "shapes") | parts_of(self._graph.quad_store)

    def _members(self, name: str) -> dict[str, Any]:
        """Return the template's variables for the terms of a part, or of all parts."""
        terms = {
            kind: [row["term"] for row in self._vocabulary["terms"][kind]]
            for kind in ("class", "property", "datatype", "code list")
        }
        shown = {
            kind: [iri for iri in iris if not name or self._places.get(iri) == name]
            for kind, iris in terms.items()
        }
        return {
            "classes": shown["class"],
            "datatypes": shown["datatype"],
            "lists": shown["code list"],
            "properties": shown["property"],
            "tree": [] if name else self._tree(terms["class"]),
            "where": self._places,
        }

    def _tree(self, classes: Sequence[str]) -> list[Branch]:
        """Return the topmost classes with their subclasses; each class occurs once."""
        facets, drawn = self._vocabulary["facets"], set[str]()

        def branch(iri: str) -> Branch:
            drawn.add(iri)
            below = facets[iri].get("kinds of it", [])
            return Branch(iri, [branch(each) for each in below if each not in drawn])

        tops = [iri for iri in classes if not any(map(anchor, facets[iri].get("a kind of", [])))]
        return [branch(iri) for iri in tops if iri not in drawn]

    def _label(self, term: str) -> str:
        return self._graph.names.label(term) if _is_iri(term) else term

    def _address(self, name: str, suffix: str, term: str) -> str:
        """Return the address of a term for a link on a page; "" if it has no web page."""
        if not (place := anchor(term)):
            return term if _is_iri(term) else ""
        part = self._places.get(term, "")
        return f"#{place}" if part == name else f"{_page_of(name, suffix, part)}#{place}"


def file_of(name: str, suffix: str = ".html") -> str:
    """Return the path of the page of a part, or of the index for "".

    >>> file_of(""), file_of("events")
    ('ontology.html', 'ontology/events.html')
    """
    return f"ontology/{name}{suffix}" if name else f"ontology{suffix}"


def _page_of(name: str, suffix: str, other: str) -> str:
    """Return the address of another page of the reference, from the page with a name."""
    return f"{'../' if name else ''}{file_of(other, suffix)}"


def anchor(iri: str) -> str:
    """Return the anchor of a term, a code or a shape on its page, or "" for any other IRI.

    >>> anchor("https://w3id.org/relations-kg/ontology#Embassy")
    'Embassy'
    """
    if iri.startswith(RKG):
        return iri.removeprefix(RKG)
    prefix, _, local = shorten(iri).partition(":")
    is_own = prefix in PREFIXES and not is_bundled(prefix)
    return f"{prefix}-{local}" if iri.startswith(CODE) or is_own else ""


def _example(
    graph: Graph, label: Callable[[str], str], iri: str, *, is_class: bool
) -> Example | None:
    """Return the first fact with a property, or all stated facts of the first instance of a class.

    Stated facts take precedence over inferred facts. Returns None if there is neither, and only
    the inferred class if no class of the instance is stated.
    """
    predicate, object_ = (TYPE, NamedNode(iri)) if is_class else (NamedNode(iri), None)
    for name in (STATED, DATES, INFERRED):
        origin = NamedNode(name)
        first = min(
            graph.quad_store.quads_for_pattern(None, predicate, object_, origin),
            key=str,
            default=None,
        )
        if first is None:
            continue
        facts, about = [first], [first.subject, first.predicate, first.object]
        if is_class:
            about = about[:1]
        if is_class and name == STATED:
            facts = [*graph.quad_store.quads_for_pattern(first.subject, None, None, origin)]
        turtle = serialize_triples([fact.triple for fact in facts], "turtle").decode()
        words = " · ".join(label(printable(value(term))) for term in about)
        return Example(words, turtle.partition("\n\n")[2].strip(), name != STATED)
    return None


def _is_iri(term: str) -> bool:
    return term.startswith(("https://", "http://"))
