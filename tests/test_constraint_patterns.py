"""Tests of the patterns of constraints that the wheel contains."""

from collections.abc import Iterator
from os.path import isfile, join
from pathlib import Path

import pytest

from relations_kg import _files
from relations_kg.errors import RelationsError
from relations_kg.sparql import parser
from relations_kg.validation import constraint_patterns
from relations_kg.validation.constraint_patterns import FILE, patterns
from relations_kg.validation.shape_files import bundled, constraint_file

OTHER = "SELECT DISTINCT $this WHERE { $this rkg:actor ?who . ?who rkg:endedBy ?end }"
SELECTS = [
    constraint.select
    for shape in bundled().node_shapes
    for constraint in shape.constraints
    if constraint.has_other_subjects
]


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the package contain the file, as an installed wheel does."""
    (tmp_path / FILE).write_text(constraint_file(), "utf-8")
    monkeypatch.setattr(constraint_patterns, "PACKAGE", str(tmp_path))
    constraint_patterns._built.cache_clear()
    yield
    constraint_patterns._built.cache_clear()


def test_the_file_has_what_the_parser_finds(built: None, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = [select.index("SELECT DISTINCT") for select in SELECTS]
    bare = [select[start:] for select, start in zip(SELECTS, starts, strict=True)]
    parsed = list(map(constraint_patterns._parsed, bare))

    def refuse(text: str) -> None:
        raise AssertionError(f"parsed: {text}")

    monkeypatch.setattr(parser, "parse", refuse)

    assert len(SELECTS) > 40
    assert list(map(patterns, SELECTS)) == list(map(patterns, bare)) == parsed


def test_a_constraint_of_a_vocabulary_is_parsed(built: None) -> None:
    assert [pattern[:3] for pattern in patterns(OTHER)] == [
        ("$this", "rkg:actor", "?who"),
        ("?who", "rkg:endedBy", "?end"),
    ]
    with pytest.raises(RelationsError, match="is not supported"):
        patterns("SELECT DISTINCT $this WHERE { $this rkg:actor }")


def test_a_wheel_has_the_file_and_a_checkout_has_not() -> None:
    assert isfile(join(_files.PACKAGE, FILE)) != _files.is_checkout()
