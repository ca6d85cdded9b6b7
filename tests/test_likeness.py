"""Tests of nodes that Core constraints cannot distinguish."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import DATES, ID, SH, STATED, XSD
from relations_kg.rdf.terms import Term, in_graph, named, statements, value
from relations_kg.reader.bundled import ontology_store
from relations_kg.reasoning.bounds import CALCULATED, own_bounds
from relations_kg.validation import core, shacl_core
from relations_kg.validation.likeness import Likeness
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.violations import Violation

FACTS = Path(__file__).parent / "facts"
PREFIXES = f"@prefix : <http://example.org/> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> ."
GRAPH = NamedNode(STATED)
SHAPES = """:S a sh:NodeShape ; sh:property :S-p , :S-q , :S-r .
:S-p sh:path :p ; sh:maxCount 2 ; sh:lessThan :q ; sh:disjoint :r .
:S-q sh:path :q ; sh:datatype xsd:date .
:S-r sh:path :r ; sh:pattern "^a" ; sh:class :C ."""


def turtle(text: str) -> list[Quad]:
    return [Quad(*triple) for triple in parse(f"{PREFIXES} {text}", RdfFormat.TURTLE)]


def of(facts: str, shapes: str = SHAPES) -> Hashable:
    """Return the key that a node shares with all that shapes cannot distinguish from it.

    The class of a node is its last character.
    """
    quads = turtle(f":x {facts} .")
    likeness = Likeness(turtle(shapes), lambda node: value(node)[-1])
    return likeness.of(NamedNode("http://example.org/x"), statements(quads))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (':label "one"', ':label "other"'),
        (":p :aC", ":p :bC"),
        (":p :a1, :b1, :c1", ":p :a1, :b1, :c1, :d1"),  # more than the maximum
        (
            ':p "2001-01-01"^^xsd:date ; :q "2002-01-01"^^xsd:date',
            ':p "2003-01-01"^^xsd:date ; :q "2003-12-01"^^xsd:date',
        ),
        (":n 1", ":n 25"),
        (":p :a1 ; :r :b1", ":p :c1 ; :r :b1"),
    ],
)
def test_what_no_constraint_distinguishes_is_like(one: str, other: str) -> None:
    assert of(one) == of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (':label "one"', ':label "one"@en'),
        (':label "one"@es', ':label "one"@en'),
        (':n "1"', ":n 1"),
        (":n 1", ':n "one"^^xsd:integer'),
        (':n "2001-02-28"^^xsd:date', ':n "2001-02-30"^^xsd:date'),
        (':n "2001-02-28"^^xsd:date', ':n "2001-W01-1"^^xsd:date'),
        (":p :aC", ":p :aD"),
        (":p :a1", ":p [ :q 1 ]"),
        (":p :a1", ":q :a1"),
        (":p :a1", ":p :a1, :b1"),
        (":p :a1, :b1", ":p :a1, :b1, :c1"),
        (":p :a1 ; :r :b1", ":p :b1 ; :r :b1"),
        (':r "a"', ':r "b"'),  # a pattern
        ("a :A", "a :B"),
        (
            ':p "2001-01-01"^^xsd:date ; :q "2002-01-01"^^xsd:date',
            ':p "2003-01-01"^^xsd:date ; :q "2002-12-01"^^xsd:date',
        ),
        (
            ':p "2001-01-01"^^xsd:date ; :q "2002-01-01"^^xsd:date',
            ':p "2002-01-01"^^xsd:date ; :q "2002-01-01"^^xsd:date',
        ),
    ],
)
def test_what_a_constraint_may_distinguish_is_not_like(one: str, other: str) -> None:
    assert of(one) != of(other)


@pytest.mark.parametrize(
    ("constraint", "one", "other"),
    [
        ("sh:uniqueLang true", ':p "a"@en', ':p "a"@en , "b"@en'),
        ("sh:qualifiedMaxCount 3", ":p :aC, :bC, :cC", ":p :aC, :bC, :cC, :dC"),
        ("sh:minCount 3", ":p :aC, :bC", ":p :aC, :bC, :cC"),
        ("sh:maxCount 0", ":q :aC", ":p :aC"),
    ],
)
def test_numbers_of_values_that_a_single_constraint_distinguishes_are_not_like(
    constraint: str, one: str, other: str
) -> None:
    shapes = f":S sh:property :S-p . :S-p sh:path :p ; {constraint} ."

    assert of(one, shapes) != of(other, shapes)


@pytest.mark.parametrize(
    "shapes",
    [
        ':S sh:property :S-p ; sh:pattern "x" . :S-p sh:path :p .',  # of the node itself
        ":S sh:property :S-p . :S-p sh:path ( :p :q ) .",
        ":S sh:property :S-p . :S-p sh:path :p ; sh:property :S-q . :S-q sh:path :q .",
        ":S sh:property :S-p . :S-p sh:path :p ; sh:not :N . :N sh:property :q . :q sh:path :q .",
        ":S sh:closed true ; sh:property :S-p . :S-p sh:path :p .",
        ":S sh:disjoint :p .",  # the node itself is compared with its values
        ":S sh:property :S-p . :S-p sh:path :q ; sh:qualifiedValueShape [ sh:equals :p ] .",
    ],
)
def test_nodes_are_only_like_themselves_for_shapes_that_may_read_more(shapes: str) -> None:
    assert of(":p :a1", shapes) == NamedNode("http://example.org/x")


def copies(file: Path) -> Iterator[Quad]:
    """Yield the facts of a file twice, each time with other IRIs of things."""
    try:
        triples = [*statements(parse(file.read_bytes(), RdfFormat.TURTLE))]
    except SyntaxError:
        return
    own = {subject for subject, _, _ in triples if value(subject).startswith(ID)}
    for number in range(2):
        names: dict[Term, Term] = {each: NamedNode(f"{value(each)}-{number}") for each in own}
        for subject, predicate, object_ in triples:
            if not isinstance(object_, Triple):
                fact = names.get(subject, subject), predicate, names.get(object_, object_)
                yield from in_graph([fact], STATED)


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("shifty"), reason="pyshifty is not installed")
def test_groups_of_like_nodes_have_the_violations_of_each_node(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All example files are checked together, with two copies of each about different things."""
    store = ontology_store()
    store.extend(chain.from_iterable(map(copies, sorted(FACTS.glob("*/*.ttl")))))
    dated = [q for q in store if q.predicate in CALCULATED]
    for quad in dated:
        with suppress(InputError):
            store.extend(in_graph(list(own_bounds(quad)), DATES))
    focus = set(named(q.subject for q in store.quads_for_pattern(None, None, None, GRAPH)))
    checked: list[int] = []
    check = shacl_core.check

    def counted(facts: Iterable[Quad], shapes: Iterable[Quad]) -> Iterator[Violation]:
        facts = list(facts)
        checked.append(len(facts))
        return check(facts, shapes)

    monkeypatch.setattr(core, "check", counted)
    together = Counter(each.key for each in bundled().examine(store, focus, {}).core())
    first = checked[0]
    checked.clear()
    monkeypatch.setattr(core, "FEW", len(focus))
    apart = Counter(each.key for each in bundled().examine(store, focus, {}).core())

    assert sum(checked) > 1.5 * first
    assert len(together) > 500
    assert together == apart
