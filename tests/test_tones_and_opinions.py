"""Tests of the tone of words and of the opinion that a speaker expresses."""

from pathlib import Path

import pytest
from examples import codes, ids

import relations_kg as rk
from relations_kg.rdf.namespaces import ID

EXAMPLE = "tones-and-opinions"


def test_an_answer_was_courteous_although_it_refused(example: rk.Graph) -> None:
    (row,) = example.run("manners", manner="courteous")

    assert (ID + "answer-of-the-hallow-isles", codes("courteous")) == (row.thing, row.tones)


def test_a_speaker_mocks_what_the_speaker_holds_to_be_unacceptable(example: rk.Graph) -> None:
    (row,) = example.run("statements", kind="criticism")

    assert codes("mocking") == row.tones
    assert codes("seen-as-unacceptable") == row.opinions


@pytest.mark.parametrize(
    "fact", ["<corvane> rkg:tone code:curt", "<letter-of-corvane> rkg:opinion code:mixed"]
)
def test_a_party_has_no_tone_and_a_request_no_opinion(
    example: rk.Graph, tmp_path: Path, fact: str
) -> None:
    path = tmp_path / "misplaced.ttl"
    path.write_text(
        f"""
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@base <{ID}> .
{fact} .
"""
    )

    assert [finding.code for finding in example.validate(path).findings] == ["misplaced"]


def test_a_cause_that_somebody_gives_is_alleged_by_those_who_give_it(example: rk.Graph) -> None:
    (row,) = example.run("allegations")

    assert ID + "help-of-saint-orla" == row.alleged
    assert ids("corvane") == row.speakers
    assert ids("thanks-of-corvane") == row.sayings
