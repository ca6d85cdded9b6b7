"""Tests of the Core constraints: both engines find the same, as with all shapes."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import processors
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse
from trials import seeds

import relations_kg as rk
from relations_kg._background import background
from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import RKG, SH, STATED, XSD
from relations_kg.rdf.terms import TYPE
from relations_kg.validation import core, shacl_core
from relations_kg.validation.shacl_core import check
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.violations import Violation

FACTS = Path(__file__).with_name("facts")
BAD = sorted(FACTS.glob("bad/*"))
FILES = [*BAD, *sorted(FACTS.glob("good/*"))]
SAMPLE = random.Random(20261123).sample(BAD, 60)
ENGINES = ["pyshacl", "pyshifty"] if find_spec("shifty") else ["pyshacl"]

needs_pyshifty = pytest.mark.skipif(len(ENGINES) == 1, reason="pyshifty is not installed")


def turtle(text: str) -> list[Quad]:
    prefixes = f"@prefix : <http://example.org/> . @prefix sh: <{SH}> . @prefix xsd: <{XSD}> ."
    return [Quad(*triple) for triple in parse(f"{prefixes}\n{text}", RdfFormat.TURTLE)]


def about_p(constraint: str) -> list[Quad]:
    return turtle(
        f":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :S-p . "
        f":S-p a sh:PropertyShape ; sh:path :p ; {constraint} ."
    )


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of violations in each check; both engines must find the same ones."""
    counts: list[int] = []

    def both(facts: Iterable[Quad], asked: Iterable[Quad]) -> Iterator[Violation]:
        facts, asked = list(facts), list(asked)
        found = {engine: Counter(check(facts, asked, engine=engine)) for engine in ENGINES}
        assert found["pyshifty"] == found["pyshacl"]
        counts.append(found["pyshacl"].total())
        return found["pyshacl"].elements()

    monkeypatch.setattr(core, "check", both)
    return counts


@pytest.mark.whole
@pytest.mark.slow
@needs_pyshifty
def test_both_engines_find_the_same(kg: rk.Graph, counted: list[int]) -> None:
    for file in FILES:
        kg.validate(file)

    assert len(counted) > len(BAD)
    assert sum(count > 0 for count in counted) > 90


@pytest.mark.slow
@pytest.mark.parametrize("part", seeds(3))
def test_the_findings_are_those_of_plain_full_pyshacl(kg: rk.Graph, part: int) -> None:
    """Many files are checked together, as nearly all the time goes into the rest of the graph."""
    files = [file for file in SAMPLE[part::3] if processors.seen(file)]
    facts = processors.seen(*files)

    assert facts
    assert processors.ours(kg, *files) == processors.by_pyshacl(facts)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_names_the_focus_the_shape_the_path_and_the_value(
    engine: shacl_core.Engine,
) -> None:
    (result,) = check(turtle(":a :p 7 , 8 ."), about_p("sh:minInclusive 8"), engine=engine)

    assert result == Violation(
        "error",
        "min-inclusive",
        "",
        NamedNode("http://example.org/a"),
        Literal("7", datatype=NamedNode(XSD + "integer")),
        "http://example.org/S-p",
        "http://example.org/p",
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "constraint"),
    [
        ('"2023-02-30"^^xsd:date', "sh:datatype xsd:date"),
        ('"seven"^^xsd:integer', "sh:datatype xsd:integer"),
        ('"a"@en , "b"@en', "sh:uniqueLang true"),
        (r'"1971\n"', 'sh:pattern "^[0-9]{4}$"'),
        ("[]", "sh:nodeKind sh:IRI"),
        ('"a"@en--ltr', "sh:nodeKind sh:IRI"),
    ],
)
def test_each_engine_finds(engine: shacl_core.Engine, value: str, constraint: str) -> None:
    assert len(list(check(turtle(f":a :p {value} ."), about_p(constraint), engine=engine))) == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "constraint"),
    [
        ("007", "sh:datatype xsd:integer ; sh:maxInclusive 7"),
        ('"a"@en , "b"@en-GB', "sh:uniqueLang true"),
        ('"1971"', 'sh:pattern "^[0-9]{4}$"'),
    ],
)
def test_no_engine_finds(engine: shacl_core.Engine, value: str, constraint: str) -> None:
    assert not list(check(turtle(f":a :p {value} ."), about_p(constraint), engine=engine))


