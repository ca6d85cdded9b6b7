"""Tests of the shapes: their form, their coverage, and the mistake that each finds."""

import re
import time
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
from examples import ALONE, BAD, FACTS
from hypothesis import given
from hypothesis import strategies as st
from processors import by_pyshacl
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Dataset, Graph, Literal, URIRef

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.conversion import to_rdflib
from relations_kg.rdf.namespaces import (
    DATES,
    ID,
    ONTOLOGY,
    PREFIXES,
    RKG,
    SOURCE,
    STATED,
    shorten,
)
from relations_kg.rdf.terms import Statement
from relations_kg.reasoning.bounds import CALCULATED, own_bounds
from relations_kg.validation import constraints
from relations_kg.validation.core import SUBCLASS
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.submission import Submission

# The codes of findings that come from the text or from the whole graph, not from shapes.
BESIDES_SHAPES = {
    *("amount", "date", "empty", "identifier", "language", "lexical", "short-form", "syntax"),
    *("unknown-prefix", "vocabulary", "wrong-prefix", "contradiction", "duplicate", "bundled"),
    "triple-term",
}
# Terms of other vocabularies that the ontology uses and that need no constraint.
OF_OTHERS = {"dcterms:license", "skos:definition", "skos:prefLabel"}


def expected(file: Path) -> tuple[str, str | None]:
    """Return the code and the broken rule from the first line of an invalid file."""
    line = file.read_text(encoding="utf-8").partition("\n")[0]
    code, _, rule = line.removeprefix("# expect: ").partition(" ")
    return code, rule or None


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for quad in to_rdflib(bundled().store).quads():
        graph.add(quad[:3])
    return graph


@pytest.fixture(scope="module")
def ontology(rdflib_dataset: Dataset) -> Graph:
    return rdflib_dataset.graph(URIRef(ONTOLOGY))


def rules(shapes: Graph) -> dict[str, URIRef]:
    """Return the node shape of each rule, for node shapes that have a target."""
    return {
        str(rule): shape.node
        for shape in bundled().node_shapes
        for predicate in (SH.property, SH.sparql)
        for rule in shapes.objects(URIRef(shape.node.value), predicate)
    }


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=file.stem, marks=pytest.mark.slow if number % 5 else ())
        for number, file in enumerate(BAD)
    ],
)
def test_a_bad_file_gives_the_finding_it_expects_and_no_other(kg: rk.Graph, file: Path) -> None:
    report = kg.validate(file)

    assert [expected(file)] == [(finding.code, finding.shape) for finding in report.findings]
    assert str(file) == report.findings[0].file
    assert list(parse(report.serialize("turtle").encode(), RdfFormat.TURTLE))


# The parts of messages about what to write if the source confirms or omits a value.
ANSWER = re.compile(r"add (?:rkg:\w+, or )?(rkg:(?:asGiven|leavesOpen) rkg:\w+) if the source")


@pytest.fixture(scope="module")
def warnings(shapes: Graph) -> set[str]:
    doubtful = {value for value, _ in shapes.subject_objects(SH.severity)}
    found = rules(shapes).items()
    return {shorten(rule) for rule, shape in found if URIRef(shape.value) in doubtful}


@pytest.mark.slow
def test_the_message_of_each_warning_names_the_answer_that_makes_a_file_strictly_valid(
    kg: rk.Graph, warnings: set[str], tmp_path: Path
) -> None:
    answered = set()
    for file in BAD:
        rule = expected(file)[1]
        if rule in warnings:
            (finding,) = kg.validate(file).findings
            found = ANSWER.search(finding.message)

            assert found, finding.message

            answer = tmp_path / file.name
            answer.write_text(f"{file.read_text()}\n<{finding.focus}> {found[1]} .\n")

            assert kg.validate(answer).conforms_strictly, file.name

            answered.add(rule)

    assert warnings == answered


