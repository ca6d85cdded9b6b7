"""Tests of spreadsheets: a table for each kind, without formulas, with exact numbers."""

import csv
import io
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from test_export import FACTS, PUBLISHED, loaded, stated
from trials import trials

import relations_kg as rk
from relations_kg.authoring import tables as authoring
from relations_kg.cli import commands
from relations_kg.export import export
from relations_kg.export.spreadsheets import sheets, table, tables
from relations_kg.rdf.namespaces import ID, RDFS, RKG, XSD

Tables = dict[str, list[dict[str, str]]]
SIGNS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001


def read(found: dict[str, bytes]) -> Tables:
    """Return tables parsed as CSV."""
    return {
        name: list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        for name, content in found.items()
    }


@pytest.fixture(scope="module")
def found(kg: rk.Graph) -> Tables:
    return read(export.tables(kg.quad_store, kg.names.label))


def cell(text: str, datatype: str = "string", column: str = "note") -> str:
    """Return the cell for one literal."""
    fact = Quad(
        NamedNode(ID + "thing"),
        NamedNode(f"urn:{column}"),
        Literal(text, datatype=NamedNode(XSD + datatype)),
    )
    ((row,),) = read(tables(sheets([fact], {}, {}, str))).values()
    return row[f"urn:{column}"]


@pytest.mark.slow
def test_a_table_holds_the_things_of_a_kind(kg: rk.Graph, found: Tables) -> None:
    rows = kg.query(f"SELECT ?e {{ GRAPH <{PUBLISHED[0]}> {{ ?e a rkg:Embassy }} }}")

    assert {row.e for row in rows} == {row["iri"] for row in found["embassy.csv"]}  # type: ignore[union-attr]
    assert {"embassy"} == {row["kind"] for row in found["embassy.csv"]}


def test_links_are_labels_for_people_and_iris_for_programs(found: Tables) -> None:
    (row,) = [r for r in found["embassy.csv"] if r["label"] == "Embassy of China, Lima"]

    assert ("Lima", ID + "lima") == (row["seat"], row["seat_iri"])
    passages = [f"src:china-peru/{name}" for name in ("s007", "s022", "s076", "s077")]
    assert " | ".join(passages) == row["statedIn"]
    assert 4 == len(row["statedIn_iri"].split(" | "))
    assert "/.." == row["when"]


def test_every_thing_has_a_row_and_every_link_is_in_it(kg: rk.Graph, found: Tables) -> None:
    facts = stated(kg, *PUBLISHED)
    rows = [row for rows in found.values() for row in rows]
    links = {
        (row["iri"], iri)
        for row in rows
        for column, text in row.items()
        if column.endswith("_iri") and text
        for iri in text.split(" | ")
    }

    assert sorted({fact.subject.value for fact in facts}) == sorted(row["iri"] for row in rows)  # type: ignore[union-attr]
    assert links == {
        (fact.subject.value, fact.object.value)  # type: ignore[union-attr]
        for fact in facts
        if isinstance(fact.object, NamedNode) and not fact.predicate.value.endswith("#type")
    }


def test_columns_and_rows_have_one_order(kg: rk.Graph, found: Tables) -> None:
    for rows in found.values():
        columns = list(rows[0])
        assert ["iri", "label", "kind"] == columns[:3]
        assert sorted(columns[3:]) == columns[3:]
    starts = {row.s: row.d for row in kg.query("SELECT ?s ?d { ?s rkg:earliestStart ?d }")}  # type: ignore[union-attr]
    days = [str(starts.get(row["iri"], "")) for row in found["high-level-visit.csv"]]
    assert sorted(days) == days


def test_texts_have_a_column_for_each_language() -> None:
    thing, name = NamedNode(ID + "thing"), NamedNode(RDFS + "label")
    texts = Literal("Thing", language="en"), Literal("Cosa", language="es")
    facts = [Quad(thing, name, text) for text in texts]

    ((row,),) = read(tables(sheets(facts, {}, {}, lambda iri: "Thing"))).values()

    assert ("Thing", "Cosa") == (row["label"], row["label_es"])
    assert "label_en" not in row


