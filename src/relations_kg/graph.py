"""The graph: facts loaded, dated and closed, then asked, shown, checked and exported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from relations_kg import dates, reading
from relations_kg._files import content, folder, names
from relations_kg.errors import InputError, QueryError, UnknownName
from relations_kg.names import Names
from relations_kg.namespaces import (
    DATES,
    INFERRED,
    ONTOLOGY,
    PREFIXES,
    RKG,
    STATED,
    XSD,
    expand,
    shorten,
)
from relations_kg.queries import Queries
from relations_kg.reasoning import Closure
from relations_kg.rows import Rows, Thing, Triples
from relations_kg.rules import compile_rules
from relations_kg.terms import in_graph, statements, value

if TYPE_CHECKING:
    from rdflib import Dataset

    from relations_kg.passages import Passage
    from relations_kg.portrait import Portrait
    from relations_kg.summary import Summary
    from relations_kg.validation import Report

Source = str | PathLike[str]

_WHEN = NamedNode(RKG + "when")
_DAY = NamedNode(XSD + "date")
_BOUNDS = tuple(
    NamedNode(RKG + name) for name in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)


def load(*facts: Source, only: Iterable[Source] | None = None) -> Graph:
    """Load the bundled graph with further files of facts, or with `only` these instead of it.

    Files are Turtle, TriG, N-Triples, N-Quads or JSON-LD, told by their names; "-" is standard
    input. Their named graphs become one: what counts here is stated or inferred. Raises
    InputError for a file that cannot be read.

    >>> load().run("mission-history", sender="peru", seat="guangzhou")[0].mission.label
    'Consulate-General of Peru in Guangzhou'
    """
    store = ontology_store()
    if only is None:
        for name in names(folder("data"), ".ttl"):
            _load_bundled(store, "data", name, STATED)
    files = [*facts, *(only or ())]
    quads = [quad for file in files for quad in reading.read(file, NamedNode(STATED))]
    known = NamedNode(ONTOLOGY)
    store.extend(
        quad
        for quad in quads
        if Quad(quad.subject, quad.predicate, quad.object, known) not in store
    )
    return Graph(store)


def ontology_store() -> Store:
    """Make a store that holds the ontology and the code lists and no facts."""
    store = Store()
    for name in ("relations.ttl", "codelists.ttl"):
        _load_bundled(store, "ontology", name, ONTOLOGY)
    return store


def _load_bundled(store: Store, place: str, name: str, graph: str) -> None:
    store.load(content(folder(place), name), RdfFormat.TURTLE, to_graph=NamedNode(graph))


class Graph:
    """Answer questions about the relations of states, each fact with its passage.

    Made by `load`. `store` is the engine's own, for what this interface does not offer; its
    named graphs keep stated facts, dates, inferred facts and the ontology apart.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.queries: Mapping[str, Any] = Queries(folder("queries"))
        self.names = Names(store)
        self._date()
        self._close()

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
            raise _bad_sparql(error, sparql) from None
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

    def show(self, thing: str) -> Portrait:
        """Show all that is known of a thing: labels, facts both ways by date, passages.

        >>> load().show("lima").kinds
        ('city', 'place')
        """
        from relations_kg.portrait import Portrait

        return Portrait.of(self, self.names.find(thing))

    def export(
        self, path: Source | None = None, *, format: str = "turtle", inferred: bool = False
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

    @cached_property
    def source_date(self) -> str | None:
        """The latest time that any source document speaks from, as EDTF."""
        quads = self.store.quads_for_pattern(None, NamedNode(RKG + "speaksFrom"), None)
        return max((value(quad.object) for quad in quads), default=None)

    def _date(self) -> None:
        graph = NamedNode(DATES)
        self.store.extend(
            Quad(quad.subject, predicate, value, graph)
            for quad in self.store.quads_for_pattern(None, _WHEN, None, NamedNode(STATED))
            for predicate, value in _bounds(quad)
        )

    def _close(self) -> None:
        closure = Closure(compile_rules(self.store))
        facts = (
            fact
            for predicate in closure.predicates
            for fact in statements(self.store.quads_for_pattern(None, predicate, None))
        )
        self.store.extend(list(in_graph(closure.add(facts), INFERRED)))


def _bounds(quad: Quad) -> Iterator[tuple[NamedNode, Literal]]:
    try:
        bounds = dates.parse(value(quad.object))
    except InputError as error:
        raise InputError(error.message, where=_named(quad), help=error.help) from None
    for predicate, day in zip(_BOUNDS, bounds[:4], strict=True):
        if day is not None:
            yield predicate, Literal(day.isoformat(), datatype=_DAY)
    if bounds.ongoing:
        yield NamedNode(RKG + "ongoing"), Literal(True)


def _named(quad: Quad) -> str:
    subject = quad.subject
    return shorten(subject.value) if isinstance(subject, NamedNode) else "a blank node"


def _bad_sparql(error: Exception, sparql: str) -> QueryError:
    place, _, reason = str(error).removeprefix("error at ").partition(": ")
    line, _, column = place.partition(":")
    if not (line.isdigit() and column.isdigit()):
        return QueryError(f"not SPARQL: {error}", where="query")
    declared = {prefix for prefix, _ in re.findall(r"(?i)PREFIX\s+([\w-]*):\s*(<)", sparql)}
    used = re.findall(r"(?<![\w:?$<\"'/-])([A-Za-z][\w-]*):(?=[\w-])", sparql)
    for prefix in used:
        if prefix not in PREFIXES and prefix not in declared:
            try:
                expand(f"{prefix}:")
            except UnknownName as unknown:
                return QueryError(f'unknown prefix "{prefix}:"', where="query", help=unknown.help)
    rest = "\n".join(sparql.split("\n")[int(line) - 1 :])[int(column) - 1 :].strip()
    found = f"unexpected {rest.split()[0][:40]!r}" if rest else "the query ends too early"
    # The grammar's list of all that could have come fills a screen; a short one is a help.
    help = reason if len(reason) < 60 and "\n" not in reason else None
    return QueryError(
        f"not SPARQL: {found}", where="query", line=int(line), column=int(column), help=help
    )
