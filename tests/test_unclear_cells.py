"""Tests of the findings about cells of tables that may mean something other than what is read."""

from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.authoring.importing import Import, import_table
from relations_kg.validation.findings import Finding


@pytest.fixture(scope="module")
def graph() -> rk.Graph:
    return rk.load(only=["tests/facts/good/visit.ttl"])


def imported(graph: rk.Graph, folder: Path, table: str, form: str, **more: object) -> Import:
    file = folder / "t.csv"
    file.write_text(table, encoding="utf-8")
    return import_table(graph, file, form=form, **more)  # type: ignore[arg-type]


def about(found: Import, *codes: str) -> list[Finding]:
    return [each for each in found.report.findings if each.code in codes]


def trade(graph: rk.Graph, folder: Path, amounts: list[str]) -> Import:
    rows = [f'Arvenia,Belmark,"{each}",usd,{2001 + n}' for n, each in enumerate(amounts)]
    table = "\n".join(["exporter,importer,amount,currency,when", *rows])
    return imported(graph, folder, table, "trade")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["1.234", "1.234,50"], "error: '1.234' may mean 1234, since line 3 has '1.234,50'"),
        (["2.500", "12.345.678"], "error: '2.500' may mean 2500, since line 3 has '12.345.678'"),
        (["1,234", "1.234,5"], "error: '1,234' may mean 1.234, since line 3 has '1.234,5'"),
        (["2,5", "1.234~"], "error: '1.234~' may mean 1234, since line 2 has '2,5'"),
        (["1.234", "400"], "warning: '1.234' is read as a number below a thousand, with decimals"),
        (["1.234", "2.5"], None),
        (["1.234", "1,234.5"], None),
        (["0.123", "1.234", "1234", "1,234"], None),
    ],
)
def test_a_point_that_may_separate_thousands_is_reported(
    graph: rk.Graph, tmp_path: Path, amounts: list[str], expected: str | None
) -> None:
    found = trade(graph, tmp_path, amounts)
    own = [each for each in about(found, "value") if "not an amount" not in each.message]

    assert [expected] * bool(expected) == [
        f"{each.severity}: {each.message.removeprefix('amount: ')}" for each in own
    ]
    assert found.report.conforms == (not (expected or "").startswith("error"))


def test_what_the_finding_says_to_write_is_read_without_one(
    graph: rk.Graph, tmp_path: Path
) -> None:
    for amounts in (["1234", "1.234,50"], ["1.234", "1234.50"]):
        found = trade(graph, tmp_path, amounts)

        assert [] == about(found, "value")
        assert f"rkg:amount {amounts[0]} " in found.turtle.decode()


def test_unclear_numbers_of_a_column_are_one_finding(graph: rk.Graph, tmp_path: Path) -> None:
    (found,) = about(trade(graph, tmp_path, ["1.234", "2.345", "3.456"]), "value")

    assert str(found.help).endswith("; and 2 more cells: 3:3, 4:3")


def test_coordinates_have_three_decimals_without_a_warning(graph: rk.Graph, tmp_path: Path) -> None:
    table = "sender,receiver,seat,geo:lat,geo:long\nArvenia,Belmark,Osk,12.345,45.678\n"

    assert [] == about(imported(graph, tmp_path, table, "mission"), "value")


MISSIONS = "sender,receiver,seat,opened\n"


@pytest.mark.slow
def test_a_column_with_dates_in_both_orders_is_a_warning(graph: rk.Graph, tmp_path: Path) -> None:
    rows = "Arvenia,Belmark,Osk,13/05/2001\nArvenia,Belmark,Mil,05/13/2001\n"
    rows += "Arvenia,Belmark,Tor,6/30/2002\nArvenia,Belmark,Var,1/1/2002\n"
    (found,) = about(imported(graph, tmp_path, MISSIONS + rows, "mission"), "value")

    assert (3, 4, "warning") == (found.line, found.column, found.severity)
    assert "opened: '05/13/2001' is month-first, but line 2 has '13/05/2001'" == found.message
    assert "add --dates day-first" in str(found.help)
    assert "; and 1 more cell" in str(found.help)
    (refused,) = about(
        imported(graph, tmp_path, MISSIONS + rows, "mission", dates="day-first"), "value"
    )
    assert "error" == refused.severity


def test_dates_in_one_order_have_no_warning(graph: rk.Graph, tmp_path: Path) -> None:
    rows = "Arvenia,Belmark,Osk,13/05/2001\nArvenia,Belmark,Mil,31.12.2001\n"

    assert [] == about(imported(graph, tmp_path, MISSIONS + rows, "mission"), "value")


@pytest.mark.parametrize("heading", ["when (year)", "When [EDTF]", "when(since)"])
def test_a_heading_with_a_note_is_taken_for_that_without_it(
    graph: rk.Graph, tmp_path: Path, heading: str
) -> None:
    table = f"sender,receiver,seat,{heading}\nArvenia,Belmark,Osk,2001/..\n"
    (found,) = about(imported(graph, tmp_path, table, "mission"), "heading")

    assert "error" == found.severity
    assert f"'{heading}' is not a parameter of the form mission" in found.message
    assert str(found.help).startswith('did you mean "when"? name it with --column when=')
    named = imported(graph, tmp_path, table, "mission", columns={"when": heading})
    assert [] == about(named, "heading")


@pytest.mark.slow
def test_rows_that_say_the_same_are_counted(graph: rk.Graph, tmp_path: Path) -> None:
    row, other = "Arvenia,Belmark,Osk,2001\n", "Arvenia,Belmark,Mil,2001\n"
    (found,) = about(imported(graph, tmp_path, MISSIONS + 3 * row + other, "mission"), "repeated")

    assert (3, "warning") == (found.line, found.severity)
    assert "2 rows state the same as an earlier row, which adds no fact" == found.message
    assert str(found.help).startswith("line 3 repeats line 2; delete it")
    (one,) = about(imported(graph, tmp_path, MISSIONS + 2 * row, "mission"), "repeated")
    assert "1 row states the same as an earlier row, which adds no fact" == one.message
    assert [] == about(imported(graph, tmp_path, MISSIONS + row + other, "mission"), "repeated")
