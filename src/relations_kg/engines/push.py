"""Pushing a graph with its inferred triples to a SPARQL 1.1 server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import IO
from urllib.parse import quote, urlsplit, urlunsplit

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
)
from pyoxigraph import serialize as write_rdf

from relations_kg.engines.connection import Answer, Connection
from relations_kg.engines.endpoint import FORM, GRAPHS, Endpoint
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.namespaces import BASE

# The common endings of service addresses, used to guess a server's other services.
_ENDINGS = ("/query", "/sparql", "/update", "/statements", "/store", "/data")
_QUERIES = ("/query", "/sparql", "")
_UPDATES = ("/update", "/statements", "")
_GRAPH_STORES = ("/store", "/data", "/rdf-graphs/service")
_NOWHERE = BASE + "graph/nowhere"
# The maximum number of triples in an update, since some servers refuse over about 100 KB.
_BATCH = 1000
_TRIPLES, _UPDATE = "application/n-triples", "application/sparql-update"


class Push:
    """The replacement of a server's named graphs by those of a store.

    Each graph is replaced by one request of the Graph Store Protocol if the server supports it,
    otherwise by SPARQL updates in batches. Pushing again repairs an interrupted push. With
    `update`, the server's graph is read, and only the differences are sent.
    """

    def __init__(
        self,
        url: str,
        *,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = 60,
    ) -> None:
        self._connection = Connection(url, authorization=authorization, headers=headers)
        self._wait = 60 if timeout is None else timeout
        self._endpoint = partial(
            Endpoint, authorization=authorization, headers=headers, timeout=timeout
        )
        self.url = self._connection.url
        self._barred: RelationsError | None = None

    def send(self, store: Store, *, update: bool = False) -> dict[str, int]:
        """Send the graphs; return the number of triples that the server counts in each.

        With `update`, only the differences from the server's graph are sent where this is possible.
        Raises InputError if the server counts fewer or more triples than the graph has, and if it
        has no service that accepts them.
        """
        sizes = {
            graph: sum(1 for _ in store.quads_for_pattern(None, None, None, NamedNode(graph)))
            for graph in GRAPHS
        }
        counter = self._find(_QUERIES, "query service", self._takes_queries)
        try:
            address = self._find(_GRAPH_STORES, "graph store", self._is_graph_store)
            replace = self._put
        except InputError:
            address = self._find(_UPDATES, "graph store and no update service", self._takes_updates)
            replace = self._insert
        endpoint = self._endpoint(counter)
        updates = None
        if update:
            with suppress(InputError):  # A server without updates gets whole graphs.
                updates = self._find(_UPDATES, "update service", self._takes_updates)
        for graph in sizes:
            if not update or not self._send_differences(updates, endpoint, store, graph):
                replace(address, store, graph)
        counted = {graph: endpoint.count(graph) for graph in sizes}
        for graph, number in counted.items():
            if number != sizes[graph]:
                sent = f"{sizes[graph]} triples were sent to <{graph}>"
                message = f"{sent}; the server counts {number}"
                help = "push again, and check whether another process writes to the server"
                raise InputError(message, where=self.url, help=help)
        return counted

    def _send_differences(
        self, address: str | None, endpoint: Endpoint, store: Store, graph: str
    ) -> bool:
        """Update a graph on the server by its differences; return whether this was possible.

        It is impossible if blank nodes differ, since updates cannot name them, or if the server
        accepts no updates, has no triples or returns only a part of them.
        """
        name = NamedNode(graph)
        here = _Triples(quad.triple for quad in store.quads_for_pattern(None, None, None, name))
        try:
            found = endpoint.quads_for_pattern(None, None, None, name)
            there = _Triples(quad.triple for quad in found)
        except InputError:  # The server may limit the size of an answer.
            return False
        gone, new = there.named - here.named, here.named - there.named
        if not (gone or new) and there.anonymous == here.anonymous:
            return True
        if (
            address is None
            or there.anonymous != here.anonymous
            or not 0 < there.size == endpoint.count(graph)
        ):
            return False
        for verb, triples in (("DELETE", gone), ("INSERT", new)):
            lines = iter(sorted(triples))
            while part := list(islice(lines, _BATCH)):
                text = " .\n".join(part)
                self._update(address, f"{verb} DATA {{ GRAPH <{graph}> {{\n{text} }} }}")
        return True

    def _put(self, address: str, store: Store, graph: str) -> None:
        with tempfile.TemporaryFile() as file:
            store.dump(file, RdfFormat.N_TRIPLES, from_graph=NamedNode(graph))
            self._send("PUT", f"{address}?graph={quote(graph, safe='')}", file, _TRIPLES)

    def _insert(self, address: str, store: Store, graph: str) -> None:
        self._update(address, f"DROP SILENT GRAPH <{graph}>")
        named: list[Triple] = []
        with_blank_nodes: list[Triple] = []
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph)):
            (with_blank_nodes if _has_blank_node(quad.triple) else named).append(quad.triple)
            if len(named) == _BATCH:
                self._update(address, f"INSERT DATA {_in_graph(graph, named)}")
                named.clear()
        if named:
            self._update(address, f"INSERT DATA {_in_graph(graph, named)}")
        # A blank node keeps its identity within one update only, and some servers reject blank
        # nodes in INSERT DATA.
        if with_blank_nodes:
            self._update(address, f"INSERT {_in_graph(graph, with_blank_nodes)} WHERE {{ }}")

    def _update(self, address: str, text: str) -> None:
        self._send("POST", address, text.encode(), _UPDATE)

    def _send(self, method: str, address: str, body: bytes | IO[bytes], type: str) -> None:
        send, headers = self._connection.send, {"Content-Type": type}
        answer = send(method, address, body, headers, timeout=None, wait=self._wait)
        if not answer.succeeded:
            raise answer.error()

    def _find(self, endings: Iterable[str], service: str, works: Callable[[str], bool]) -> str:
        """Return the first address that works: the given address, or a guess from `endings`."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        stem = next((path.removesuffix(end) for end in _ENDINGS if path.endswith(end)), path)
        self._barred = None
        for path in dict.fromkeys((parts.path, *(stem + end or "/" for end in endings))):
            address = urlunsplit(parts._replace(path=path))
            if works(address):
                return address
        help = f"name the address of the server's {service.replace(' and no ', ' or ')}"
        raise self._barred or InputError(f"there is no {service}", where=self.url, help=help)

    def _is_graph_store(self, address: str) -> bool:
        # Other services may answer with their own description, whichever graph is named.
        known, unknown = (
            self._probe("GET", f"{address}?{name}", accept=_TRIPLES)
            for name in ("default", f"graph={quote(_NOWHERE, safe='')}")
        )
        return known is not None and bool(RdfFormat.from_media_type(known.type)) and not unknown

    def _takes_queries(self, address: str) -> bool:
        query = "query=" + quote("ASK { ?s ?p ?o }")
        answer = self._probe("POST", address, query, FORM, accept="application/sparql-results+json")
        return answer is not None and QueryResultsFormat.from_media_type(answer.type) is not None

    def _takes_updates(self, address: str) -> bool:
        answer = self._probe("POST", address, "INSERT DATA { }", _UPDATE)
        return answer is not None and answer.type != "text/html"

    def _probe(
        self, method: str, address: str, body: str = "", type: str = "", *, accept: str = "*/*"
    ) -> Answer | None:
        """Send a request that changes nothing; return the answer, or None if it failed."""
        headers = {"Accept": accept, **({"Content-Type": type} if type else {})}
        answer = self._connection.send(
            method, address, body.encode(), headers, timeout=self._wait, longest=None
        )
        if answer.status in (401, 403, 407):
            self._barred = self._barred or answer.error()
        return answer if answer.succeeded else None


class _Triples:
    """The triples of a graph as lines; triples with blank nodes are separate and canonical."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.named: set[str] = set()
        dataset = Dataset()
        for triple in triples:
            if _has_blank_node(triple):
                dataset.add(Quad(triple.subject, triple.predicate, triple.object))
            else:
                self.named.add(str(triple))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        self.anonymous = set(map(str, dataset))
        self.size = len(self.named) + len(self.anonymous)


def _has_blank_node(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _in_graph(graph: str, triples: Iterable[Triple]) -> str:
    content = write_rdf(triples, format=RdfFormat.N_TRIPLES) or b""
    return f"{{ GRAPH <{graph}> {{\n{content.decode()}}} }}"
