"""Tests of rows as data frames: the type of a column in pandas, Polars and Arrow, and passages."""

import math
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import relations_kg as rk
from relations_kg.errors import QueryWarning
from relations_kg.rdf.namespaces import SOURCE

BIG = 2**70


def answer(kg: rk.Graph, *cells: str) -> rk.Rows:
    rows = kg.query(f"SELECT ?a {{ VALUES ?a {{ {' '.join(cells)} }} }}", timeout=None)
    assert isinstance(rows, rk.Rows)
    return rows


# The cells of a column in SPARQL, its types in pandas, Polars and Arrow, and its values there.
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, str, str], list[Any]]] = {
    "integers": (("1", "UNDEF"), ("Int64", "Int64", "int64"), [1, None]),
    "integers of other datatypes": (
        ('"7"^^xsd:long', '"-7"^^xsd:int', '"255"^^xsd:unsignedByte'),
        ("Int64", "Int64", "int64"),
        [7, -7, 255],
    ),
    "the largest integers": (
        (f"{2**63 - 1}", f"{-(2**63)}"),
        ("Int64", "Int64", "int64"),
        [2**63 - 1, -(2**63)],
    ),
    "integers beyond 64 bits": (
        (f"{BIG}", "1", f"{2**63}", "UNDEF"),
        ("object", "Decimal(precision=38, scale=0)", "decimal128(38, 0)"),
        [Decimal(BIG), Decimal(1), Decimal(2**63), None],
    ),
    "decimals": (
        ("1.5", "-0.25", "UNDEF"),
        ("object", "Decimal(precision=38, scale=2)", "decimal128(38, 2)"),
        [Decimal("1.5"), Decimal("-0.25"), None],
    ),
    "decimals beside integers": (
        ("1", "2.5"),
        ("object", "Decimal(precision=38, scale=1)", "decimal128(38, 1)"),
        [Decimal(1), Decimal("2.5")],
    ),
    "xsd:float": (('"1.5"^^xsd:float', "UNDEF"), ("Float64", "Float64", "double"), [1.5, None]),
    "doubles beside other numbers": (
        ("1e0", "2", "2.5"),
        ("Float64", "Float64", "double"),
        [1.0, 2.0, 2.5],
    ),
    "not a number": (
        ('"NaN"^^xsd:double', "UNDEF", '"INF"^^xsd:float'),
        ("Float64", "Float64", "double"),
        [math.nan, None, math.inf],
    ),
    "booleans": (("true", "UNDEF"), ("boolean", "Boolean", "bool"), [True, None]),
    "texts": (('"Perú"@es', '"x"', "UNDEF"), ("string", "String", "string"), ["Perú", "x", None]),
    "nothing": (("UNDEF", "UNDEF"), ("object", "Null", "null"), [None, None]),
}


@pytest.mark.parametrize(("cells", "types", "values"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_has_its_type_in_each_frame(
    kg: rk.Graph, cells: tuple[str, ...], types: tuple[str, str, str], values: list[Any]
) -> None:
    """NaN stays NaN, and what is missing is NA or null."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = answer(kg, *cells)
    frame, polars, arrow = rows.to_pandas(), rows.to_polars(), rows.to_arrow()
    found = [None if value is pandas.NA else value for value in frame["a"]]

    assert types == (str(frame["a"].dtype), str(polars["a"].dtype), str(arrow.schema.types[0]))
    for copied in (found, polars["a"].to_list(), arrow["a"].to_pylist()):
        for value, cell in zip(values, copied, strict=True):
            assert value == cell or (value != value and cell != cell)
            assert isinstance(cell, Decimal) == isinstance(value, Decimal)


def test_a_date_is_a_date_of_pandas(kg: rk.Graph) -> None:
    """This includes days before the year 1677, which nanoseconds cannot express."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = answer(kg, '"1971-11-02"^^xsd:date', '"0138-01-01"^^xsd:date', "UNDEF")
    days = rows.to_pandas()["a"]

    assert [1971, 138] == days.dt.year[:2].tolist()
    assert days[2] is pandas.NaT
    assert "datetime64[s]" == str(days.dtype)
    expected = [date(1971, 11, 2), date(138, 1, 1), None]
    assert expected == rows.to_polars()["a"].to_list() == rows.to_arrow()["a"].to_pylist()
    assert kg.run("timeline").to_pandas()["earliest"].dt.year.max() > 2000


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (("1", '"one"'), ["1", "one"]),
        (("true", "1"), ["true", "1"]),
        ((f"{10**40}", "1"), [f"{10**40}", "1"]),
        ((f"{10**400}", "1e0"), [f"{10**400}", "1.0"]),
        (("0." + "1" * 40, "UNDEF"), ["0." + "1" * 40, None]),
        (
            ("id:peru", '"1971-11-02"^^xsd:date'),
            ["https://w3id.org/relations-kg/id/peru", "1971-11-02"],
        ),
    ],
)
def test_a_mixture_is_text_in_polars_and_arrow(
    kg: rk.Graph, cells: tuple[str, ...], texts: list[str | None]
) -> None:
    """Numbers of more than 38 digits are text too; in pandas, each keeps its type."""
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = answer(kg, *cells)

    assert "object" == str(rows.to_pandas()["a"].dtype)
    for copied in (rows.to_polars()["a"].to_list(), rows.to_arrow()["a"].to_pylist()):
        assert texts == copied
    assert [row.a for row in rows if row.a is not None] == rows.to_pandas()["a"].dropna().tolist()


