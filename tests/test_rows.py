"""Tests of the answers of queries: cells, rows, and their copies for other libraries."""

import copy
import math
import pickle
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

import relations_kg as rk
from relations_kg.answers.cells import Cell, Several, Text, Thing, cell
from relations_kg.errors import QueryWarning
from relations_kg.rdf.namespaces import ID, RKG, XSD

PERU = NamedNode(ID + "peru")
LIST = NamedNode(RKG + "List")
STATES = """
SELECT ?label ?state ?rank WHERE {
  VALUES (?state ?rank) { (id:peru 1) (id:qing-dynasty 2) (id:republic-of-china UNDEF) }
  ?state rdfs:label ?label
} ORDER BY ?label
"""


# All orders in which an engine may concatenate the values of one group.
ORDERS = [" ".join(order) for order in permutations(["1971-11", ID + "china", ID + "peru"])]
VALUES = " ".join(str(Literal(order, datatype=LIST)) for order in ORDERS)
LISTS = f"SELECT ?x {{ VALUES ?x {{ {VALUES} }} }}"


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


@pytest.fixture(scope="module")
def states(kg: rk.Graph) -> rk.Rows:
    rows = kg.query(STATES)
    assert isinstance(rows, rk.Rows)
    return rows


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (None, None),
        (PERU, Thing(PERU.value)),
        (Literal("Perú", language="es"), Text("Perú")),
        (Literal("a text"), "a text"),
        (typed("1971-11-02", "date"), date(1971, 11, 2)),
        (typed("-7", "integer"), -7),
        (typed("007", "nonNegativeInteger"), 7),
        (typed("3", "positiveInteger"), 3),
        (typed("2.50", "decimal"), Decimal("2.50")),
        (typed("2.5E0", "double"), 2.5),
        (typed("true", "boolean"), True),
        (typed("0", "boolean"), False),
        (typed("1875-08", "gYearMonth"), "1875-08"),
        (BlankNode("b"), "_:b"),
        (Literal(f"{PERU.value} 1971-11", datatype=LIST), Several([Thing(PERU.value), "1971-11"])),
        (Literal("", datatype=LIST), Several()),
    ],
)
def test_a_term_becomes_a_value_of_python(
    kg: rk.Graph, term: NamedNode | Literal | None, expected: Cell
) -> None:
    value = cell(term, kg.names)

    assert expected == value
    assert type(expected) is type(value)


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("1971-13-45", "date"),
        ("19711102", "date"),
        ("1971-11-02Z", "date"),
        ("abc", "integer"),
        ("1_000", "integer"),
        ("\u0661", "integer"),
        ("12,5", "decimal"),
        ("1e5", "decimal"),
        ("NaN", "decimal"),
        ("yes", "boolean"),
        ("1" * 5000, "integer"),
    ],
)
def test_a_literal_that_is_not_of_its_datatype_keeps_its_text(
    kg: rk.Graph, text: str, datatype: str
) -> None:
    """A text that Python accepts but XML Schema does not is kept as a text."""
    value = cell(typed(text, datatype), kg.names)

    assert text == str(value)


def test_a_thing_is_its_iri_and_knows_its_label(states: rk.Rows) -> None:
    thing = states[0].state

    assert ID + "peru" == thing
    assert isinstance(thing, Thing)
    assert ("Peru", "id:peru") == (thing.label, thing.curie)


def test_a_text_knows_its_language(states: rk.Rows) -> None:
    label = states[0].label

    assert isinstance(label, Text)
    assert ("Peru", "en") == (label, label.language)


def test_rows_with_the_same_columns_and_cells_are_equal(kg: rk.Graph) -> None:
    one, other = (kg.run("missions", on="2000-01-01", sender="peru") for _ in range(2))

    assert one == other
    assert one[:2] == other[:2] != other[1:3]
    assert hash(one) == hash(other)
    assert one != list(one)
    renamed = kg.query("SELECT ?m { ?m a rkg:Embassy }")
    assert kg.query("SELECT ?embassy { ?embassy a rkg:Embassy }") != renamed


@pytest.mark.parametrize("term", ["rkg:Visit", "State", "code:embassy", "rkg:seat"])
def test_the_passages_of_a_term_of_the_vocabulary_are_an_error(kg: rk.Graph, term: str) -> None:
    with pytest.raises(rk.QueryError, match="is a term of the vocabulary, which no passage states"):
        kg.passages("peru", term)


