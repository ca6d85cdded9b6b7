"""Tests of the sentences on web pages: leads, and boxes of key facts."""

import pytest
from examples import FACTS, loaded
from pair_tables import PAIRS

import relations_kg as rk
from relations_kg.rdf.date_words import as_adverb, date_in_words
from relations_kg.rdf.namespaces import ID
from relations_kg.web.leads import glance, in_one, lead
from relations_kg.web.sentences import Writer


@pytest.fixture(scope="module")
def writer(china_peru: rk.Graph) -> Writer:
    return Writer(china_peru)


def read(writer: Writer, name: str) -> str:
    return " ".join(map(str, lead(writer, ID + name)))


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1971-11-02", "on 2 November 1971"),
        ("2009-04", "in April 2009"),
        ("18XX", "in the 19th century"),
        ("180X", "in the decade 1800–1809"),
        ("200X/..", "since the decade 2000–2009"),
        ("1923~", "in about 1923"),
        ("2006?", "perhaps in 2006"),
        ("[..1883]", "in or before 1883"),
        ("[1990-11-05..]", "on or after 5 November 1990"),
        ("1971-11-02/..", "since 2 November 1971"),
        ("2024-06-25/2024-06-29", "from 25 to 29 June 2024"),
        ("/..", ""),
    ],
)
def test_a_date_follows_a_verb(edtf: str, words: str) -> None:
    assert as_adverb(date_in_words(edtf)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "china-peru-relations",
            "China–Peru relations are those of the People's Republic of China with Peru. They began"
            " on 26 June 1874. The People's Republic of China and Peru have had diplomatic"
            " relations since 2 November 1971. Peru and the Republic of China have had unofficial"
            " relations since 1978.",
        ),
        (
            "peru-qing-relations",
            "Peru and the Qing dynasty had diplomatic relations. They began on 26 June 1874 and"
            " ended in or before 1944.",
        ),
        (
            "xi-jinping",
            "Xi Jinping was General Secretary of the CCP and President of China in 2014, from"
            " 25 to 29 June 2024 and in November 2024. Xi Jinping visited Peru in 2014"
            " and in November 2024.",
        ),
        (
            "embassy-of-peru-to-the-republic-of-china",
            "Peru had an embassy in Beijing, accredited to the Republic of China. It was closed in"
            " 1946; when it was opened is not known.",
        ),
        (
            "honorary-consulates-of-peru-in-british-hong-kong",
            "Peru had honorary consulates in Hong Kong. They were opened in the 1960s.",
        ),
        (
            "treaty-signed-in-tianjin-1874",
            "Peru and the Qing dynasty signed this treaty on 26 June 1874 in Tianjin.",
        ),
        (
            "taipei-office-in-lima",
            "The Republic of China has a representative office in Lima, accredited to Peru. It was"
            " opened in May 1978. It was called Far East Trade Center until it was renamed on or"
            " after 5 November 1990.",
        ),
        # According to the source these hold at present; it does not state since when.
        ("un-membership-of-peru", "Peru is a member of the United Nations."),
        (
            "recognition-of-taiwan-as-part-of-china-by-peru",
            "Peru recognises Taiwan as part of the People's Republic of China.",
        ),
        # It has no date, so the sentence leaves open whether it goes on.
        (
            "administration-of-macau-by-portugal",
            "This is the administration of Macau by Portugal.",
        ),
        ("lima", "Lima is a city. It is or was the seat of"),
        # All words of the class of a post are in lower case within a sentence.
        (
            "hong-kong",
            "Hong Kong is a territory. It is or was the seat of the honorary consulates of Peru in"
            " British Hong Kong and the consulate-general of Peru in Hong Kong.",
        ),
        ("wang-1993", ""),
    ],
)
def test_a_lead_states_what_is_certain(writer: Writer, name: str, words: str) -> None:
    assert read(writer, name).startswith(words)
    assert bool(read(writer, name)) == bool(words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("interests-section-of-ostrand-in-harrow-bay", "It has existed since 1970."),
        ("mission-of-ostrand-in-harrow", "It existed from 1900 to 1970."),
        ("liaison-office-of-melisand-in-harrow-bay", "When it was opened is not known."),
    ],
)
def test_the_lead_of_a_mission_has_its_own_date_without_its_opening(name: str, words: str) -> None:
    assert read(Writer(loaded("kinds-of-mission")), name).endswith(words)


def test_a_place_at_the_end_of_a_name_is_not_repeated(writer: Writer) -> None:
    signing = in_one(writer, ID + "signing-of-the-treaty-signed-in-tianjin-1874")

    assert str(signing).endswith("the treaty between Peru and the Qing dynasty, signed in Tianjin.")


def test_relations_in_several_periods_are_in_one_sentence() -> None:
    folder = PAIRS / "japan-peru"
    writer = Writer(rk.load(folder / "passages.ttl", folder / "facts.ttl"))

    found = read(writer, "japan-peru-relations")

    assert found.count("diplomatic relations") == 1
    assert "diplomatic relations in 2 periods: from 1873; in or after 1873." in found


def test_each_clause_cites_its_passages_and_names_other_accounts(writer: Writer) -> None:
    visit = in_one(writer, ID + "visit-of-xi-jinping-2014")
    assert visit is not None
    assert [[p.curie[-4:] for p in clause.passages] for clause in visit.clauses][-2:] == [
        ["s064", "s065"],
        [],
    ]
    began = lead(writer, ID + "china-peru-relations")[1]
    disputed = [account.text for clause in began.clauses for account in clause.disputed]
    assert sorted(disputed) == ["1875-08", "[..1865]", "started by Coolie Trade"]


def test_a_box_lists_what_goes_on_and_the_latest_visit(writer: Writer) -> None:
    rows = {row.title: row.items for row in glance(writer, ID + "china-peru-relations")}

    names = [item.iri.removeprefix(ID) for item in rows["Missions of Peru"]]
    assert "embassy-of-peru-in-beijing" in names
    assert "embassy-of-peru-to-the-republic-of-china" not in names  # it was closed in 1946
    assert [item.note for item in rows["Relations"]] == ["since 2 November 1971", "since 1978"]
    assert [item.note for item in rows["Latest visit"]] == ["in November 2024"]
    assert glance(writer, ID + "xi-jinping") == []


def test_the_box_of_a_mission_names_its_head_and_earlier_heads() -> None:
    writer = Writer(rk.load(only=FACTS / "good" / "missions-with-heads.ttl"))

    def heads(name: str) -> dict[str, list[tuple[str, str]]]:
        rows = glance(writer, ID + name)
        return {row.title: [(i.iri.removeprefix(ID), i.note) for i in row.items] for row in rows}

    assert {"Head": [("mira-holst", "since February 1983")]} == heads(
        "embassy-of-tarvia-in-ombervik"
    )
    earlier = [("jon-aske", "from 1980 to 1 September 1984")]
    assert {"Earlier heads": earlier} == heads("consulate-of-tarvia-in-grenhavn")
    assert {} == heads("trade-office-of-tarvia-in-grenhavn")
