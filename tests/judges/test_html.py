"""Tests that html-validate finds no fault in pages of every kind."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import asgi
from test_browser import KINDS, STARTS
from versions import of_package
from webpages import Page

import relations_kg as rk
from relations_kg.web.application import application

PACKAGE = Path("build/judges/node_modules/html-validate")
SCRIPT = """
const { HtmlValidate } = require(process.argv[1])
const validator = new HtmlValidate({ root: true, extends: ["html-validate:standard"] })
const faults = {}
for (const [path, page] of Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8")))) {
  const report = await validator.validateString(page, path)
  for (const { messages } of report.results)
    faults[path] = messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`)
}
console.log(JSON.stringify(faults))
"""
OF_EACH_KIND = 8


def by_html_validate(pages: dict[str, str]) -> dict[str, list[str]]:
    """Return the faults by page."""
    answer = subprocess.run(
        ["node", "-e", f"(async () => {{ {SCRIPT} }})()", PACKAGE.absolute()],
        input=json.dumps(pages),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stderr
    faults: dict[str, list[str]] = json.loads(answer.stdout)
    return faults


def kind(path: str) -> str:
    return path.replace("?", "/").split("/")[1]


def pages(kg: rk.Graph) -> dict[str, str]:
    """Return the pages that links lead to, some of each kind."""
    app = application(kg)
    paths, found, seen = [*STARTS, "/nowhere"], dict[str, str](), Counter[str]()
    for path in paths:
        if seen[kind(path)] < OF_EACH_KIND and path not in found:
            seen[kind(path)] += 1
            found[path] = text = asgi.get(app, path, accept="text/html").text
            links = (urljoin(path, a) for element, a in Page(text).references if element == "a")
            paths += [urldefrag(link).url for link in links if link.startswith("/")]
    return {path: text for path, text in found.items() if text.startswith("<!doctype html>")}


def test_every_kind_of_page_is_html(kg: rk.Graph, judge: Callable[..., None]) -> None:
    found = pages(kg)
    assert {name for name in KINDS if " " not in name} <= {kind(path) for path in found}

    judge(
        "html-validate, some pages of each kind",
        of_package(PACKAGE.name),
        found,
        by_html_validate(found),
    )


def test_a_fault_is_found() -> None:
    (faults,) = by_html_validate({"/": "<p><div id=a></div><b id=a>"}).values()

    assert any("no-dup-id" in fault for fault in faults)