def test_columns_come_in_the_order_of_the_select(states: rk.Rows) -> None:
    assert ["label", "state", "rank"] == states.columns


def test_a_cell_is_read_by_attribute_by_name_and_by_place(states: rk.Rows) -> None:
    row = states[1]

    assert "Qing dynasty" == row.label == row["label"] == row[0]
    assert 2 == row.rank == row["rank"] == row[-1]
    assert ["Qing dynasty", ID + "qing-dynasty", 2] == list(row)
    assert 3 == len(row)


def test_an_unbound_cell_is_none(states: rk.Rows) -> None:
    assert states[-1].rank is None
    assert states[-1].terms[-1] is None


def test_a_column_that_is_not_there_is_reported_with_those_that_are(states: rk.Rows) -> None:
    with pytest.raises(
        AttributeError, match="no column 'name'; the columns are label, state, rank"
    ):
        _ = states[0].name
    assert not hasattr(states[0], "_private")
    with pytest.raises(KeyError, match="no column 'name'; the columns are label, state, rank"):
        states[0]["name"]
    with pytest.raises(TypeError, match=r"write \[row\['label'\] for row in rows\]"):
        states["label"]  # type: ignore[call-overload]


def test_a_missing_cell_in_the_place_of_a_name_or_a_text_is_refused(kg: rk.Graph) -> None:
    """A missing value of a parameter is refused in the same way."""
    calls: list[Callable[[Any], object]] = [
        kg.show,
        kg.passages,
        kg.search,
        kg.run,
        kg.query,
        kg.map,
        lambda missing: kg.export(of=[missing]),  # type: ignore[arg-type]
        lambda missing: kg.explain(missing, "a", "State"),
        lambda missing: kg.explain("peru", [missing], "State"),  # type: ignore[call-overload]
        lambda missing: kg.explain("peru", "sendsMission", [missing]),  # type: ignore[call-overload]
    ]
    for call in calls:
        for missing in (None, math.nan):
            with pytest.raises(rk.RelationsError, match=f"(not|no).* .*{missing}|{missing}.* not"):
                call(missing)


def test_rows_are_a_sequence(states: rk.Rows) -> None:
    assert isinstance(states, Sequence)
    assert 3 == len(states) == len(list(states)) == len(states.terms)
    assert ["Qing dynasty", "Republic of China"] == [row.label for row in states[1:]]
    assert states.columns == states[1:].columns
    assert list(states) == [states[0], states[1], states[2]]
    assert 3 == len({*states, *states})
    with pytest.raises(IndexError):
        states[3]


def test_rows_show_themselves(states: rk.Rows) -> None:
    assert "<Rows: 3 of label, state, rank>" == repr(states)
    assert "Row(label='Peru', state=<Thing: Peru, id:peru>, rank=1)" == repr(states[0])
    assert str(states).splitlines()[0].split() == states.columns
    assert "<td>Qing dynasty</td>" in states._repr_html_()


def test_the_terms_keep_what_a_value_would_lose(states: rk.Rows) -> None:
    assert (Literal("Peru", language="en"), PERU, typed("1", "integer")) == states.terms[0]


def test_triples_are_sorted_and_each_is_there_once(kg: rk.Graph) -> None:
    triples = kg.query("CONSTRUCT { ?s a ?kind } { VALUES ?kind { rkg:State } ?s a ?kind, ?other }")
    assert isinstance(triples, rk.Triples)

    states = [str(triple.subject) for triple in triples.terms]
    assert sorted(set(states)) == states
    subject, _, kind = triples[0]
    assert isinstance(subject, Thing)
    assert isinstance(kind, Thing)
    assert "state" == kind.label
    assert triples.terms[:2] == triples[:2].terms
    assert f"<Triples: {len(triples)}>" == repr(triples)


@pytest.mark.parametrize("format", ["turtle", "jsonld", "ntriples"])
def test_triples_are_written_in_the_formats_of_linked_data(kg: rk.Graph, format: str) -> None:
    triples = kg.query("CONSTRUCT WHERE { id:peru rdfs:label ?label }")
    assert isinstance(triples, rk.Triples)

    text = triples.serialize(format)

    assert "Peru" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("format", ["nquads", "csv", "bogus"])
