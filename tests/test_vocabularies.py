"""Tests of extension vocabularies: classes, properties, codes and shapes of a user, and errors."""

from __future__ import annotations

import io
import json
import random
import re
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from urllib.parse import urlencode

import pytest
from asgi import get, request
from click.testing import CliRunner
from pyoxigraph import NamedNode
from servers import oxigraph
from trials import seeds
from webpages import Page

import relations_kg as rk
from relations_kg.cli import commands
from relations_kg.engines import recovery
from relations_kg.engines.endpoint import Endpoint
from relations_kg.rdf.namespaces import DATES, INFERRED, PREFIXES, RKG, STATED
from relations_kg.rdf.terms import TYPE, Statement, in_graph, statements
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.extensions import Vocabulary
from relations_kg.reasoning.inference import Inference
from relations_kg.release.parts import PARTS
from relations_kg.web.application import application
from relations_kg.web.static_site import write

HERE = Path(__file__).with_name("vocabularies")
MINISTRY, CENTRE = str(HERE / "ministry.ttl"), str(HERE / "centre.ttl")
MFA = "https://mfa.example/vocabulary#"
PREFIX = "".join(
    line for line in Path(MINISTRY).read_text("utf-8").splitlines(True) if line[0] == "@"
)
NAME, BODY = "chinese-culture-centre-in-lima", "ministry-of-foreign-relations-of-peru"


@pytest.fixture(scope="module")
def own() -> rk.Graph:
    """The bundled graph with the vocabulary of a ministry and a culture centre."""
    return rk.load(CENTRE, vocabulary=MINISTRY)


@pytest.fixture(scope="module")
def plain(_prefixes: None) -> rk.Graph:
    """The bundled graph with the vocabulary of a ministry."""
    return rk.load(vocabulary=MINISTRY)


def written(folder: Path, text: str, name: str = "own.ttl") -> str:
    """Write a Turtle file with the prefixes of the vocabulary; return its path."""
    path = folder / name
    path.write_text(PREFIX + text, "utf-8")
    return str(path)


def test_facts_with_own_terms_are_inferred_and_proved(own: rk.Graph) -> None:
    assert own.query(f"ASK {{ id:{NAME} a rkg:Mission }}")
    (proof,) = own.explain(BODY, "runs", NAME).proofs
    assert "mfa:runs inverse of mfa:runBy" == proof.rule.name
    assert own.explain("lima", "host city of", "peoples-republic-of-china")


def test_own_terms_are_names_and_values_of_parameters(own: rk.Graph) -> None:
    kind = own.names.find("culture centre")
    assert MFA + "CultureCentre" == kind == own.names.find("mfa:CultureCentre")
    assert kind == own.names.find("CultureCentre")
    found = own.run("missions", on="2015-01-01", kind="culture centre")
    assert ["Chinese culture centre in Lima"] == [row.mission.label for row in found]
    found = own.search("centre", kind="culture centre")
    assert ["Chinese culture centre in Lima"] == [row.thing.label for row in found]
    *_, line = own.search("language course").warnings
    assert "codes of rkg:visitKind: mfa:language-course" == line
    shown = str(own.show(NAME))
    assert "a kind of  culture centre, mission" in shown
    assert "run by · Ministry of Foreign Relations of Peru" in shown


def test_a_kind_of_parameter_can_be_an_own_class(own: rk.Graph, tmp_path: Path) -> None:
    text = "#+ param centre: mfa:CultureCentre\nSELECT ?body { ?body mfa:runs ?centre }"
    assert [BODY] == [row.body.rpartition("/")[2] for row in own.query(text, centre=NAME)]
    with pytest.raises(rk.QueryError, match="takes a culture centre"):
        own.query(text, centre="embassy-of-china-in-lima")


def test_a_form_takes_an_own_class_and_an_own_code(own: rk.Graph) -> None:
    given = {"sender": "Belmora", "receiver": "Peru", "seat": "Lima", "when": "2020"}
    fact = own.new("mission", kind="culture centre", source="src:china-peru/s022", **given)
    assert "@prefix mfa: <https://mfa.example/vocabulary#> ." in str(fact)
    assert " a mfa:CultureCentre ;" in str(fact)
    visit = {"visitor": "Ada Ruiz", "origin": "Belmora", "host": "Peru", "when": "2020"}
    fact = own.new("visit", purpose="language course", source="src:china-peru/s022", **visit)
    assert "mfa:language-course" in str(fact)


