"""The graph: facts loaded, dated and closed, then asked, shown, checked and exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from os.path import dirname, join, relpath
from typing import TYPE_CHECKING, Any, Literal

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from relations_kg import reading
from relations_kg._files import content, folder, paths
from relations_kg.errors import InputError, QueryError
from relations_kg.inference import Inference
from relations_kg.names import Names
from relations_kg.namespaces import (
    ONTOLOGY,
    PREFIXES,
    RKG,
    STATED,
    XSD,
)
from relations_kg.queries import Queries
from relations_kg.rows import Rows, Thing, Triples
from relations_kg.sparql import mistake
from relations_kg.terms import Statement, Term, statements, value

if TYPE_CHECKING:
    from rdflib import Dataset

    from relations_kg.contradictions import Contradiction
    from relations_kg.explanation import Explanation
    from relations_kg.inference import Difference
    from relations_kg.passages import Passage
    from relations_kg.places import Place
    from relations_kg.portrait import Portrait
    from relations_kg.summary import Summary
    from relations_kg.validation import Report

Source = str | PathLike[str]

_WHEN = NamedNode(RKG + "when")
_DAY = NamedNode(XSD + "date")
_BOUNDS = tuple(
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)


def load(
    *facts: Source,
    only: Source | Iterable[Source] | None = None,
    reasoner: Literal["own", "owlrl"] = "own",
) -> Graph:
    """Load the bundled graph with further files of facts, or with `only` these instead of it.

    Files are Turtle, TriG, N-Triples, N-Quads or JSON-LD, told by their names; "-" is standard
    input. Their named graphs become one: what counts here is stated or inferred. Raises
    InputError for a file that cannot be read. The `reasoner` owlrl gives the same inferred facts
    as ours, some hundred times more slowly, for who wants to hold one against the other.

    >>> load().run("mission-history", sender="peru", seat="guangzhou")[0].mission.label
    'Consulate-General of Peru in Guangzhou'
    """
    store = ontology_store()
    bundled = paths(folder("data"), ".ttl") if only is None else []
    for path in bundled:
        _load_bundled(store, path, STATED)
    files = [*facts, *([only] if isinstance(only, str | PathLike) else only or ())]
    quads = [quad for file in files for quad in reading.read(file, NamedNode(STATED))]
    known = NamedNode(ONTOLOGY)
    store.extend(
        quad
        for quad in quads
        if Quad(quad.subject, quad.predicate, quad.object, known) not in store
    )
    graph = Graph(store, [*bundled, *files])
    if reasoner == "owlrl":
        from relations_kg.reference import closure

        graph.inference.replace(closure(store))
    elif reasoner != "own":
        raise InputError(f"unknown reasoner {reasoner!r}", help='use "own" or "owlrl"')
    return graph


def ontology_store() -> Store:
    """Make a store that holds the ontology and the code lists and no facts."""
    store = Store()
    for name in ("relations.ttl", "codelists.ttl"):
        _load_bundled(store, join(folder("ontology"), name), ONTOLOGY)
    return store


def _load_bundled(store: Store, path: str, graph: str) -> None:
    store.load(content(path), RdfFormat.TURTLE, to_graph=NamedNode(graph))


class Graph:
    """Answer questions about the relations of states, each fact with its passage.

    Made by `load`. `store` is the engine's own, for what this interface does not offer; its
    named graphs keep stated facts, dates, inferred facts and the ontology apart.
    """

    def __init__(self, store: Store, files: Iterable[Source] = ()) -> None:
        self.store = store
        self._files = list(files)
        self._origins: dict[Source, Mapping[Statement, Sequence[Place]]] = {}
        self.queries: Mapping[str, Any] = Queries(folder("queries"))
        self.names = Names(store)
        self.inference = Inference(store)

    def query(self, sparql: str) -> Rows | Triples | bool:
        """Run SPARQL text; the project's prefixes are known to it.

        SELECT gives Rows, CONSTRUCT and DESCRIBE give Triples, ASK gives bool. Raises QueryError
        for text that is not SPARQL 1.1, and for updates.

        >>> load().query("ASK { id:embassy-of-china-in-lima a rkg:Mission }")
        True
        """
        from pyoxigraph import QueryBoolean, QuerySolutions

        try:
            answer = self.store.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise mistake(error, sparql) from None
        if isinstance(answer, QueryBoolean):
            return bool(answer)
        try:
            if isinstance(answer, QuerySolutions):
                return Rows([v.value for v in answer.variables], list(answer), self.names)
            return Triples(list(answer), self.names)
        except (RuntimeError, OSError, ValueError) as error:
            raise QueryError(f"the query failed: {error}") from None

    def run(self, name: str, /, **parameters: object) -> Rows:
        """Run a stored query by name; a parameter left out or None means any.

        A thing is given as IRI, CURIE, slug or label, a date as ISO text or `date`. See `queries`
        for the names and their parameters. Raises QueryError or UnknownName.

        >>> [row.when for row in load().run("policies", party="Peru")]
        ['1971-11-02/..']
        """
        question = self.queries[name]
        rows = self.query(question.bind(parameters, self.names))
        if not isinstance(rows, Rows):
            raise QueryError("a stored query must be a SELECT", where=f"{name}.rq")
        return rows

    def explain(
        self,
        subject: str,
        predicate: str,
        object: str,
        *,
        document: Source | None = None,
    ) -> Explanation:
        """Explain why a triple holds, or what is missing for it; true if it holds.

        Each is named as in `run`; the predicate may be "a", the object the text of a literal.
        With the file of the source `document` passages are shown in its words.

        >>> graph = load()
        >>> graph.explain("peru", "sendsMission", "embassy-of-peru-in-beijing").proofs[0].rule.name
        'rkg:sendsMission inverse of rkg:sendingParty'
        """
        from relations_kg.explanation import Explanation

        words = reading.text_of(document) if document is not None else None
        return Explanation(self, self.names.statement(subject, predicate, object), words)

    def add(self, *facts: Source) -> Difference:
        """Add files of facts; return the triples that this brought and took away.

        It costs what the new facts bring about, not what was known before.

        >>> load().add("tests/facts/good/visit.ttl").removed
        frozenset()
        """
        quads = [quad for source in facts for quad in reading.read(source, NamedNode(STATED))]
        difference = self.inference.add(statements(quads))
        self._files += facts
        return difference

    def remove(self, *facts: Source) -> Difference:
        """Take the facts in files out of the stated ones; return what this brought and took.

        >>> graph = load("tests/facts/good/visit.ttl")
        >>> len(graph.remove("tests/facts/good/visit.ttl").added)
        0
        """
        quads = [quad for source in facts for quad in reading.read(source, NamedNode(STATED))]
        return self.inference.remove(statements(quads))

    def contradictions(self) -> list[Contradiction]:
        """List the facts that the ontology says cannot hold together, with their passages.

        >>> load().contradictions()
        []
        """
        from relations_kg.contradictions import contradictions

        return contradictions(self)

    def facts(self, predicate: Term) -> Iterator[Statement]:
        """Yield the facts of one property, stated and inferred, with the dates in days.

        >>> graph = load()
        >>> fact = graph.names.statement("one-china-policy", "a", "Policy")
        >>> fact in graph.facts(fact[1])
        True
        """
        return statements(self.store.quads_for_pattern(None, NamedNode(value(predicate)), None))

    def place(self, fact: Statement) -> str | None:
        """Tell the file and line where a fact is stated, where that is known.

        >>> graph = load()
        >>> graph.place(graph.names.statement("lima", "a", "City")).partition(":")[0]
        'data/china-peru/since-1971.ttl'
        """
        place = self.origin(fact)
        return f"{place.file}:{place.line}" if place else None

    def show(self, thing: str) -> Portrait:
        """Show all that is known of a thing: labels, facts both ways by date, passages.

        >>> load().show("lima").kinds
        ('city', 'place')
        """
        from relations_kg.portrait import Portrait

        return Portrait.of(self, self.names.find(thing))

    def export(
        self,
        path: Source | None = None,
        *,
        format: str = "turtle",
        inferred: bool = False,
    ) -> bytes:
        """Write the stated facts (with `inferred`, all) as linked data and return the bytes.

        `format` is turtle, jsonld, ntriples, nquads or trig. With a `path` the file is written
        whole or not at all.

        >>> load().export(format="ntriples").count(b"\\n") > 1000
        True
        """
        from relations_kg import export

        content = export.serialize(self.store, format, inferred=inferred)
        if path is not None:
            export.write(path, content)
        return content

    def validate(self, *facts: Source) -> Report:
        """Check files of facts together with this graph, or the graph alone if none is named.

        >>> load().validate().conforms
        True
        """
        from relations_kg.validation import validate

        return validate(self, facts)

    def passages(self, *things: str) -> list[Passage]:
        """List the passages that things rest on, or all there are if none is named.

        >>> [p.section for p in load().passages("one-china-policy")]
        ['Relations since 1971']
        """
        from relations_kg import passages

        if not things:
            return passages.passages(self.store)
        return passages.passages_of(self.store, map(self.names.find, things))

    def basis(self, rows: Rows | Triples | bool) -> str:
        """Write the passages that the things in the first column of rows rest on, a line each."""
        from relations_kg.passages import passages_of

        if not isinstance(rows, Rows) or not rows:
            return ""
        first = [str(row[0]) for row in rows if isinstance(row[0], Thing)]
        lines = [f"  {p.curie}  {p.gist}\n" for p in passages_of(self.store, first)]
        return "\nPassages\n" + "".join(lines) if lines else ""

    def summary(self) -> Summary:
        """Count what is in the graph.

        >>> load().summary().all_passages
        87
        """
        from relations_kg.summary import Summary

        return Summary.of(self)

    def to_rdflib(self) -> Dataset:
        """Copy the graph into an rdflib Dataset of its own, named graphs kept.

        >>> len(load().to_rdflib()) > 2000
        True
        """
        from relations_kg.export import to_rdflib

        return to_rdflib(self.store)

    def count(self, graph: str) -> int:
        """Count the triples of one named graph."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, NamedNode(graph)))

    def origin(self, fact: Statement) -> Place | None:
        """Return the place of the object of a stated fact, where that is known.

        >>> graph = load()
        >>> graph.origin(graph.names.statement("lima", "a", "City")).column
        11
        """
        for file in self._files:
            for place in self._origins_in(file, fact[0]).get(fact, ()):
                return place
        return None

    def _origins_in(self, file: Source, subject: Term) -> Mapping[Statement, Sequence[Place]]:
        """Map the facts of a file to their places, if it is one that names a subject."""
        known = self._origins.get(file)
        if known is not None:
            return known
        # Standard input is gone, and JSON has no lines that matter.
        if (
            reading.name_of(file) == "standard input"
            or reading.format_of(file) == RdfFormat.JSON_LD
        ):
            return {}
        text = reading.text_of(file)
        if value(subject).rpartition("/")[2].rpartition("#")[2] not in text:
            return {}
        from relations_kg.places import read

        own = str(file).startswith(folder("data"))
        name = relpath(file, dirname(folder("data"))) if own else str(file)
        located = read(text, name, reading.format_of(file))
        origins: dict[Statement, list[Place]] = {}
        for index, fact in enumerate(statements(located.quads)):
            origins.setdefault(fact, []).append(located.located(index).object)
        self._origins[file] = origins
        return origins
