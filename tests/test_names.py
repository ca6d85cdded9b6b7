"""Tests of names: what a user writes is resolved to one thing."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import relations_kg as rk
from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import CODE, ID, PREFIXES, RDF, RDFS, RKG, SKOS, expand, shorten

SEARCH = "find it by words of its name or description: relations-kg search WORDS"
FACTS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:freedonia rdfs:label "Freedonia"@en , "Fredonia"@es , "Freedonien"@de .
id:old-freedonia rdfs:label "Old Freedonia"@en ; skos:altLabel "Freedonien"@de .
id:sylvania rdfs:label "Silvania"@es , "Sylvanie"@fr .
id:plain rdfs:label "Plain" .
id:coded skos:prefLabel "Coded"@en .
id:nameless rdfs:seeAlso id:sylvania .
"""


@pytest.fixture(scope="module")
def fiction(tmp_path_factory: pytest.TempPathFactory) -> rk.Graph:
    path: Path = tmp_path_factory.mktemp("names") / "facts.ttl"
    path.write_text(FACTS)
    return rk.load(only=[path])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("freedonia", ID + "freedonia"),
        ("id:freedonia", ID + "freedonia"),
        (ID + "freedonia", ID + "freedonia"),
        (f"<{ID}freedonia>", ID + "freedonia"),
        ("Freedonia", ID + "freedonia"),
        ("FREDONIA", ID + "freedonia"),
        ("Old Freedonia", ID + "old-freedonia"),
        ("sylvanie", ID + "sylvania"),
        ("nameless", ID + "nameless"),
        ("official", CODE + "official"),
        ("code:official", CODE + "official"),
        ("Embassy", RKG + "Embassy"),
        ("rkg:Embassy", RKG + "Embassy"),
        ("consulate-general", RKG + "ConsulateGeneral"),
    ],
)
def test_a_thing_is_found_by_iri_curie_slug_or_label(
    fiction: rk.Graph, name: str, expected: str
) -> None:
    assert expected == fiction.names.find(name)