@pytest.mark.slow
def test_inferred_facts_have_their_columns_too(kg: rk.Graph, tmp_path: Path) -> None:
    kg.export(tmp_path, format="csv", inferred=True, by="kind")

    rows = read({"": (tmp_path / "establishment-of-relations.csv").read_bytes()})[""]
    assert "1971-11-02" in [row["earliestStart"] for row in rows]


@pytest.mark.parametrize("text", ["-5", "-0.5", "+3", "1e3", "-1.5E-7"])
def test_a_number_stays_a_number(text: str) -> None:
    assert text == cell(text)


@trials(80)
@given(st.sampled_from(SIGNS), st.text(max_size=5))
def test_nothing_can_be_a_formula(sign: str, rest: str) -> None:
    shown = cell(sign + rest)

    if shown != f"'{sign}{rest}":
        float(shown)  # Only a number is left as it is.


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "-A1", "+1+1", "\t=1", "\r=1", "-1+cmd|' /C calc'!A0"]
)
def test_a_formula_is_made_a_text(text: str) -> None:
    assert f"'{text}" == cell(text)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_a_spreadsheet_must_not_calculate_is_imported_as_it_was(
    tmp_path: Path, sign: str
) -> None:
    (tmp_path / "t.csv").write_bytes(table([["name"], [f"{sign}Pact"]]))
    ((_, (read_back,)),) = [each.rows for each in authoring.read(tmp_path / "t.csv")]

    assert f"{sign}Pact" == read_back.value
    assert read_back.problem is None


def test_a_label_can_be_no_formula() -> None:
    fact = Quad(NamedNode(ID + "thing"), NamedNode("urn:p"), NamedNode("urn:o"))

    ((row,),) = read(tables(sheets([fact], {}, {}, lambda iri: "=1"))).values()

    assert ["'=1", "'=1"] == [row["label"], row["urn:p"]]


@pytest.mark.slow
@trials(25)
@given(FACTS)
def test_any_facts_make_tables(facts: list[object]) -> None:
    graph = loaded(facts)  # type: ignore[arg-type]
    found = read(export.tables(graph.quad_store, graph.names.label))

    subjects = {fact.subject.value for fact in stated(graph, *PUBLISHED)}  # type: ignore[union-attr]
    assert sorted(subjects) == sorted(row["iri"] for rows in found.values() for row in rows)
    for name in found:
        assert name == os.path.basename(name) == name.lower()


def test_tables_are_written_into_a_folder(kg: rk.Graph, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "tables"

    content = kg.export(folder, format="csv", of="Lima", by="kind")

    names = sorted(os.listdir(folder))
    assert {"city.csv", "embassy.csv", "passage.csv"} <= set(names)
    assert content == b"".join((folder / name).read_bytes() for name in names)
    assert content.startswith(b"\xef\xbb\xbf")


def test_a_file_is_no_folder(kg: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")

    with pytest.raises(rk.InputError, match="file: the folder cannot be created: it is a file"):
        kg.export(path, format="csv", by="kind")


def test_tables_need_a_folder(kg: rk.Graph) -> None:
    with pytest.raises(rk.InputError, match="csv writes a file for each table; name a folder"):
        kg.export(format="csv", by="kind")


def test_the_command_writes_tables_and_asks_for_their_folder(tmp_path: Path) -> None:
    run = CliRunner().invoke
    missing = run(commands, ["export", "--format", "csv"])
    written = run(
        commands,
        ["export", "--format", "csv", "--by", "kind", "--of", "lima", "-o", str(tmp_path / "t")],
    )

    assert 2 == missing.exit_code
    assert "name a folder for them with -o" in missing.output
    assert 0 == written.exit_code
    assert "" == written.output
    assert "city.csv" in os.listdir(tmp_path / "t")


def test_a_kind_is_the_most_specific_that_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(f"<{ID}x> a <{RKG}Mission> , <{RKG}Embassy> , <{RKG}DiplomaticMission> .")
    graph = rk.load(only=[path])

    assert {"embassy.csv"} == set(export.tables(graph.quad_store, graph.names.label, inferred=True))
