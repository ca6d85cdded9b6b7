"""Tests of all pages in a browser, with and without scripts, on a phone and on a desktop.

The browser is Debian's Chromium, driven by browser.mjs; axe-core checks accessibility.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import servers
from versions import of_package, of_program

import relations_kg as rk
from relations_kg.web.addresses import name_of
from relations_kg.web.index import Index

STARTS = (
    "/",
    "/search?q=peru",
    "/explain?subject=peru&predicate=sends+mission&object=lima",
    "/q/missions?on=1950-01-01",
    "/map/china-peru-relations?on=1950-01-01",
    "/query",
    "/query?query=SELECT+*+%7B+%3Fcity+a+rkg:City+%7D",
    "/validate",
    "/compare?one=Peru&other=PRC",
    "/day/1971-11-02?since=1960-01-01",
    "/day/1971-11-02?of=china-peru-relations",
    "/day/1971-11-02?since=1960-01-01&of=china-peru-relations",
    "/relationships",
)
KINDS = {"", "things", "thing", "timeline", "map", "document", "day", "q", "search", "explain"}
KINDS |= {"query", "query (answer)", "validate", "validate (answer)", "ontology", "new", "nowhere"}
KINDS |= {"api", "compare", "in", "relationships"}
VIEWS = {"phone", "desktop", "phone, no script", "desktop, no script"}
FAULTY = b"""\
<!doctype html><html lang="en"><title>Faulty</title>
<p style="width: 2000px; color: #ddd">Pale and wide</p>
<svg class="picture" width="300" height="50" viewBox="0 0 300 50">
<text x="10" y="20">One label</text><text x="20" y="24">Another</text>
<text x="290" y="40">Cut</text>
</svg>
<img alt="" src="/missing.png"><img alt="" src="http://127.0.0.1:1/outside.png">
<script>console.error("so"); throw new Error("so")</script>
"""


def walk(origin: str, share: int, *paths: str) -> Any:
    """Return the visits of a browser and the faults that it found.

    It begins at these paths and follows all links, but of the pages of things it visits only one in
    `share`.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    script = Path(__file__).with_name("browser.mjs")
    command = ["node", script, origin, chromium, str(share), *paths]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_a_browser_finds_no_fault_on_any_page(
    kg: rk.Graph, judge: Callable[..., None], pytestconfig: pytest.Config
) -> None:
    """`make check-full` visits all pages of things, and `make judges` a quarter of them."""
    share = 1 if pytestconfig.getoption("whole") else 4
    with servers.relations_kg() as address:
        found = walk(address, share, *STARTS)

    faults: dict[str, list[Any]] = {}
    for each in found["faults"]:
        faults.setdefault("{path} ({view})".format(**each), []).append(each)
    visits = ["{path} ({view})".format(**visit) for visit in found["visits"]]
    versions = of_program("chromium", "--version"), of_package("axe-core")
    judge("Chromium and axe-core, all kinds of pages", ", ".join(versions), visits, faults)
    seen: dict[str, set[str]] = {}
    for visit in found["visits"]:
        kind = visit["path"].replace("?", "/").split("/")[1]
        seen.setdefault(kind, set()).add(visit["view"])
    assert dict.fromkeys(KINDS, VIEWS) == {kind: seen.get(kind) for kind in KINDS}
    paths = {visit["path"] for visit in found["visits"]}
    things = {f"/thing/{quote(name_of(entry.iri), safe='')}" for entry in Index(kg).things}
    assert len(things) / share <= len(things & paths)


def test_the_browser_is_awake() -> None:
    def behave(request: servers.Request, handler: servers.Handler) -> None:
        if request.path == "/":
            handler.reply(200, "text/html", FAULTY)
        else:
            handler.reply(404, "text/plain", b"")

    with servers.behaving(behave) as (address, _):
        found = walk(address.removesuffix("/query"), 1, "/")["faults"]

    everywhere = {"bare", "wide", "overlap", "cut", "status", "outside", "failed"}
    for view in VIEWS:
        only_with_scripts = set() if "no script" in view else {"axe", "console", "error"}
        assert everywhere | only_with_scripts == {f["what"] for f in found if f["view"] == view}
