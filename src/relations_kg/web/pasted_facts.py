"""Facts that are pasted into a page, validated in a worker."""

from __future__ import annotations

import pickle
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from relations_kg.errors import RelationsError
from relations_kg.graph.graph import Graph
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Report
from relations_kg.web import bodies
from relations_kg.web.answering import Head
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

LARGEST = 1 << 20
# The most findings of each kind that a page shows.
_MOST = 20
_NAME = "pasted.ttl"


async def text(request: Request) -> str:
    """Return the facts in a submitted form; raises Problem if they are empty or too large."""
    if (kind := bodies.content_type(request)) != bodies.FORM:
        message = f"cannot read {kind or 'content without a type'}"
        raise Problem(415, message, "send the form of this page")
    too_large = Problem(
        413, f"more than {LARGEST >> 20} MiB of facts", "validate them on the command line"
    )
    # A form may percent-encode each byte in three characters.
    content = await bodies.body(request, 3 * LARGEST, too_large)
    fields = dict(await run_in_threadpool(bodies.fields, content))
    facts = fields.get("facts", "").replace("\r\n", "\n")
    if len(facts.encode()) > LARGEST:
        raise too_large
    if not facts.strip():
        raise Problem(400, "there are no facts to check", "paste facts in Turtle")
    return facts


async def report(site: Site, text: str) -> Report:
    """Return the report on some facts, checked together with the graph of a site."""
    graph = site.graph
    await run_in_threadpool(lambda: graph.inference)  # computed once, before the fork
    answer = await site.pool.work(lambda pipe: _check(graph, text.encode(), pipe))
    content = answer.content
    if not isinstance(content, bytes):
        content = b"".join([piece async for piece in content])
    found: Report = pickle.loads(content)
    return found


def _check(graph: Graph, text: bytes, pipe: IO[bytes]) -> None:
    try:
        content = pickle.dumps(validate(graph, [_NAME], {_NAME: text}).limited(_MOST))
    except RelationsError as error:
        pipe.write(Head.of(error, 400).to_json())
        return
    pipe.write(Head().to_json())
    pipe.write(content)