def test_labels_take_the_place_of_iris(china_peru: rk.Graph) -> None:
    """This holds in lists too; texts and dates stay as they are."""
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = china_peru.run("visits", host="peru")
    frame = rows.to_pandas(labels=True)
    offices = ["General Secretary of the CCP", "President of China"]

    assert [row.visit.label for row in rows] == frame["visit"].tolist()  # type: ignore[union-attr]
    assert any(offices == sorted(cell) for cell in frame["office"])
    assert frame["office"].tolist() == rows.to_polars(labels=True)["office"].to_list()
    assert frame["office"].tolist() == rows.to_arrow(labels=True)["office"].to_pylist()
    assert rows[0].visit == rows.to_pandas()["visit"][0]


def test_a_cell_of_several_values_is_compared_and_grouped_only_when_it_is_exploded(
    kg: rk.Graph,
) -> None:
    frame = kg.run("visits", host="peru").to_pandas(labels=True)

    with pytest.warns(QueryWarning, match="never equals 'Xi Jinping'; write frame.explode"):
        assert not (frame.who == "Xi Jinping").any()
    with pytest.warns(QueryWarning):
        assert (frame.who != "Xi Jinping").all()
    with pytest.raises(TypeError, match="grouped by cells of several values"):
        frame.groupby("who").size()
    assert frame.explode("who").groupby("who").size()["Xi Jinping"] == 2
    assert frame.who.tolist()[0] == list(frame.who[0])


def test_a_single_value_beside_lists_is_a_list(kg: rk.Graph) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    rows = answer(kg, '"urn:a urn:b"^^rkg:List', "1", "UNDEF")
    expected = [["urn:a", "urn:b"], ["1"], []]

    assert expected == rows.to_pandas()["a"].tolist()
    assert expected == rows.to_polars()["a"].to_list() == rows.to_arrow()["a"].to_pylist()


@pytest.mark.parametrize(
    ("method", "library"),
    [
        ("to_pandas", "pandas"),
        ("to_polars", "polars"),
        ("to_arrow", "pyarrow"),
        ("to_networkx", "networkx"),
    ],
)
def test_a_missing_extra_is_named(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch, method: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(rk.RelationsError) as caught:
        getattr(kg if library == "networkx" else answer(kg, "1"), method)()

    expected = f"{method}: this needs {library}, which is not installed; "
    assert expected + "pip install 'relations-kg[frames]'" == str(caught.value)


def test_a_network_has_things_as_nodes_and_facts_as_edges(kg: rk.Graph, tmp_path: Path) -> None:
    """The dates of an edge are those of its subject, or else of its object."""
    networkx = pytest.importorskip("networkx")
    network, find = kg.to_networkx(), kg.names.find
    peru, china = find("peru"), find("id:peoples-republic-of-china")
    visit = find("visit-of-xi-jinping-to-peru-november-2024")
    dates = {"when": "2024-11", "earliest": "2024-11-01", "latest": "2024-11-30"}

    assert {"label": "Peru", "kind": "state", "curie": "id:peru"} == network.nodes[peru]
    assert dates.items() <= network.nodes[visit].items()
    edge = {"property": "visiting party", "inferred": False, **dates}
    assert edge == network.edges[visit, china, "rkg:visitingParty"]
    assert not any(node.startswith(SOURCE) for node in network)

    whole = kg.to_networkx(inferred=True)
    inverse = whole.edges[peru, find("embassy-of-peru-in-beijing"), "rkg:sendsMission"]
    assert inverse["inferred"]
    assert set(network.edges) < set(whole.edges)
    assert network.nodes == whole.nodes
    networkx.write_graphml(whole, tmp_path / "all.graphml")
    assert len(whole.edges) == len(networkx.read_graphml(tmp_path / "all.graphml").edges)


@pytest.mark.parametrize(
    ("sparql", "things"),
    [
        ("SELECT ?s { VALUES ?s { id:lima id:one-china-policy } }", ["lima", "one-china-policy"]),
        ("SELECT ?label ?s { VALUES ?s { id:lima } ?s rdfs:label ?label }", ["lima"]),
        ("SELECT ?n ?s { VALUES (?n ?s) { (1 UNDEF) (2 id:lima) } }", ["lima"]),
        ("SELECT ?p { id:one-china-policy rkg:statedIn ?p }", ["one-china-policy"]),
    ],
)
def test_rows_have_the_passages_that_they_rest_on(
    kg: rk.Graph, sparql: str, things: list[str]
) -> None:
    rows = kg.query(sparql, timeout=None)
    assert isinstance(rows, rk.Rows)

    assert kg.passages(*things) == rows.passages != []
    assert [] == rows[:0].passages


def test_rows_without_things_have_no_passages(kg: rk.Graph) -> None:
    assert [] == answer(kg, "1", '"Peru"').passages