@pytest.mark.slow
@pytest.mark.parametrize("format", ["turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml"])
def test_an_export_declares_the_prefix_and_can_be_read_again(
    format: str, own: rk.Graph, tmp_path: Path
) -> None:
    suffix = {"turtle": "ttl", "ntriples": "nt", "nquads": "nq", "rdfxml": "rdf"}
    path = tmp_path / f"all.{suffix.get(format, format)}"
    content = own.export(path, format=format)
    if format not in ("ntriples", "nquads"):
        assert b"mfa:runBy" in content
        assert MFA.encode() in content
    assert b"CultureCentreShape" not in content
    again = rk.load(only=path, vocabulary=MINISTRY)
    assert own.export(format="nquads") == again.export(format="nquads")


def test_a_table_of_an_own_kind_has_own_properties_as_columns(
    own: rk.Graph, tmp_path: Path
) -> None:
    content = own.export(tmp_path, of=NAME, format="csv", by="kind")
    assert b",mfa:runBy,mfa:runBy_iri,mfa:website,receivingParty," in content


def test_a_graph_without_the_vocabulary_is_exported_as_before(kg: rk.Graph, own: rk.Graph) -> None:
    assert b"mfa:" not in kg.export(format="turtle") + kg.export(format="jsonld")
    (of_ours,) = re.findall(r"shapes +\d+", str(kg.summary()))
    assert of_ours not in str(own.summary())
    assert f"vocabulary   {MINISTRY}" in str(own.summary())
    assert "vocabulary" not in str(kg.summary())


CENTRE_FACTS = """
id:centre-in-lima a mfa:CultureCentre ; rdfs:label "Centre"@en ;
    rkg:sendingParty id:peoples-republic-of-china ; rkg:receivingParty id:peru ; rkg:seat id:lima ;
    mfa:website "https://centre.example/"^^xsd:anyURI ;
    rkg:statedIn <https://w3id.org/relations-kg/source/china-peru/s022> .
"""
FINDINGS = {
    "nothing": ("", "", []),
    "class": (
        "a mfa:CultureCentre",
        "a mfa:CultureCenter",
        [("unknown-term", "11:21", 'did you mean "mfa:CultureCentre"?')],
    ),
    "property": (
        "mfa:website",
        "mfa:websit",
        [
            ("unknown-term", "13:5", 'did you mean "mfa:website"?'),
            ("min-count", "11:1", "A culture centre has a website."),
        ],
    ),
    "shape": (
        'mfa:website "https://centre.example/"^^xsd:anyURI ;',
        "",
        [("min-count", "11:1", "A culture centre has a website.")],
    ),
    "constraint": (
        "mfa:website",
        "mfa:runBy id:peoples-republic-of-china ; mfa:website",
        [("run-by-sender", "12:22", None)],
    ),
    "domain": (
        "rkg:statedIn",
        "rkg:hostParty id:peru ; rkg:statedIn",
        [("wrong-subject", "14:5", None)],
    ),
}


@pytest.mark.parametrize("case", FINDINGS)
def test_validation_knows_own_terms_and_shapes(case: str, plain: rk.Graph, tmp_path: Path) -> None:
    before, after, expected = FINDINGS[case]
    text = f"@prefix id: <{PREFIXES['id']}> .\n{CENTRE_FACTS.replace(before, after)}"
    report = plain.validate(written(tmp_path, text, "facts.ttl"))
    found = [(f.code, f"{f.line}:{f.column}", f.help) for f in report.findings]
    expected = [(code, place, help or found[0][2]) for code, place, help in expected]
    assert expected == found


def test_own_rules_can_be_ignored_by_their_names(
    kg: rk.Graph, plain: rk.Graph, tmp_path: Path
) -> None:
    text = f"@prefix id: <{PREFIXES['id']}> .\n{CENTRE_FACTS.replace('mfa:website', '#')}"
    file = written(tmp_path, text)
    assert not plain.validate(file).conforms
    assert plain.validate(file, ignore="CultureCentreShape-website").conforms
    assert plain.validate(file, severity={"CultureCentreShape-website": "warning"}).conforms
    with pytest.raises(rk.InputError, match='did you mean "CultureCentreShape-website"'):
        plain.validate(file, ignore="CultureCentreShape-websit")
    with pytest.raises(rk.InputError, match="neither the code of a finding nor"):
        kg.validate(file, ignore="CultureCentreShape-website")


