"""Tests of the worked examples: documents on other pairs of states, beside the bundled graph.

For each fact that a reader listed, a query finds the fact with its passage, and no longer finds it
without the triple that states it.
"""

import os
import re
from hashlib import sha256
from pathlib import Path

import pytest
from pair_facts import CASES, Case
from pyoxigraph import BlankNode, RdfFormat, parse

import relations_kg as rk
from relations_kg.rdf.namespaces import ID, SOURCE
from relations_kg.rdf.terms import Statement

PAIRS = Path(__file__).with_name("pairs")
NAMES = sorted(path.name for path in PAIRS.iterdir() if path.is_dir())
FACTS_OF_EACH = 10
WORDS = 8  # a run of this many of the document's words must not be repeated
LONG_NAME = "Comprehensive and Progressive Agreement for Trans-Pacific Partnership"


def files(document: str) -> list[Path]:
    return sorted((PAIRS / document).glob("*.ttl"))


@pytest.fixture(scope="module")
def graphs() -> dict[str, rk.Graph]:
    """Each document loaded beside the bundled graph; a test leaves them as they were."""
    return {document: rk.load(*files(document)) for document in NAMES}


def rows(kg: rk.Graph, query: str) -> list[tuple[str, ...]]:
    answer = kg.query(query, timeout=None)
    assert isinstance(answer, rk.Rows)
    return [tuple(map(str, row)) for row in answer.terms]


def found(kg: rk.Graph, case: Case) -> set[tuple[str, ...]]:
    """Return the pairs of answer and passage that the query of a case finds in its document."""
    query = f"{case.pattern} . ?cited rkg:statedIn ?passage"
    document = f"?passage rkg:inDocument src:{case.document}"
    return set(rows(kg, f"SELECT DISTINCT ?answer ?passage {{ {query} . {document} }}"))


def expected(kg: rk.Graph, case: Case) -> set[tuple[str, ...]]:
    """Return each pair of an expected answer and an expected passage of a case, as terms."""
    passages = " ".join(f"<{SOURCE}{case.document}/{name}>" for name in case.passages.split())
    values = f"VALUES ?answer {{ {case.answers} }} VALUES ?passage {{ {passages} }}"
    return set(rows(kg, f"SELECT ?answer ?passage {{ {values} }}"))


def statement(kg: rk.Graph, text: str) -> Statement:
    """Return the triple whose three terms a text has."""
    subject, property, object_ = text.split(" ", 2)
    answer = kg.query(
        f"SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ ({subject} {property} {object_}) }} }}",
        timeout=None,
    )
    assert isinstance(answer, rk.Rows)
    (triple,) = answer.terms
    return tuple(triple)  # type: ignore[return-value]


def title(case: Case) -> str:
    return f"{case.document} {case.number}: {case.name}"


@pytest.mark.parametrize("case", CASES, ids=title)
def test_a_fact_is_asked_back_with_its_passage(graphs: dict[str, rk.Graph], case: Case) -> None:
    assert expected(graphs[case.document], case) == found(graphs[case.document], case)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=title)
def test_without_its_triple_a_fact_is_not_found(graphs: dict[str, rk.Graph], case: Case) -> None:
    kg = graphs[case.document]
    fact = statement(kg, case.fact)
    assert kg.inference.is_stated(fact)
    kg.inference.remove([fact])
    try:
        assert not expected(kg, case) <= found(kg, case)
    finally:
        kg.inference.add([fact])
    assert expected(kg, case) == found(kg, case)


def test_every_fact_of_the_readers_list_is_asked_for() -> None:
    listed = {(document, number + 1) for document in NAMES for number in range(FACTS_OF_EACH)}

    assert listed == {(case.document, case.number) for case in CASES}


def test_no_query_reads_a_label_or_a_free_text() -> None:
    free = ("label", "description", "purpose", "gist", "ground", "decision", "whenText", "name")

    assert [] == [
        title(case) for case in CASES if re.search(rf":(\w*)({'|'.join(free)})\b", case.pattern)
    ]


