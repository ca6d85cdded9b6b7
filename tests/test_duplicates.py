"""Tests of duplicates: new things that are probably known under another IRI."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

import relations_kg as rk
from relations_kg.names import database
from relations_kg.rdf.namespaces import ID, ONTOLOGY, PREFIXES, RDFS, RKG, STATED, shorten
from relations_kg.rdf.terms import TYPE
from relations_kg.validation.duplicates import duplicates
from relations_kg.validation.findings import Finding

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
PASSAGE = "rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s009> ."
VISITOR = f'id:ada a rkg:Person ; rdfs:label "Ada Ruiz"@en ; {PASSAGE}\n'
VISIT = "rkg:visitor id:ada ; rkg:visitingParty id:peru ; rkg:hostParty id:japan ;"
Check = Callable[[str], list[Finding]]


@pytest.fixture
def check(kg: rk.Graph, tmp_path: Path) -> Check:
    """Return a function that writes a text to a file and returns its possible duplicates."""

    def check(text: str) -> list[Finding]:
        file = tmp_path / "f.ttl"
        file.write_text(HEAD + text, encoding="utf-8")
        return [each for each in kg.validate(file).findings if each.code == "duplicate"]

    return check


def visit(name: str, label: str, date: str, rest: str = "") -> str:
    return (
        f'id:{name} a rkg:StateVisit ; rdfs:label "{label}"@en ; {VISIT} '
        f'rkg:when "{date}"^^edtf:EDTF ; {rest} {PASSAGE}\n'
    )


def test_a_new_thing_with_the_label_and_the_class_of_a_known_one_is_a_warning(
    check: Check,
) -> None:
    (finding,) = check(f'\nid:lima-city a rkg:City ; rdfs:label "Lima"@en ; {PASSAGE}')

    assert ("warning", ID + "lima-city") == (finding.severity, finding.focus)
    assert (HEAD.count("\n") + 2, 1) == (finding.line, finding.column)
    assert '"Lima" (id:lima-city) has the name of "Lima" (id:lima), ' in finding.message
    assert finding.fix is None


def test_two_new_things_with_one_label_and_class_are_one_warning_at_the_later(
    check: Check,
) -> None:
    (finding,) = check(
        f'id:b a rkg:City ; rdfs:label "New Place"@en ; {PASSAGE}\n'
        f'id:a a rkg:City ; rdfs:label "New Place"@en ; {PASSAGE}\n'
    )

    assert HEAD.count("\n") + 2 == finding.line
    assert [HEAD.count("\n") + 1] == [each.place.line for each in finding.related]


def test_two_blank_nodes_are_not_distinguished_by_their_labels(
    kg: rk.Graph, tmp_path: Path
) -> None:
    file = tmp_path / "f.ttl"
    file.write_text(HEAD + "[] a rkg:StateVisit ; rkg:visitor [ a rkg:City ] .\n")

    messages = [finding.message for finding in kg.validate(file).findings]

    assert "a node without an IRI is or points to a blank node" in "\n".join(messages)
    assert not [message for message in messages if "without an IRI (" in message]


@pytest.mark.parametrize(
    ("ours", "theirs", "number"),
    [
        ("", "owl:sameAs wd:Q2", 1),
        ("owl:sameAs wd:Q1", "", 1),
        ("owl:sameAs wd:Q1", "owl:sameAs wd:Q2", 0),
        ("owl:sameAs <https://sws.geonames.org/1/>", "owl:sameAs <https://sws.geonames.org/2/>", 0),
        ("owl:sameAs <https://sws.geonames.org/1/>", "owl:sameAs wd:Q2", 1),
        ("owl:sameAs wd:Q1, wd:Q2", "owl:sameAs wd:Q2", 1),
    ],
)
def test_identifiers_of_one_authority_distinguish_things(
    check: Check, ours: str, theirs: str, number: int
) -> None:
    wikidata = "@prefix wd: <http://www.wikidata.org/entity/> .\n"
    city = 'id:{} a rkg:City ; rdfs:label "New Place"@en ; ' + PASSAGE + "\n"
    identifiers = "".join(
        f"id:{name} {text} .\n" for name, text in (("a", ours), ("b", theirs)) if text
    )

    assert number == len(check(wikidata + city.format("a") + city.format("b") + identifiers))


@pytest.mark.parametrize("name", ["id:lima-city", "id:lima"])
def test_two_things_that_are_distinct_may_be_alike(check: Check, name: str) -> None:
    """The warning names rkg:distinctFrom, which either of the two may have."""
    city = f'id:lima-city a rkg:City ; rdfs:label "Lima"@en ; {PASSAGE}'
    other = "id:lima" if name == "id:lima-city" else "id:lima-city"

    assert "add rkg:distinctFrom if they are different things" in check(city)[0].message
    assert [] == check(f"{city}\n{name} rkg:distinctFrom {other} .\n")


@pytest.mark.slow
def test_one_visit_under_two_iris_is_a_warning(check: Check) -> None:
    (finding,) = check(
        VISITOR
        + visit("one", "State visit of Ada Ruiz to Japan", "2024-05-03")
        + visit("other", "Ada Ruiz in Tokyo", "2024-05-03")
    )

    assert HEAD.count("\n") + 3 == finding.line
    assert [HEAD.count("\n") + 2] == [each.place.line for each in finding.related]
    assert "has the date and the links of" in finding.message


def test_a_known_relationship_under_another_name_is_a_warning(check: Check) -> None:
    (finding,) = check(
        'id:prc-peru-ties a rkg:BilateralRelationship ; rdfs:label "PRC–Peru ties"@en ; '
        f"rkg:firstParty id:peoples-republic-of-china ; rkg:secondParty id:peru ; {PASSAGE}"
    )

    assert "China–Peru relations" in finding.message


@pytest.mark.slow
def test_a_visit_that_is_known_is_found_under_another_iri(kg: rk.Graph, tmp_path: Path) -> None:
    known, new = tmp_path / "known.ttl", tmp_path / "new.ttl"
    known.write_text(HEAD + VISITOR + visit("one", "State visit of Ada Ruiz", "2024-05-03"))
    new.write_text(HEAD + visit("other", "Ada Ruiz in Tokyo", "2024-05-03"))
    graph = rk.load(known)
    found = [each for each in graph.validate(new).findings if each.code == "duplicate"]

    assert [ID + "other"] == [each.focus for each in found]
    assert [] == [each for each in graph.validate(known).findings if each.code == "duplicate"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        f'id:new a rkg:Port ; rdfs:label "Lima"@en ; {PASSAGE}',
        f'id:new a rkg:City ; rdfs:label "Lima"@es ; {PASSAGE}',
        f'id:new a rkg:City ; rdfs:label "Lima, Ohio"@en ; {PASSAGE}',
        f'id:new rdfs:label "Lima"@en ; {PASSAGE}',
        f'id:lima rdfs:comment "A city."@en ; {PASSAGE}',
        f'id:lima rdfs:label "Lima"@en , "Lima (Perú)"@es ; a rkg:City ; {PASSAGE}',
        VISITOR + visit("one", "A visit", "2024-05") + visit("other", "A visit", "2024-11"),
        VISITOR + visit("one", "First", "2024-05-03") + visit("other", "Second", "2024-11-20"),
        VISITOR
        + visit("one", "First", "2024-05-03", "rkg:placeVisited id:tokyo ;")
        + visit("other", "Second", "2024-05-03", "rkg:placeVisited id:kyoto ;"),
        VISITOR
        + visit("one", "A visit", "2024-05-03").replace("rkg:hostParty id:japan", "")
        + visit("other", "A visit", "2024-05-03")
        .replace("Visit ;", "Visit , rkg:Journey ;")
        .replace("id:japan", "id:chile")
        .replace("id:peru", "id:brazil"),
        f'id:one a rkg:Arrival ; rkg:when "1971"^^edtf:EDTF ; rkg:place id:lima ; {PASSAGE}'
        f'\nid:two a rkg:Arrival ; rkg:when "1971"^^edtf:EDTF ; {PASSAGE}',
    ],
    ids=[
        "another class",
        "another language",
        "another label",
        "no class",
        "known",
        "known and described again",
        "another date",
        "two visits in one year",
        "another place",
        "other parties",
        "less is said",
    ],
)
def test_what_is_not_alike_is_no_duplicate(check: Check, text: str) -> None:
    assert [] == check(text.replace(" ;  rkg:when", " ; rkg:when").replace("; ;", ";"))


def test_no_two_things_in_the_graph_are_duplicates(kg: rk.Graph) -> None:
    things = {
        quad.subject
        for quad in kg.quad_store.quads_for_pattern(None, TYPE, None, NamedNode(STATED))
        if isinstance(quad.subject, NamedNode)
    }

    assert [] == [str(each.focus) for each in duplicates(kg.quad_store, things)]


def test_a_pair_is_reported_once_and_by_its_name_first() -> None:
    store, new = things(2)
    for thing in new:
        for name, object_ in (("when", Literal("1971")), ("visitor", NamedNode(ID + "ada"))):
            store.add(Quad(thing, NamedNode(RKG + name), object_, NamedNode(STATED)))
    (violation,) = duplicates(store, [*new, *new])

    assert (new[0], new[1]) == (violation.focus, violation.value)
    assert ("warning", "duplicate") == (violation.severity, violation.code)
    assert NamedNode(RKG + "Visit") == violation.bindings["kind"]
    assert "has the name of" in violation.message


def things(number: int) -> tuple[Store, list[NamedNode]]:
    """Return things of one class with the same label."""
    store, graph = Store(), NamedNode(STATED)
    new = [NamedNode(f"{ID}thing-{index:06}") for index in range(number)]
    label = Literal("Visit", language="en")
    store.extend(Quad(each, TYPE, NamedNode(RKG + "Visit"), graph) for each in new)
    store.extend(Quad(each, NamedNode(RDFS + "label"), label, graph) for each in new)
    return store, new


def test_a_few_things_of_one_name_are_reported() -> None:
    store, new = things(4)

    assert 6 == len(list(duplicates(store, new)))


def test_what_many_things_have_is_passed_over() -> None:
    store, new = things(400)

    assert [] == list(duplicates(store, new))


@pytest.mark.slow
def test_many_things_of_one_name_are_compared_quickly() -> None:
    store, new = things(2_000)
    graph = NamedNode(STATED)
    for index, each in enumerate(new):
        store.add(Quad(each, NamedNode(RKG + "when"), Literal(str(index)), graph))
        store.add(Quad(each, NamedNode(RKG + "visitor"), NamedNode(ID + "ada"), graph))
        store.add(Quad(each, NamedNode(RKG + "hostParty"), NamedNode(ID + "japan"), graph))
    start = time.perf_counter()
    found = list(duplicates(store, new))

    assert [] == found
    assert time.perf_counter() - start < 10  # seconds; it usually takes one


KEYS = f"""
@prefix rkg: <{RKG}> .
@prefix rdfs: <{RDFS}> .
rkg:Ferry rdfs:subClassOf rkg:Line .
rkg:Line rkg:kindGivenBy rkg:ferryKind ;
    rkg:distinguishedBy ( rkg:harbour rkg:quay ) , ( rkg:operator ) KEYS_MORE .
