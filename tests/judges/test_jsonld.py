"""Tests that we refuse JSON-LD that jsonld.js refuses in safe mode, since data would be lost."""

import copy
import json
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse
from test_expansion import isomorphic
from versions import of_package

import relations_kg as rk
from relations_kg.reader.jsonld import parser as jsonld

PACKAGE = Path("build/judges/node_modules/jsonld")
# For each document, its statements as N-Quads, or the error.
SCRIPT = """
const jsonld = require(process.argv[1])
const documents = JSON.parse(require("fs").readFileSync(0, "utf8"))
const outcomes = []
for (const document of documents) {
  try {
    const options = { safe: true, format: "application/n-quads" }
    outcomes.push({ lines: await jsonld.toRDF(document, options) })
  } catch (error) {
    outcomes.push({ error: `${error.details?.event?.code ?? error.message}` })
  }
}
console.log(JSON.stringify(outcomes))
"""
MEMBERS = {
    "ortsname": "Lima",
    "@foo": "x",
    "@Type": "City",
    "rkg:place": {"@id": "second visit"},
    "visitor": ["id:ada-ruiz"],
    "place": {"@id": "lima"},
    "@graph": [{"label": "no name"}],
    "@included": [{"@id": "lima", "label": {"en": "Lima"}}],
    "@reverse": {"ort": {"@id": "id:lima"}},
    "label": {"en_US": "Lima"},
    "altLabel": {"@none": ["Lima"]},
    "rdfs:comment": {"@value": "Lima", "@language": "en_US"},
    "comment": {"@value": "Lima", "@type": "text"},
    "when": {"@value": None},
    "note": {"@value": "Lima", "@Language": "en"},
    "@type": ["Stadt und Land"],
    "@id": "",
    "urn:a b": "Lima",
    "rkg:note": {"@list": [{"@id": "lima"}]},
    "seeAlso": ["not an address"],
    "rkg:Ünïcode": "Lima",
    "_:p": "Lima",
    "": "Lima",
    "http://example.org/no-scheme": {"@type": "@json", "@value": {"a": 1}},
}


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document that describe a resource."""
    if isinstance(value, dict):
        if "@id" in value and "@value" not in value:
            yield value
        for key, inner in value.items():
            if key != "@context":
                yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def mutants(kg: rk.Graph) -> Iterator[tuple[str, Any]]:
    """Yield exports of three things, each also with each of MEMBERS added at a random place."""
    chance = random.Random(20261129)
    for thing in ("lima", "peru", "china-peru-free-trade-agreement"):
        document = json.loads(kg.export(format="jsonld", of=thing))
        yield thing, document
        for key, value in MEMBERS.items():
            mutant = copy.deepcopy(document)
            chance.choice(list(nodes(mutant)))[key] = value
            yield f"{thing} with {key or 'an empty key'}", mutant


def by_jsonld_js(documents: list[Any]) -> list[dict[str, str]]:
    script = f"(async () => {{ {SCRIPT} }})()"
    answer = subprocess.run(
        ["node", "-e", script, PACKAGE.absolute()],
        input=json.dumps(documents),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    outcomes: list[dict[str, str]] = json.loads(answer.stdout)
    return outcomes


def test_what_would_be_lost_is_an_error(kg: rk.Graph, judge: Callable[..., None]) -> None:
    cases = dict(mutants(kg))
    failed = {}
    for (name, document), theirs in zip(
        cases.items(), by_jsonld_js(list(cases.values())), strict=True
    ):
        reading = jsonld.read(json.dumps(document).encode(), "facts.jsonld")
        if "error" in theirs and not reading.errors:
            failed[name] = theirs["error"]
        elif "lines" in theirs and not reading.errors:
            quads = list(parse(theirs["lines"].encode(), RdfFormat.N_QUADS))
            if not isomorphic(quads, reading.quads):
                failed[name] = "other statements"

    judge("jsonld.js in safe mode, over mutated exports", of_package(PACKAGE.name), cases, failed)
