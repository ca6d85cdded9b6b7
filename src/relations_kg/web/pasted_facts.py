"""Facts that are pasted into a page, validated in a worker."""

from __future__ import annotations

import pickle
from typing import IO
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from relations_kg.errors import RelationsError
from relations_kg.graph.graph import Graph
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Report
from relations_kg.web.answering import Head
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

LARGEST = 1 << 20
# The most findings of each kind that a page shows.
_MOST = 20
_NAME = "pasted.ttl"


async def text(request: Request) -> str:
    """Return the facts in a submitted form; raises Problem if they are empty or too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        message = f"cannot read {kind or 'content without a type'}"
        raise Problem(415, message, "send the form of this page")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > 3 * LARGEST:  # a form may percent-encode each byte in three characters
            raise _too_large()
    return await run_in_threadpool(_facts, bytes(body))


def _facts(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8, errors="strict")
    except ValueError:
        raise Problem(400, "the form is malformed", "send the form of this page") from None
    text = "".join(fields.get("facts", [])).replace("\r\n", "\n")
    if len(text.encode(errors="replace")) > LARGEST:
        raise _too_large()
    if not text.strip():
        raise Problem(400, "there are no facts to check", "paste facts in Turtle")
    return text


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


def _too_large() -> Problem:
    return Problem(
        413, f"more than {LARGEST >> 20} MiB of facts", "validate them on the command line"
    )
