"""Tests of proofs over long paths: the shortest first, in time that grows with the proof."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.rdf.namespaces import PREFIXES
from relations_kg.rdf.terms import Statement
from relations_kg.reasoning import proofs as module
from relations_kg.reasoning.proofs import MOST_PROOFS, Proof

HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
Links = list[tuple[int, int]]


def load(folder: Path, links: Links) -> rk.Graph:
    path = folder / "facts.ttl"
    path.write_text(HEADER + "".join(f"id:e{i} rkg:follows id:e{j} .\n" for i, j in links))
    return rk.load(only=[path])


def depth(proof: Proof) -> int:
    return 1 + max(map(depth, proof.premises), default=0)


def numbers(facts: frozenset[Statement]) -> frozenset[tuple[int, ...]]:
    return frozenset(
        tuple(int(term.value.rpartition("/e")[2]) for term in fact[::2])  # type: ignore[union-attr]
        for fact in facts
    )


def simple_paths(links: Links, start: int, end: int) -> set[frozenset[tuple[int, int]]]:
    """Return the links of every path that visits no thing twice."""
    found: set[frozenset[tuple[int, int]]] = set()
    stack: list[tuple[int, ...]] = [(start,)]
    while stack:
        path = stack.pop()
        for i, j in links:
            if i == path[-1]:
                if j == end:
                    found.add(frozenset(pairwise((*path, j))))
                elif j not in path:
                    stack.append((*path, j))
    return found


def minimal(sets: set[frozenset[tuple[int, int]]]) -> set[frozenset[tuple[int, int]]]:
    return {one for one in sets if not any(other < one for other in sets)}


@pytest.mark.slow
@pytest.mark.parametrize("length", [80, 600])
def test_a_chain_has_one_proof_of_all_its_links(tmp_path: Path, length: int) -> None:
    """The depth of the proof is logarithmic in the length of the chain."""
    graph = load(tmp_path, [(i + 1, i) for i in range(length)])
    explanation = graph.explain(f"id:e{length}", "follows", "id:e0")
    (proof,) = explanation.proofs

    assert length == len(proof.leaves) == len(explanation.essential)
    assert not explanation.more
    assert depth(proof) <= length.bit_length() + 1
    assert len(explanation.serialize("text")) < 1_000 * length
    assert explanation.serialize("json")
    assert explanation.serialize("markdown")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_proofs_are_the_shortest_paths(tmp_path: Path, seed: int) -> None:
    """All are shown if they are few; the essential facts are the links in every path."""
    chance = random.Random(seed)
    things = range(6)
    links = [(i, j) for i in things for j in things if i != j and chance.random() < 0.35]
    graph = load(tmp_path, links)
    for start, end in [(i, j) for i in things for j in things if chance.random() < 0.5]:
        expected = minimal(simple_paths(links, start, end))
        explanation = graph.explain(f"id:e{start}", "follows", f"id:e{end}")
        found = [numbers(proof.leaves) for proof in explanation.proofs]

        assert bool(expected) == bool(explanation)
        assert set(found) <= expected
        assert len(found) == min(len(expected), MOST_PROOFS)
        assert [len(path) for path in found] == sorted(map(len, expected))[:MOST_PROOFS]
        if expected:
            shared = frozenset.intersection(*expected)
            assert shared == numbers(frozenset(explanation.essential))


@pytest.mark.slow
def test_of_very_many_proofs_the_shortest_are_shown(tmp_path: Path) -> None:
    """There are some 10^40 paths."""
    links = [(i, i - k) for i in range(2, 200) for k in (1, 2)] + [(1, 0)]
    explanation = load(tmp_path, links).explain("id:e199", "follows", "id:e0")

    assert explanation.more
    assert MOST_PROOFS == len(explanation.proofs)
    assert 100 == len(explanation.proofs[0].leaves)
    assert "proof 1 of more than 20" in str(explanation)


@pytest.mark.slow
def test_after_a_while_no_further_proofs_are_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0)
    links = [(i, i - k) for i in range(2, 60) for k in (1, 2)] + [(1, 0)]
    explanation = load(tmp_path, links).explain("id:e59", "follows", "id:e0")

    assert explanation.more
    assert 30 == len(explanation.proofs[0].leaves)
    assert f"of more than {len(explanation.proofs)}" in str(explanation)


def test_proofs_of_too_many_steps_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 50)
    graph = load(tmp_path, [(i + 1, i) for i in range(100)])

    assert graph.explain("id:e3", "follows", "id:e0")
    with pytest.raises(rk.QueryError, match="steps can take part in proofs"):
        graph.explain("id:e100", "follows", "id:e0")
