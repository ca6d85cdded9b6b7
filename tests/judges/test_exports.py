"""Tests that Jena reads the same facts from an export."""

from typing import Any

import processors
import pytest
from pyoxigraph import RdfFormat, Triple, parse

import relations_kg as rk

LANGUAGES = {"turtle": "TTL", "trig": "TRIG", "nquads": "NQUADS", "jsonld": "JSONLD"}


def suite() -> tuple[str, str]:
    return "Jena reads the exports", processors.jar_version("jena-arq")


def by_jena(content: bytes, language: str) -> set[Triple]:
    """Return the triples that Jena reads, without their graphs."""
    processors._java()
    import jpype

    riot = "org.apache.jena.riot."
    languages: Any = jpype.JClass(f"{riot}Lang")
    found = (
        jpype.JClass(f"{riot}RDFParser")
        .fromString(content.decode(), getattr(languages, language))
        .toDatasetGraph()
    )
    lines = jpype.JClass("java.io.ByteArrayOutputStream")()
    jpype.JClass(f"{riot}RDFDataMgr").write(lines, found, languages.NQUADS)
    return {quad.triple for quad in parse(bytes(lines.toByteArray()), RdfFormat.N_QUADS)}


def facts(content: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("format", LANGUAGES)
@pytest.mark.parametrize("inferred", [False, True])
def test_jena_reads_the_same(kg: rk.Graph, format: str, inferred: bool) -> None:
    expected = facts(kg.export(format="ntriples", inferred=inferred))

    assert expected == by_jena(kg.export(format=format, inferred=inferred), LANGUAGES[format])


@pytest.mark.parametrize("thing", ["peru", "Lima", "Embassy"])
def test_jena_reads_the_same_of_one_thing(kg: rk.Graph, thing: str) -> None:
    expected = facts(kg.export(format="ntriples", of=thing))

    assert expected == by_jena(kg.export(format="jsonld", of=thing), "JSONLD")
