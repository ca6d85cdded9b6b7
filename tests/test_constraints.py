"""Tests that SPARQL rules have the form that lets validation check few nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

import pytest
from examples import FACTS
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import RDF, RDFS, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

import relations_kg as rk
from relations_kg.errors import InputError, RelationsError
from relations_kg.rdf.namespaces import DATES, RKG, STATED, SUBMITTED
from relations_kg.rdf.terms import TYPE, in_graph, value
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.bounds import own_bounds
from relations_kg.validation import constraints
from relations_kg.validation.affected import Routes
from relations_kg.validation.constraints import Check, Constraint
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.shapes import Shapes

CONSTRAINTS = {
    constraint.name.removeprefix(RKG): constraint
    for shape in bundled().node_shapes
    for constraint in shape.constraints
}
QUICK = "RelationsShape-atOnce"
OF_CLASSES = SequencePath(RDF.type, MulPath(RDFS.subClassOf, "*"))


def each(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test of each constraint; all but one are slow, since rdflib parses the constraints."""
    cases = [
        pytest.param(constraint, id=name, marks=() if name == QUICK else pytest.mark.slow)
        for name, constraint in CONSTRAINTS.items()
    ]
    return pytest.mark.parametrize("constraint", cases)(test)


class Patterns(NamedTuple):
    """The positive and the negated triple patterns of a query, and its `forms`."""

    positive: list[tuple[Any, Any, Any]]
    negative: list[tuple[Any, Any, Any]]
    forms: list[tuple[str, ...]]


@cache
def patterns(select: str) -> Patterns:
    """Parse a query with rdflib; `forms` are the paths of node names from the root."""
    found = Patterns([], [], [])

    def walk(node: Any, above: tuple[str, ...]) -> None:
        if isinstance(node, CompValue):
            if node.name == "GroupGraphPatternSub":  # rdflib does not translate these
                node = translateGroupGraphPattern(node)
            above = (*above, node.name)
            found.forms.append(above)
            if node.name == "BGP":
                negated = "Builtin_NOTEXISTS" in above
                (found.negative if negated else found.positive).extend(node.triples)
            for name, part in node.items():
                if name not in ("triples", "_vars"):
                    walk(part, above)
        elif isinstance(node, list | tuple):
            for part in node:
                walk(part, above)

    walk(translateQuery(parseQuery(select)).algebra, ())
    return found