# The answers of stored queries: a column, and what it lists among other things.
ANSWERS = [
    ("chile-peru", "phases", {"relationship": "chile-peru-relations"}, "phase", """
        contacts-with-the-inca-empire ties-under-the-viceroyalty-of-peru"""),
    ("chile-peru", "participations", {"event": "chincha-islands-war"}, "participants", """
        chile peru spain"""),
    ("chile-peru", "agreements", {"party": "chile"}, "agreement", """
        trade-agreements-of-chile-and-peru"""),
    ("chile-peru", "timeline", {"party": "chile", "counterpart": "peru"}, "event", """
        declaration-of-war-by-chile declaration-of-war-by-peru invasion-of-peru-by-chile"""),
    ("chile-peru", "alliances", {"ally": "chile"}, "enemies", "peru-bolivian-confederation"),
    ("chile-peru", "alliances", {"ally": "bolivia"}, "allies", "bolivia peru"),
    ("chile-peru", "assessments", {"party": "chile"}, "assessment", """
        bad-relations-of-chile-and-peru peaceful-relations-of-chile-and-peru
        steadier-relations-of-chile-and-peru tense-relations-of-chile-and-peru"""),
    ("chile-peru", "conflicts", {"party": "ecuador"}, "conflict", "cenepa-war"),
    ("chile-peru", "occupations", {"by": "chile"}, "conflicts", "war-of-the-pacific"),
    ("chile-peru", "treaty-parties", {"party": "peru"}, "agreement", """
        trade-agreements-of-chile-and-peru"""),
    ("chile-peru", "claims", {}, "claim", """
        claim-that-chile-declared-war-on-5-april-1879"""),
    ("holy-see-switzerland", "relations", {"party": "holy-see"}, "relations", """
        current-holy-see-switzerland-diplomatic-relations
        holy-see-switzerland-diplomatic-relations-until-1873"""),
    ("holy-see-switzerland", "missions", {"on": "2022-05-31", "location": "in-third-state"},
        "mission", "embassy-of-switzerland-to-the-holy-see"),
    ("holy-see-switzerland", "mission-history", {"sender": "holy-see"}, "mission", """
        nunciature-in-bern nunciature-in-lucerne"""),
    ("holy-see-switzerland", "representation", {"party": "switzerland", "other": "holy-see"},
        "mission", "representation-of-switzerland-to-the-holy-see"),
    ("holy-see-switzerland", "postings", {}, "event", """
        admission-of-the-nuncio-to-lucerne expulsion-of-the-nuncio"""),
    ("holy-see-switzerland", "ordinals", {}, "ordinal", """
        first-resident-embassy-of-switzerland-to-the-holy-see"""),
    ("holy-see-switzerland", "conflicts", {}, "winners", "liberal-and-protestant-cantons"),
    ("holy-see-switzerland", "services", {}, "parties", "holy-see"),
    ("holy-see-switzerland", "statuses", {"party": "switzerland"}, "starters", """
        swiss-federal-council"""),
    ("holy-see-switzerland", "readings", {}, "value", "italy"),
    ("japan-peru", "missions", {"on": "2006-06-01", "sender": "japan"}, "mission", """
        embassy-of-japan-in-lima"""),
    ("japan-peru", "relations", {"party": "japan"}, "relations", """
        japan-peru-diplomatic-relations-from-1873 restored-japan-peru-diplomatic-relations"""),
    ("japan-peru", "visits", {"host": "japan"}, "visit", """
        visit-of-manuel-prado-ugarteche-to-japan-1961"""),
    ("japan-peru", "visits", {"origin": "japan"}, "visit", "visit-of-shinzo-abe-to-peru"),
    ("japan-peru", "agreements", {"party": "japan"}, "agreement", """
        treaty-of-friendship-and-navigation-of-japan-and-peru trans-pacific-partnership"""),
    ("japan-peru", "shared-organizations", {"party": "japan", "other": "peru"}, "organization", """
        apec fealac united-nations world-trade-organization"""),
    ("japan-peru", "treaty-parties", {"party": "japan"}, "agreement", """
        treaty-of-friendship-and-navigation-of-japan-and-peru trans-pacific-partnership"""),
    ("japan-peru", "legal-cases", {}, "defendants", "ricardo-herrera"),
    ("japan-peru", "acts", {"to": "japanese-peruvians"}, "destinations", "united-states"),
    ("japan-peru", "requests", {"by": "peru"}, "answers", "refusal-to-extradite-alberto-fujimori"),
    ("japan-peru", "statements", {"speaker": "ryutaro-hashimoto"}, "statement", """
        thanks-of-ryutaro-hashimoto"""),
    ("japan-peru", "voyages", {"vessel": "maria-luz"}, "voyage", "voyage-of-the-maria-luz"),
    ("japan-peru", "timeline", {"party": "japan", "counterpart": "peru"}, "event", """
        signing-of-the-treaty-of-friendship-and-navigation-of-japan-and-peru
        request-for-the-extradition-of-alberto-fujimori
        refusal-to-extradite-alberto-fujimori"""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "query", "parameters", "column", "listed"),
    ANSWERS,
    ids=[f"{document} {query}" for document, query, *_ in ANSWERS],
)
def test_stored_queries_show_the_facts(
    graphs: dict[str, rk.Graph],
    document: str,
    query: str,
    parameters: dict[str, str],
    column: str,
    listed: str,
) -> None:
    rows = graphs[document].run(query, **parameters)
    place = rows.columns.index(column)
    found = {iri for row in rows.terms if row[place] for iri in row[place].value.split()}

    assert {ID + slug for slug in listed.split()} <= found


