"""Tests of questions about persons sent, missions and states, asked of small invented cases."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from examples import FACTS

import relations_kg as rk

CASES = ("nuncio-and-special-envoy", "heads-of-mission", "kinds-of-mission")
STATES = "states-formed-and-ended"


@pytest.fixture(scope="module")
def envoys() -> rk.Graph:
    return rk.load(*(FACTS / f"good/{name}.ttl" for name in (*CASES, STATES)))


def column(graph: rk.Graph, query: str, name: str, **values: object) -> list[str]:
    """Return one column of an answer, as the last parts of its IRIs."""
    cells = [row[name] for row in graph.run(query, **values)]
    return [str(cell).rpartition("/")[2] for cell in cells if cell is not None]


def things(cell: object) -> list[str]:
    assert isinstance(cell, (list, tuple))
    return [str(each).rpartition("/")[2] for each in cell]


def test_a_nunciature_is_listed_where_an_embassy_is(envoys: rk.Graph) -> None:
    lurn = "nunciature-of-althos-in-lurn"

    for query, values in (
        ("missions", {"sender": "see-of-althos", "on": "1700-01-01"}),
        ("missions", {"kind": "Nunciature", "on": "1700-01-01"}),
        ("mission-history", {"seat": "lurn"}),
        ("representation", {"party": "vennsland"}),
        ("seats", {"party": "see-of-althos"}),
        ("party-profile", {"party": "see-of-althos"}),
    ):
        assert lurn in {str(row[0]).rpartition("/")[2] for row in envoys.run(query, **values)}


def test_who_admitted_and_who_expelled_a_head_of_mission_is_answered(envoys: rk.Graph) -> None:
    rows = {
        str(row.act).rpartition("/")[2]: row
        for row in envoys.run("postings", party="see-of-althos")
    }

    admission = rows["admission"]
    assert ["vennsland"] == things(admission.actors)
    assert ["lurn"] == things(admission.places)
    expulsion = rows["expulsion-of-a-representative"]
    assert ["council-of-vennsland"] == things(expulsion.actors)
    assert ["see-of-althos"] == things(expulsion.counterparts)
    assert [1873] == [int(str(expulsion.when))]


WithFacts = Callable[[str], rk.Graph]


@pytest.fixture(scope="module")
def with_facts(tmp_path_factory: pytest.TempPathFactory) -> WithFacts:
    """A function that returns a graph of an embassy, accredited to Oskerra too, and more facts."""
    text = (FACTS / "good/non-resident-accreditation.ttl").read_text(encoding="utf-8")
    region = (
        "id:oskerra rkg:inRegion id:the-isles , id:the-coast . id:the-isles a rkg:WorldRegion ."
        "id:pellamoor rkg:inRegion id:the-coast . id:the-coast a rkg:WorldRegion ."
    )

    @cache
    def graph(more: str) -> rk.Graph:
        path = tmp_path_factory.mktemp("accredited") / "facts.ttl"
        path.write_text(text.replace('"/.."', '"1974/.."') + region + more, encoding="utf-8")
        return rk.load(only=[path])

    return graph


@pytest.fixture(scope="module")
def accredited(with_facts: WithFacts) -> rk.Graph:
    return with_facts("")


@pytest.mark.parametrize("receiver", ["oskerra", "the-isles"])
def test_a_further_accreditation_is_certain_only_when_its_source_speaks(
    accredited: rk.Graph, receiver: str
) -> None:
    def certainty(receiver: str, on: str) -> str:
        (row,) = accredited.run("missions", kind="Embassy", receiver=receiver, on=on)
        return str(row.certainty)

    days = ("1990-01-01", "2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01")
    for host in ("pellamoor", "the-coast"):
        assert ["certain"] * 4 + ["last known"] == [certainty(host, on) for on in days]
    assert ["possible"] * 2 + ["certain"] * 2 + ["last known"] == [
        certainty(receiver, on) for on in days
    ]


# A head of that embassy from 2015 to 2018, and the embassy's phase in a successor state from 2017.
HEAD = """
id:head a rkg:Office ; rkg:headOf id:embassy-of-lindravia-in-dunmere .
id:tenure a rkg:OfficeTenure ; rkg:office id:head ; rkg:holder id:someone ; rkg:when "2015/2018" .
id:someone a rkg:Person .
id:phase a rkg:MissionPhase ; rkg:phaseOfMission id:embassy-of-lindravia-in-dunmere ;
    rkg:phaseReceiver id:successor ; rkg:phaseSeat id:new-town ; rkg:when "2017/.." .