def steps(path: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the properties of a path, and whether each is inverse."""
    if isinstance(path, AlternativePath):
        for part in path.args:
            yield from steps(part)
    elif isinstance(path, MulPath):
        assert path.mod == "?"
        yield from steps(path.path)
    elif isinstance(path, InvPath):
        yield path.arg, True
    elif isinstance(path, SequencePath):
        if str(path) == str(OF_CLASSES):
            yield RDF.type, False
            return
        for part in path.args:
            yield from steps(part)
    else:
        assert isinstance(path, URIRef | Variable)
        yield path, False


@pytest.mark.slow
def test_there_are_constraints_to_look_at() -> None:
    assert len(CONSTRAINTS) > 60
    assert sum(bool(patterns(each.select).negative) for each in CONSTRAINTS.values()) > 40


@each
def test_a_negation_holds_no_negation_and_nothing_optional(constraint: Constraint) -> None:
    # Therefore, new facts can only remove solutions through a negation.
    for form in patterns(constraint.select).forms:
        within = form[form.index("Builtin_NOTEXISTS") + 1 :] if "Builtin_NOTEXISTS" in form else ()

        assert not {"Builtin_NOTEXISTS", "Minus", "UnaryNot", "LeftJoin"} & set(within)
        assert "Minus" not in form
        if "Builtin_EXISTS" in form:
            assert "UnaryNot" not in form


@each
def test_a_constraint_keeps_to_the_limits_of_shacl(constraint: Constraint) -> None:
    constraint.check()


@each
def test_a_constraint_is_made_of_patterns_and_conditions(constraint: Constraint) -> None:
    nodes = {name for form in patterns(constraint.select).forms for name in form}

    assert nodes <= {
        *("SelectQuery", "Distinct", "Project", "Filter", "Join", "LeftJoin", "Union", "Extend"),
        *("BGP", "Builtin_NOTEXISTS", "Builtin_EXISTS", "Builtin_BOUND", "Builtin_STR"),
        *("Builtin_COALESCE", "RelationalExpression", "ConditionalAndExpression"),
        *("ConditionalOrExpression", "ToMultiSet", "TrueFilter", "Builtin_isIRI"),
        "UnaryNot",
    }


@each
def test_only_bound_is_negated(constraint: Constraint) -> None:
    # A new fact can make !BOUND false, but never true.
    for form in patterns(constraint.select).forms:
        within = form[form.index("UnaryNot") + 1 :] if "UnaryNot" in form else ()

        assert within in ((), ("Builtin_BOUND",))


@each
def test_whatever_a_property_is_asked_of_is_known_to_be_asked(constraint: Constraint) -> None:
    known = {"this", *(variable.removeprefix("?") for variable in constraint.routes.subjects)}
    for subject, path, object_ in patterns(constraint.select).positive:
        assert isinstance(subject, Variable)
        assert str(subject) in known
        for _, inverse in steps(path):
            assert not inverse or str(object_) in known


@each
def test_from_whatever_a_property_is_asked_of_a_way_leads_to_the_focus(
    constraint: Constraint,
) -> None:
    for variable in constraint.routes.subjects:
        routes = constraint.routes.to_focus(variable)

        assert routes
        for route in routes:
            assert [variable, *(step.target for step in route)] == [
                *(step.source for step in route),
                "$this",
            ]


@each
def test_the_properties_of_a_constraint_are_all_that_can_make_it_find(
    constraint: Constraint,
) -> None:
    asked = {name for _, path, _ in patterns(constraint.select).positive for name, _ in steps(path)}
    if constraint.properties is not None:
        assert not any(isinstance(name, Variable) for name in asked)
        assert {str(name) for name in asked} <= constraint.properties


@each
def test_the_subjects_of_a_constraint_are_those_of_its_routes(constraint: Constraint) -> None:
    assert constraint.subjects == Routes(constraint.select).subjects


def test_a_path_of_another_form_would_be_noticed() -> None:
    assert isinstance(OF_CLASSES, Path)
    with pytest.raises(AssertionError):
        list(steps(SequencePath(RDF.type, MulPath(RDF.type, "*"))))
    with pytest.raises(AssertionError):
        list(steps(MulPath(RDF.type, "*")))


@pytest.mark.slow
def test_where_nothing_is_new_nothing_is_asked(kg: rk.Graph) -> None:
    assert not any(each.reached(kg.quad_store, {}) for each in CONSTRAINTS.values())


def test_a_constraint_says_its_code_in_words() -> None:
    assert CONSTRAINTS["RelationsShape-atOnce"].code == "at-once"


def test_a_constraint_that_selects_something_else_is_refused(kg: rk.Graph) -> None:
    wrong = Constraint("rule", "error", "", "SELECT ?this WHERE { ?this ?p ?o }")
    with pytest.raises(RelationsError, match="this is not a SELECT DISTINCT"):
        list(wrong.run(kg.quad_store, [NamedNode("urn:a")]))


def test_a_check_begins_with_its_message() -> None:
    with pytest.raises(RelationsError) as caught:
        Check.parse("check", "SELECT ?this WHERE { ?this ?p ?o }")

    help = 'start with "#+ error: …" or "#+ warning: …"'
    assert str(caught.value) == f"check.rq:1: no message; {help}"


def test_a_check_goes_through_what_was_submitted() -> None:
    for check in bundled().checks:
        assert check.severity in ("error", "warning")
        assert "GRAPH graph:submitted" in check.select


@pytest.mark.slow
def test_checks_read_no_dates() -> None:
    """Checks run while the dates of many new facts are inferred."""
    store = ontology_store()
    for file in FACTS.glob("bad/*.ttl"):
        with suppress(SyntaxError):
            store.extend([*parse(file.read_bytes(), RdfFormat.TURTLE)])
    facts = [quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())]
    for name in (STATED, SUBMITTED):
        store.extend(Quad(*fact, NamedNode(name)) for fact in facts)
    before = [{each.key for each in check.run(store)} for check in bundled().checks]
    for quad in store.quads_for_pattern(None, None, None, NamedNode(STATED)):
        with suppress(InputError):
            store.extend(in_graph(list(own_bounds(quad)), DATES))

    assert before == [{each.key for each in check.run(store)} for check in bundled().checks]
    assert sum(map(bool, before)) > 12


def test_a_shape_of_what_is_pointed_to_asks_what_points_there() -> None:
    # New facts are indexed by subject, so routes must lead from the subject to the new object.
    for shape in bundled().node_shapes:
        for constraint in shape.constraints if shape.targets["targetObjectsOf"] else ():
            positive = patterns(constraint.select).positive
            backwards = {
                str(name)
                for subject, path, _ in positive
                for name, inverse in steps(path)
                if inverse and subject == Variable("this")
            }

            assert {value(term) for term in shape.targets["targetObjectsOf"]} <= backwards


SHAPE = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix ex: <http://example.org/> .
    ex:Shape a sh:NodeShape ; sh:targetClass ex:Ship ; sh:property ex:Shape-crew ;
        sh:sparql ex:Shape-lost .
    ex:Shape-crew a sh:PropertyShape ; sh:path ex:crew .
    ex:Shape-lost sh:message "Lost." ; sh:select '''
        SELECT DISTINCT $this WHERE { $this <http://example.org/port> ?port . BODY }''' .
"""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("MINUS { ?port a ?kind }", "SHACL does not allow MINUS"),
        ("minus { ?port a ?kind }", "SHACL does not allow MINUS"),
        ("VALUES ?port { <urn:a> }", "SHACL does not allow VALUES"),
        ("SERVICE <urn:s> { ?port a ?kind }", "SHACL does not allow SERVICE"),
        ("BIND (?port AS ?this)", "SHACL does not allow AS ?this"),
        ("BIND (?port AS $shapesGraph)", "SHACL does not allow AS $shapesGraph"),
        ("FILTER (!bound($this))", "$this is always bound"),
        ("FILTER (BOUND( $this ) || true)", "$this is always bound"),
        ("{ SELECT ?port { ?port a ?kind } }", "a sub-select of a constraint"),
        ("?this a ?kind", "?this is not replaced"),
        ("GRAPH $shapesGraph { ?port a ?kind }", "$shapesGraph is not supported"),
        ("FILTER (?port > )", "the constraint is not SPARQL"),
    ],
)
def test_what_shacl_forbids_in_a_constraint_is_refused(body: str, message: str) -> None:
    with pytest.raises(RelationsError) as refused:
        _ = Shapes(SHAPE.replace("BODY", body).encode()).node_shapes

    assert str(refused.value).startswith(f"http://example.org/Shape-lost: {message}")
    assert refused.value.help


