"""A graph on a server: asked there, and copied here for what only we can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, cast

from pyoxigraph import NamedNode, Quad, Store, Triple

from relations_kg.answers.rows import Rows, Triples
from relations_kg.engines.endpoint import GRAPHS, Endpoint, Solutions
from relations_kg.engines.limits import limited
from relations_kg.errors import InputError, QueryError, QueryTimeout
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, PREFIXES, STATED
from relations_kg.rdf.sparql import mistake
from relations_kg.reader.bundled import ontology_store
from relations_kg.reader.files import Source
from relations_kg.reasoning.inference import Inference

if TYPE_CHECKING:
    from relations_kg.answers.contradictions import Contradiction
    from relations_kg.answers.explanation import Explanation
    from relations_kg.validation.reports import Report


def connect(
    url: str,
    *,
    graphs: Iterable[str] | None = None,
    authorization: str | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = 60,
) -> RemoteGraph:
    """Connect to a graph on a SPARQL 1.1 server, by the address that takes its queries.

    `graphs` names the graphs to ask. Without it they are ours (see `push`), or else the server's
    default graph, all of which then counts as stated. `authorization` is the header of that name,
    such as "Bearer …"; a name and a password may stand in the URL. An answer may take `timeout`
    seconds. Raises InputError for a server that cannot be reached or holds nothing.

    >>> connect("127.0.0.1:7878")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    relations_kg.errors.InputError: '127.0.0.1:7878' is not the address of a server; ...
    """

    def endpoint(graphs: Iterable[str]) -> Endpoint:
        return Endpoint(
            url, graphs=graphs, authorization=authorization, headers=headers, timeout=timeout
        )

    for names in (GRAPHS, ()) if graphs is None else (tuple(graphs),):
        server = endpoint(names)
        if server.query("ASK { ?s ?p ?o }") is True:
            return RemoteGraph(server)
    raise InputError(
        "the server holds nothing where it was asked",
        where=server.url,
        help="push a graph to it, or name its graphs",
    )


class RemoteGraph(Graph):
    """Answer the same questions as a Graph from a server.

    The server answers queries, `show`, `passages`, `summary` and `export`. For `explain`,
    `validate` and `contradictions` the stated facts are copied once into `local`, a graph in
    memory, and what changes on the server afterwards is not seen by them.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        # All that is asked of the store of a graph that is not changed, an Endpoint has too.
        super().__init__(cast(Store, endpoint))
        self.endpoint = endpoint

    @cached_property
    def local(self) -> Graph:
        """The stated facts of the server, with what we infer from them."""
        store = ontology_store()
        known = NamedNode(ONTOLOGY)
        for graph in (STATED, IDENTIFIERS):
            store.extend(
                quad
                for quad in self.endpoint.quads_for_pattern(None, None, None, NamedNode(graph))
                if Quad(quad.subject, quad.predicate, quad.object, known) not in store
            )
        return Graph(store, inference=Inference(store))

    @property
    def inference(self) -> Inference:
        """What follows from the stated facts, in `local`."""
        return self.local.inference

    def query(
        self, sparql: str, *, timeout: float | None = None, allow_service: Iterable[str] = ()
    ) -> Rows | Triples | bool:
        """Run SPARQL text on the server; the project's prefixes are known to it.

        An answer may take `timeout` seconds, or as long as was said to `connect`. What a SERVICE
        that is allowed may reach, the server decides. Raises QueryError for text that is not
        SPARQL and for an answer of more than 1,000,000 rows or triples or 256 MiB, QueryTimeout,
        and InputError for a server that cannot answer.
        """
        from relations_kg.engines import guard

        allowed = tuple(allow_service)
        guard.check(sparql, allowed)
        answer = self._ask(sparql, timeout, bool(allowed))
        if isinstance(answer, bool):
            return answer
        if isinstance(answer, Solutions):
            return Rows(answer.variables, limited(answer.rows), self.names)
        return Triples(limited(answer), self.names)

    def explain(
        self, subject: str, predicate: str, object: str, *, document: Source | None = None
    ) -> Explanation:
        """Explain why a triple holds, from a copy of the stated facts."""
        return self.local.explain(subject, predicate, object, document=document)

    def validate(self, *facts: Source, allow_changes: bool = False) -> Report:
        """Check files of facts together with a copy of the stated facts."""
        return self.local.validate(*facts, allow_changes=allow_changes)

    def contradictions(self) -> list[Contradiction]:
        """List what cannot hold together, from a copy of the stated facts."""
        return self.local.contradictions()

    def add(self, *facts: Source, allow_changes: bool = False) -> NoReturn:
        """Refuse: a graph on a server is replaced whole."""
        raise self._unchangeable()

    def remove(self, *facts: Source) -> NoReturn:
        """Refuse: a graph on a server is replaced whole."""
        raise self._unchangeable()

    def replace(self, old: Source, new: Source, *, allow_changes: bool = False) -> NoReturn:
        """Refuse: a graph on a server is replaced whole."""
        raise self._unchangeable()

    def count(self, graph: str) -> int:
        """Count the triples of one named graph."""
        return self.endpoint.count(graph)

    def _answer(self, sparql: str, together: bool | None = None) -> Rows | Triples | bool:
        return self.query(sparql)

    def _ask(
        self, sparql: str, timeout: float | None, calls: bool
    ) -> bool | Solutions | Iterator[Triple]:
        try:
            return self.endpoint.query(sparql, timeout=timeout)
        except QueryTimeout:
            raise
        except QueryError:
            # What is no SPARQL at all we can tell with its place; the rest is the server's word.
            if calls:
                raise
            try:
                Store().query(sparql, prefixes=PREFIXES)
            except (SyntaxError, ValueError) as error:
                raise mistake(error, sparql) from None
            raise

    def _unchangeable(self) -> InputError:
        return InputError(
            "a graph on a server is not changed fact by fact",
            where=self.endpoint.url,
            help="load the facts and push the new state",
        )