@pytest.mark.parametrize("side", ["before", "after"])
def test_relations_without_a_known_start_may_be_those_of_a_mission(
    kg: rk.Graph, tmp_path: Path, side: str
) -> None:
    warned = (FACTS / "bad" / f"diplomatic-mission-{side}-relations.ttl").read_text()
    parties = "id:japan", "id:peru"
    if side == "before":
        parties = "id:peoples-republic-of-china", "id:peru"
    undated = f"""
        id:undated-relations a rkg:DiplomaticRelations ; rdfs:label "Undated relations"@en ;
          rkg:firstParty {parties[0]} ; rkg:secondParty {parties[1]} ; rkg:statedIn cp:s009 .
    """
    (tmp_path / "undated.ttl").write_text(warned + undated)

    assert () == kg.validate(tmp_path / "undated.ttl").findings


def test_a_good_file_gives_the_answer_to_each_warning(warnings: set[str], shapes: Graph) -> None:
    text = (FACTS / "good" / "answered-warnings.ttl").read_text()
    for rule in warnings:
        message = str(shapes.value(URIRef(rule.replace("rkg:", RKG)), SH.message))
        found = ANSWER.search(message)

        assert found, rule
        assert found[1].split()[1] in text, rule


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\u2003", "\u200b", "–", "\t"])
def test_a_text_needs_a_letter_or_a_digit(kg: rk.Graph, tmp_path: Path, blank: str) -> None:
    text = Literal(blank, lang="en").n3()
    facts = f"""
        id:x a rkg:NameUse ; rdfs:label {text} ; skos:altLabel {text} ;
          rkg:description {text} ; rkg:purpose {text} ; rkg:nameOf id:lima ; rkg:name {text} ;
          rkg:whenText {Literal(blank).n3()} ; rkg:statedIn cp:s009 .
        cp:s999 a rkg:Passage ; rkg:inDocument src:china-peru ; rkg:position 999 ;
          rkg:section {Literal(blank).n3()} ; rkg:gist {text} ; rkg:sha256 "{"0" * 64}" ;
          rkg:passageKind code:sentence ; nif:beginIndex 1 ; nif:endIndex 2 .
    """
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    prefixes += f"@prefix cp: <{SOURCE}china-peru/> .\n"
    (tmp_path / "blank.ttl").write_text(prefixes + facts)
    findings = kg.validate(tmp_path / "blank.ttl").findings
    terms = ["label", "altLabel", "description", "purpose", "name", "whenText", "section", "gist"]

    assert {"pattern"} == {finding.code for finding in findings}
    assert sorted(terms) == sorted(re.split("[/#]", str(f.path))[-1] for f in findings)


def test_each_rule_is_broken_by_one_bad_file(shapes: Graph) -> None:
    named = [rule for code, rule in map(expected, BAD) if rule]
    others = [code for code, rule in map(expected, BAD) if not rule]

    assert sorted(shorten(rule) for rule in rules(shapes)) == sorted(named)
    assert sorted({check.name for check in bundled().checks} | BESIDES_SHAPES) == sorted(others)


def test_a_bad_file_is_named_after_the_rule_it_breaks() -> None:
    for file in BAD:
        code, rule = expected(file)
        if rule and file.stem != "visit-to-own-country":
            words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", rule.removeprefix("rkg:")).lower()

            assert words.replace("-shape-", "-") == file.stem
        elif not rule:
            assert code == file.stem


def test_every_rule_says_in_english_what_is_right(shapes: Graph) -> None:
    for rule in rules(shapes):
        (message,) = shapes.objects(URIRef(rule), SH.message)

        assert isinstance(message, Literal)
        assert message.language == "en"
        assert re.fullmatch(r"[A-Z{].*[.]", message)
    for check in bundled().checks:
        assert re.fullmatch(r"[A-Z{].*[.]", check.message)


def test_a_rule_is_named_after_its_shape_and_its_property(shapes: Graph) -> None:
    for rule, shape in rules(shapes).items():
        owner, _, name = rule.rpartition("-")

        assert owner == shape.value
        path = shapes.value(URIRef(rule), SH.path)
        if path is not None:
            local = re.split("[/#]", str(path))[-1]
            assert name in (local, f"english{local[0].upper()}{local[1:]}")