def test_triples_have_no_other_formats(kg: rk.Graph, format: str) -> None:
    triples = kg.query("CONSTRUCT WHERE { id:peru rdfs:label ?label }")
    assert isinstance(triples, rk.Triples)

    with pytest.raises(rk.InputError, match="use one of turtle, jsonld, ntriples") as caught:
        triples.serialize(format)
    assert "nquads" not in (caught.value.help or "")


def frame_rows(kg: rk.Graph) -> rk.Rows:
    rows = kg.query(
        """SELECT ?thing ?n ?day ?label ?none ?amount WHERE {
          VALUES (?thing ?n ?day ?label ?none ?amount) {
            (id:peru 1 "1971-11-02"^^xsd:date "Perú"@es UNDEF 1.5)
            (id:lima UNDEF UNDEF "Lima" UNDEF UNDEF) } }"""
    )
    assert isinstance(rows, rk.Rows)
    return rows


@pytest.mark.slow
def test_a_pandas_frame_has_the_columns_and_types_of_the_rows(kg: rk.Graph) -> None:
    pandas = pytest.importorskip("pandas")
    rows = frame_rows(kg)

    frame = rows.to_pandas()

    assert rows.columns == list(frame.columns)
    assert [ID + "peru", 1, pandas.Timestamp(1971, 11, 2), "Perú"] == list(frame.iloc[0])[:4]
    assert "Int64" == str(frame["n"].dtype)
    assert frame["none"].isna().all()
    assert rows.columns == list(rows[:0].to_pandas().columns)


def test_a_polars_frame_has_the_columns_and_types_of_the_rows(kg: rk.Graph) -> None:
    polars = pytest.importorskip("polars")
    rows = frame_rows(kg)

    frame = rows.to_polars()

    assert rows.columns == frame.columns
    assert (ID + "peru", 1, date(1971, 11, 2), "Perú", None, Decimal("1.5")) == frame.row(0)
    assert [polars.String, polars.Int64, polars.Date] == frame.dtypes[:3]
    assert rows.columns == rows[:0].to_polars().columns


def test_an_arrow_table_has_the_columns_and_types_of_the_rows(kg: rk.Graph) -> None:
    pytest.importorskip("pyarrow")
    rows = frame_rows(kg)

    table = rows.to_arrow()

    assert rows.columns == table.column_names
    assert ["string", "int64", "date32[day]"] == [str(kind) for kind in table.schema.types[:3]]
    assert {"thing": ID + "lima", "n": None} == {
        name: table.to_pylist()[1][name] for name in ("thing", "n")
    }
    assert rows.columns == rows[:0].to_arrow().column_names


def test_a_mixed_column_can_be_copied_to_every_frame(kg: rk.Graph) -> None:
    """A column with texts and numbers must not raise an error of the data frame library."""
    rows = kg.query('SELECT ?a WHERE { VALUES ?a { 1 "one" 2.5 } }')
    assert isinstance(rows, rk.Rows)

    if pytest.importorskip("pandas"):
        assert [1, "one", Decimal("2.5")] == list(rows.to_pandas()["a"])
    if pytest.importorskip("polars"):
        assert 3 == rows.to_polars().height
    if pytest.importorskip("pyarrow"):
        assert 3 == rows.to_arrow().num_rows


def test_rows_of_a_store_without_labels_can_be_read() -> None:
    graph = rk.Graph(Store())

    (row,) = graph.query("SELECT ?a WHERE { VALUES ?a { <urn:a> } }")  # type: ignore[union-attr, misc]

    assert "urn:a" == row.a.label


def test_a_list_is_a_list_in_frames_and_text_in_tables(china_peru: rk.Graph) -> None:
    """A row without values has an empty list, so that a column can be exploded."""
    pytest.importorskip("polars")
    kg = china_peru
    rows = kg.run("visits", host="peru")
    polars, pandas, arrow = rows.to_polars(), rows.to_pandas(), rows.to_arrow()
    offices = [1, 2, 2]

    assert offices == [len(row.office) for row in rows]  # type: ignore[arg-type]
    assert offices == polars["office"].list.len().to_list()
    assert offices == [len(cell) for cell in pandas["office"]]
    assert offices == [len(cell) for cell in arrow["office"].to_pylist()]
    assert 10 == sum(len(cell) for cell in kg.run("visits").to_pandas()["to"])
    assert "General Secretary of the CCP; President of China" in str(rows)
    assert all(isinstance(cell, list) for cell in kg.run("visits").to_pandas()["to"])