def test_queries_are_warned_of_unknown_own_terms(own: rk.Graph) -> None:
    assert () == own.warnings("SELECT ?x { ?x a mfa:CultureCentre ; mfa:runBy ?y }")
    assert (
        "query:1:18: rkg:CultureCentre is not in the ontology; did you mean mfa:CultureCentre?",
        "query:1:38: mfa:runBi is not in the graph; did you mean mfa:runBy?",
    ) == own.warnings("SELECT ?x { ?x a rkg:CultureCentre ; mfa:runBi ?y }")
    (warning,) = own.warnings("SELECT ?x { ?x a mfa:runBy }")
    assert warning.startswith("query:1:18: mfa:runBy is a property, not a class")
    (warning,) = own.warnings("SELECT ?x { ?x mfa:runBy 'Peru' }")
    assert "the values of mfa:runBy are things, not text; write id:peru" in warning
    (warning,) = own.warnings("SELECT ?x { ?x mfa:runBy id:peru ; a rkg:State }")
    assert "only a mfa:CultureCentre has mfa:runBy" in warning


def test_networks_and_pictures_have_facts_with_own_properties(own: rk.Graph) -> None:
    assert "run by" in own.network(NAME).svg
    pytest.importorskip("networkx")
    thing, body = PREFIXES["id"] + NAME, PREFIXES["id"] + BODY
    assert own.to_networkx().has_edge(thing, body, key="mfa:runBy")


def test_an_own_constraint_finds_what_facts_about_other_things_break(tmp_path: Path) -> None:
    text = """mfa:S a sh:NodeShape ; sh:targetClass rkg:City ; sh:sparql mfa:S-wine .
        mfa:S-wine sh:message "{$this} is in {?value}, a wine region."@en , "x"@es ;
        sh:select "SELECT DISTINCT $this ?value WHERE { $this ^mfa:around+ ?value .
            FILTER EXISTS { ?value mfa:wines ?wine } }" .
        mfa:wines a owl:DatatypeProperty . mfa:around a owl:ObjectProperty ."""
    text = re.sub(r"\s+", " ", text)
    graph = rk.load(vocabulary=written(tmp_path, text))
    facts = f"@prefix id: <{PREFIXES['id']}> .\nid:peru mfa:around id:lima ; mfa:wines 3 ."
    (found,) = graph.validate(written(tmp_path, facts, "facts.ttl")).findings
    assert ("wine", '"Lima" is in "Peru", a wine region') == (found.code, found.message)