def test_a_shape_has_a_name(shapes: Graph) -> None:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    named = {s for kind in kinds for s in shapes.subjects(RDF.type, kind)}

    assert not [node for node in named if isinstance(node, BNode)]
    assert all(str(node).startswith(RKG) for node in named)
    # Every shape is declared as one, and not only used as one.
    for predicate in (SH.property, SH.sparql, SH.qualifiedValueShape):
        assert set(shapes.objects(None, predicate)) <= named


@pytest.mark.slow
def test_shapes_are_shacl(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)

    assert conforms, text


def test_a_sparql_constraint_keeps_to_the_standard(shapes: Graph) -> None:
    for select in shapes.objects(None, SH.select):
        assert re.match(r"\s+SELECT DISTINCT \$this( \?value( \?\w+)?)?\s+WHERE \{", select)
        assert not re.search(r"\b(VALUES|MINUS|SERVICE|GRAPH)\b|\$PATH|\?this", select)


def test_a_core_constraint_looks_no_further_than_the_classes_of_values(shapes: Graph) -> None:
    far = (SH.node, SH.xone, SH["not"], SH["and"], SH.equals, SH.hasValue, SH.js)

    assert all(isinstance(path, URIRef) for path in shapes.objects(None, SH.path))
    assert not [p for p in far if (None, p, None) in shapes]
    for shape in shapes.subjects(SH.targetObjectsOf, None):
        assert (shape, SH.property, None) not in shapes
    targeted = {URIRef(shape.node.value) for shape in bundled().node_shapes}
    for helper in set(shapes.subjects(RDF.type, SH.NodeShape)) - targeted:
        terms = set(shapes.predicates(helper)) - {RDF.type}
        assert terms <= {SH["class"], SH.datatype, SH.languageIn}


@pytest.mark.slow
def test_every_class_has_a_shape(shapes: Graph, ontology: Graph) -> None:
    targeted = set(shapes.objects(None, SH.targetClass))
    for kind in ontology.subjects(RDF.type, OWL.Class):
        if isinstance(kind, URIRef) and (kind, OWL.equivalentClass, None) not in ontology:
            assert targeted & set(ontology.transitive_objects(kind, RDFS.subClassOf)), kind


def test_every_property_has_a_rule(shapes: Graph, ontology: Graph) -> None:
    ruled = {shorten(str(path)) for path in shapes.objects(None, SH.path)}
    for check in bundled().checks:
        ruled.update(re.findall(r"rkg:\w+", check.select))
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        for term in ontology.subjects(RDF.type, kind):
            if (term, OWL.propertyChainAxiom, None) not in ontology:
                assert shorten(str(term)) in {*ruled, *OF_OTHERS}


@pytest.mark.slow
def test_what_is_said_to_be_inferred_is_not_to_be_written(ontology: Graph, tmp_path: Path) -> None:
    derived = {
        term
        for term, definition in ontology.subject_objects(SKOS.definition)
        if re.search(r"(It|Membership) is (inferred|calculated)\b", str(definition))
    }
    lines = [
        f"<{ID}x> a <{term}> ."
        if (term, RDF.type, OWL.Class) in ontology
        else f"<{ID}x> <{term}> 1 ."
        for term in derived
    ]
    (tmp_path / "derived.ttl").write_text("\n".join(lines))
    findings = rk.load(only=ALONE).validate(tmp_path / "derived.ttl").findings
    found = [finding.message for finding in findings if finding.code == "derived"]

    assert len(derived) == len(found) > 10


def test_a_class_that_a_shape_asks_for_is_the_range_in_the_ontology(
    shapes: Graph, ontology: Graph
) -> None:
    for shape, kind in shapes.subject_objects(SH["class"]):
        path = shapes.value(shape, SH.path)
        stated = None if path is None else ontology.value(path, RDFS.range)
        if stated is not None:
            assert stated == kind, shape


def test_a_target_and_a_class_are_in_the_ontology(shapes: Graph, ontology: Graph) -> None:
    for predicate in (SH.targetClass, SH["class"]):
        for term in shapes.objects(None, predicate):
            assert (term, RDF.type, OWL.Class) in ontology
    for predicate in (SH.targetSubjectsOf, SH.targetObjectsOf, SH.path, SH.disjoint):
        for term in shapes.objects(None, predicate):
            assert (term, RDF.type, None) in ontology, term


