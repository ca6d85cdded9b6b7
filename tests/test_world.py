"""Tests of the synthetic graphs that the benchmarks run on."""

from pathlib import Path

import pytest

import relations_kg as rk
from benchmarks import world


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    path = tmp_path_factory.mktemp("world") / "world.nt"
    world.write(3_000, path)
    return rk.load(only=path)


@pytest.mark.slow
def test_a_world_conforms_to_the_shapes(kg: rk.Graph) -> None:
    assert kg.validate().conforms


@pytest.mark.parametrize(
    "kind",
    ["State", "Office", "OfficeTenure", "Mission", "Agreement", "Visit", "Claim", "Passage"],
)
def test_a_world_has_each_kind_of_thing(kg: rk.Graph, kind: str) -> None:
    assert kg.query(f"ASK {{ ?thing a rkg:{kind} }}")


def test_a_world_is_as_large_as_it_should_be_and_the_same_each_time(tmp_path: Path) -> None:
    path = tmp_path / "world.nt"
    world.write(3_000, path)
    text = path.read_text(encoding="utf-8")

    assert 3_000 <= text.count("\n") == len(set(text.splitlines())) < 3_500
    assert world.World(3_000).ntriples() == text
    assert world.World(3_000, seed=2).ntriples() != text