id:successor a rkg:State ; rkg:inRegion id:the-hills .
id:the-hills a rkg:WorldRegion .
id:new-town a rkg:City .
"""


@pytest.mark.parametrize(
    ("receiver", "certainties"),
    [
        ("pellamoor", ["certain", "certain", "certain"]),
        ("the-coast", ["certain", "certain", "certain"]),
        ("oskerra", ["possible", "certain", "possible"]),
        ("the-isles", ["possible", "certain", "possible"]),
        ("successor", [None, None, "certain"]),
        ("the-hills", [None, None, "certain"]),
        ("lindravia", [None, None, None]),
    ],
)
def test_the_head_of_a_mission_is_found_by_each_party_to_which_it_is_accredited_on_the_day(
    with_facts: WithFacts, receiver: str, certainties: list[str | None]
) -> None:
    graph = with_facts(HEAD)

    found = []
    for on in ("2015-12-31", "2016-07-01", "2017-07-01"):
        rows = graph.run("office-holders-on", holder="someone", receiver=receiver, on=on)
        assert len(rows) <= 1
        found.append(rows[0].certainty if rows else None)

    assert certainties == found


@pytest.mark.parametrize(
    ("receiver", "rows"),
    [
        ("pellamoor", [("pellamoor", "dunmere", "certain"), ("successor", "new-town", "certain")]),
        ("the-isles", [("pellamoor", "dunmere", "possible"), ("successor", "new-town", "certain")]),
        ("the-hills", [None, ("successor", "new-town", "certain")]),
    ],
)
def test_a_mission_without_head_has_the_receiver_and_the_seat_of_its_phase_on_the_day(
    with_facts: WithFacts, receiver: str, rows: list[tuple[str, ...] | None]
) -> None:
    facts = HEAD.replace("2015/2018", "1990/1991").replace("2017/..", "2016-07/..")
    graph = with_facts(facts)

    found = []
    for on in ("2015-06-30", "2016-08-01"):
        answer = graph.run("missions-without-head", kind="Embassy", receiver=receiver, on=on)
        cells = [(*things([row.to, row.seat]), str(row.certainty)) for row in answer]
        found.append(cells[0] if cells else None)

    assert rows == found


@pytest.mark.parametrize(
    ("on", "receivers", "accredited"),
    [
        ("2016-12-31", {"pellamoor", "oskerra"}, ["oskerra", "pellamoor"]),
        # The day of 2017 on which the successor became the receiver is open.
        (
            "2017-06-30",
            {"pellamoor", "oskerra", "successor"},
            ["oskerra", "pellamoor", "successor"],
        ),
        ("2018-01-01", {"oskerra", "successor"}, ["oskerra", "successor"]),
    ],
)
def test_a_mission_is_not_accredited_to_its_former_receiver_in_the_phase_of_another(
    with_facts: WithFacts, on: str, receivers: set[str], accredited: list[str]
) -> None:
    graph = with_facts(HEAD.replace("2017/..", "2017/2030"))

    found = {
        receiver
        for receiver in ("pellamoor", "oskerra", "successor")
        if graph.run("missions", kind="Embassy", receiver=receiver, on=on)
    }
    assert receivers == found
    (row,) = graph.run("missions", kind="Embassy", on=on)
    assert accredited == things(row.accredited)
    heads = graph.run("office-holders-on", holder="someone", receiver="pellamoor", on=on)
    assert ("pellamoor" in receivers) == bool(heads)
    vacant = graph.run(
        "missions-without-head", kind="Embassy", receiver="pellamoor", on="2020-01-01"
    )
    assert not vacant


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("mission-history", {"receiver": "the-hills"}),
        ("closed-missions", {"receiver": "the-hills"}),
        ("closed-missions", {"receiver": "successor"}),
        ("one-sided-representation", {"receiver": "successor"}),
        ("party-profile", {"party": "successor"}),
    ],
)
def test_the_missions_to_a_party_are_also_those_that_it_received_in_a_phase(
    with_facts: WithFacts, query: str, values: dict[str, str]
) -> None:
    closure = "id:embassy-of-lindravia-in-dunmere rkg:closedBy id:end . id:end a rkg:MissionClosure"
    graph = with_facts(f'{HEAD}{closure} ; rkg:when "2020" .')

    assert "embassy-of-lindravia-in-dunmere" in {
        str(row[0]).rpartition("/")[2] for row in graph.run(query, **values)
    }


def test_relations_are_not_without_an_embassy_that_a_phase_had_there(with_facts: WithFacts) -> None:
    relations = (
        "id:the-relations a rkg:DiplomaticRelations ; rkg:firstParty id:lindravia ; "
        "rkg:secondParty id:successor ."
    )
    graph = with_facts(f"{HEAD}{relations}")

    rows = graph.run("relations-without-embassy", party="lindravia")

    assert "the-relations" not in {str(row.relations).rpartition("/")[2] for row in rows}


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("missions", {"receiver": "the-isles", "on": "2016-06-30"}),
        ("mission-history", {"receiver": "the-isles"}),
        ("representation", {"party": "lindravia", "other": "the-isles"}),
    ],
)
def test_the_missions_in_a_region_are_those_to_its_states(
    accredited: rk.Graph, query: str, values: dict[str, str]
) -> None:
    assert [
        "embassy-of-lindravia-in-dunmere",
        "honorary-consulate-of-lindravia-in-skarholm",
    ] == column(accredited, query, "mission", **values)


@pytest.fixture(scope="module")
def headed() -> rk.Graph:
    return rk.load(only=[FACTS / "good/missions-with-heads.ttl"])


@pytest.mark.parametrize(
    "values",
    [
        {"mission": "embassy-of-tarvia-in-ombervik"},
        {"receiver": "omberland"},
        {"receiver": "southern-isles"},
    ],
)
def test_the_head_of_a_mission_is_found_by_the_mission_and_by_its_receiver(
    headed: rk.Graph, values: dict[str, str]
) -> None:
    holders = column(headed, "office-holders-on", "holder", on="1985-01-01", **values)

    assert ["mira-holst"] == holders


def test_the_description_of_a_mission_lists_its_heads_with_their_own_dates(
    headed: rk.Graph,
) -> None:
    shown = headed.show("embassy-of-tarvia-in-ombervik")

    assert "\nHeads\n  1983-02/..  Mira Holst as Ambassador at " in str(shown)


@pytest.mark.parametrize(
    ("on", "missions"),
    [
        ("1982-01-01", ["embassy-of-tarvia-in-ombervik"]),
        ("1985-01-01", ["consulate-of-tarvia-in-grenhavn"]),
        ("1960-01-01", ["trade-office-of-tarvia-in-grenhavn"]),
    ],
)
def test_a_mission_without_a_head_on_a_day_is_listed(
    headed: rk.Graph, on: str, missions: list[str]
) -> None:
    assert missions == column(headed, "missions-without-head", "mission", on=on)


def test_a_mission_whose_head_has_no_dates_is_not_listed(tmp_path: Path) -> None:
    facts = tmp_path / "facts.ttl"
    facts.write_text(
        "@prefix id: <https://w3id.org/relations-kg/id/> .\n"
        "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n"
        "id:director a rkg:Office ; rkg:headOf id:trade-office-of-tarvia-in-grenhavn .\n"
        "id:tenure a rkg:OfficeTenure ; rkg:office id:director ; rkg:holder id:jon-aske .\n"
    )
    graph = rk.load(only=[FACTS / "good/missions-with-heads.ttl", facts])

    assert [] == column(graph, "missions-without-head", "mission", on="1960-01-01")


@pytest.mark.parametrize(("since", "certainty"), [("1946", "certain"), ("1946-06-01", "possible")])
def test_a_closure_that_may_be_before_the_window_is_only_possible(
    kg: rk.Graph, since: str, certainty: str
) -> None:
    (row,) = kg.run("closed-missions", since=since, until="1946")

    assert certainty == row.certainty


@pytest.mark.parametrize(
    ("window", "certainty"),
    [
        ({"since": "1960-01-01"}, ["certain"]),
        ({"since": "1969-07-01"}, []),
        ({"until": "1969-06-29"}, []),
        ({"since": "1969", "until": "1969"}, ["certain"]),
    ],
)
def test_a_mission_that_closed_in_a_window_is_listed(
    headed: rk.Graph, window: dict[str, str], certainty: list[str]
) -> None:
    rows = headed.run("closed-missions", receiver="southern-isles", **window)

    assert certainty == [row.certainty for row in rows]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"residence": "non-resident", "on": "2000-01-01"}, True),
        ({"residence": "resident", "on": "2000-01-01"}, False),
        ({"residence": "non-resident", "on": "2010-01-01"}, True),
        ({"residence": "non-resident", "on": "1990-01-01"}, False),
    ],
)
def test_whether_a_mission_resides_is_asked_on_a_day(
    envoys: rk.Graph, values: dict[str, str], found: bool
) -> None:
    missions = column(envoys, "missions", "mission", sender="vennsland", **values)

    assert found == ("representation-of-vennsland-to-althos" in missions)


def test_a_mission_with_its_seat_with_the_receiver_resides(envoys: rk.Graph) -> None:
    missions = column(envoys, "missions", "mission", on="2000-01-01", residence="resident")

    assert "embassy-of-china-in-lima" in missions
    assert "taipei-office-in-lima" not in missions  # it has no rkg:seatPolity


@pytest.mark.parametrize("query", ["missions", "representation"])
def test_a_seat_in_a_third_state_follows_from_where_the_place_lies(
    envoys: rk.Graph, query: str
) -> None:
    values = {"on": "2023-01-01"} if query == "missions" else {"party": "vennsland"}

    def located(location: str) -> list[str]:
        return column(envoys, query, "mission", location=location, **values)

    embassy = "embassy-of-vennsland-to-althos"
    assert embassy in located("in-third-state")
    assert embassy not in located("in-receiving-state") + located("in-sending-state")
    assert "nunciature-of-althos-in-bernau" in located("in-receiving-state")


def test_a_place_that_has_left_a_state_puts_no_seat_there(tmp_path: Path) -> None:
    text = (FACTS / "good/nuncio-and-special-envoy.ttl").read_text(encoding="utf-8")
    assert '"1870/.."' in text
    path = tmp_path / "earlier.ttl"
    path.write_text(text.replace('"1870/.."', '"1800/1870"'), encoding="utf-8")
    graph = rk.load(path)

    assert [] == column(graph, "missions", "mission", on="2023-01-01", location="in-third-state")
    assert [] == column(
        graph, "representation", "mission", party="vennsland", location="in-third-state"
    )


@pytest.mark.parametrize(
    ("on", "receiver", "seat", "kind"),
    [
        ("1910-01-01", "harrow", "old-harrow", "code:legation"),
        ("1925-01-01", "harrow", "harrow-bay", "code:embassy"),
        ("1950-01-01", "republic-of-harrow", "harrow-bay", "code:embassy"),
    ],
)
def test_a_mission_has_the_seat_receiver_and_kind_of_its_phase_on_a_day(
    envoys: rk.Graph, on: str, receiver: str, seat: str, kind: str
) -> None:
    (row,) = envoys.run("missions", named="mission-of-ostrand-in-harrow", kind=kind, on=on)
    other = {"code:legation", "code:embassy"} - {kind}

    assert (receiver, seat) == tuple(str(c).rpartition("/")[2] for c in (row.to, row.seat))
    assert "mission-of-ostrand-in-harrow" in column(
        envoys, "missions", "mission", receiver=receiver, on=on
    )
    assert not envoys.run("missions", named="mission-of-ostrand-in-harrow", kind=other.pop(), on=on)


def test_the_history_of_a_mission_has_all_its_seats(envoys: rk.Graph) -> None:
    for values in ({"sender": "ostrand"}, {"seat": "old-harrow"}, {"receiver": "harrow"}):
        row = next(
            row
            for row in envoys.run("mission-history", **values)
            if str(row.mission).endswith("/mission-of-ostrand-in-harrow")
        )
        assert ["harrow-bay", "old-harrow"] == things(row.at)
        assert ["harrow", "republic-of-harrow"] == things(row.to)


def test_a_rank_that_was_raised_is_a_phase_of_a_mission(envoys: rk.Graph) -> None:
    rows = envoys.run("mission-phases", sender="vennsland", receiver="see-of-althos")
    listed = [
        tuple(str(cell).rpartition("/")[2] for cell in (row.mission, row.rank, row.residence))
        for row in rows
    ]

    representation = "representation-of-vennsland-to-althos"
    assert [
        ("embassy-of-vennsland-to-althos", "None", "resident"),
        (representation, "special-envoy", "non-resident"),
        (representation, "ambassador", "non-resident"),
    ] == listed
    operation = column(
        envoys, "mission-phases", "operation", mission="consulate-of-melisand-in-harrow-bay"
    )
    assert ["in-operation", "without-staff", "operations-suspended"] == operation


def test_absence_and_protection_are_reported_among_representation(envoys: rk.Graph) -> None:
    def status(**values: str) -> dict[str, str]:
        rows = envoys.run("representation", **values)
        return {str(row.mission).rpartition("/")[2]: row.status for row in rows}

    assert "none" == status(party="vennsland")["vennsland-without-a-mission-to-althos"]
    protected = status(party="ostrand", other="republic-of-harrow")
    assert "protected" == protected["protection-of-the-interests-of-ostrand-by-melisand"]
    assert "present" == protected["interests-section-of-ostrand-in-harrow-bay"]


@pytest.mark.parametrize(
    ("rank", "offices"),
    [("head-of-first-class", {"ambassador-of-quessel-in-torvane"}), ("papal-legate", set())],
)
def test_a_rank_includes_those_below_it(envoys: rk.Graph, rank: str, offices: set[str]) -> None:
    found = column(envoys, "office-holders", "office", rank=rank, party="quessel")

    assert offices == set(found)


def test_a_body_can_hold_an_office(envoys: rk.Graph) -> None:
    for query, values in (("office-holders", {}), ("office-holders-on", {"on": "1950-01-01"})):
        kind = {"kind": "head-of-state", "party": "torvane"}
        assert ["council-of-torvane"] == column(envoys, query, "holder", **kind, **values)


def test_a_recall_for_consultations_is_a_recall(envoys: rk.Graph) -> None:
    recalls = column(envoys, "postings", "event", kind="code:recall")

    assert ["recall-of-ilse-vantor-for-consultations", "recall-of-ilse-vantor"] == recalls


def test_harm_to_a_mission_is_an_event_of_its_parties(envoys: rk.Graph) -> None:
    seizure = "seizure-of-the-residence-of-ostrand-in-harrow-bay"
    (row,) = (
        row
        for row in envoys.run("timeline", party="ostrand", counterpart="republic-of-harrow")
        if str(row.event).endswith("/" + seizure)
    )

    assert row.earliest is None
    assert "1997-04-22" == str(row.latest)


def test_acts_by_which_states_began_and_ended_are_listed(envoys: rk.Graph) -> None:
    rows = {str(row.event).rpartition("/")[2]: row for row in envoys.run("successions")}

    declared = rows["declaration-of-independence-of-pell"]
    assert ["corvia"] == things(declared.before)
    assert ["pell"] == things(declared.after)
    assert ["corvia", "sund"] == things(declared.recognising)
    assert ["pell", "sund"] == things(rows["union-of-pell-and-sund"].before)
    ends = [row.when for row in envoys.run("successions", party="republic-of-pell")]
    assert all(str(one) <= str(other) for one, other in pairwise(ends))
    assert 3 == len(ends)


def test_the_seat_of_a_government_in_exile_lies_abroad(envoys: rk.Graph) -> None:
    (row,) = envoys.run("seats", party="republic-of-pell")

    assert "langmouth" == str(row.seat).rpartition("/")[2]
    assert ["sarn"] == things(row.countries)
    assert 1 == len(envoys.run("seats", within="sarn"))


@pytest.mark.parametrize(
    ("on", "whole"),
    [
        ("1930-01-01", ["republic-of-pell"]),
        ("1945-01-01", []),
        ("1960-01-01", ["republic-of-corvia"]),
    ],
)
def test_what_a_place_lies_in_is_asked_on_a_day(
    envoys: rk.Graph, on: str, whole: list[str]
) -> None:
    assert whole == column(envoys, "containments-on", "whole", part="lower-pell", on=on)


@pytest.mark.slow
def test_phases_lie_within_their_mission_and_an_attacked_mission_existed(tmp_path: Path) -> None:
    file = FACTS / "good/kinds-of-mission.ttl"
    text = file.read_text(encoding="utf-8").replace('rkg:when "1900/1970"^^edtf:EDTF ;', "")
    path = tmp_path / "undated.ttl"
    path.write_text(text, encoding="utf-8")
    rows = rk.load(path).query(
        "SELECT ?ls ?ee WHERE { id:mission-of-ostrand-in-harrow rkg:latestStart ?ls ; "
        "rkg:earliestEnd ?ee }"
    )

    assert [("1900-12-31", "1970-01-01")] == [(str(row.ls), str(row.ee)) for row in rows]
