"""Tests of agreements: their kinds by subject and their parties, whatever the act of consent."""

import pytest
from examples import FACTS

import relations_kg as rk
from relations_kg.rdf.namespaces import ID


@pytest.fixture(scope="module")
def treaties() -> rk.Graph:
    return rk.load(FACTS / "good" / "kinds-of-agreement.ttl")


def test_agreements_are_found_by_their_subject(treaties: rk.Graph) -> None:
    (found,) = treaties.run("agreements", kind="friendship")

    assert ID + "treaty-of-friendship-of-orvane-and-pellmark" == found.agreement


@pytest.mark.parametrize("party", ["quessel", "rhyme", "orvane"])
def test_agreements_are_found_by_a_party_whose_signing_is_not_stated(
    treaties: rk.Graph, party: str
) -> None:
    found = [row.agreement for row in treaties.run("agreements", party=party)]

    assert ID + "lowland-trade-convention" in found