MATCHED = {
    '"x"': 0,
    '"é"': 0,
    '"东"': 0,
    "<urn:x>": 0,
    '"…"': 1,
    '""': 1,
    '"x" , "…"': 1,
    "[]": 1,
}


def test_a_pattern_that_all_values_match_is_left_out_and_no_other() -> None:
    shape = ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :S-p . :S-p sh:path :p ; "
    cases = [(r'sh:pattern "\\w"', text, count) for text, count in MATCHED.items()]
    cases += [('sh:pattern "^[0-9]$"', '"1"', 0), ('sh:pattern "^[0-9]$"', r'"1\n"', 1)]
    cases += [('sh:pattern "^X$" ; sh:flags "i"', '"x"', 0), ('sh:pattern "^X$"', '"x"', 1)]
    # If \w covered ASCII letters only, \W and [^\w] would match this letter.
    cases += [(rf'sh:pattern "^{each}$"', '"é"', 1) for each in (r"\\W", r"[^\\w]")]
    cases += [(rf'sh:pattern "^{each}$"', '"…"', 0) for each in (r"\\W", r"[^\\w]")]
    for constraint, text, count in cases:
        store = Store()
        store.extend(Quad(*quad.triple, NamedNode(STATED)) for quad in turtle(f":a :p {text} ."))
        prefixes = f"@prefix : <http://example.org/> . @prefix sh: <{SH}> ."
        whole = Shapes(f"{prefixes} {shape} {constraint} .".encode())
        found = whole.examine(store, {NamedNode("http://example.org/a")}).violations

        assert count == len(found), (constraint, text)
        asked = turtle(f"{shape} {constraint} .")
        assert count == len(list(check((q for q in store), asked))), (constraint, text)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("value", ['"seven"^^xsd:integer', "[]"])
def test_what_cannot_be_compared_stops_no_engine(engine: shacl_core.Engine, value: str) -> None:
    facts = turtle(f":a :p {value} ; :q 7 .")
    found = list(
        check(facts, about_p("sh:lessThanOrEquals :q ; sh:datatype xsd:integer"), engine=engine)
    )

    assert "datatype" in {violation.code for violation in found}


@pytest.mark.parametrize("engine", ENGINES)
def test_without_shapes_nothing_is_found(engine: shacl_core.Engine) -> None:
    assert not list(check(turtle(":a :p 7 ."), [], engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_shapes_that_cannot_be_run_are_an_error(engine: shacl_core.Engine) -> None:
    wrong = turtle(
        ":S a sh:NodeShape ; sh:targetSubjectsOf :p ; sh:property :S-p . :S-p sh:path 'p' ."
    )
    with pytest.raises(RelationsError, match=r"shapes\.ttl: the shapes cannot be run: "):
        list(check(turtle(":a :p 7 ."), wrong, engine=engine))


def test_an_engine_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shacl_core, "_pyshifty", lambda: None)

    with pytest.raises(RelationsError, match="pyshifty is not installed"):
        check([], turtle(":S a sh:NodeShape ."), engine="pyshifty")


def test_what_fails_beside_the_rest_is_raised_when_its_result_is_read() -> None:
    failing = background(lambda: Shapes(b"<urn:a>"))

    for _ in range(2):
        with pytest.raises(SyntaxError):
            failing()


@pytest.mark.skipif(not find_spec("shifty"), reason="pyshifty is not installed")
def test_many_nodes_have_the_violations_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many nodes are checked in parts, while the SPARQL constraints run."""
    focus = {NamedNode(f"http://example.org/{number}") for number in range(9)}
    store, sender, graph = Store(), NamedNode(RKG + "sendingParty"), NamedNode(STATED)
    for node in focus:
        store.add(Quad(node, TYPE, NamedNode(RKG + "Mission"), graph))
        store.add(Quad(node, sender, Literal("no"), graph))
    together = Counter(each.key for each in bundled().examine(store, focus).violations)
    monkeypatch.setattr(core, "AT_ONCE", 2)
    apart = Counter(each.key for each in bundled().examine(store, focus).violations)

    assert len(focus) <= together.total()
    assert together == apart