@pytest.mark.parametrize(
    "body",
    [
        "FILTER (BOUND(?port))",
        "# MINUS and VALUES\n",
        "?port ?p 'MINUS' . FILTER (STR($this) != 'x')",
    ],
)
def test_what_shacl_allows_in_a_constraint_is_read(body: str) -> None:
    (shape,) = Shapes(SHAPE.replace("BODY", body).encode()).node_shapes

    assert ["http://example.org/Shape-lost"] == [each.name for each in shape.constraints]


@pytest.mark.parametrize("place", ["ex:Shape-crew", "ex:Untargeted a sh:NodeShape ; sh:order 1"])
def test_a_constraint_that_would_not_be_read_is_refused(place: str) -> None:
    text = SHAPE.replace("BODY", "") + place + " ; sh:sparql ex:Shape-lost ."
    text = text.replace("ex:Shape-crew ; sh:sparql", "ex:Shape-crew sh:sparql")

    with pytest.raises(
        RelationsError, match="sh:sparql is read only on a node shape with a target"
    ):
        _ = Shapes(text.encode()).node_shapes


TOGETHER = [
    "$this rkg:seat ?value .",
    "$this a ?kind . { BIND (1 AS ?value) } "
    "UNION { BIND (2 AS ?value) FILTER NOT EXISTS { ?other rkg:seat $this } }",
    '$this a ?kind . { BIND (3 AS ?value) FILTER (STRENDS(STR($this), "b")) }',
    "$this a ?kind . OPTIONAL { ?value rkg:seat $this FILTER (?value != $this) }",
    "$this a ?kind . FILTER NOT EXISTS { { ?o rkg:seat $this } UNION { $this rkg:phaseSeat ?o } }",
]


@pytest.mark.parametrize("body", TOGETHER)
def test_many_nodes_at_once_violate_what_each_violates(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store()
    nodes = a, b, c = [NamedNode(f"urn:{name}") for name in "abc"]
    seat, stated = NamedNode(RKG + "seat"), NamedNode(STATED)
    store.extend(Quad(node, TYPE, NamedNode(RKG + "Place"), stated) for node in nodes)
    store.extend([Quad(a, seat, b, stated), Quad(b, seat, b, stated), Quad(c, seat, a, stated)])
    text = f"PREFIX rkg: <{RKG}> SELECT DISTINCT $this ?value WHERE {{ {body} }}"
    constraint = Constraint("urn:S-x", "error", "", text)
    alone = {violation.key for violation in constraint.run(store, nodes)}
    monkeypatch.setattr(constraints, "_MANY", 0)

    assert alone
    assert alone == {violation.key for violation in constraint.run(store, nodes)}