@pytest.mark.slow
@pytest.mark.parametrize("document", NAMES)
def test_a_document_is_valid_without_any_warning(kg: rk.Graph, document: str) -> None:
    report = kg.validate(*files(document))

    assert [] == list(report.findings)
    assert report.conforms_strictly


@pytest.mark.parametrize("document", NAMES)
def test_each_passage_is_cited_or_carries_no_fact(
    graphs: dict[str, rk.Graph], document: str
) -> None:
    passages = [p for p in graphs[document].passages() if p.document.endswith(f"/{document}")]

    assert list(range(1, len(passages) + 1)) == [p.position for p in passages]
    assert [] == [p.curie for p in passages if bool(p.things) == bool(p.carries_no_fact)]
    assert {"heading", "layout"} == {p.carries_no_fact for p in passages} - {None}


@pytest.mark.parametrize("document", NAMES)
def test_there_are_no_blank_nodes_and_no_fact_twice(document: str) -> None:
    triples = [
        quad.triple
        for path in files(document)
        for quad in parse(path=path, format=RdfFormat.TURTLE)
    ]

    assert len(set(triples)) == len(triples)
    assert not [t for t in triples if BlankNode in (type(t.subject), type(t.object))]


def texts() -> Path:
    """Return the folder of the documents; skip the test if it is not known."""
    named, beside = (os.environ.get(f"RELATIONS_KG_{name}") for name in ("PAIRS", "DOCUMENT"))
    folder = Path(named) if named else Path(beside).parent / "pairs" if beside else None
    if folder is None or not (named or folder.is_dir()):
        pytest.skip("neither RELATIONS_KG_PAIRS nor RELATIONS_KG_DOCUMENT leads to the documents")
    assert folder.is_dir(), f"RELATIONS_KG_PAIRS names {folder}, which is not a folder"
    return folder


@pytest.mark.parametrize("document", NAMES)
def test_every_passage_is_where_it_says_in_its_document(
    graphs: dict[str, rk.Graph], document: str
) -> None:
    path = texts() / f"{document}.txt"
    text = path.read_text(encoding="utf-8")
    own = f"{SOURCE}{document}"
    passages = [p for p in graphs[document].passages() if p.document == own]
    hashes = rows(graphs[document], f"SELECT ?hash {{ <{own}> rkg:sha256 ?hash }}")

    assert [(f'"{sha256(path.read_bytes()).hexdigest()}"',)] == hashes
    assert passages
    assert [] == [p.curie for p in passages if p.text(text) is None]
    ends = [0, *(p.end for p in passages)]
    begins = [*(p.begin for p in passages), len(text)]
    between = [text[end:begin] for end, begin in zip(ends, begins, strict=True)]
    assert [] == [gap for gap in between if re.search(r"\w", gap)]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}


@pytest.mark.parametrize("document", NAMES)
def test_no_file_repeats_the_documents_own_words(document: str) -> None:
    own = runs((texts() / f"{document}.txt").read_text(encoding="utf-8").replace(LONG_NAME, "|"))
    literals = [
        (path.name, text)
        for path in files(document)
        for text in re.findall(r'"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"))
    ]
    literals += [
        (path.name, cell)
        for path in (PAIRS / document / "tables").glob("*.csv")
        for cell in re.split(r"[,;\n]", path.read_text(encoding="utf-8").replace(LONG_NAME, "|"))
    ]

    assert own
    assert [] == [(name, text) for name, text in literals if runs(text) & own]