CLASS = "mfa:A a owl:Class "
PROPERTY = "mfa:p a owl:ObjectProperty "
INVERSE = f"{PROPERTY}; owl:inverseOf rkg:seat "
SHAPE = "mfa:S a sh:NodeShape ; sh:targetClass rkg:Mission ; "
FACTS = "put facts in a file of their own and name it with --facts"
REFUSED = {
    'rkg:Mission rdfs:label "x"@en .': (
        "own.ttl:10:1: rkg:Mission is not a term of this vocabulary, which cannot describe it; "
        "describe a term of your own, such as a subclass or a subproperty of it"
    ),
    "id:peru a owl:Class .": f"10:1: id:peru is a thing, not a term; {FACTS}",
    "mfa:A rdfs:subClassOf rkg:Mission .": (
        '10:1: mfa:A has no kind; add one, such as "a owl:Class"'
    ),
    f"{CLASS}; rdfs:subClassOf rkg:Misson .": (
        '10:37: rkg:Misson is not in the ontology; did you mean "rkg:Mission"'
    ),
    f"{CLASS}; owl:equivalentClass rkg:Mission .": (
        "10:21: facts that use no term of the vocabulary would entail more with this axiom, since "
        "they already entail mfa:A; write rdfs:subClassOf"
    ),
    f"{CLASS}; owl:sameAs rkg:Mission .": "10:21: owl:sameAs is not supported; write rdfs:seeAlso",
    f"{CLASS}; owl:hasKey ( rkg:seat ) .": (
        "10:21: owl:hasKey is not supported; write a shape that checks the key"
    ),
    f"{PROPERTY}; owl:inverseOf rkg:sendingParty ; rdfs:subPropertyOf rkg:actor .": (
        "since they already entail mfa:p; leave it out, or the axioms by which other terms entail"
    ),
    f"{INVERSE}; rdfs:range mfa:A .\n{CLASS}; rdfs:subClassOf rkg:Person .": (
        "11:21: facts that use no term of the vocabulary would entail more with this axiom"
    ),
    f"{INVERSE}, rkg:hostParty .": "would entail more with this axiom",
    f"{CLASS}; owl:disjointWith mfa:A .\n{INVERSE}; rdfs:range mfa:A .": (
        "10:21: facts that use no term of the vocabulary would entail more with this axiom"
    ),
    f"{PROPERTY}, owl:IrreflexiveProperty ; owl:inverseOf rkg:precedes .": "would entail more",
    "[] a owl:AllDisjointClasses ; owl:members ( rkg:Mission rkg:City ) .": "would entail more",
    "[] rdfs:subClassOf rkg:Mission .": (
        "10:1: the subject of an axiom must be a term of the vocabulary; "
        "write a class or a property as its subject"
    ),
    f"{CLASS}; rdfs:subClassOf [ owl:onProperty rkg:seat ; owl:minCardinality 1 ] .": (
        "owl:minCardinality is not supported; write it in the OWL 2 RL that the reasoner covers"
    ),
    f"{PROPERTY}, owl:FunctionalProperty .": "own.ttl: the reasoner does not cover",
    "mfa:x a rkg:Embassy .": (
        "10:9: rkg:Embassy is not a kind of term that a vocabulary can define; "
        f"write owl:Class or another kind of term; {FACTS}"
    ),
    f"{PROPERTY}. {CLASS}; mfa:p mfa:A .": (
        f"mfa:p states a fact, and cannot be part of a vocabulary; {FACTS}"
    ),
    "mfa:c a skos:Concept ; skos:narrower code:visit-kind .": (
        "skos:narrower describes code:visit-kind; write skos:broader of a code of your own"
    ),
    "<urn:x:A> a owl:Class .": "10:1: urn:x:A has no prefix; declare one for it",
    "@prefix : <https://x.example/> . :A a owl:Class .": (
        "own.ttl: a prefix without a name cannot stand for <https://x.example/>"
    ),
    "@prefix rkg: <https://x.example/> . rkg:A a owl:Class .": (
        "own.ttl: the prefix rkg: cannot stand for <https://x.example/>; choose another"
    ),
    "mfa:o a owl:Ontology ; owl:imports <https://x.example/> .": (
        "10:36: an imported ontology is not downloaded; also name its file with --vocabulary"
    ),
    "mfa:A a rdfs:Class .": (
        "10:9: rdfs:Class is not a kind of term that a vocabulary can define; write owl:Class"
    ),
    f"{CLASS}, sh:NodeShape .": "10:1: mfa:A is both a class and a shape; give the shape another",
    f"{SHAPE}sh:property [ sh:path rkg:seat ; sh:minCount 1 ] .": (
        "this part of a shape has no IRI; give it an IRI"
    ),
    f"{SHAPE}sh:property mfa:P . mfa:P sh:path [ sh:inversePath rkg:seat ] .": (
        "facts about the checked thing; name a property, or write a sh:sparql constraint"
    ),
    f"{SHAPE}sh:property mfa:P . mfa:P sh:path rkg:seat ; sh:node mfa:N . "
    "mfa:N a sh:NodeShape ; sh:property mfa:Q . mfa:Q sh:path rkg:when ; sh:minCount 1 .": (
        "sh:property cannot be nested in another shape; write a sh:sparql constraint for facts"
    ),
    f"{SHAPE}sh:rule mfa:r .": "sh:rule is not supported; write sh:targetClass",
    f'{SHAPE}sh:sparql mfa:S-x . mfa:S-x sh:select "ASK {{}}" .': (
        'mfa:S-x: this is not a SELECT DISTINCT $this; begin with "SELECT DISTINCT $this ?value'
    ),
    f'{SHAPE}sh:sparql mfa:S-x . mfa:S-x sh:select "SELECT DISTINCT $this '
    'WHERE { SERVICE <http://x.example/> { $this ?p ?o } }" .': (
        "mfa:S-x: SHACL does not allow SERVICE in a constraint; state the facts in the graph"
    ),
    f"{PROPERTY}; owl:propertyChainAxiom _:l . _:l rdf:first rkg:seat ; rdf:rest _:l .": (
        "10:93: this list is a part of itself; write the list as ( … )"
    ),
    f"{SHAPE}sh:property mfa:P . mfa:P sh:path rkg:seat ; sh:in _:l . _:l rdf:first rkg:Mission ; "
    "rdf:rest [ rdf:first rkg:City ; rdf:rest _:l ] .": "this list is a part of itself",
    f"{CLASS}; rdfs:subClassOf _:x . _:x owl:unionOf ( mfa:A _:x ) .": (
        "this blank node is a part of itself; write it as [ … ]"
    ),
    f"{CLASS}; rdfs:subClassOf [ owl:unionOf [ rdf:first mfa:A ] ] .": (
        "a node of this list has no rdf:rest; write the list as ( … )"
    ),
    f"{CLASS}; rdfs:subClassOf [ owl:unionOf [ rdf:first mfa:A ; rdf:rest (), ( mfa:A ) ] ] .": (
        "a node of this list has 2 rdf:rest"
    ),
    f'{SHAPE}sh:property mfa:P . mfa:P sh:path rkg:seat ; sh:pattern "(((" .': (
        "mfa:P: the SHACL engine cannot compile the regular expression '(((' of sh:pattern; close"
    ),
    f'{CLASS}; rkg:longestDuration "banana" .': (
        "own.ttl:10:41: 'banana' is not the longest duration of a class; write years, months"
    ),
    f"{PROPERTY}; rkg:factDate code:duty .": (
        "own.ttl:10:43: code:duty is not a code of code:fact-date, the list of rkg:factDate; use "
        "code:date-of-object or code:date-of-subject"
    ),
    f'{CLASS}; rkg:lane "visits" .': "10:30: 'visits' is not a code of code:lane, the list of",
    f'{CLASS}; rkg:longestDuration "PT5H" .': "10:41: 'PT5H' is not the longest duration",
    f'{CLASS}; rkg:longestDuration "P5Y~" .': "10:41: 'P5Y~' is not the longest duration",
    "@prefix w: <https://w3id.org/> . w:Xyz a owl:Class .": (
        "own.ttl: the prefix w: cannot stand for <https://w3id.org/>, which contains <https://w3id."
        "org/relations-kg/>; define your terms in a narrower namespace, such as <https://w3id.org/o"
    ),
    f"{CLASS}": '10:18: expected ";" or "." after this object; end the last statement with "."',
    "": "own.ttl: the file defines no terms; define at least one",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_vocabulary_is_refused_with_the_place_and_what_would_be_right(
    text: str, tmp_path: Path
) -> None:
    more = f"@prefix id: <{PREFIXES['id']}> . @prefix rdf: <{PREFIXES['rdf']}> .\n"
    file = written(tmp_path, more + text)
    with pytest.raises(rk.InputError) as caught:
        rk.load(vocabulary=file)
    assert REFUSED[text] in str(caught.value)


@pytest.mark.skipif(find_spec("shifty") is None, reason="only pyshifty knows \\p{L}")
def test_a_pattern_that_python_does_not_know_is_left_to_the_engine(tmp_path: Path) -> None:
    text = f"{SHAPE}sh:property mfa:P . mfa:w a owl:DatatypeProperty . mfa:P a sh:PropertyShape ; "
    text += 'sh:path mfa:w ; sh:pattern "^\\\\p{L}+$" .'
    graph = rk.load(vocabulary=written(tmp_path, text))
    for word, is_wrong in (("Ñandú", False), ("N4", True)):
        facts = CENTRE_FACTS.replace("mfa:CultureCentre", "rkg:Embassy")
        facts = re.sub("mfa:website .*", f'mfa:w "{word}" ;', facts)
        file = written(tmp_path, f"@prefix id: <{PREFIXES['id']}> .\n{facts}", "facts.ttl")
        codes = {found.code for found in graph.validate(file).findings}
        assert is_wrong == ("pattern" in codes)


def test_a_property_of_ones_own_says_whose_date_its_facts_have(tmp_path: Path) -> None:
    facts = f"""@prefix id: <{PREFIXES["id"]}> .
        id:post a rkg:Embassy ; rkg:when '1971/..' ; mfa:p id:lima ."""
    facts = written(tmp_path, facts, "facts.ttl")
    for annotation, when in (("", "1971/.."), ("; rkg:factDate code:date-of-object", "")):
        terms = written(tmp_path, f"{PROPERTY}; rdfs:label 'annex' {annotation} .")
        graph = rk.load(facts, vocabulary=terms)
        for thing in ("id:post", "id:lima"):
            shown = graph.show(thing).facts
            assert [when] == [fact.when for fact in shown if fact.predicate == "annex"]


GALA = "@prefix {}: <https://other.example/> . {}:Gala a owl:Class ."


def test_a_prefix_stands_for_one_namespace_in_all_files_and_in_the_process(
    plain: rk.Graph, tmp_path: Path
) -> None:
    header = PREFIX.replace("@prefix mfa:", "@prefix gov:")
    other = tmp_path / "other.ttl"
    for files, message in (
        ([MINISTRY, str(other)], f"other.example/>, since it stands for <{MFA}> in {MINISTRY};"),
        ([str(other)], f"the prefix mfa: stands for <{MFA}> in this process, not <https://other"),
    ):
        other.write_text(header + GALA.format("mfa", "mfa"), "utf-8")
        with pytest.raises(rk.InputError, match=re.escape(message)) as caught:
            rk.load(vocabulary=files)
        assert str(caught.value).startswith(f"{other}: ")
    assert plain.query("ASK { mfa:CultureCentre a owl:Class }")


@pytest.mark.slow
def test_definitions_by_our_terms_are_conservative(tmp_path: Path) -> None:
    text = f"{CLASS}; rdfs:subClassOf rkg:Mission ; owl:disjointWith mfa:B . mfa:B a owl:Class ."
    text += f"{PROPERTY}; rdfs:domain mfa:A ; rdfs:subPropertyOf rkg:actor ; rdfs:range rkg:Party ."
    text += "mfa:q a owl:ObjectProperty ; owl:inverseOf rkg:actor ; rdfs:label 'did'@en ."
    text += "mfa:r a owl:ObjectProperty ; owl:propertyChainAxiom ( rkg:seat rkg:inRegion ) ."
    assert rk.load(vocabulary=written(tmp_path, text)).query("ASK { mfa:q a ?kind }")


def test_names_in_other_languages_can_be_given_to_our_terms(tmp_path: Path) -> None:
    text = 'rkg:Embassy rdfs:label "embajada"@es . code:courtesy-visit skos:prefLabel "wizyta"@pl .'
    graph = rk.load(vocabulary=written(tmp_path, text))
    assert RKG + "Embassy" == graph.names.find("embajada") == graph.names.find("embassy")
    assert "embassy" == graph.names.label(RKG + "Embassy")
    with pytest.raises(rk.InputError, match="rkg:Embassy is not a term of this vocabulary"):
        rk.load(vocabulary=written(tmp_path, 'rkg:Embassy rdfs:label "mission"@en .'))


def random_vocabulary(chance: random.Random) -> str:
    """Return random axioms about two classes and two properties; ours define one of these."""
    classes, properties = ("mfa:A", "mfa:B"), ("mfa:p", "mfa:q")
    ours = ("rkg:Mission", "rkg:Party", "rkg:Event")
    links = ("rkg:sendingParty", "rkg:actor", "rkg:seat")
    lines = [f"{name} a owl:Class ." for name in classes]
    lines += [f"{name} a owl:ObjectProperty ." for name in properties]
    one, other = chance.choice(links), chance.choice(links)
    definitions = f"owl:inverseOf {one}", f"owl:propertyChainAxiom ( {one} {other} )"
    lines.append(f"mfa:p {chance.choice(definitions)} .")
    for _ in range(chance.randint(2, 4)):
        kind, link = chance.choice((*classes, *ours)), chance.choice((*properties, *links))
        one, other = chance.choice(properties), chance.choice((*properties, *links))
        lines.append(
            chance.choice(
                (
                    f"{chance.choice(classes)} rdfs:subClassOf {kind} .",
                    f"{chance.choice(classes)} rdfs:subClassOf "
                    f"[ owl:onProperty {link} ; owl:allValuesFrom {kind} ] .",
                    f"{one} rdfs:domain {kind} .",
                    f"{one} rdfs:range {kind} .",
                    f"{one} rdfs:subPropertyOf {link} .",
                    f"{one} owl:inverseOf {link} .",
                    f"{one} owl:propertyChainAxiom ( {link} {other} ) .",
                    f"{one} a owl:SymmetricProperty .",
                    f"{one} a owl:TransitiveProperty .",
                )
            )
        )
    return "\n".join(lines)


def random_facts(chance: random.Random) -> list[Statement]:
    """Return random facts that use our terms only."""
    things = [NamedNode(f"{PREFIXES['id']}thing-{number}") for number in range(4)]
    kinds = [NamedNode(RKG + name) for name in ("Embassy", "State", "City", "Visit")]
    links = [NamedNode(RKG + name) for name in ("sendingParty", "actor", "seat")]
    facts: list[Statement] = list(zip(things, [TYPE] * 4, kinds, strict=True))
    for _ in range(8):
        facts.append((chance.choice(things), chance.choice(links), chance.choice(things)))
    return facts


def entailed(facts: list[Statement], vocabulary: str | None = None) -> set[Statement]:
    """Return the entailments of facts, without those in which a term of the vocabulary occurs."""
    store = ontology_store()
    if vocabulary is not None:
        Vocabulary([vocabulary], store).add()
    store.extend(in_graph(facts, STATED))
    Inference(store)
    return {
        fact
        for graph in (DATES, INFERRED)
        for fact in statements(store.quads_for_pattern(None, None, None, NamedNode(graph)))
        if not any(MFA in str(term) for term in fact)
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(12))
def test_an_accepted_vocabulary_leaves_the_closure_over_our_terms_as_it_was(
    seed: int, tmp_path: Path
) -> None:
    chance, accepted = random.Random(seed), 0
    while accepted < 3:
        file = written(tmp_path, random_vocabulary(chance))
        facts = random_facts(chance)
        with suppress(rk.InputError):
            found = entailed(facts, file)
            accepted += 1
            assert entailed(facts) == found, Path(file).read_text("utf-8")


def test_the_bundled_graph_entails_the_same_with_a_vocabulary(
    kg: rk.Graph, plain: rk.Graph
) -> None:
    ours = {quad for quad in plain.quad_store if MFA not in str(quad)}
    for graph in (STATED, DATES, INFERRED):
        node = NamedNode(graph)
        assert set(kg.quad_store.quads_for_pattern(None, None, None, node)) == {
            quad for quad in ours if quad.graph_name == node
        }


@pytest.mark.slow
def test_facts_cannot_describe_own_terms(own: rk.Graph, tmp_path: Path) -> None:
    file = written(tmp_path, 'mfa:CultureCentre rdfs:label "other"@en .', "facts.ttl")
    with pytest.raises(rk.InputError, match=":9:1: mfa:CultureCentre is a term of the vocabulary"):
        own.add(file)
    with pytest.raises(rk.InputError, match=":9:1: mfa:CultureCentre is a term of the vocabulary"):
        rk.load(file, vocabulary=MINISTRY)


@pytest.mark.slow
def test_a_store_keeps_its_vocabulary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, ours = tmp_path / "store", "ASK { ?centre a rkg:Mission ; mfa:runBy ?body }"
    assert rk.load(CENTRE, store=folder, vocabulary=MINISTRY).query(ours)
    monkeypatch.delitem(PREFIXES, "mfa")
    kg = rk.load(store=folder)
    assert kg.query(ours)
    kg.remove(CENTRE)
    assert not kg.query(ours)
    text = f"@prefix id: <{PREFIXES['id']}> .\n{CENTRE_FACTS.replace('website', 'websit')}"
    codes = [f.code for f in kg.validate(written(tmp_path, text, "facts.ttl")).findings]
    assert ["unknown-term", "min-count"] == codes
    assert kg.add(CENTRE).added
    assert rk.load(store=folder, vocabulary=MINISTRY).query(ours)
    other = written(tmp_path, f"{CLASS}.")
    with pytest.raises(rk.InputError, match=f"was made with another vocabulary, {MINISTRY}"):
        rk.load(store=folder, vocabulary=other)


@pytest.mark.slow
def test_the_recovery_of_a_store_names_its_vocabulary(tmp_path: Path) -> None:
    folder, named = tmp_path / "store", f"--vocabulary {quote(str(MINISTRY))}"
    rk.load(only=CENTRE, store=folder, vocabulary=MINISTRY)
    record = folder / "store.json"
    known = json.loads(record.read_bytes())
    for change in ({"ontology": "0" * 64}, {"format": 1}):
        record.write_text(json.dumps(known | change), encoding="utf-8")
        with pytest.raises(rk.InputError, match=re.escape(f"--only FACTS.nq {named}") + "$"):
            rk.load(store=folder)
    found = recovery.recover(str(folder))
    assert found.whole
    assert [named] == [problem.partition("new store: ")[2] for problem in found.problems]


@pytest.mark.slow
def test_a_store_without_vocabulary_takes_none_later(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    rk.load(store=folder, only=CENTRE)
    with pytest.raises(rk.InputError, match="made without a vocabulary; name another folder"):
        rk.load(store=folder, vocabulary=MINISTRY)


@pytest.mark.slow
def test_pages_and_data_know_own_terms(own: rk.Graph) -> None:
    app = application(own)
    page = get(app, f"/thing/{NAME}").text
    assert "has a culture centre in" in page
    assert 'href="/ontology/missions#mfa-runBy">run by</a>' in page
    assert "mfa:CultureCentre" in get(app, f"/id/{NAME}.ttl").text
    index, *parts = (
        set(Page(get(app, path).text).ids)
        for path in ("/ontology.html", *(f"/ontology/{name}" for name in PARTS))
    )
    for name in ("CultureCentre", "runBy", "language-course", "CultureCentreShape-website"):
        assert f"mfa-{name}" in index
        assert f"mfa-{name}" in set().union(*parts)
    assert "<option>culture centre</option>" in get(app, "/new/mission").text
    assert "Chinese culture centre in Lima" in get(app, "/things").text
    answer = get(app, "/sparql?query=ASK%7B%3Fx%20a%20mfa%3ACultureCentre%7D")
    assert answer.json()["boolean"] is True


def test_no_request_can_define_terms(kg: rk.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PREFIXES, "mfa", raising=False)
    app = application(kg)
    answer = get(app, "/sparql?query=ASK%7B%3Fx%20a%20mfa%3ACultureCentre%7D")
    assert 400 == answer.status_code
    text = PREFIX + "mfa:A a owl:Class ; rdfs:subClassOf rkg:Mission ."
    form = {"content_type": "application/x-www-form-urlencoded"}
    page = request(app, "POST", "/validate", urlencode({"facts": text}).encode(), **form)
    assert "rdfs:subClassOf describes vocabularies and cannot be used in facts" in page.text


@pytest.mark.slow
def test_commands_take_a_vocabulary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke
    given = ["--vocabulary", MINISTRY, "--facts", CENTRE]
    found = run(commands, ["query", "SELECT ?y { ?y mfa:runs ?x }", *given, "-f", "csv"])
    assert ["y", PREFIXES["id"] + BODY] == found.stdout.split()
    monkeypatch.delitem(PREFIXES, "mfa")
    found = run(commands, ["query", "SELECT ?y { ?y mfa:runs ?x }", "--facts", CENTRE])
    assert str(found.exception).startswith('query:1:16: unknown prefix "mfa:"')
    other = tmp_path / "other.ttl"
    other.write_text(
        Path(CENTRE).read_text("utf-8").replace("centre.example/", "centre.example/2"), "utf-8"
    )
    found = run(commands, ["diff", CENTRE, str(other), "--vocabulary", MINISTRY])
    assert "culture centre" in found.stdout
    assert "website" in found.stdout
    found = run(commands, ["validate", CENTRE, "--vocabulary", "none.ttl"])
    assert "none.ttl: there is no such file" == str(found.exception)


@pytest.mark.slow
def test_a_server_gives_no_vocabulary_and_the_caller_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with oxigraph() as base:
        rk.load(CENTRE, vocabulary=MINISTRY).push(base)
        monkeypatch.delitem(PREFIXES, "mfa")
        with pytest.raises(rk.QueryError, match='unknown prefix "mfa:"'):
            rk.connect(f"{base}/query").query("ASK { ?body mfa:runs ?centre }")
        kg = rk.connect(f"{base}/query", vocabulary=MINISTRY)
        assert kg.query("ASK { ?body mfa:runs ?centre }") is True
        assert "did you mean mfa:runs?" in kg.warnings("ASK { ?body mfa:rns ?centre }")[0]
        assert MFA + "CultureCentre" == kg.names.find("CultureCentre")
        assert kg.validate(CENTRE).conforms
        given = ["--vocabulary", MINISTRY, "--endpoint", f"{base}/query"]
        given += ["--ignore", "CultureCentreShape-website"]
        found = CliRunner().invoke(commands, ["validate", CENTRE, *given])
        assert "centre.ttl: no errors in 9 facts" in found.stdout
        assert kg.explain("lima", "hostCityOf", "peoples-republic-of-china")


def test_a_comparison_reads_its_vocabulary_once(monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input = io.TextIOWrapper(io.BytesIO(Path(MINISTRY).read_bytes()))
    monkeypatch.setattr("sys.stdin", standard_input)
    assert not rk.compare(CENTRE, CENTRE, vocabulary="-").added


def test_a_connection_reads_its_vocabulary_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Endpoint, "query", lambda *_, **__: True)
    file = tmp_path / "own.ttl"
    file.write_bytes(Path(MINISTRY).read_bytes())
    kg = rk.connect("http://127.0.0.1:9/query", vocabulary=file)
    file.unlink()
    assert () == kg.warnings("SELECT ?x { ?x a mfa:CultureCentre }")


@pytest.mark.slow
def test_a_static_site_links_own_terms_to_their_definitions(tmp_path: Path) -> None:
    graph = rk.load(only=CENTRE, vocabulary=MINISTRY)
    write(graph, tmp_path / "site")
    page = (tmp_path / "site" / "thing" / f"{NAME}.html").read_text("utf-8")
    found = set(re.findall(r'href="\.\./ontology/(\w+\.html)#(mfa-[^"]*)"', page))
    assert {("missions.html", "mfa-runBy"), ("anything.html", "mfa-website")} <= found
    for name, place in found:
        assert place in Page((tmp_path / "site" / "ontology" / name).read_text("utf-8")).ids
