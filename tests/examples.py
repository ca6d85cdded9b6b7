"""The valid and invalid example files that several tests use."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import ID, SOURCE
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


ALONE = [file for file in GOOD if stands_alone(file)]