def test_a_term_in_a_query_is_in_the_ontology(shapes: Graph, ontology: Graph) -> None:
    texts = [str(select) for select in shapes.objects(None, SH.select)]
    texts += [check.select for check in bundled().checks]
    used = {term for text in texts for term in re.findall(r"rkg:(\w+)", text)}

    assert [] == sorted(t for t in used if (URIRef(RKG + t), RDF.type, None) not in ontology)


@pytest.fixture(scope="module")
def pattern(shapes: Graph) -> str:
    return str(shapes.value(URIRef(RKG + "DatedShape-when"), SH.pattern))


@given(text=st.text(alphabet="0129X-/.,[]{}~?% ", max_size=24))
def test_the_pattern_of_dates_admits_every_date(pattern: str, text: str) -> None:
    try:
        dates.parse(text)
    except InputError:
        return

    assert re.fullmatch(pattern, text)


@given(data=st.data())
def test_the_pattern_of_dates_admits_nothing_but_days_that_may_be_missing(
    pattern: str, data: st.DataObject
) -> None:
    """In a set, the pattern accepts any dates, commas and dots; 1914-45 may mean 1914/1945."""
    alphabet = "0123456789X-/.,[]{}~?%"
    text = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=alphabet))

    reasons = r"has \d+ days|has no day\b|months run|years run|year before 0001|what is known"
    # 00 stands for an unknown month or day in other notations.
    reasons += r"|cannot have a day|leave out a (?:month|day)|^write '\d{4}(?:-\d\d)?'$"
    refused = re.search(rf"^$|{reasons}|'\d{{4}}/\d{{4}}'", remedy(text))
    assert refused or re.fullmatch(r"[\[{].*[\]}]", text)


def remedy(text: str) -> str:
    try:
        dates.parse(text)
    except InputError as error:
        return str(error.help)
    return ""


@pytest.mark.parametrize("text", ["1" * 100_000, "19XX/" * 20_000, "[" * 100_000, "-1" * 50_000])
def test_patterns_take_linear_time(shapes: Graph, text: str) -> None:
    start = time.perf_counter()
    for found in shapes.objects(None, SH.pattern):
        re.match(str(found), text)

    assert time.perf_counter() - start < 1


@pytest.mark.whole
@pytest.mark.slow
def test_all_mistakes_at_once_are_those_that_plain_full_pyshacl_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = rk.load(only=ALONE)
    graph.inference.add(fact for file in BAD for fact in Submission(file).facts if is_usable(fact))
    stated = list(graph.quad_store.quads_for_pattern(None, None, None, NamedNode(STATED)))
    bounds = graph.quad_store.quads_for_pattern(None, None, None, NamedNode(DATES))
    above = graph.quad_store.quads_for_pattern(None, SUBCLASS, None, NamedNode(ONTOLOGY))
    named = (quad for quad in above if isinstance(quad.object, NamedNode))
    seen = dict.fromkeys(quad.triple for quads in (stated, bounds, named) for quad in quads)
    focus = {quad.subject for quad in stated if isinstance(quad.subject, NamedNode)}
    violations = bundled().examine(graph.quad_store, focus, facts=STATED).violations
    found = {(v.rule, v.focus.value) for v in violations if v.rule}

    assert found == by_pyshacl(serialize(seen, format=RdfFormat.N_TRIPLES))
    assert len({rule for rule, _ in found}) > 140
    # A SPARQL constraint finds the same violations for many nodes at once as one by one.
    monkeypatch.setattr(constraints, "_MANY", 0)
    together = bundled().examine(graph.quad_store, focus, facts=STATED).violations
    assert Counter(v.key for v in violations) == Counter(v.key for v in together)


def is_usable(fact: Statement) -> bool:
    """Return whether a fact has an IRI as its subject, and no invalid date or amount."""
    try:
        if fact[1] in CALCULATED:
            list(own_bounds(Quad(*fact)))  # type: ignore[arg-type]
    except InputError:
        return False
    return isinstance(fact[0], NamedNode)