def test_a_label_that_fits_two_things_names_both(fiction: rk.Graph) -> None:
    with pytest.raises(UnknownName) as caught:
        fiction.names.find("freedonien")

    assert (
        "'freedonien' is ambiguous: id:freedonia (Freedonia) and id:old-freedonia (Old Freedonia); "
        "write the CURIE of one"
    ) == str(caught.value)


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("fredoniaa", 'did you mean "fredonia"'),
        ("id:sylvannia", 'did you mean "sylvania"'),
        (ID + "sylvannia", 'did you mean "sylvania"'),
        ("idd:sylvania", 'did you mean "id"'),
        ("wd:Q419", "use one of rkg, id, src"),
        ("zzzzzz", SEARCH),
        ("", "write a name, such as peru or id:peru"),
        ("id:", SEARCH),
        ("a name: with a colon", SEARCH),
        ("<>", SEARCH),
        ("id:a b}c", SEARCH),
    ],
)
def test_a_name_that_fits_nothing_is_reported_with_the_nearest(
    fiction: rk.Graph, name: str, help: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        fiction.names.find(name)

    assert repr(name) in str(caught.value)
    assert (caught.value.help or "").startswith(help)


@given(st.text() | st.builds("{}:{}".format, st.sampled_from(sorted(PREFIXES)), st.text()))
@example("http://example.org/ }")
@example("\udc80")
def test_any_text_is_a_thing_of_the_graph_or_refused(kg: rk.Graph, name: str) -> None:
    """Only `UnknownName` is raised, and every thing that is found exists."""
    try:
        iri = kg.names.find(name)
    except UnknownName:
        return

    assert list(kg.quad_store.quads_for_pattern(NamedNode(iri), None, None))


# What people write, and the slug of the thing that it names in the bundled graph.
SPELLINGS = [
    ("perú", "peru"),
    (" Peru ", "peru"),
    ("the Republic of  Peru", "peru"),
    ("Xi\u00a0Jinping", "xi-jinping"),
    ("xi  jinping", "xi-jinping"),
    ("Xi Jin-ping", "xi-jinping"),
    ("Victor Joy Way", "victor-joy-way"),
    ("CESAR A DEL RIO", "cesar-a-del-rio"),
    ("Peoples Republic of China", "peoples-republic-of-china"),
    ("P.R.C.", "peoples-republic-of-china"),
    ("Hongkong", "hong-kong"),
    ("one china policy", "one-china-policy"),
    ("embassy of china in lima", "embassy-of-china-in-lima"),
    # Other names and former ones.
    ("Macao", "macau"),
    ("the Republic of Peru", "peru"),
    ("Far East Trade Center", "taipei-office-in-lima"),
    ("Ministerio de Relaciones Exteriores del Peru", "ministry-of-foreign-relations-of-peru"),
    # Parts of names.
    ("Xi", "xi-jinping"),
    ("Fujimori", "alberto-fujimori"),
    ("Fujimori, Alberto", "alberto-fujimori"),
    ("garcia corrochano", "luis-garcia-corrochano"),
    ("Chancay", "port-of-chancay"),
    ("President Fujimori", "alberto-fujimori"),
    ("Mr. Xi", "xi-jinping"),
    ("Sir Richard MacDonnell", "richard-graves-macdonnell"),
    # Identifiers and addresses.
    ("PE", "peru"),
    ("PER", "peru"),
    ("604", "peru"),
    ("Q419", "peru"),
    ("wd:Q419", "peru"),
    ("dbr:Peru", "peru"),
    ("http://www.wikidata.org/entity/Q419", "peru"),
    ("https://www.wikidata.org/wiki/Q419", "peru"),
    ("wikidata.org/wiki/Q419", "peru"),
    ("https://en.m.wikipedia.org/wiki/Peru", "peru"),
    ("https://www.geonames.org/3936456/lima.html", "lima"),
    ("geonames:3936456", "lima"),
    ("https://sws.geonames.org/3936456", "lima"),
]


@pytest.mark.parametrize(("name", "slug"), SPELLINGS)
def test_a_thing_is_found_by_the_names_that_people_know(kg: rk.Graph, name: str, slug: str) -> None:
    assert ID + slug == kg.names.find(name)


# What people write, the class that is asked for, and what is found, or the message.
IN_CLASSES = [
    ("Xi", "Person", "xi-jinping"),
    ("Macao", "Place", "macau"),
    # An identifier that two things share does not outweigh a name.
    ("taiwan", "Party", "taiwan"),
    ("Xi", "Party", "xi-jinping"),
    ("Minister", "Office", "minister-of-economy-and-finance-of-peru"),
]


@pytest.mark.parametrize(("name", "kind", "slug"), IN_CLASSES)
def test_things_of_the_class_that_is_asked_for_come_first(
    kg: rk.Graph, name: str, kind: str, slug: str
) -> None:
    assert ID + slug == kg.names.find(name, [RKG + kind])


# An unknown name, the class that is asked for if any, and the whole text of the help.
UNKNOWN = [
    (
        "Alberto",
        None,
        "'Alberto' is ambiguous: person: id:alberto-fujimori (Alberto Fujimori) "
        "and id:alberto-pandolfi (Alberto Pandolfi); write the CURIE of one",
    ),
    ("Fujimory", None, "did you mean person: id:alberto-fujimori (Alberto Fujimori)?"),
    ("id:china", None, "mean party: id:peoples-republic-of-china (People's Republic of China)?"),
    ("Nations", None, "did you mean party: id:united-nations (United Nations)?"),
    ("UN", None, "did you mean party: id:united-nations (United Nations)?"),
    ("P.R. China", None, "did you mean party: id:peoples-republic-of-china (People's Republic of"),
    ("PR of China", None, "did you mean party: id:peoples-republic-of-china (People's Republic of"),
    ("BRI", None, "id:belt-and-road-initiative (Belt and Road Initiative)?"),
    ("U.K.", None, "did you mean party: id:united-kingdom (United Kingdom)?"),
    ("习近平", None, "no name in the graph is in this script; write it in Latin letters"),
    ("Fujimori's first visit to China", None, "id:visit-of-alberto-fujimori-1999 (Visit of Albe"),
    # An adjective begins like the name of the state.
    ("Chinese embassy in Lima", None, "mean mission: id:embassy-of-china-in-lima (Embassy of"),
    ("Peruvian-Chinese relations", None, "mean bilateral relationship: id:china-peru-relations"),
    ("the Peruvian president", None, "or id:president-of-peru (President of Peru)?"),
    ("peruvian", "Party", "called 'peruvian'; did you mean party: id:peru (Peru)?"),
    ("peruvian", None, "did you mean party: id:peru (Peru); office: id:consul-of-peru-in-china"),
    ("Peruanos", "Polity", "did you mean party: id:peru (Peru)?"),
    ("Chinese", "Party", "id:peoples-republic-of-china (People's Republic of China) or id:qing"),
    ("Nationalist China", "Polity", "id:republic-of-china (Republic of China)?"),
    ("Nationalist China", None, "did you mean party: id:republic-of-china (Republic of China)?"),
    ("Chinese Empire", "Party", "did you mean party: id:qing-dynasty (Qing dynasty)?"),
    ("British", "Party", "or id:united-kingdom (United Kingdom)?"),
    ("the British Empire", None, "did you mean party: id:united-kingdom (United Kingdom)?"),
    ("England", "Polity", "did you mean party: id:united-kingdom (United Kingdom)?"),
    ("Republic of China (Taiwan)", None, "mean party: id:republic-of-china (Republic of China)?"),
    ("Treaty of Tientsin", None, "mean agreement: id:treaty-signed-in-tianjin-1874 (Treaty"),
    # The name of a mission or an office may lack one of its parties.
    ("Chinese embassy in Peru", None, "mean mission: id:embassy-of-china-in-lima (Embassy of"),
    ("Peru's embassy in China", None, "mean mission: id:embassy-of-peru-in-beijing (Embassy of"),
    ("consulate of Peru in Canton", "Mission", "mean mission: id:consulate-general-of-peru-in-gua"),
    ("President of the PRC", None, "mean office: id:president-of-china (President of China)?"),
    ("Chinese Communist Party", None, "did you mean party: id:ccp (CCP)?"),
    ("Communist Party of China", "Party", "did you mean party: id:ccp (CCP)?"),
    ("KMT", None, "did you mean party: id:kuomintang (Kuomintang)?"),
    ("HKSAR", "Party", "did you mean party: id:hong-kong-sar (Special Administrative Region of H"),
    ("Persian", "Polity", "of the class polity the graph has "),
    ("Lma", None, "'Lma'; did you mean \"lima\"?"),
    ("Peur", "Party", "'Peur'; did you mean \"peru\"?"),
    ("President Obama", None, f"'President Obama'; {SEARCH}"),
    ("USA", None, f"'USA'; {SEARCH}"),
    (
        "USA",
        "State",
        "'USA'; of the class state the graph has Japan, People's Republic of China, Peru, ",
    ),
    ("Pekin", None, "did you mean place: id:beijing (Beijing)?"),
    ("Q999999", None, f"'Q999999'; {SEARCH}"),
    ("Lima, Peru", None, "is 2 names, but one is expected; did you mean place: id:lima (Lima)?"),
    ("Port of Callao", None, "did you mean place: id:callao (Callao)?"),
    ("Chancay megaport", "Place", "did you mean place: id:port-of-chancay (Port of Chancay)?"),
    ("Macanese", "Party", "id:macau-sar (Special Administrative Region of Macau)?"),
    ("Chanc", None, "did you mean place: id:port-of-chancay (Port of Chancay)?"),
    ("Bolu", "Person", "did you mean person: id:dina-boluarte (Dina Boluarte)?"),
    ("rkg:Visits", None, 'did you mean "rkg:Visit"?'),
    ("rkg:sender", None, 'did you mean "rkg:sendingParty"?'),
    ("1971-11-02", None, "relations-kg query around --day 1971-11-02 lists events near a day"),
    ("Peru,China", None, "'Peru,China' is 2 names, but one is expected; give one of them"),
    ("PRC and Lima", None, "'PRC and Lima' is 2 names, but one is expected"),
    ("id:peru; id:lima; PRC", None, "is 3 names, but one is expected"),
    ("Fujimori and Toledo", "Person", "is 2 names, but one is expected; give one of them"),
    ("Fujimori; Toledo & Xi", None, "is 3 names, but one is expected"),
    ("Fujimori and Nobody", "Person", "Nobody' is not in the graph; give one name, such as 'Fuj"),
    ("Peru and Narnia", "Party", "'Narnia' of 'Peru and Narnia' is not in the graph"),
    ("Peace, Friendship and Sale", None, f"'Peace, Friendship and Sale'; {SEARCH}"),
    ("Peru, Narnia", None, "'Narnia' of 'Peru, Narnia' is not in the graph"),
    ("USA", "Person", "'USA'; of the class person the graph has Alberto Fujimori, "),
    ("Embasy", None, "'Embasy'; did you mean \"embassy\"?"),
    ("http://example.org/x", None, "is called 'http://example.org/x'"),
    ("https://www.wikidata.org/wiki/Q1", None, "is called 'https://www.wikidata.org/wiki/Q1'"),
    ("wd:Q1", None, 'unknown prefix "wd:"'),
]


@pytest.mark.parametrize(("name", "kind", "message"), UNKNOWN)
def test_a_name_of_nothing_is_answered_with_what_may_be_meant(
    china_peru: rk.Graph, name: str, kind: str | None, message: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        china_peru.names.find(name, [RKG + kind] if kind else [])

    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["peruvian", "chinese", "Nationalist China", "the Peruvian ship"])
@pytest.mark.parametrize("kind", ["Polity", "Person", "Place", "Mission"])
def test_only_things_of_the_class_are_suggested(china_peru: rk.Graph, name: str, kind: str) -> None:
    with pytest.raises(UnknownName) as caught:
        china_peru.names.find(name, [RKG + kind])

    suggested = re.findall(r"\bid:[\w-]+", f"{caught.value.help}")
    assert bool(suggested) == (kind == "Polity" or (name, kind) == ("chinese", "Person"))
    assert all(china_peru.names.is_a(expand(each), [RKG + kind]) for each in suggested)


@pytest.mark.slow
def test_names_follow_the_facts_that_are_added_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(FACTS)
    graph = rk.load(only=[Path(__file__).parent / "facts/good/visit.ttl"])
    for _ in range(2):
        with pytest.raises(UnknownName):
            graph.names.find("FREDONIA")
        graph.add(path)
        assert "Freedonia" == graph.names.label(graph.names.find("FREDONIA"))
        graph.remove(path)
        assert "id:freedonia" == graph.names.label(ID + "freedonia")


def test_a_slug_or_an_english_label_needs_no_index() -> None:
    graph = rk.load()

    for name in ("peru", "id:peru", "Peru", ID + "peru"):
        assert ID + "peru" == graph.names.find(name)
    assert "index" not in vars(graph.names)


@pytest.mark.parametrize("predicate", ["a", "rdf:type", RDF + "type", f"<{RDF}type>"])
def test_a_property_of_another_vocabulary_is_found_where_it_is_used(
    kg: rk.Graph, predicate: str
) -> None:
    assert kg.explain("embassy-of-china-in-lima", predicate, "rkg:Embassy")
    assert not kg.explain("peru", predicate, RKG + "Embassy")
    assert kg.explain("peru", "rdfs:label", "Peru")
    wikidata = "http://www.wikidata.org/entity/Q419"
    assert NamedNode(wikidata) == kg.names.statement("peru", "owl:sameAs", wikidata)[2]


def test_every_label_leads_to_its_thing_or_names_it_among_others(kg: rk.Graph) -> None:
    """A label that is the slug of another thing finds that thing."""
    labels = {
        (quad.object.value, quad.subject.value)
        for predicate in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
        for quad in kg.quad_store.quads_for_pattern(None, NamedNode(predicate), None)
        if quad.subject.value.startswith(ID)
    }
    for label, iri in labels:
        try:
            found = kg.names.find(label)
        except UnknownName as error:
            found = iri if f"{shorten(iri)} (" in str(error) else str(error)

        assert found in (iri, ID + label, CODE + label, RKG + label)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("freedonia", "Freedonia"),
        ("sylvania", "Silvania"),
        ("plain", "Plain"),
        ("coded", "Coded"),
        ("nameless", "id:nameless"),
    ],
)
def test_the_label_is_english_else_in_any_language_else_the_short_form(
    fiction: rk.Graph, slug: str, expected: str
) -> None:
    assert expected == fiction.names.label(ID + slug)


def test_what_is_no_iri_is_its_own_label(fiction: rk.Graph) -> None:
    assert "no iri" == fiction.names.label("no iri")


@pytest.mark.parametrize("name", ["official", "code:official", CODE + "official", "Official"])
def test_a_value_of_a_code_list_is_found_by_its_names(kg: rk.Graph, name: str) -> None:
    assert CODE + "official" == kg.names.find_in_list(name, CODE + "official-status")


@pytest.mark.parametrize("name", ["mining", "peru", "", "officiall"])
def test_what_is_not_in_a_code_list_is_reported_with_what_is(kg: rk.Graph, name: str) -> None:
    """A value of another list is rejected, and so is a thing."""
    with pytest.raises(UnknownName) as caught:
        kg.names.find_in_list(name, CODE + "official-status")

    assert repr(name) in str(caught.value)
    assert "official, unofficial" in (caught.value.help or "")
