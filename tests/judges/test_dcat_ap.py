"""Tests that the description of the dataset follows the shapes of DCAT-AP."""

from collections.abc import Callable
from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import DCAT, RDF, SH
from test_dataset import files

import relations_kg as rk
from relations_kg.release.dataset import describe, serialize


def violations(description: rdflib.Graph, shapes: Path) -> dict[str, str]:
    """Return the messages of the violations by thing and property."""
    _, report, _ = pyshacl.validate(description, shacl_graph=rdflib.Graph().parse(shapes))
    return {
        f"{report.value(result, SH.focusNode)} {report.value(result, SH.resultPath)}": str(
            report.value(result, SH.resultMessage)
        )
        for result in report.subjects(SH.resultSeverity, SH.Violation)
    }


def test_the_description_follows_dcat_ap(
    kg: rk.Graph, judges: Path, judge: Callable[..., None]
) -> None:
    shapes = judges / "dcat-ap-3.0.1-shapes.ttl"
    triples = describe(kg, files(kg, inferred=False), files(kg, inferred=True))
    description = rdflib.Graph().parse(serialize(triples, "turtle"), format="turtle")
    cases = [
        str(resource)
        for kind in (DCAT.Dataset, DCAT.Distribution, DCAT.Catalog)
        for resource in description.subjects(RDF.type, kind)
    ]

    judge("DCAT-AP shapes", "3.0.1", cases, violations(description, shapes))

    description.remove((None, DCAT.accessURL, None))
    assert violations(description, shapes)
