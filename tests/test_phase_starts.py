"""Tests of the warning about phases of missions that have an end, but no beginning."""

from pathlib import Path

import pytest
from examples import empty

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.graph.graph import Graph

MISSIONS = """\
id,kind,receiver,seat,opened,closed,sender,phase.seat,phase.receiver,phase.since,phase.until
A,embassy,Belmark,Berport,1952,present,Arvenia,{}
B,embassy,Corvia,Osk,,present,Arvenia,Moorend,,,1999
"""
BESIDE = "the phase has no beginning, so answers about the days before"


def imported(folder: Path, name: str, form: str, text: str, graph: Graph) -> Import:
    Path(folder, name).write_text(text, encoding="utf-8")
    found = import_table(graph, str(folder / name), form, columns={"row": "id"})
    assert found.report.conforms, str(found.report)
    return found


def warned(found: Import) -> list[tuple[int | None, str, str]]:
    """Return the line, the message and the help of each warning about a beginning."""
    every = found.report.findings
    return [(each.line, each.message, each.help or "") for each in every if BESIDE in each.message]


def test_a_phase_without_a_beginning_is_reported_beside_its_mission(tmp_path: Path) -> None:
    # B has no opening, so nothing is certain about the days before.
    for cells, name, since in (
        ("Bonnar,,,1999-09-01", "seat", "1952"),
        ("Bonnar,,,[1998..1999]", "seat", "1952"),
        (",Dornland,,1999-09-01", "receiver", "1952"),
        ("Bonnar,Dornland,,1999-09-01", "seat and the receiver", "1952"),
        # A set cannot be the beginning of an interval.
        ("Bonnar,,,1999-09-01", "seat", "[1952..1953]"),
    ):
        text = MISSIONS.format(cells).replace("1952", since)
        found = imported(tmp_path, "m.csv", "mission", text, empty())
        ((line, message, help),) = warned(found)
        assert (2, True) == (line, message.startswith("phase.until: "))
        assert f" give the {name} of the mission, too" in message
        first = "" if "[" in since else f"; the first phase began with the opening, {since!r}"
        assert f"write in phase.since when the phase began{first}" == help

    for cells in ("Bonnar,,1952,1999-09-01", "Bonnar,,1960,", "Bonnar,,,", ",,,"):
        found = imported(tmp_path, "m.csv", "mission", MISSIONS.format(cells), empty())
        assert [] == warned(found)


@pytest.mark.parametrize(
    ("headings", "cells", "name", "help"),
    [
        ("phase.when", "/1999", "phase.when", "write before the '/' when the phase began"),
        ("phase.ended", "1999", "phase.ended", "write in phase.since when the phase began"),
        ("phase.until,phase.when", ",/1999", "phase.when", "write before the '/'"),
        # The column of another end is not that of the phase.
        ("head.holder,head.until,phase.until", "Ada Ruiz,2001,1999", "phase.until", "write in p"),
    ],
)
def test_the_column_with_the_end_of_a_phase_is_named(
    tmp_path: Path, headings: str, cells: str, name: str, help: str
) -> None:
    text = (
        f"id,kind,receiver,seat,opened,closed,sender,phase.seat,{headings}\n"
        f"A,embassy,Belmark,Berport,1952,present,Arvenia,Bonnar,{cells}\n"
    )
    ((_, message, said),) = warned(imported(tmp_path, "m.csv", "mission", text, empty()))

    assert message.startswith(f"{name}: {BESIDE} its end, ")
    assert said.startswith(help)


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
        return found

    def seats() -> int:
        graph = rk.load(only=[tmp_path / "m.ttl", tmp_path / "f.ttl"])
        (row,) = graph.run("missions", on="1980-01-01", receiver="belmark")
        return len(row.seat) if isinstance(row.seat, list) else 1

    ((line, message, help),) = warned(phase("Bonnar,,,1999-09-01"))
    assert (2, True) == (line, "the first phase began with the opening, '1952'" in help)
    assert message.startswith(f"until: {BESIDE} its end, '1999-09-01',")
    assert 2 == seats()

    # What the help proposes gives the one seat of that time.
    assert [] == warned(phase("Bonnar,,1952,1999-09-01"))
    assert 1 == seats()

    # A further accreditation is added to the mission, and replaces nothing.
    assert [] == warned(phase(",Corvia,,1999-09-01"))

    # The mission may have a date of its own in place of an opening.
    own = missions.turtle.decode().replace("rkg:openedBy id:m-a-opening ;", "")
    own = own.replace('"1952/.."', '"1953/.."')
    Path(tmp_path, "m.ttl").write_text(own, encoding="utf-8")
    ((_, _, help),) = warned(phase("Bonnar,,,1999-09-01"))
    assert help.endswith("the first phase began with the opening, '1953'")


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

    # The embassy to Dornland is now that to Belmark, and never closed.
    gone = {"Corvia": "closed", "Dornland": "no longer accredited", "Freeland": "closed"}
    assert gone.items() <= states("2012-01-01").items()
    gone |= {"Corvia": "closed, of another kind", "Elmar": "of another kind"}
    assert gone.items() <= states("2012-01-01", kind="embassy").items()
    assert "not yet open" == states("1940-01-01")["Elmar"]
