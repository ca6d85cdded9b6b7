"""The site: the graph and the shared state of the application."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, TypeVar

from starlette.concurrency import run_in_threadpool

from relations_kg.errors import RelationsError
from relations_kg.graph.graph import Graph
from relations_kg.rdf import extensions
from relations_kg.web.addresses import Addresses
from relations_kg.web.answering import Head
from relations_kg.web.pool import Pool
from relations_kg.web.rendering import Renderer

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Site:
    """A served graph, its path, the renderer of its pages and the pool of its workers.

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
        own = "".join(sorted(extensions.files(graph.quad_store)))
        facts = f"{summary.fingerprint} {summary.versions}{own}"
        fingerprint = sha256(facts.encode()).hexdigest()[:32]
        pool = Pool(graph, timeout=timeout)
        return cls(graph, base, fingerprint, pool, Renderer(graph, Addresses(base)))

    async def computed(self, compute: Callable[[], _Result]) -> _Result:
        """Run a function on untrusted input in a worker; return its result or raise Problem.

        The function may use the graph with its inferred triples.
        """
        # The facts are inferred once, before the fork.
        await run_in_threadpool(lambda: self.graph.inference)
        answer = await self.pool.work(lambda pipe: _write(compute, pipe))
        content = answer.content
        if not isinstance(content, bytes):
            content = b"".join([piece async for piece in content])
        result: _Result = pickle.loads(content)
        return result


def _write(compute: Callable[[], object], pipe: IO[bytes]) -> bytes:
    try:
        content = pickle.dumps(compute())
    except RelationsError as error:
        return Head.of(error, 400).to_json()
    pipe.write(Head().to_json())
    pipe.write(content)
    return b""
