"""Tests of identifiers: exactly those of the list, kept apart from the facts."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from examples import empty
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.errors import InputError
from relations_kg.rdf.formats import names
from relations_kg.rdf.namespaces import (
    BASE,
    DATES,
    ID,
    IDENTIFIER,
    IDENTIFIERS,
    INFERRED,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    STATED,
    shorten,
)
from relations_kg.reader import identifiers

FILE = Path(folder("data"), "identifiers.ttl")
SUFFIXES = {"turtle": "ttl", "jsonld": "jsonld", "ntriples": "nt", "nquads": "nq", "trig": "trig"}
SAME_AS, SEE_ALSO = OWL + "sameAs", RDFS + "seeAlso"
HAS_IDENTIFIER = PREFIXES["adms"] + "identifier"
LAT, LONG = PREFIXES["geo"] + "lat", PREFIXES["geo"] + "long"
CITY = Path(__file__).with_name("facts") / "good" / "identifiers.ttl"
# Rows about things outside the graph, or with data that the graph leaves out.
LEFT_OUT = {
    ("iso3166-2", "CN-TW"): "a claim about Taiwan, and no identity of the Republic of China",
    ("wikidata", "Q17427"): "the Chinese Communist Party is no thing of the graph",
    ("wikipedia-en", "Communist_Party_of_China"): "as before",
}
LINKS = {
    "wikidata": "http://www.wikidata.org/entity/{}",
    "wikipedia-en": "https://en.wikipedia.org/wiki/{}",
    "dbpedia": "http://dbpedia.org/resource/{}",
    "geonames": "https://sws.geonames.org/{}/",
}
PREFIX = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix ident: <https://w3id.org/relations-kg/identifier/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
LINES = PREFIX.count("\n")
Write = Callable[[str], Path]


@pytest.fixture(scope="module")
def rows(document: Path) -> list[dict[str, str]]:
    """The list of verified identifiers, which is beside the source document."""
    path = document.parent.parent / "data" / "identifiers.csv"
    if not path.exists():
        pytest.skip("the list of identifiers is not there")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def written() -> list[Quad]:
    return list(parse(path=FILE, format=RdfFormat.TURTLE))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(turtle: str) -> Path:
        path = tmp_path / "facts.ttl"
        path.write_text(PREFIX + turtle, encoding="utf-8")
        return path

    return write


def pairs(quads: list[Quad], predicate: str) -> list[tuple[str, str]]:
    return [
        (quad.subject.value, quad.object.value)  # type: ignore[union-attr]
        for quad in quads
        if quad.predicate.value == predicate
    ]


def entries(quads: list[Quad]) -> dict[str, tuple[str, str]]:
    """Return the scheme and the text of each identifier."""
    schemes, texts = dict(pairs(quads, SKOS + "inScheme")), dict(pairs(quads, SKOS + "notation"))
    assert schemes.keys() == texts.keys()
    return {node: (schemes[node].removeprefix(IDENTIFIER), texts[node]) for node in texts}


def facts_in(graph: rk.Graph, name: str) -> set[Quad]:
    return set(graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name)))


def test_each_row_of_the_list_is_used_once_or_left_out_for_a_reason(
    rows: list[dict[str, str]], written: list[Quad]
) -> None:
    listed = [(row["scheme"], row["id"]) for row in rows if row["kind"] != "class"]
    texts = list(entries(written).values())

    assert sorted([*texts, *LEFT_OUT]) == sorted(listed)
    assert len(texts) == len(set(texts))


def test_the_rows_on_classes_are_in_the_alignments(rows: list[dict[str, str]]) -> None:
    alignments = Path(folder("ontology"), "alignments.ttl").read_text(encoding="utf-8")

    for row in rows:
        if row["kind"] == "class":
            assert re.search(rf"\bwd:{row['id']}\b", alignments)


def test_each_identifier_names_all_sources_of_its_row(
    rows: list[dict[str, str]], written: list[Quad]
) -> None:
    """Each short name in the list stands for one source."""
    known = entries(written)
    sources: dict[tuple[str, str], set[str]] = {}
    for node, source in pairs(written, PREFIXES["dcterms"] + "source"):
        sources.setdefault(known[node], set()).add(source)
    meant: dict[str, str] = {}
    for row in rows:
        found = sources.get((row["scheme"], row["id"]))
        names = {part.split()[0] for part in row["sources"].split(" | ")}
        if found is None:
            continue
        assert len(found) == len(names)
        if len(names) == 1:
            meant.setdefault(*names, *found)
    for row in rows:
        if found := sources.get((row["scheme"], row["id"])):
            names = {part.split()[0] for part in row["sources"].split(" | ")}
            assert {meant[name] for name in names & meant.keys()} <= found


def test_links_lead_where_the_identifiers_say(written: list[Quad]) -> None:
    known, notes = entries(written), dict(pairs(written, SKOS + "note"))
    leading = dict(p for p in pairs(written, SEE_ALSO) if p[0].startswith(IDENTIFIER))
    own, see = pairs(written, HAS_IDENTIFIER), pairs(written, SEE_ALSO)
    near = [pair for pair in see if pair[1].startswith(IDENTIFIER)]
    same = {*pairs(written, SAME_AS)}
    expected = set()

    assert leading == {
        node: LINKS[scheme].format(text)
        for node, (scheme, text) in known.items()
        if scheme in LINKS
    }
    assert {node for _, node in (*own, *near)} == set(known)
    for thing, node in (*own, *near):
        assert (thing, leading.get(node)) in {*same, *see} or node not in leading
        if (thing, node) in own and known[node][0] in ("wikidata", "dbpedia", "geonames"):
            expected.add((thing, leading[node]))
        if (thing, node) in near:
            assert notes[node]
    assert same == expected


def test_one_thing_is_the_same_as_one_of_each_scheme_and_no_other_thing_is(
    written: list[Quad],
) -> None:
    same = pairs(written, SAME_AS)
    spaces = [(thing, iri.rstrip("/").rpartition("/")[0]) for thing, iri in same]

    assert len(same) > 15
    assert len({iri for _, iri in same}) == len(same)
    assert len(set(spaces)) == len(spaces)
    assert all(thing.startswith(ID) and not iri.startswith(BASE) for thing, iri in same)


def test_the_notes_on_identifiers_are_sentences_with_a_subject(written: list[Quad]) -> None:
    without_subject = re.compile(r"(?:Told|Seen|\w+ed) (?:by|at|in)\b|An? [^.]*, which|Which\b")
    notes = {quad.object.value for quad in written if quad.predicate.value == SKOS + "note"}

    assert len(notes) > 20
    assert not [note for note in notes if without_subject.match(note)]


@pytest.mark.parametrize(
    "thing",
    [
        *("republic-of-china", "republic-after-the-qing", "taiwan", "hong-kong", "macau"),
        *("hong-kong-sar", "macau-sar", "british-hong-kong", "embassy-of-peru-in-beijing"),
    ],
)
def test_nothing_of_others_is_the_same_as_what_they_have_in_one_with_something_else(
    written: list[Quad], thing: str
) -> None:
    assert ID + thing not in dict(pairs(written, SAME_AS))


def test_identifiers_are_of_things_that_the_graph_states(kg: rk.Graph, written: list[Quad]) -> None:
    things = {subject for quad in written if (subject := quad.subject) and is_ours(subject)}

    assert things <= {quad.subject for quad in facts_in(kg, STATED)}
    assert {quad.triple for quad in written} == {q.triple for q in facts_in(kg, IDENTIFIERS)}
    assert len(set(written)) == len(written)


def is_ours(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID)


def test_places_lie_somewhere_on_earth_as_their_city_in_geonames_does(written: list[Quad]) -> None:
    latitudes, longitudes = dict(pairs(written, LAT)), dict(pairs(written, LONG))
    linked = {thing for thing, iri in pairs(written, SAME_AS) + pairs(written, SEE_ALSO)
              if "geonames" in iri}  # fmt: skip

    assert latitudes.keys() == longitudes.keys() <= linked
    assert len(set(zip(latitudes.values(), longitudes.values(), strict=True))) == len(latitudes)
    assert float(latitudes[ID + "lima"]) < 0 < float(latitudes[ID + "beijing"])
    assert float(longitudes[ID + "lima"]) < 0 < float(longitudes[ID + "beijing"])
    for quad in written:
        if quad.predicate.value in (LAT, LONG):
            assert isinstance(quad.object, Literal)
            assert shorten(quad.object.datatype.value) == "xsd:decimal"


@pytest.mark.slow
def test_nothing_follows_from_identifiers(kg: rk.Graph) -> None:
    things = [path for path in Path(folder("data")).rglob("*.ttl") if path != FILE]
    without, later = rk.load(only=things), rk.load(only=things)
    change = later.add(FILE)

    assert not facts_in(without, IDENTIFIERS)
    for name in (STATED, DATES, INFERRED):
        assert facts_in(kg, name) == facts_in(without, name) == facts_in(later, name)
    assert facts_in(kg, IDENTIFIERS) == facts_in(later, IDENTIFIERS)
    assert len(change.added) == len(facts_in(later, IDENTIFIERS))
    assert change.removed == later.remove(FILE).added == frozenset()
    assert not facts_in(later, IDENTIFIERS)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
@pytest.mark.parametrize("inferred", [False, True])
def test_an_export_is_read_back_with_its_identifiers_apart(
    kg: rk.Graph, tmp_path: Path, format: str, inferred: bool
) -> None:
    path = tmp_path / f"all.{SUFFIXES[format]}"
    kg.export(path, format=format, inferred=inferred)
    again = rk.load(only=[path])

    assert facts_in(again, IDENTIFIERS) == facts_in(kg, IDENTIFIERS)
    assert facts_in(again, STATED) >= facts_in(kg, STATED)
    assert not [q for q in facts_in(again, STATED) if identifiers.identifies(q)]
    report = kg.validate(path)
    assert report.findings == ()
    assert not [iri for iri in report.unchecked if iri.startswith(IDENTIFIER)]


@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
def test_an_export_of_what_is_stated_conforms_alone(
    kg: rk.Graph, tmp_path: Path, format: str
) -> None:
    path = tmp_path / f"stated.{SUFFIXES[format]}"
    kg.export(path, format=format)
    report = empty().validate(path)

    assert report.findings == report.unchecked == ()
    assert report.facts == kg.count(STATED) + kg.count(IDENTIFIERS)


@pytest.mark.parametrize(
    "iri",
    [
        *("id:peoples-republic-of-china", "id:nowhere", "rkg:State", "owl:Thing", "ident:wikidata"),
        "<http://w3id.org/relations-kg/id/japan>",
        '"Q419"',
    ],
)
def test_a_thing_is_not_said_to_be_another_of_ours(kg: rk.Graph, write: Write, iri: str) -> None:
    path = write(f"id:lima a rkg:City .\nid:peru owl:sameAs {iri} .")
    (finding,) = kg.validate(path).findings

    assert (finding.code, finding.line, finding.column) == ("vocabulary", LINES + 2, 9)
    for read in (rk.load, kg.add, kg.remove):
        with pytest.raises(InputError) as caught:
            read(path)
        assert (caught.value.line, caught.value.column) == (LINES + 2, 9)


LATITUDE = "geo:lat takes a number of degrees from -90 to 90"


@pytest.mark.parametrize(
    ("turtle", "column", "message"),
    [
        ("id:peru geo:lat 91 .", 17, LATITUDE),
        ('id:peru geo:lat "12,05" .', 17, f'{LATITUDE}, such as "12.05"'),
        ('id:peru geo:lat "12°03\'S" .', 17, f'{LATITUDE}, such as "-12.05"'),
        ('id:peru geo:long "west" .', 18, "geo:long takes a number of degrees from -180 to 180"),
        ("id:peru geo:lat id:lima .", 17, LATITUDE),
        ("ident:a skos:notation id:lima .", 23, "skos:notation takes a text"),
        ('ident:a skos:inScheme "Wikidata" .', 23, "skos:inScheme takes an IRI"),
    ],
)
def test_what_says_nothing_of_an_identifier_is_refused_where_it_is(
    kg: rk.Graph, write: Write, turtle: str, column: int, message: str
) -> None:
    path = write(turtle)
    (finding,) = kg.validate(path).findings

    assert finding.message.startswith(message)
    assert (finding.code, finding.line, finding.column) == ("identifier", LINES + 1, column)
    with pytest.raises(InputError, match=re.escape(message)):
        rk.load(path)


@pytest.mark.parametrize(
    ("turtle", "column", "help"),
    [
        ("ident:a a adms:Identifer .", 11, "write adms:Identifier"),
        ('ident:a skos:notaton "Q1" .', 9, "write skos:notation"),
        ("ident:a rkg:seat id:lima .", 9, None),
        ("ident:a a rkg:State .", 11, None),
    ],
)
def test_an_identifier_has_the_terms_of_identifiers_only(
    kg: rk.Graph, write: Write, turtle: str, column: int, help: str | None
) -> None:
    path = write(turtle)
    (finding,) = kg.validate(path).findings

    assert (finding.code, finding.line, finding.column) == ("unknown-term", LINES + 1, column)
    assert finding.help == help
    with pytest.raises(InputError, match=r"of identifiers \("):
        rk.load(path)


@pytest.mark.slow
def test_two_things_are_not_the_same_as_one(kg: rk.Graph, write: Write) -> None:
    path = write("id:japan owl:sameAs <http://www.wikidata.org/entity/Q419> .")
    (finding,) = kg.validate(path).findings

    assert (finding.code, finding.line, finding.column) == ("identifier", LINES + 1, 21)
    assert 'already the same as "Peru"' in finding.message
    assert [each.code for each in rk.load(path).validate().findings] == ["identifier"]


def test_what_is_identified_has_to_be_described(kg: rk.Graph, write: Write) -> None:
    path = write("id:perru owl:sameAs <http://www.wikidata.org/entity/Q736> ; geo:lat 1.5 .")
    (finding,) = kg.validate(path).findings

    assert (finding.code, finding.line) == ("no-class", LINES + 1)


@pytest.mark.slow
def test_identifiers_of_ones_own_are_checked_shown_and_taken_back() -> None:
    graph = rk.load(CITY)
    shown = graph.show("sandhaven")

    assert rk.load().validate(CITY).findings == ()
    assert shown.point == "54.5, -3.25"
    assert [(one.scheme, one.text, one.near) for one in shown.identifiers] == [
        ("Gazetteer", "sandhaven", False),
        ("Gazetteer", "sandhaven-harbour", True),
    ]
    assert str(shown).endswith(
        "\nIdentifiers\n"
        "  Gazetteer  sandhaven               https://gazetteer.example/sandhaven\n"
        "  Gazetteer  near sandhaven-harbour\n"
    )
    assert graph.summary().identifiers == rk.load().summary().identifiers + 2
    graph.remove(CITY)
    assert facts_in(graph, IDENTIFIERS) == facts_in(rk.load(), IDENTIFIERS)


def test_an_identifier_can_be_asked_for_and_shown(kg: rk.Graph) -> None:
    rows = kg.run("identifiers", thing="taiwan", scheme="wikidata")

    assert [(row.notation, row.fit) for row in rows] == [("Q865", "near")]
    assert "Republic of China · see also" not in str(kg.show("republic-of-china"))
    assert "adms:identifier · ident:lima-wikidata" in str(kg.show("lima-wikidata"))


@pytest.mark.slow
@given(
    st.sampled_from([ID + "a", IDENTIFIER + "a", "urn:a", BASE + "code/a"]),
    st.sampled_from(sorted([*identifiers.PREDICATES, RDF + "value", "urn:p"])),
    st.sampled_from([ID + "b", IDENTIFIER + "b", "urn:b", OWL + "Thing"]).map(NamedNode)
    | st.text(max_size=3).map(Literal),
)
def test_what_identifies_is_about_an_identifier_or_leads_from_a_thing_out_of_the_graph(
    subject: str, predicate: str, object_: NamedNode | Literal
) -> None:
    quad = Quad(NamedNode(subject), NamedNode(predicate), object_)
    if not identifiers.identifies(quad):
        assert not subject.startswith(IDENTIFIER)
        assert identifiers.flaw(quad) is None or predicate in (LAT, LONG)
    elif not subject.startswith(IDENTIFIER):
        assert subject.startswith(ID)
        assert predicate in (SAME_AS, SEE_ALSO, HAS_IDENTIFIER, LAT, LONG)
        assert not object_.value.startswith((ID, OWL)) or predicate in (LAT, LONG)