"""


@pytest.mark.parametrize(
    ("keys", "one", "other", "found"),
    [
        ("", "harbour 1 ; operator 2", "quay 1 ; operator 2", True),
        ("", "harbour 1 ; operator 2", "quay 3 ; operator 2", False),
        ("", "harbour 1", "harbour 1", False),
        ("", "harbour 1 ; operator 2 ; ferryKind 4", "harbour 1 ; operator 2", False),
        ("", "harbour 1 ; operator 2 ; when 1990", "harbour 1 ; operator 2", True),
        (", ( rkg:when )", "harbour 1 ; operator 2 ; when 1990", "harbour 1 ; operator 2", False),
        (
            ", ( rkg:when )",
            "harbour 1 ; operator 2 ; when 1990",
            "harbour 1 ; operator 2 ; when 1990-05",
            True,
        ),
    ],
)
def test_a_class_of_the_ontology_states_what_distinguishes_its_members(
    keys: str, one: str, other: str, found: bool
) -> None:
    """A new class may also state this for its subclasses."""
    store = Store()
    text = KEYS.replace("KEYS_MORE", keys)
    store.load(text.encode(), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    new = [NamedNode(f"{ID}one"), NamedNode(f"{ID}other")]
    for thing, facts in zip(new, (one, other), strict=True):
        store.add(Quad(thing, TYPE, NamedNode(RKG + "Ferry"), NamedNode(STATED)))
        for fact in facts.split(" ; "):
            name, text = fact.split()
            term = Literal(text) if name == "when" else NamedNode(f"{ID}thing-{text}")
            store.add(Quad(thing, NamedNode(RKG + name), term, NamedNode(STATED)))

    assert [new[1]] * found == [each.value for each in duplicates(store, new)]


@pytest.mark.parametrize(("opened", "number"), [("2020", 0), ("2001", 1)])
def test_a_mission_that_closed_before_another_opened_is_not_the_same(
    check: Check, opened: str, number: int
) -> None:
    found = check(
        "".join(
            f'id:{name} a rkg:Embassy ; rdfs:label "{name} post"@en ; rkg:seat id:lima ; '
            f"rkg:sendingParty id:peru ; rkg:receivingParty id:japan ; "
            f"{event} id:{name}-event ; {PASSAGE}\n"
            f'id:{name}-event a {kind} ; rdfs:label "{name} act"@en ; rkg:actor id:peru ; '
            f'rkg:when "{year}"^^edtf:EDTF ; {PASSAGE}\n'
            for name, event, kind, year in (
                ("old", "rkg:closedBy", "rkg:MissionClosure", "2006"),
                ("new", "rkg:openedBy", "rkg:MissionOpening", opened),
            )
        )
    )

    assert number == len(found)


SPELT = f'id:lima-city a rkg:City ; rdfs:label "{{}}"@en ; {PASSAGE}\n'


def spelt(graph: rk.Graph, folder: Path, label: str) -> list[str]:
    """Return what a new city of this name is reported to duplicate."""
    file = folder / "spelt.ttl"
    file.write_text(HEAD + SPELT.format(label), encoding="utf-8")
    found = graph.validate(file).findings
    return [shorten(str(each.value).strip("<>")) for each in found if each.code == "duplicate"]


@pytest.fixture(
    params=["memory", *(pytest.param(x, marks=pytest.mark.slow) for x in ("disk", "older disk"))]
)
def places(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> rk.Graph:
    """A graph in memory, or on disk with an index of this or of an earlier version."""
    if request.param == "memory":
        graph = rk.load()
    else:
        if request.param == "older disk":
            monkeypatch.setattr(database, "_VERSION", 0)
        graph = rk.load(store=tmp_path / "store")
        monkeypatch.undo()
    assert ["id:lima"] == spelt(graph, tmp_path, "LÍMA")
    return graph


def test_a_name_is_found_in_any_case_and_order_after_files_were_added_and_removed(
    places: rk.Graph, tmp_path: Path
) -> None:
    new = tmp_path / "new.ttl"
    text = f'id:piura-la-vieja a rkg:City ; rdfs:label "Piura la Vieja"@en ; {PASSAGE}\n'
    new.write_text(HEAD + text, encoding="utf-8")

    assert [] == spelt(places, tmp_path, "Vieja Piura la")
    places.add(new)
    assert ["id:piura-la-vieja"] == spelt(places, tmp_path, "VIEJA, Piura Lá")
    assert [] == spelt(places, tmp_path, "Piura Vieja")
    places.remove(new)
    assert [] == spelt(places, tmp_path, "Vieja Piura la")


def test_a_changed_store_is_read_again(tmp_path: Path) -> None:
    graph = rk.load()
    assert [] == spelt(graph, tmp_path, "Puno vieja")
    city, label = NamedNode(ID + "puno"), Literal("Vieja Puno", language="en")
    for predicate, object_ in (
        (TYPE, NamedNode(RKG + "City")),
        (NamedNode(RDFS + "label"), label),
    ):
        graph.store.add(Quad(city, predicate, object_, NamedNode(STATED)))

    assert ["id:puno"] == spelt(graph, tmp_path, "Puno vieja")


def test_a_new_name_of_a_known_thing_counts(kg: rk.Graph, tmp_path: Path) -> None:
    file = tmp_path / "both.ttl"
    known = 'id:lima rdfs:label "Ciudad de los Reyes"@es .\n'
    new = SPELT.format("Los Reyes, Ciudad de").replace("@en", "@es")
    file.write_text(HEAD + known + new.replace("lima-city", "reyes"), encoding="utf-8")
    found = kg.validate(file).findings

    assert [ID + "reyes"] == [each.focus for each in found if each.code == "duplicate"]
