"""The valid and invalid example files that several tests use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.rdf.namespaces import CODE, ID, PREFIXES, SOURCE
from relations_kg.rdf.terms import TYPE
from relations_kg.reader import reading

FACTS = Path(__file__).with_name("facts")
GOOD = sorted(FACTS.glob("good/*.*"))
BAD = sorted(FACTS.glob("bad/*.*"))


def stands_alone(file: Path) -> bool:
    """Return whether a file gives a class for each thing in it, so it adds to no known thing."""
    facts = list(reading.read(file, NamedNode("urn:facts")))
    described = {fact.subject for fact in facts if fact.predicate == TYPE}
    terms = {term for fact in facts for term in (fact.subject, fact.object)}
    return described >= {
        term
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith((ID, SOURCE))
    }


def loaded(name: str) -> rk.Graph:
    """Return the graph of one valid file."""
    return rk.load(only=[FACTS / "good" / f"{name}.ttl"])


def file_of(facts: str, folder: Path) -> Path:
    """Write facts in Turtle, after the declarations of our prefixes, to a file of a folder."""
    path = folder / "facts.ttl"
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    path.write_text(prefixes + facts, encoding="utf-8")
    return path


def stated(facts: str, folder: Path) -> rk.Graph:
    """Return the graph of facts in Turtle, which need not declare our prefixes."""
    return rk.load(only=[file_of(facts, folder)])


@cache
def empty() -> rk.Graph:
    """Return the graph without facts, for tests that only read or validate."""
    return rk.load(only=[])


@contextmanager
def added(graph: rk.Graph, *files: Path) -> Iterator[rk.Graph]:
    """Yield the graph with files of facts, which are removed again at the end.

    Loading the files with the bundled ones would take twenty times as long.
    """
    graph.add(*files)
    try:
        yield graph
    finally:
        graph.remove(*files)


def ids(*names: str) -> list[str]:
    """Return the IRIs of things, sorted."""
    return sorted(ID + name for name in names)


def codes(*names: str) -> list[str]:
    """Return the IRIs of codes, sorted."""
    return sorted(CODE + name for name in names)


ALONE = [file for file in GOOD if stands_alone(file)]
