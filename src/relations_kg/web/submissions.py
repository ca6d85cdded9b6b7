"""Facts that are pasted into a page: read, and checked in a copy of this process, never kept."""

from __future__ import annotations

import pickle
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool

from relations_kg.errors import RelationsError
from relations_kg.web.answering import Head, let_go
from relations_kg.web.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from relations_kg.graph.graph import Graph
    from relations_kg.validation.reports import Report
    from relations_kg.web.application import Site

LARGEST = 1 << 20
# Of each kind of mistake a page shows so many.
_MOST = 20
_NAME = "pasted.ttl"


async def pasted(request: Request) -> str:
    """Return the text that a form was sent with; raise Problem for one that is too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        help = "send the form of this page"
        raise Problem(415, f"{kind or 'content without a type'} is not read here", help)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > 3 * LARGEST:  # as a form writes it
            raise _too_large()
    return await run_in_threadpool(_facts, bytes(body))


def _facts(body: bytes) -> str:
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8, errors="strict")
    except ValueError:
        raise Problem(400, "this is no form", "send the form of this page") from None
    text = "".join(fields.get("facts", [])).replace("\r\n", "\n")
    if len(text.encode(errors="replace")) > LARGEST:
        raise _too_large()
    if not text.strip():
        raise Problem(400, "there is nothing to check", "paste facts in Turtle")
    return text


async def report(site: Site, text: str) -> Report:
    """Check facts together with the graph of a site."""
    graph = site.graph
    await run_in_threadpool(lambda: graph.inference)  # which the copy would make again each time
    answer = await site.pool.work(lambda pipe: _check(graph, text.encode(), pipe))
    content = answer.content
    if not isinstance(content, bytes):
        content = b"".join([piece async for piece in content])
    found: Report = pickle.loads(content)
    return found


def _check(graph: Graph, text: bytes, pipe: IO[bytes]) -> None:
    from relations_kg.validation.checking import validate

    let_go()
    try:
        content = pickle.dumps(validate(graph, [_NAME], {_NAME: text}).limited(_MOST))
    except RelationsError as error:
        fields = {"detail": error.message, "help": error.help}
        pipe.write(Head(400, error=fields).to_json())
        return
    pipe.write(Head(200, "").to_json())
    pipe.write(content)


def _too_large() -> Problem:
    return Problem(413, f"this is more than {LARGEST >> 20} MiB", "validate it on the command line")
