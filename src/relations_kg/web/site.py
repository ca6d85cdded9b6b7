"""The site: the graph and the state that all parts of the application share."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from relations_kg.graph.graph import Graph
from relations_kg.web.addresses import Addresses
from relations_kg.web.pool import Pool
from relations_kg.web.rendering import Renderer


@dataclass(frozen=True)
class Site:
    """A graph that is served, its address, the renderer of its pages and the pool of its workers.

    `base` is the path under which it is served, "/" or "/name/". `fingerprint` changes with the
    graph and with the version of this software; entity tags are derived from it.
    """

    graph: Graph
    base: str
    fingerprint: str
    pool: Pool
    renderer: Renderer

    @classmethod
    def of(cls, graph: Graph, base: str, timeout: float) -> Site:
        """Return the site of a graph; `timeout` is in seconds, for each untrusted query."""
        summary = graph.summary()
        fingerprint = sha256(f"{summary.fingerprint} {summary.versions}".encode()).hexdigest()[:32]
        pool = Pool(graph.quad_store, timeout=timeout)
        return cls(graph, base, fingerprint, pool, Renderer(graph, Addresses(base)))
