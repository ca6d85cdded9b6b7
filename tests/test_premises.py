"""Tests of reading facts for rules while the engine looks for statements that are not facts."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import (
    CODE,
    ID,
    IDENTIFIER,
    INFERRED,
    OWL,
    PREFIXES,
    RDF,
    RKG,
    STATED,
)
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.inference import Inference

A, B = NamedNode(ID + "a"), NamedNode(ID + "b")
SENDER = NamedNode(RKG + "sendingParty")
FACT = f"<{ID}a> <{RKG}sendingParty> <{ID}b> .\n"
NO_FACTS = [
    f"<{IDENTIFIER}a> <{RDF}type> <{PREFIXES['adms']}Identifier> .",
    f'<{IDENTIFIER}a> <{PREFIXES["skos"]}notation> "1" .',
    f"<{ID}a> <{PREFIXES['adms']}identifier> <{IDENTIFIER}a> .",
    f"<{CODE}preferred> <{RDF}type> <{RKG}ClaimStatus> .",
]


def inferred(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, NamedNode(INFERRED)))


def with_fact() -> Store:
    store = ontology_store()
    store.add(Quad(A, SENDER, B, NamedNode(STATED)))
    return store


def test_facts_that_the_check_removes_entail_nothing() -> None:
    store, empty = with_fact(), ontology_store()
    Inference(empty)

    def check() -> bool:
        store.remove(Quad(A, SENDER, B, NamedNode(STATED)))
        return True

    Inference(store, check=check)
    assert inferred(store) == inferred(empty)


def test_facts_are_read_once_if_the_check_changes_nothing() -> None:
    store, other = with_fact(), with_fact()
    Inference(other)
    calls: list[int] = []

    def check() -> bool:
        calls.append(1)
        return False

    Inference(store, check=check)
    assert calls == [1]
    assert inferred(store) == inferred(other) != set()


def test_a_graph_is_the_same_if_statements_are_sorted_out_before(tmp_path: Path) -> None:
    """The statements of N-Quads are sorted out one by one, before all others are read."""
    loaded = []
    for suffix in (".nt", ".nq"):
        path = tmp_path / f"facts{suffix}"
        path.write_text(FACT + "\n".join(NO_FACTS) + "\n")
        store = rk.load(only=[path], allow_changes=True).store
        loaded.append({str(quad) for quad in store if "_:" not in str(quad)})

    assert loaded[0] == loaded[1]


@pytest.mark.parametrize("suffix", [".nt", ".ttl", ".nq"])
def test_a_statement_that_is_no_fact_is_reported_rather_than_an_invalid_date(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"facts{suffix}"
    path.write_text(f'<{ID}a> <{RKG}when> "soon" .\n<{ID}a> <{OWL}sameAs> <{ID}b> .\n')

    with pytest.raises(InputError, match="owl:sameAs"):
        rk.load(only=[path])


def test_an_invalid_date_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_text(f'<{ID}a> <{RKG}when> "soon" .\n')

    with pytest.raises(InputError, match="soon"):
        rk.load(only=[path])
