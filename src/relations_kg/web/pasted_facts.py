"""Facts that are pasted into a page or sent with it as a file, validated in a worker."""

from __future__ import annotations

from starlette.requests import Request

from relations_kg._files import content, folder
from relations_kg.validation.checking import validate
from relations_kg.validation.findings import Report
from relations_kg.web import bodies
from relations_kg.web.problems import Problem
from relations_kg.web.site import Site

LARGEST = 1 << 20
# The maximum number of findings of each kind that a page shows.
MOST_FINDINGS = 20
_NAME = "pasted.ttl"


def example() -> str:
    """Return facts with mistakes, to try the page with."""
    return content(folder("web/templates"), "mistakes.ttl").decode()


async def text(request: Request) -> str:
    """Return the facts in a submitted form; raise Problem if they are empty or too large."""
    too_large = Problem(
        413, f"more than {LARGEST >> 20} MiB of facts", "validate them on the command line"
    )
    given = await bodies.uploaded(request, LARGEST, too_large)
    facts = given.get("file", "") or given.get("facts", "")
    if len(facts.encode()) > LARGEST:
        raise too_large
    if not facts.strip():
        raise Problem(400, "there are no facts to check", "paste facts in Turtle, or choose a file")
    return facts


async def report(site: Site, text: str) -> Report:
    """Return the report on some facts, checked together with the graph of a site."""
    facts = text.encode()

    def check() -> Report:
        return validate(site.graph, [_NAME], {_NAME: facts}).limited(MOST_FINDINGS)

    return await site.computed(check)