def test_the_values_of_a_list_are_things_with_labels_and_dates(kg: rk.Graph) -> None:
    agreement = kg.run("agreements", party="peru", kind="FreeTradeAgreement")[0]

    assert ["People's Republic of China", "Peru"] == [
        thing.label
        for thing in agreement.signatories  # type: ignore[union-attr]
        if isinstance(thing, Thing)
    ]
    assert ["2009-04"] == agreement.signed


def test_the_passages_of_a_count_are_those_of_what_was_counted(kg: rk.Graph) -> None:
    rows = kg.run("visit-counts", party="hong-kong-sar")
    counted = {thing for row in rows for thing in row.counted}  # type: ignore[union-attr]
    passages = {line.split()[0] for line in kg.evidence(rows).splitlines() if ":" in line}

    assert {passage.curie for thing in counted for passage in kg.passages(thing)} <= passages
    assert {"src:china-peru/s064", "src:china-peru/s066"} == passages


def test_things_leave_their_graph_with_their_labels(kg: rk.Graph, states: rk.Rows) -> None:
    """Pools of processes and caches pickle what they pass on."""
    for again in (pickle.loads(pickle.dumps(list(states[0]))), copy.deepcopy(list(states[0]))):
        assert list(states[0]) == again
        assert states[0].state.label == again[1].label
        assert isinstance(again[0], Text)
        assert "en" == again[0].language
    assert states == copy.deepcopy(states)
    for whole, words in (
        (states, "to_pandas"),
        (states[0], "its cells"),
        (kg, "load the graph in each"),
    ):
        with pytest.raises(TypeError, match=words):
            pickle.dumps(whole)


@pytest.mark.parametrize(
    ("compare", "message"),
    [
        (lambda row: row.visit == "Visit of Xi Jinping to Peru, 2014", "compare its .label"),
        (lambda row: row.visit != "Peru", "never equals 'Peru'; compare its .label"),
        (lambda row: row.visit == row.visit.curie, "compare its .curie"),
        (lambda row: row.to == "Peru", "write 'Peru' in [each.label for each in cell]"),
        (lambda row: "Peru" in row.to, "never equals 'Peru'; compare its .label"),
        (lambda row: row.when == 2014, "never equals 2014; select rkg:earliestStart"),
        (lambda row: row.when != date(2014, 1, 1), "a date in EDTF is text"),
    ],
)
def test_a_comparison_that_is_never_true_is_warned_of(
    kg: rk.Graph, compare: Callable[[Any], bool], message: str
) -> None:
    row = kg.run("visits", visitor="xi-jinping")[0]

    with pytest.warns(QueryWarning, match=re.escape(message)):
        compare(row)


def test_a_thing_without_prefix_and_label_is_its_address(kg: rk.Graph) -> None:
    thing = kg.query("SELECT ?x { BIND(<https://example.org/a> AS ?x) }")[0].x

    assert thing.label == thing.curie == "https://example.org/a"
    assert type(thing.label) is type(thing.curie) is str
    assert thing != "https://example.org/b"


def test_a_comparison_that_may_be_true_is_not_warned_of(kg: rk.Graph) -> None:
    row: Any = kg.run("visits", visitor="xi-jinping")[0]

    # Without a warning: pytest turns warnings into errors.
    assert row.visit == str(row.visit)
    assert row.visit in {str(row.visit): 1}
    assert row.visit != "http://example.org/visit"
    assert row.visit not in ("", None, 5, "urn:visit")
    assert row.when == "2014"
    assert row.when < "2015"
    assert not row.when >= "2015"
    with pytest.raises(
        TypeError, match="which cannot be ordered with 2010; select rkg:earliestStart"
    ):
        _ = row.when > 2010


@pytest.mark.parametrize("timeout", [None, 60], ids=["here", "worker"])
def test_the_order_of_a_list_does_not_depend_on_the_engine(
    kg: rk.Graph, timeout: float | None
) -> None:
    rows = kg.query(LISTS, timeout=timeout)
    assert isinstance(rows, rk.Rows)

    assert {(Literal(min(ORDERS), datatype=LIST),)} == set(rows.terms) == {rows[3].terms}
    assert all(["1971-11", ID + "china", ID + "peru"] == cell for (cell,) in rows)
    assert rows[:1] == rows[1:2]
    for format in ("csv", "tsv", "json", "xml"):
        assert rows.serialize(format).count(min(ORDERS)) == len(ORDERS)
