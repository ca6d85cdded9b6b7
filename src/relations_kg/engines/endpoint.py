"""Remote engines: a graph on a server, read through the SPARQL 1.1 Protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO, TypeVar
from urllib.parse import urlencode

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from pyoxigraph import serialize as write_rdf

from relations_kg.engines.connection import Answer, Connection
from relations_kg.engines.limits import LONGEST, LONGEST_GRAPH, checked_timeout, too_wide
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, ONTOLOGY, STATED
from relations_kg.rdf.terms import LIST, EngineTerm, is_iri, value
from relations_kg.sparql.evaluation import query_form, with_prefixes

GRAPHS = (STATED, DATES, INFERRED, ONTOLOGY, IDENTIFIERS)

FORM = "application/x-www-form-urlencoded"
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8, */*;q=0.1"
_TRIPLES = "application/n-triples, text/turtle;q=0.8, */*;q=0.1"
# RDF/XML is not accepted, since its entities can expand without limit; every server offers another
# format.
_READ = (RdfFormat.N_TRIPLES, RdfFormat.TURTLE)
_NODE = re.compile(rb'("type": "bnode", "value": ")nodeID://')
# The maximum number of further things to look up in one request, and of things to remember.
_BATCH, _MOST_SEEN = 200, 20_000

T = TypeVar("T")
Pattern = tuple[EngineTerm | None, EngineTerm | None, EngineTerm | None, str | None]


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT: its columns, and its rows, parsed when read."""

    variables: list[str]
    rows: Iterator[QuerySolution]


