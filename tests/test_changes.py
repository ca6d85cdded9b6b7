"""Tests that files of facts cannot change bundled codes and labels."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import relations_kg as rk
from relations_kg.cli import commands

PREFIXES = """\
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
LINE = PREFIXES.count("\n") + 1
CHANGES = {
    "a label of a code": 'code:minister rdfs:label "AAA"@en .',
    "a label of a code in another language": 'code:minister skos:prefLabel "ministre"@fr .',
    "another name of a code": 'code:minister skos:altLabel "secretary"@en .',
    "a definition of a code": 'code:de-jure skos:definition "By force."@en .',
    "a match of a code": "code:mining skos:exactMatch <http://e.org/mining> .",
    "a list of a code": "code:mining skos:inScheme code:office-kind .",
    "a statement of a list": "code:office-kind skos:hasTopConcept code:mining .",
    "a class of a code": "code:mining a rkg:State .",
    "a label of a thing": 'id:peru rdfs:label "Chile"@en .',
    "a label without a language": 'id:peru rdfs:label "Chile" .',
    "a preferred label of a thing": 'id:lima skos:prefLabel "Quito"@en .',
    "a second Spanish label": 'id:china-peru-relations rdfs:label "Nada"@es .',
    "a label after other facts": 'id:peru rdfs:comment "x"@en ; rdfs:label "Chile"@en .',
}
NO_CHANGES = {
    "a label in another language": 'id:peru rdfs:label "Piruw"@qu .',
    "another name": 'id:peru skos:altLabel "Republic of Peru"@en .',
    "the same label": 'id:peru rdfs:label "Peru"@en .',
    "what a code is said to be already": 'code:minister skos:prefLabel "minister"@en .',
    "a link to a code": "id:some-office rkg:officeKind code:minister .",
    "a comment": 'id:peru rdfs:comment "On the Pacific."@en .',
    "a label of a new thing": 'id:some-city rdfs:label "Peru"@en , "Perou"@fr .',
    "two labels of a new thing": 'id:some-city rdfs:label "One"@en , "Two"@en .',
    "a code of one's own": 'id:my-own a skos:Concept ; skos:prefLabel "mine"@en .',
}
SUFFIXES = [".ttl", ".trig", ".nt", ".nq", ".jsonld"]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes facts, given in Turtle, to a file in the format of a suffix."""

    def write(turtle: str, suffix: str = ".ttl") -> Path:
        from pyoxigraph import RdfFormat, parse, serialize

        from relations_kg.rdf.formats import suffixes

        file = tmp_path / f"facts{suffix}"
        text = (PREFIXES + turtle).encode()
        if suffix not in (".ttl", ".trig"):
            text = serialize(parse(text, RdfFormat.TURTLE), format=suffixes()[suffix]) or b""
        file.write_bytes(text)
        return file

    return write


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_refused_at_its_place_wherever_facts_come_in(
    kg: rk.Graph, write: Write, tmp_path: Path, name: str
) -> None:
    file = write(CHANGES[name])
    size = len(kg.quad_store)

    for read in (rk.load, kg.add, lambda path: rk.load(path, store=tmp_path / "store")):
        with pytest.raises(rk.InputError, match="bundled") as caught:
            read(file)
        assert (str(file), LINE) == (caught.value.where, caught.value.line)
        assert "--allow-changes" in str(caught.value)
    assert size == len(kg.quad_store)
    assert not kg.validate(file).conforms


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["a label of a code", "a label of a thing"])
def test_a_change_is_refused_in_each_format(write: Write, name: str, suffix: str) -> None:
    with pytest.raises(rk.InputError, match="bundled"):
        rk.load(write(CHANGES[name], suffix))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_where_it_is_allowed(
    kg: rk.Graph, write: Write, tmp_path: Path, name: str
) -> None:
    file = write(CHANGES[name])
    more = len(rk.load(file, allow_changes=True).store) - len(kg.quad_store)

    assert more > 0
    change = kg.add(file, allow_changes=True)
    assert change.added
    kg.remove(file)
    codes = {finding.code for finding in kg.validate(file, allow_changes=True).findings}
    assert "bundled" not in codes


@pytest.mark.slow
@pytest.mark.parametrize("name", NO_CHANGES)
def test_other_facts_are_welcome(kg: rk.Graph, write: Write, name: str) -> None:
    file = write(NO_CHANGES[name])

    rk.load(file)
    assert "bundled" not in {finding.code for finding in kg.validate(file).findings}


def test_facts_that_stand_alone_label_things_as_they_like(write: Write) -> None:
    file = write(CHANGES["a label of a thing"])

    assert "Chile" == rk.load(only=[file]).names.label("https://w3id.org/relations-kg/id/peru")
    with pytest.raises(rk.InputError, match="bundled code"):
        rk.load(only=[write(CHANGES["a label of a code"])])


@pytest.mark.slow
@pytest.mark.parametrize("command", [["info", "--facts"], ["query", "ASK {}", "--facts"]])
def test_commands_take_changes_if_an_option_allows_it(write: Write, command: list[str]) -> None:
    file = write(CHANGES["a label of a code"])

    result = CliRunner().invoke(commands, [*command, str(file)])
    assert isinstance(result.exception, rk.InputError)
    result = CliRunner().invoke(commands, [*command, str(file), "--allow-changes"])
    assert 0 == result.exit_code


@pytest.mark.slow
def test_validate_takes_changes_if_an_option_allows_it(write: Write) -> None:
    file = write('id:peru skos:altLabel "x"@en .\ncode:minister skos:altLabel "y"@en .')

    result = CliRunner().invoke(commands, ["validate", str(file)], standalone_mode=False)
    assert (1, True) == (result.return_value, "error[bundled]" in result.output)
    command = ["validate", str(file), "--allow-changes"]
    result = CliRunner().invoke(commands, command, standalone_mode=False)
    assert result.return_value is None
