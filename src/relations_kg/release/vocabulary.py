"""The content of the vocabulary reference, collected by queries of the ontology and the shapes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from relations_kg._files import content, folder
from relations_kg.answers.queries import StoredQuery
from relations_kg.authoring.forms import forms
from relations_kg.rdf import extensions
from relations_kg.rdf.namespaces import ONTOLOGY, RKG, STATED, expand
from relations_kg.rdf.terms import TYPE, value
from relations_kg.reader.code_lists import code_lists
from relations_kg.reasoning.ontology import Ontology
from relations_kg.release.rendering import rows
from relations_kg.sparql.evaluation import names
from relations_kg.validation.shape_files import bundled, shapes_of

if TYPE_CHECKING:
    from relations_kg.graph.graph import Graph
    from relations_kg.reasoning.rules import Rule

Row = dict[str, str]
# A subject, a property and an object: IRIs, literals, and capital letters for variables.
Part = tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """A rule in words or, if the rule has none, as its body and head."""

    words: str
    body: tuple[Part, ...] = ()
    head: Part = ()


def vocabulary_of(graph: Graph) -> dict[str, Any]:
    """Return the content for the template, most of it by the IRI of a term or shape."""
    # The store has both the ontology and the shapes, so that a query can join shapes and classes.
    store = Store()
    shapes = shapes_of(graph.quad_store)
    for origin, name in ((graph.quad_store, ONTOLOGY), (shapes.store, STATED)):
        store.extend(
            Quad(quad.subject, quad.predicate, quad.object)
            for quad in origin.quads_for_pattern(None, None, None, NamedNode(name))
        )
    about = list(store.quads_for_pattern(NamedNode(RKG.removesuffix("#")), None, None))
    terms = _texts(store, "terms")
    own = set(map(value, extensions.terms(graph.quad_store)))
    for row in terms:
        row["kind"] = row["kind"].removeprefix("borrowed ") if row["term"] in own else row["kind"]
    properties = {row["term"] for row in terms if row["kind"] == "property"}
    parts = _texts(store, "parts")
    guards = _grouped(_texts(store, "guards"), "term")
    for part in parts:
        part["select"] = dedent(part.get("select", "")).strip()
        for name in properties & _mentioned(part["select"]):
            guards[name].append({"part": part["part"]})
    return {
        "about": {re.split("[/#]", q.predicate.value)[-1]: value(q.object) for q in about},
        "alignments": _alignments(),
        "asked_by": _named_in(graph.queries),
        "written_by": _named_in(forms()),
        "checks": bundled().checks,
        "conditions": _conditions(store),
        "definitions": {row["term"]: row.get("definition", "") for row in terms},
        "notes": {row["term"]: (row.get("note"), row.get("example")) for row in terms},
        "facets": _facets(store, graph.inference.ontology),
        "guards": guards,
        "parts": parts,
        "queries": graph.queries,
        "rules": _rules(graph.inference.closure.rules),
        "shapes": _grouped(_texts(store, "shapes"), "shape"),
        "terms": _grouped(terms, "kind"),
    }


def _facets(store: Store, ontology: Ontology) -> dict[str, dict[str, list[str]]]:
    """Return the axioms of the ontology about each term, by facet."""
    found = []
    for row in rows(store, "facets"):
        order, facet, term, node = (row[name] for name in ("order", "facet", "term", "value"))
        text = _expression(ontology.words(node)) if isinstance(node, BlankNode) else value(node)
        found.append((int(value(order)), value(facet), value(term), text))
    for name, code_list in code_lists()[0].items():
        found.append((12, "its value is one of", name, code_list))
        found.append((21, "taken by", code_list, name))
    facets: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for _, title, iri, text in sorted(found):
        facets[iri][title].append(text)
    return facets


def _expression(text: str) -> str:
    """Return a class expression with values of properties in words.

    >>> _expression("∃rkg:officialStatus.{code:official}")
    'what has code:official as rkg:officialStatus'
    """
    return re.sub(r"∃(\S+?)\.\{(\S+?)\}", r"what has \2 as \1", text)


def _conditions(store: Store) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the constraints of each shape, with the alternatives that a list permits."""
    conditions: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    in_order = groupby(_texts(store, "conditions"), itemgetter("shape", "condition", "object"))
    for (shape, condition, _), found in in_order:
        conditions[shape].append((condition, [row["value"] for row in found]))
    return conditions


def _rules(rules: Iterable[Rule]) -> dict[str, list[Sentence]]:
    """Return the rules by the property or class that their head uses."""
    found: dict[str, list[Sentence]] = defaultdict(list)
    for rule in rules:
        _, predicate, object_ = rule.head
        term = object_ if predicate == TYPE and isinstance(object_, NamedNode) else predicate
        # A class's rule with one condition would repeat an axiom that the facets show.
        if term == predicate or len(rule.body) > 1:
            found[value(term)].append(sentence(rule))
    return found


def _alignments() -> dict[str, list[Row]]:
    """Return the alignments of each term with other vocabularies, with CURIEs where possible."""
    parsed = parse(content(folder("ontology"), "alignments.ttl"), RdfFormat.TURTLE)
    aligned = Store()
    aligned.extend(parsed)
    alignments = _texts(aligned, "alignments")
    for row in alignments:
        other = row["short"] = row["value"]
        for prefix, namespace in parsed.prefixes.items():
            if other.startswith(namespace):
                row["short"] = f"{prefix}:{other.removeprefix(namespace)}"
    return _grouped(alignments, "term")


def sentence(rule: Rule) -> Sentence:
    """Return a rule as a sentence, with letters for its variables.

    >>> from relations_kg.reasoning.rules import Rule
    >>> near, far = NamedNode("urn:near"), NamedNode("urn:far")
    >>> sentence(Rule("near", (("x1", near, "x0"),), ("x0", far, "x1"))).head
    ('B', 'urn:far', 'A')
    """
    if rule.words:
        return Sentence(rule.words)
    letters: dict[str, str] = {}
    *body, head = (
        tuple(
            letters.setdefault(term, chr(ord("A") + len(letters)))
            if isinstance(term, str)
            else value(term)
            for term in pattern
        )
        for pattern in (*rule.body, rule.head)
    )
    return Sentence("", tuple(body), head)


def _named_in(stored: Mapping[str, StoredQuery]) -> dict[str, list[str]]:
    """Return the names of stored queries or forms by the terms that they use."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, query in stored.items():
        for term in _mentioned(query.text):
            found[term].append(name)
    return found


def _mentioned(sparql: str) -> set[str]:
    """Return the terms of the ontology that a query uses."""
    return {expand(name) for name in names(sparql) if name.startswith("rkg:")}


def _texts(store: Store, query: str) -> list[Row]:
    return [{name: value(term) for name, term in row.items()} for row in rows(store, query)]


def _grouped(found: Iterable[Row], by: str) -> defaultdict[str, list[Row]]:
    groups = defaultdict(list)
    for row in found:
        groups[row[by]].append(row)
    return groups
