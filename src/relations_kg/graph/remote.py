"""A graph on a server, which is queried there and copied into memory for proofs and validation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NoReturn, cast

from pyoxigraph import NamedNode, Quad, Store, Triple

from relations_kg.answers import bindings, search
from relations_kg.answers.calls import explained
from relations_kg.answers.evaluation import (
    LONGEST_PART,
    attached,
    counted,
    warning_search,
    with_values,
)
from relations_kg.answers.queries import stored_queries
from relations_kg.answers.query_search import QuerySearch
from relations_kg.answers.rows import Rows, Triples
from relations_kg.answers.term_search import TermSearch
from relations_kg.engines import guard
from relations_kg.engines.endpoint import GRAPHS, Endpoint, Solutions
from relations_kg.engines.limits import limited
from relations_kg.errors import InputError, QueryError, QueryTimeout, RelationsError
from relations_kg.graph.graph import Graph
from relations_kg.rdf.extensions import spaces
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, PREFIXES, STATED
from relations_kg.reader.bundled import ontology_store
from relations_kg.reader.files import Document, Source
from relations_kg.reasoning import extensions
from relations_kg.reasoning.inference import Inference
from relations_kg.sparql.evaluation import mistake
from relations_kg.validation import shape_files
from relations_kg.warnings.query_warnings import QueryWarnings

_KNOWN = """
SELECT ?name {
  VALUES ?name { VALUES_OF }
  FILTER (EXISTS { ?name ?p ?o } || EXISTS { ?s ?name ?o } || EXISTS { ?s ?p ?name })
}
"""


@explained
def connect(
    url: str,
    *,
    graphs: Iterable[str] | None = None,
    vocabulary: Source | Iterable[Source] = (),
    authorization: str | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = 60,
) -> RemoteGraph:
    """Connect to a graph on a SPARQL 1.1 server, given the address of its query endpoint.

    `graphs` names the graphs to query; by default, the graphs that `push` writes or, if these are
    empty, the server's default graph, whose triples all count as stated. The terms of a
    `vocabulary` are known in queries and in `validate`; none is taken from the server.
    `authorization` is the header of that name, such as "Bearer …"; the URL may contain a name and a
    password. The `timeout` is in seconds. Raises InputError for a server that cannot be reached, or
    is empty.

    >>> connect("127.0.0.1:7878")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    relations_kg.errors.InputError: '127.0.0.1:7878' is not the address of a server; ...
    """
    # The vocabulary is parsed several times, but standard input can only be read once.
    own = Document.each_of(vocabulary)

    def endpoint(graphs: Iterable[str]) -> Endpoint:
        return Endpoint(
            url, graphs=graphs, authorization=authorization, headers=headers, timeout=timeout
        )

    for names in (GRAPHS, ()) if graphs is None else (tuple(graphs),):
        server = endpoint(names)
        if server.query("ASK { ?s ?p ?o }") is True:
            return RemoteGraph(server, own)
    raise InputError(
        "the server has no triples in these graphs",
        where=server.url,
        help="push a graph to the server, or name its graphs",
    )


@explained
class RemoteGraph(Graph):
    """A graph on a server, with the interface of Graph.

    The server answers queries, `show`, `passages`, `summary` and `export`. For `explain`,
    `validate`, `contradictions`, tables of forms, pictures and `to_networkx` the stated facts are
    copied once into `local`, a graph in memory, which does not follow later changes on the server.
    The methods `add`, `remove` and `replace` raise InputError, since a server has no files of facts
    to change.
    """

    # Each search is a request.
    _finds_parts = False

    def __init__(self, endpoint: Endpoint, vocabulary: Sequence[Document] = ()) -> None:
        # An Endpoint has all methods of a Store that Graph uses, as long as nothing is changed.
        super().__init__(cast(Store, endpoint))
        self.endpoint = endpoint
        self._vocabulary = vocabulary
        if vocabulary:
            self.names.spaces = spaces(self._ontology())

    @property
    def _size(self) -> str:
        """The address of the server, since counting its triples would take long."""
        return self.endpoint.url

    @cached_property
    def local(self) -> Graph:
        """A copy of the server's stated facts, with triples inferred by this project."""
        store = self._ontology()
        known = NamedNode(ONTOLOGY)
        for graph in (STATED, IDENTIFIERS):
            store.extend(
                quad
                for quad in self.endpoint.quads_for_pattern(None, None, None, NamedNode(graph))
                if Quad(quad.subject, quad.predicate, quad.object, known) not in store
            )
        return Graph(store, inference=Inference(store), private=True)

    def _ontology(self) -> Store:
        """Return a store with the local ontology and vocabulary, not the server's."""
        store = ontology_store()
        if self._vocabulary:
            extensions.Vocabulary(self._vocabulary, store).add()
            shape_files.check_shapes(store)
        return store

    @property
    def scratch(self) -> Graph:
        """The copy of the server's facts in memory, which can be changed."""
        return self.local

    @property
    def inference(self) -> Inference:
        """The entailments of the facts in the copy in memory."""
        return self.local.inference

    def query(
        self,
        sparql: str,
        /,
        *,
        timeout: float | None = None,
        allow_service: Iterable[str] = (),
        **values: object,
    ) -> Rows | Triples | bool:
        """Run SPARQL text on the server; the project's prefixes need no declaration.

        `values` are bound as by `Graph.query`. The `timeout` in seconds replaces that of `connect`.
        The server itself calls the hosts in `allow_service`, and decides which addresses it can
        reach. Raises QueryError for text that is not SPARQL and for an answer of more than
        1,000,000 rows or triples or 256 MiB, QueryTimeout, and InputError if the server does not
        answer.
        """
        text = with_values(sparql, values, self.names)
        allowed = tuple(allow_service)
        guard.check(text, allowed)
        # Names are looked up before the query, since looking them up later would clear its cached
        # answer.
        found = bindings.still_unbound(self.warnings(sparql), sparql, values)
        answer = self._evaluate(text, timeout, bool(allowed))

        def count(part: str, most: int) -> int | None:
            return counted(lambda: self._evaluate(part, LONGEST_PART), most)

        is_own = text == sparql
        find = warning_search(
            answer, lambda: found, count, text, values, self.warnings, is_own=is_own
        )
        return attached(answer, find)

    def _evaluate(
        self, sparql: str, timeout: float | None = None, calls: bool = False
    ) -> Rows | Triples | bool:
        answer = self._ask(sparql, timeout, calls)
        if isinstance(answer, bool):
            return answer
        if isinstance(answer, Solutions):
            return Rows(answer.variables, limited(answer.rows), self.names)
        return Triples(limited(answer), self.names)

    @cached_property
    def _query_warnings(self) -> QueryWarnings:
        ontology = self._ontology()

        def known(addresses: Collection[str]) -> set[str]:
            """Return the IRIs that the ontology or the server has, with at most one request."""
            asked = {
                iri for iri in addresses if not _describes(ontology, iri) and iri not in GRAPHS
            }
            if not asked:
                return {*addresses}
            values = " ".join(f"<{iri}>" for iri in sorted(asked))
            try:
                found = self.endpoint.query(_KNOWN.replace("VALUES_OF", values))
                assert isinstance(found, Solutions)
                return {*addresses} - asked | {str(row[0].value) for row in found.rows}
            except RelationsError:
                # Warnings are optional: without an answer, all names count as known.
                return {*addresses}

        return QueryWarnings(self.quad_store, self.names, ontology=ontology, known=known)

    @cached_property
    def term_search(self) -> TermSearch:
        """The search for terms of the local ontology and vocabulary."""
        return TermSearch(self._ontology())

    @cached_property
    def query_search(self) -> QuerySearch:
        """The search for stored queries, with the names of the local ontology and vocabulary."""
        return QuerySearch(stored_queries(), self.term_search, self._ontology())

    def _found(self, text: str, kind: str | None, limit: int) -> list[str]:
        answer = self._ask(search.query(text, kind), None, False)
        if not isinstance(answer, Solutions):
            return []
        return search.ranked(map(tuple, answer.rows), self.names, text, limit)

    def _change(
        self, gone: Sequence[Source], new: Sequence[Source], *, allow_changes: bool = False
    ) -> NoReturn:
        raise InputError(
            "a graph on a server can only be replaced as a whole",
            where=self.endpoint.url,
            help="load the facts and push the new graph",
        )

    def count(self, graph: str) -> int:
        """Return the number of triples in one named graph."""
        return self.endpoint.count(graph)

    def _answer(
        self, sparql: str, together: bool | None = None, *, stored: str = ""
    ) -> Rows | Triples | bool:
        return self._evaluate(sparql)

    def _ask(
        self, sparql: str, timeout: float | None, calls: bool
    ) -> bool | Solutions | Iterator[Triple]:
        try:
            return self.endpoint.query(sparql, timeout=timeout)
        except QueryTimeout:
            raise
        except QueryError:
            # Our own engine reports the position of a syntax error; servers may not.
            if calls:
                raise
            try:
                Store().query(sparql, prefixes=PREFIXES)
            except (SyntaxError, ValueError) as error:
                raise mistake(error, sparql) from None
            raise


def _describes(store: Store, iri: str) -> bool:
    return any(True for _ in store.quads_for_pattern(NamedNode(iri), None, None))
