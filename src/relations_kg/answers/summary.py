"""The summary of a graph in numbers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, Store

from relations_kg._files import content, folder
from relations_kg.answers.passages import passages, sources
from relations_kg.export import export
from relations_kg.rdf import extensions, markup
from relations_kg.rdf.namespaces import DATES, INFERRED, PREFIXES, RDF, RKG, SH, STATED
from relations_kg.rdf.terms import value

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_TYPE, _IDENTIFIER = NamedNode(RDF + "type"), NamedNode(PREFIXES["adms"] + "Identifier")


@dataclass(frozen=True)
class Summary:
    """Counts of a graph.

    `stated`, `dates` and `inferred` count triples, by their named graphs. `kinds` maps the label of
    each stated kind to its number of things. `span` is the first and the last known day, in ISO
    8601. `passages` counts the passages that state a fact or have a reason for stating none, and
    `all_passages` all passages. `vocabulary` names the files of an extension vocabulary.
    """

    stated: int
    dates: int
    inferred: int
    identifiers: int
    kinds: dict[str, int]
    span: tuple[str, str] | None
    passages: int
    all_passages: int
    shapes: int
    queries: int
    versions: dict[str, str]
    fingerprint: str
    vocabulary: tuple[str, ...] = ()

    @classmethod
    def of(cls, graph: Knowledge, queries: int) -> Summary:
        """Return the summary of a graph; `queries` is the number of its stored queries.

        >>> import relations_kg as rk
        >>> Summary.of(rk.load(only="tests/facts/good/visit.ttl"), 0).kinds["state visit"]
        1
        """
        store = graph.quad_store
        found = passages(store)
        return cls(
            stated=graph.count(STATED),
            dates=graph.count(DATES),
            inferred=graph.count(INFERRED),
            identifiers=sum(1 for _ in store.quads_for_pattern(None, _TYPE, _IDENTIFIER)),
            kinds=kinds(graph),
            span=span(store),
            passages=sum(1 for p in found if p.things or p.carries_no_fact),
            all_passages=len(found),
            shapes=_count_shapes(store),
            queries=queries,
            versions=_versions(),
            fingerprint=sha256(export.serialize(store, "nquads")).hexdigest(),
            vocabulary=tuple(sorted(extensions.files(store).values())),
        )

    def __str__(self) -> str:
        kinds = [f"{number:>6}  {kind}" for kind, number in self.kinds.items()]
        span = f"{self.span[0]} to {self.span[1]}" if self.span else "nothing is dated"
        lines = [
            f"triples      {self.stated} stated, {self.dates} of dates, {self.inferred} inferred",
            f"time span    {span}",
            f"passages     {self.passages} of {self.all_passages} covered",
            f"identifiers  {self.identifiers}",
            f"shapes       {self.shapes}",
            f"queries      {self.queries}",
            f"versions     {', '.join(f'{k} {v}' for k, v in self.versions.items())}",
            f"fingerprint  {self.fingerprint}",
            *(f"vocabulary   {name}" for name in self.vocabulary),
            f"things       {sum(self.kinds.values())} of {len(self.kinds)} kinds",
            *kinds,
        ]
        return "".join(f"{line}\n" for line in lines)

    def _repr_html_(self) -> str:
        head, _, _ = str(self).partition("things ")
        rows = [(kind, str(number)) for kind, number in self.kinds.items()]
        return markup.element("pre", head) + markup.section("Things", ("kind", "things"), rows)

    def to_json(self) -> str:
        """Return the summary as a JSON object with these fields."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def span(store: Store) -> tuple[str, str] | None:
    """Return the first and the last known day of a graph in ISO 8601, or None without dates."""
    days = {
        value(quad.object)
        for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
        for quad in store.quads_for_pattern(None, NamedNode(RKG + name), None)
    }
    return (min(days), max(days)) if days else None


def kinds(graph: Knowledge) -> dict[str, int]:
    """Return the number of things of each stated kind, by its label, largest first.

    Documents and their passages are not counted.
    """
    left_out = sources(graph.quad_store)
    counts = Counter(
        graph.names.shown(quad.object)
        for quad in graph.quad_store.quads_for_pattern(None, _TYPE, None, NamedNode(STATED))
        if quad.subject not in left_out
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _count_shapes(store: Store) -> int:
    shapes = Store()
    shapes.load(content(folder("ontology"), "shapes.ttl"), RdfFormat.TURTLE)
    shapes.extend(store.quads_for_pattern(None, None, None, extensions.GRAPH))
    targets = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
    found = (shapes.quads_for_pattern(None, NamedNode(SH + target), None) for target in targets)
    return len({quad.subject for quads in found for quad in quads})


def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("relations-kg", "pyoxigraph", "rdflib", "pyshacl")}
