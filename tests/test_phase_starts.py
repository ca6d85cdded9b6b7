"""Tests of phases of missions that have an end but no beginning: warnings and answers."""

from pathlib import Path

import pytest
from examples import empty

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.graph.graph import Graph
from relations_kg.validation.findings import Report

MISSIONS = """\
id,kind,receiver,seat,opened,closed,sender,phase.seat,phase.receiver,phase.since,phase.until
A,embassy,Belmark,Berport,1952,present,Arvenia,{}
B,embassy,Corvia,Osk,,present,Arvenia,Moorend,,,1999
"""
WITHOUT_START = "without-start"


def imported(folder: Path, name: str, form: str, text: str, graph: Graph) -> Import:
    Path(folder, name).write_text(text, encoding="utf-8")
    found = import_table(graph, str(folder / name), form, columns={"row": "id"})
    assert found.report.conforms, str(found.report)
    return found


def warned(found: Report) -> list[tuple[int | None, int | None, str]]:
    """Return the place and the message of each warning about a beginning."""
    every = [each for each in found.findings if each.code == WITHOUT_START]
    assert {"warning"} >= {each.severity for each in every}
    return [(each.line, each.column, each.message) for each in every]


def test_a_phase_without_a_beginning_is_reported_beside_its_mission(tmp_path: Path) -> None:
    # B has no opening, so nothing is certain about the days before.
    for cells, column, properties, since in (
        ("Bonnar,,,1999-09-01", 11, ["seat"], "1952"),
        # An end between two dates is an event, so the finding is at the phase's first column.
        ("Bonnar,,,[1998..1999]", 8, ["seat"], "1952"),
        (",Dornland,,1999-09-01", 11, ["receivingParty"], "1952"),
        ("Bonnar,Dornland,,1999-09-01", 11, ["receivingParty", "seat"], "1952"),
        ("Bonnar,,,1999-09-01", 11, ["seat"], "[1952..1953]"),
    ):
        text = MISSIONS.format(cells).replace("1952", since)
        found = warned(imported(tmp_path, "m.csv", "mission", text, empty()).report)
        assert [(2, column)] * len(properties) == [(line, place) for line, place, _ in found]
        for property, (*_, message) in zip(properties, sorted(found, key=str), strict=True):
            assert f"days before its end also give the rkg:{property} of its mission" in message
            assert message.endswith("with whose opening the first phase begins")

    for cells in ("Bonnar,,1952,1999-09-01", "Bonnar,,1960,", "Bonnar,,,", ",,,"):
        found = imported(tmp_path, "m.csv", "mission", MISSIONS.format(cells), empty()).report
        assert [] == warned(found)


@pytest.mark.parametrize(
    ("headings", "cells", "column"),
    [
        ("phase.when", "/1999", 9),
        # The column of another end is not that of the phase.
        ("head.holder,head.until,phase.until", "Ada Ruiz,2001,1999", 11),
    ],
)
def test_the_column_with_the_end_of_a_phase_is_named(
    tmp_path: Path, headings: str, cells: str, column: int
) -> None:
    text = (
        f"id,kind,receiver,seat,opened,closed,sender,phase.seat,{headings}\n"
        f"A,embassy,Belmark,Berport,1952,present,Arvenia,Bonnar,{cells}\n"
    )
    ((line, place, _),) = warned(imported(tmp_path, "m.csv", "mission", text, empty()).report)

    assert (2, column) == (line, place)


