"""Tests that validation and TopBraid's SHACL processor find the same violations."""

import random
from pathlib import Path

import processors
import pytest

import relations_kg as rk

FACTS = Path(__file__).parents[1] / "facts"
SAMPLE = random.Random(20261123).sample(sorted(FACTS.glob("[bg]*/*")), 40)


def suite() -> tuple[str, str]:
    return "TopBraid SHACL finds the same violations in files", processors.jar_version("shacl")


@pytest.mark.sampled
@pytest.mark.parametrize("file", SAMPLE, ids=lambda file: file.stem)
def test_topbraid_finds_the_same(kg: rk.Graph, file: Path) -> None:
    facts = processors.seen(file) or pytest.skip("no other reader takes anything from it")

    assert processors.ours(kg, file) == processors.by_topbraid(facts)