class Endpoint:
    """A graph on a server with the reading methods of a Store: queries, patterns, all quads.

    Queries see the named `graphs` merged or, if there are none, the server's default graph, whose
    triples all count as stated. A look-up of a thing in an answer also fetches up to _BATCH other
    things of the answer, which are likely to be next; the results are cached until the next query.
    """

    def __init__(
        self,
        url: str,
        *,
        graphs: Iterable[str] = GRAPHS,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = 60,
    ) -> None:
        self.graphs = tuple(graphs)
        self.timeout = None if timeout is None else checked_timeout(timeout)
        self._connection = Connection(url, authorization=authorization, headers=headers)
        self.url = self._connection.url
        self._seen: dict[NamedNode, None] = {}
        self._known: dict[Pattern, list[Quad]] = {}

    def query(
        self, sparql: str, *, timeout: float | None = None
    ) -> bool | Solutions | Iterator[Triple]:
        """Run SPARQL text, in which the project's prefixes need no declaration.

        Raises QueryError if the server rejects the query or its answer is too large, QueryTimeout
        if it takes too long, and InputError if it does not answer, or not with complete results. If
        a later part of the answer is malformed, reading it raises InputError.
        """
        self._seen, self._known = {}, {}
        seconds = self.timeout if timeout is None else checked_timeout(timeout)
        answer = self._ask(sparql, self.graphs, seconds)
        if isinstance(answer, Solutions):
            return Solutions(answer.variables, self._noted(answer.rows))
        return answer

    def quads_for_pattern(
        self,
        subject: EngineTerm | None,
        predicate: EngineTerm | None,
        object: EngineTerm | None,
        graph_name: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Return the quads that match a pattern: none for a blank node or a triple term."""
        pattern = (subject, predicate, object, graph_name.value if graph_name else None)
        if any(isinstance(term, BlankNode | Triple) for term in pattern[:3]):
            return iter(())  # A query cannot name such a term.
        known = self._known.get(pattern)
        if known is not None:
            return iter(known)
        if subject in self._seen:
            self._look_ahead(pattern, 0)
        elif object in self._seen and predicate is not None:
            self._look_ahead(pattern, 2)
        else:
            return self._quads(pattern)
        return iter(self._known[pattern])

    def __contains__(self, quad: Quad) -> bool:
        return any(self.quads_for_pattern(*quad))

    def __iter__(self) -> Iterator[Quad]:
        for graph in self.named_graphs():
            yield from self.quads_for_pattern(None, None, None, graph)

    def named_graphs(self) -> Iterator[NamedNode]:
        """Yield the names of the graphs."""
        return map(NamedNode, self.graphs or (STATED,))

    def dump(
        self,
        output: IO[bytes] | None = None,
        format: RdfFormat = RdfFormat.N_TRIPLES,
        *,
        from_graph: NamedNode,
    ) -> bytes | None:
        """Write one named graph to a file, or return its bytes."""
        quads = self.quads_for_pattern(None, None, None, from_graph)
        return write_rdf((quad.triple for quad in quads), output, format)

    def count(self, graph: str) -> int:
        """Count the triples of one named graph; raise InputError if the answer is not a number."""
        if not self.graphs and graph != STATED:
            return 0
        text = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
        answer = self._ask(text, (graph,) if self.graphs else (), self.timeout)
        rows = list(answer.rows) if isinstance(answer, Solutions) else []
        if len(rows) != 1 or not str(n := getattr(rows[0][0], "value", "")).isdigit():
            raise InputError(
                "the count of triples is not a number",
                where=self.url,
                help="is this a SPARQL endpoint?",
            )
        return int(n)

    def _look_ahead(self, pattern: Pattern, place: int) -> None:
        """Fetch a pattern for a thing and for other things of the same answer in one request."""

        def about(thing: EngineTerm | None) -> Pattern:
            terms = [*pattern]
            terms[place] = thing
            return tuple(terms)  # type: ignore[return-value]

        first = (pattern[0], pattern[1], pattern[2])[place]
        others = (thing for thing in self._seen if about(thing) not in self._known)
        if pattern[1] is None:
            # After a look-up of a thing's facts, a look-up of an ontology term's facts is unlikely.
            others = (thing for thing in others if _namespace(thing) == _namespace(first))
        things = [first, *islice((thing for thing in others if thing != first), _BATCH)]
        found: dict[EngineTerm | None, list[Quad]] = {thing: [] for thing in things}
        for quad in self._quads(about(None), place, things):
            found[(quad.subject, quad.predicate, quad.object)[place]].append(quad)
        self._known.update((about(thing), quads) for thing, quads in found.items())

    def _quads(
        self, pattern: Pattern, place: int = 0, things: Iterable[EngineTerm | None] = ()
    ) -> Iterator[Quad]:
        graph = pattern[3]
        if graph is not None and graph not in (self.graphs or (STATED,)):
            return
        if pattern[:3] == (None, None, None) and graph is not None and not things:
            yield from self._copy(graph)
            return
        places = dict(zip("spo", pattern[:3], strict=True))
        names = (f"?{name}" if term is None else str(term) for name, term in places.items())
        values = f"VALUES ?{'spo'[place]} {{ {' '.join(map(str, things))} }} " if things else ""
        where = f"{values}{' '.join(names)}"
        if self.graphs:
            where = f"GRAPH ?g {{ {where} }}"
        answer = self._ask(
            f"SELECT * WHERE {{ {where} }}",
            (),
            self.timeout,
            named=() if not self.graphs else self.graphs if graph is None else (graph,),
        )
        if not isinstance(answer, Solutions):
            raise _garbled(self.url)
        self._note(term for term in places.values() if isinstance(term, NamedNode))
        for row in self._noted(answer.rows):
            cells = dict(zip(answer.variables, row, strict=True))
            found = (cells.get(name) if term is None else term for name, term in places.items())
            subject, predicate, object_ = found
            yield Quad(subject, predicate, object_, cells.get("g") or NamedNode(STATED))  # type: ignore[arg-type]

    def _copy(self, graph: str) -> Iterator[Quad]:
        """Yield all triples of a graph; the transfer has no deadline as long as data arrives."""
        text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        answer = self._ask(text, (graph,) if self.graphs else (), None, longest=LONGEST_GRAPH)
        if isinstance(answer, bool | Solutions):
            raise _garbled(self.url)
        node = NamedNode(graph)
        for triple in answer:
            yield Quad(triple.subject, triple.predicate, triple.object, node)

    def _noted(self, rows: Iterator[QuerySolution]) -> Iterator[QuerySolution]:
        for row in rows:
            self._note(thing for term in row for thing in _things(term))
            yield row

    def _note(self, things: Iterable[NamedNode]) -> None:
        if len(self._seen) < _MOST_SEEN:
            self._seen.update(dict.fromkeys(things))

    def _ask(
        self,
        sparql: str,
        default: Iterable[str],
        timeout: float | None,
        named: Iterable[str] | None = None,
        longest: int = LONGEST,
    ) -> bool | Solutions | Iterator[Triple]:
        default = list(default)
        form = query_form(sparql)
        graph = form in ("CONSTRUCT", "DESCRIBE")
        fields = [
            ("query", with_prefixes(sparql)),
            *(("default-graph-uri", iri) for iri in default),
            *(("named-graph-uri", iri) for iri in (default if named is None else named)),
        ]
        answer = self._connection.send(
            "POST",
            self.url,
            urlencode(fields).encode(errors="replace"),
            {"Accept": _TRIPLES if graph else _ROWS, "Content-Type": FORM},
            timeout=timeout,
            longest=longest,
        )
        if not answer.succeeded:
            raise answer.error()
        most = answer.headers.get("x-sparql-maxrows")
        if most is not None:
            help = "ask for less, or raise the server's limit"
            message = f"the server leaves out all rows after {most}"
            raise InputError(message, where=self.url, help=help)
        if graph:
            return self._triples(answer)
        found = self._solutions(answer)
        if form == "ASK" and isinstance(found, Solutions):
            # Virtuoso answers true with a row with the value 1, and false with no rows.
            return any(getattr(row[0], "value", "") == "1" for row in found.rows)
        return found

    def _solutions(self, answer: Answer) -> bool | Solutions:
        format = QueryResultsFormat.from_media_type(answer.type)
        if format is None or format == QueryResultsFormat.CSV:
            raise self._wrong_type(answer)
        content = answer.content
        if answer.headers.get("server", "").startswith("Virtuoso"):
            # Virtuoso's labels of blank nodes are not valid RDF.
            content = _NODE.sub(rb"\1", content)
        try:
            results = parse_query_results(content, format)
        except (SyntaxError, ValueError, OSError):
            raise _garbled(self.url) from None
        except MemoryError:
            raise too_wide(self.url) from None
        if isinstance(results, QueryBoolean):
            return bool(results)
        return Solutions([v.value for v in results.variables], _whole(results, self.url))

    def _triples(self, answer: Answer) -> Iterator[Triple]:
        format = RdfFormat.from_media_type(answer.type)
        if format not in _READ:
            raise self._wrong_type(answer)
        quads = parse(answer.content, format, base_iri=self.url)
        return (quad.triple for quad in _whole(quads, self.url))

    def _wrong_type(self, answer: Answer) -> InputError:
        message = f"answered with {answer.type}, which is not a format of query results"
        help = "name the address of the server's SPARQL endpoint"
        return InputError(message, where=self.url, help=help)


def _things(term: EngineTerm | None) -> list[NamedNode]:
    """Return an IRI, or the IRIs of a list in one cell."""
    if isinstance(term, NamedNode):
        return [term]
    if not isinstance(term, Literal) or term.datatype != LIST:
        return []
    try:
        return [NamedNode(text) for text in term.value.split() if is_iri(text)]
    except ValueError:
        return []  # A part of the list is not a valid IRI.


def _namespace(term: EngineTerm | None) -> str:
    return re.sub("[^/#]*$", "", value(term)) if term is not None else ""


def _whole(items: Iterable[T], where: str) -> Iterator[T]:
    try:
        yield from items
    except (SyntaxError, ValueError, OSError):
        raise _garbled(where) from None
    except MemoryError:
        raise too_wide(where) from None
    finally:
        # A traceback keeps this frame alive, but pyoxigraph's rows must be freed in the thread that
        # made them.
        del items


def _garbled(where: str) -> InputError:
    return InputError("the answer cannot be read: it is malformed", where=where, help="ask again")