@pytest.mark.slow
def test_a_phase_in_a_table_of_its_own_begins_with_the_opening_if_it_says_so(
    tmp_path: Path,
) -> None:
    missions = imported(tmp_path, "m.csv", "mission", MISSIONS.format(",,,"), empty())
    Path(tmp_path, "m.ttl").write_bytes(missions.turtle)
    table = "id,mission,seat,accredited,since,until\nF,id:m-a-mission,{}\n"

    def phase(cells: str) -> Import:
        graph = rk.load(only=[tmp_path / "m.ttl"])
        found = imported(tmp_path, "f.csv", "phase", table.format(cells), graph)
        Path(tmp_path, "f.ttl").write_bytes(found.turtle)
        # A validation of the file finds the same.
        checked = graph.validate(tmp_path / "f.ttl", ignore="without-relations")
        assert len(warned(checked)) == len(warned(found.report))
        return found

    def seats() -> int:
        graph = rk.load(only=[tmp_path / "m.ttl", tmp_path / "f.ttl"])
        (row,) = graph.run("missions", on="1980-01-01", receiver="belmark")
        return len(row.seat) if isinstance(row.seat, list) else 1

    ((line, column, message),) = warned(phase("Bonnar,,,1999-09-01").report)
    assert (2, 6, True) == (line, column, "with whose opening the first phase" in message)
    assert 2 == seats()

    # With what the message proposes, the mission has one seat at that time.
    assert [] == warned(phase("Bonnar,,1952,1999-09-01").report)
    assert 1 == seats()

    # A further accreditation is added to the mission, and replaces nothing.
    assert [] == warned(phase(",Corvia,,1999-09-01").report)

    # The mission may have a date of its own in place of an opening.
    own = missions.turtle.decode().replace("rkg:openedBy id:m-a-opening ;", "")
    own = own.replace('"1952/.."', '"1953/.."')
    Path(tmp_path, "m.ttl").write_text(own, encoding="utf-8")
    assert 1 == len(warned(phase("Bonnar,,,1999-09-01").report))


def test_a_first_phase_of_the_year_of_the_opening_begins_with_the_mission(tmp_path: Path) -> None:
    text = MISSIONS.format("Bonnar,Dornland,1952,1999-09-01")
    Path(tmp_path, "m.ttl").write_bytes(
        imported(tmp_path, "m.csv", "mission", text, empty()).turtle
    )
    graph = rk.load(only=[tmp_path / "m.ttl"])

    for query in ("missions", "missions-without-head"):
        for day in ("1952-06-01", "1980-01-01"):
            found = graph.run(query, on=day, sender="arvenia")
            (row,) = [each for each in found if each.to.label != "Corvia"]
            assert ("Bonnar", "Dornland") == (row.seat.label, row.to.label)
            assert [] == [*graph.run(query, on=day, receiver="belmark")]
    (row,) = graph.run("missions", on="1952-06-01", receiver="dornland")
    assert ["Dornland"] == [each.label for each in row.accredited]
    # In the year of a later move, it had either seat.
    Path(tmp_path, "n.ttl").write_bytes(
        imported(
            tmp_path, "m.csv", "mission", MISSIONS.format("Bonnar,,1960,1999-09-01"), empty()
        ).turtle
    )
    (row,) = rk.load(only=[tmp_path / "n.ttl"]).run("missions", on="1960-06-01", receiver="belmark")
    assert 2 == len(row.seat)


ABSENT = """\
id,kind,receiver,seat,opened,closed,sender,phase.receiver,phase.since,phase.until
A,embassy,Belmark,Berport,1952,present,Arvenia,Dornland,1952,1999
B,honorary consulate,Corvia,Osk,1950,2009,Arvenia,,,
C,honorary consulate,Elmar,Moor,1950,present,Arvenia,,,
D,embassy,Freeland,Lurn,1950,1995,Arvenia,,,
"""


def test_a_party_without_a_mission_has_the_reason_in_its_row(tmp_path: Path) -> None:
    found = imported(tmp_path, "m.csv", "mission", ABSENT, empty())
    Path(tmp_path, "m.ttl").write_bytes(found.turtle)
    graph = rk.load(only=[tmp_path / "m.ttl"])

    def states(day: str, **more: str) -> dict[str, str]:
        rows = graph.run("parties-without-mission", sender="arvenia", on=day, **more)
        return {row.party.label: row.status for row in rows}

    # The embassy to Dornland is now accredited to Belmark, and never closed.
    gone = {"Corvia": "closed", "Dornland": "no longer accredited", "Freeland": "closed"}
    assert gone.items() <= states("2012-01-01").items()
    gone |= {"Corvia": "closed, of another kind", "Elmar": "of another kind"}
    assert gone.items() <= states("2012-01-01", kind="embassy").items()
    assert "not yet open" == states("1940-01-01")["Elmar"]
