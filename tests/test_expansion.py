"""Tests of JSON-LD: no data of a document is lost without an error at its place."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command_line import complaint
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld as pyld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, Quad, RdfFormat, parse
from trials import trials

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.reader.jsonld import parser as jsonld
from relations_kg.reader.jsonld.parser import JsonReading

EX = "http://e.org/"
BASE = "https://w3c.github.io/json-ld-api/tests/toRdf/"
TERMS = {
    "ex": EX,
    "id": "@id",
    "kind": "@type",
    "of": "@graph",
    "link": {"@id": "ex:link", "@type": "@id"},
    "code": {"@id": "ex:code", "@type": "@vocab"},
    "name": {"@id": "ex:name", "@container": "@language"},
    "list": {"@id": "ex:list", "@container": "@list", "@type": "@id"},
    "by": {"@id": "ex:by", "@container": "@index"},
    "things": {"@id": "ex:things", "@container": "@id"},
    "graphs": {"@id": "ex:graphs", "@container": "@graph"},
    "back": {"@reverse": "ex:back"},
    "nested": "@nest",
    "ignored": None,
    "Typed": {"@id": "ex:Typed", "@context": {"inner": "ex:inner"}},
    "scoped": {"@id": "ex:scoped", "@context": {"inner": "ex:inner"}},
    "kept": {"@id": "ex:kept", "@protected": True},
}


def read(document: Any, base: str | None = None) -> JsonReading:
    return jsonld.read(json.dumps(document).encode(), "f.jsonld", base=base)


def thing(**members: Any) -> dict[str, Any]:
    return {"@context": TERMS, "id": "ex:a", "ex:p": 1, **members}


def isomorphic(one: list[Quad], other: list[Quad]) -> bool:
    sets = [Dataset(one), Dataset(other)]
    for each in sets:
        each.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return sets[0] == sets[1]


LOST: dict[str, tuple[dict[str, Any], str]] = {
    "a relative id": ({"id": "b"}, "/id"),
    "an empty id": ({"id": ""}, "/id"),
    "an id of null": ({"id": None}, "/id"),
    "an id with a space": ({"id": "urn:a b"}, "/id"),
    "an id like a keyword": ({"id": "@foo"}, "/id"),
    "a relative class": ({"kind": ["ex:C", "D"]}, "/kind/1"),
    "a class with a brace": ({"kind": "urn:{x}"}, "/kind"),
    "a class of null": ({"kind": None}, "/kind"),
    "a relative link": ({"link": ["ex:b", "b"]}, "/link/1"),
    "a relative code": ({"code": "b"}, "/code"),
    "a relative node": ({"ex:q": {"id": "b"}}, "/ex:q/id"),
    "a relative item of a list": ({"list": ["ex:b", "b"]}, "/list/1"),
    "a relative item of @list": ({"ex:q": {"@list": [{"id": "b"}]}}, "/ex:q/@list/0/id"),
    "a relative item of @set": ({"ex:q": {"@set": [{"id": "b"}]}}, "/ex:q/@set/0/id"),
    "a relative node pointing back": ({"@reverse": {"ex:q": {"id": "b"}}}, "/@reverse/ex:q/id"),
    "a relative node by a reverse term": ({"back": {"id": "b"}}, "/back/id"),
    "a list in a list that is nested": ({"nested": [[{"ex:q": 1}]]}, "/nested/0"),
    "a list in a set pointing back": ({"back": {"@set": {"@list": [1]}}}, "/back/@set"),
    "a term for lists pointing back": ({"@reverse": {"list": ["ex:b"]}}, "/@reverse/list"),
    "a text pointing back": ({"back": {"@value": "x"}}, "/back"),
    "a list pointing back": ({"back": {"@list": ["x"]}}, "/back"),
    "a relative included node": ({"@included": [{"id": "b", "ex:q": 1}]}, "/@included/0/id"),
    "an included value": ({"@included": [{"@value": 1}]}, "/@included/0"),
    "a relative node in a graph": ({"of": [{"id": "b", "ex:q": 1}]}, "/of/0/id"),
    "a value in a graph": ({"of": ["x"]}, "/of/0"),
    "an undescribed node in a graph": ({"of": [{"id": "ex:b"}]}, "/of/0"),
    "a value in a graph container": ({"graphs": "x"}, "/graphs"),
    "a relative key of a map by id": ({"things": {"b": {"ex:q": 1}}}, "/things/b"),
    "a relative node by index": ({"by": {"x": {"id": "b"}}}, "/by/x/id"),
    "a relative nested link": ({"nested": {"link": "b"}}, "/nested/link"),
    "an unknown nested key": ({"nested": [{"b": 1}]}, "/nested/0/b"),
    "a nested text": ({"nested": "x"}, "/nested"),
    "a key without a term": ({"b": 1}, "/b"),
    "a key that is ignored": ({"ignored": 1}, "/ignored"),
    "a key with a space": ({"urn:a b": 1}, "/urn:a b"),
    "a key of a blank node": ({"_:b": 1}, "/_:b"),
    "a keyword in another case": ({"@Type": "ex:C"}, "/@Type"),
    "an unknown keyword": ({"@foo": 1}, "/@foo"),
    "a keyword of contexts": ({"@vocab": EX}, "/@vocab"),
    "a language of no value": ({"@language": "en"}, "/@language"),
    "an index that is not text": ({"@index": 1}, "/@index"),
    "a second key for @id": ({"@id": "ex:b"}, "/@id"),
    "a language with _": ({"ex:q": {"@value": "x", "@language": "en_US"}}, "/ex:q/@language"),
    "a key with _": ({"name": {"en": "x", "en_US": ["y"]}}, "/name/en_US/0"),
    "a number by language": ({"name": {"en": 1}}, "/name/en"),
    "a value of null": ({"ex:q": {"@value": None}}, "/ex:q/@value"),
    "a value that is a list": ({"ex:q": {"@value": []}}, "/ex:q/@value"),
    "a relative datatype": ({"ex:q": {"@value": "x", "@type": "b"}}, "/ex:q/@type"),
    "a blank datatype": ({"ex:q": {"@value": "x", "@type": "_:b"}}, "/ex:q/@type"),
    "a direction": ({"ex:q": {"@value": "x", "@direction": "rtl"}}, "/ex:q/@direction"),
    "more beside a value": ({"ex:q": {"@value": "x", "ex:r": 1}}, "/ex:q/ex:r"),
    "more beside a list": ({"ex:q": {"@list": [], "ex:r": 1}}, "/ex:q/ex:r"),
    "a term out of its class": ({"inner": 1}, "/inner"),
    "a term out of its property": ({"scoped": {"inner": 1}, "inner": 1}, "/inner"),
    "a class whose terms end there": (
        {"kind": "Typed", "inner": {"inner": 1}},
        "/inner/inner",
    ),
    "a number that would be rounded": ({"ex:q": 10**30 + 1}, "/ex:q"),
    "half a character": ({"ex:q": "\ud800"}, "/ex:q"),
}


@pytest.mark.parametrize("name", LOST)
def test_what_would_be_lost_is_an_error_at_its_place(name: str) -> None:
    members, pointer = LOST[name]
    document = thing(**members)
    (error,) = read(document).errors

    assert pointer == error.pointer
    text = json.dumps(document)
    member = next(part for part in reversed(pointer.split("/")) if not part.isdigit())
    within = text[error.place.column - 1 : error.place.end_column - 1]
    assert within
    assert json.dumps(member) in within or pointer[-1].isdigit()


@pytest.mark.parametrize(
    ("context", "pointer"),
    [
        ({"@foo": EX}, "/@foo"),
        ({"a": "@foo"}, "/a"),
        ({"a": {"@reverse": "@foo"}}, "/a"),
        ({"a": "b"}, "/a"),
        ({"a": {"@id": "urn:a b"}}, "/a"),
        ({"a": {"@id": "ex:a", "@container": "@lists"}}, "/a"),
        ({"a": {"@id": "ex:a", "@type": "b"}}, "/a"),
        ({"a": {"@id": "ex:a", "@foo": 1}}, "/a"),
        ({"a": {"@id": "ex:a", "@context": {"b": "c"}}}, "/a/@context/b"),
        ({"a": {"@id": "ex:a", "@language": "en_US"}}, "/a"),
        ({"a": {"@id": "ex:a", "@direction": "up"}}, "/a"),
        ({"a": {"@id": "ex:a", "@nest": "@id"}}, "/a"),
        ({"a": {"@id": "ex:a", "@prefix": "yes"}}, "/a"),
        ({"a": {"@id": "ex:a", "@index": "ex:b"}}, "/a"),
        ({"kept": "ex:other"}, "/kept"),
        ({"a": "b:c", "b": "a:c"}, "/a"),
        ({"@language": "en_US"}, "/@language"),
        ({"@direction": "up"}, "/@direction"),
        ({"@vocab": "b"}, "/@vocab"),
        ({"@base": "b"}, "/@base"),
        ({"@version": 1.0}, "/@version"),
        ({"@propagate": 1}, "/@propagate"),
        ({"@import": EX}, "/@import"),
        ({f"a{number}": f"a{number + 1}:b" for number in range(5_000)}, "/a49"),
        (EX, ""),
        (None, ""),
        (5, ""),
    ],
)
def test_what_is_wrong_with_a_context_is_reported_where_it_is(context: Any, pointer: str) -> None:
    (error,) = read(thing() | {"@context": [TERMS, context]}).errors

    assert f"/@context/1{pointer}" == error.pointer


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_our_published_context_is_known_by_its_address(scheme: str) -> None:
    address = f"{scheme}://w3id.org/relations-kg/context.jsonld"

    reading = read({"@context": address, "@id": "id:osk", "label": {"en": "Osk"}})

    assert [] == reading.errors
    assert Literal("Osk", language="en") == reading.quads[0].object


@pytest.mark.parametrize(
    ("members", "facts"),
    [
        ({"ex:q": None}, 1),
        ({"ex:q": [None, 2]}, 2),
        ({"ex:q": []}, 1),
        ({"ex:q": {}}, 2),
        ({"@index": "x"}, 1),
        ({"name": {"en": None, "@none": "x"}}, 2),
        ({"kind": "Typed", "inner": 1}, 3),
        ({"scoped": {"inner": 1}}, 3),
        ({"nested": {"link": "ex:b", "nested": {"ex:q": 1}}}, 3),
        ({"back": {"id": "ex:b"}}, 2),
        ({"list": ["ex:b", "ex:c"]}, 6),
        ({"list": []}, 2),
        ({"things": {"ex:b": {"ex:q": 1}}}, 3),
        ({"graphs": {"ex:q": 1}}, 3),
        ({"of": {"ex:q": 1}}, 2),
        ({"by": {"x": [1, 2]}}, 3),
        ({"ex:q": {"@value": {"a": [1]}, "@type": "@json"}}, 2),
        ({"@context": [TERMS, {"kept": TERMS["kept"]}]}, 1),
        ({"@context": [TERMS, {"@vocab": EX}], "b": 1}, 2),
        ({"@context": [TERMS, {"@base": EX}], "id": "b"}, 1),
    ],
)
def test_what_is_right_is_read(members: dict[str, Any], facts: int) -> None:
    reading = read(thing(**members))

    assert [] == reading.errors
    assert facts == len(reading.quads)


def test_a_key_that_stands_twice_is_an_error_at_the_second() -> None:
    content = b'{"@id": "urn:a",\n "urn:p": 1,\n "urn:p": 2}'
    (error,) = jsonld.read(content, "f").errors

    assert ("f:3:2", "/urn:p") == (str(error.place), error.pointer)


@pytest.mark.parametrize(
    "content",
    [
        b'{"@context": {"id": "@id", "ex": "http://e.org/"}, "id": "ex:1", "ex:p": "x"}',
        b'{"@id": "http://e.org/1", "http://e.org/p": {"http://e.org/q": "x"}}',
        json.dumps(thing(kind="Typed", inner={"ex:q": [{}]})).encode(),
        json.dumps({"@context": TERMS, "of": [{"kind": "Typed", "inner": 1}]}).encode(),
    ],
)
def test_every_finding_has_its_file_line_and_pointer(
    kg: rk.Graph, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "f.jsonld"
    path.write_bytes(content)
    report = kg.validate(path)

    assert report.findings
    assert {(str(path), 1, True, True)} == {
        (f.file, f.line, bool(f.column), f.pointer is not None) for f in report.findings
    }
    for format in ("text", "concise", "github", "json"):
        assert report.serialize(format).count(str(path)) >= len(report.findings)
    assert 'failures="0"' not in report.serialize("junit")


@pytest.mark.parametrize("name", ["a relative id", "an unknown keyword", "a relative class"])
def test_all_ways_in_refuse_the_same(kg: rk.Graph, tmp_path: Path, name: str) -> None:
    members, pointer = LOST[name]
    path, good = tmp_path / "f.jsonld", tmp_path / "good.jsonld"
    path.write_text(json.dumps(thing(**members), indent=1))
    good.write_text(json.dumps(thing()))
    line = read_error(path).place.line

    for enter in (
        lambda: rk.load(path),
        lambda: rk.load(only=[path]),
        lambda: rk.load().add(path),
    ):
        with pytest.raises(InputError) as caught:
            enter()
        assert (str(path), line) == (caught.value.where, caught.value.line)
        assert caught.value.message.startswith(f"{pointer}: ")
    assert [(line, pointer)] == [
        (finding.line, finding.pointer)
        for finding in kg.validate(path).findings
        if finding.code == "syntax"
    ]
    assert complaint("diff", path, good).startswith(f"{path}:{line}:")


def read_error(path: Path) -> Any:
    return jsonld.read(path.read_bytes(), str(path)).errors[0]


# Mutations of a good export, as jsonld.js refuses them in its safe mode.

Mutation = Callable[[dict[str, Any]], object]
MUTATIONS: dict[str, Mutation] = {
    "relative id": lambda node: node.update({"@id": "second-visit"}),
    "empty id": lambda node: node.update({"@id": ""}),
    "space": lambda node: node.update({"@id": "urn:a b"}),
    "relative link": lambda node: node.update({"about": ["peru"]}),
    "relative class": lambda node: node.update({"@type": ["http:// x"]}),
    "unknown keyword": lambda node: node.update({"@Type": "Visit"}),
    "reserved keyword": lambda node: node.update({"@foo": 1}),
    "no term": lambda node: node.update({"no term": 1}),
    "language": lambda node: node.update({"label": {"en_US": ["x"]}}),
    "null": lambda node: node.update({"when": [{"@value": None}]}),
    "only an id": lambda node: [node.pop(key) for key in list(node) if key != "@id"],
    "no properties": lambda node: node.clear(),
}


class Export(NamedTuple):
    """An export, with a short repr for the messages of failed tests."""

    document: dict[str, Any]

    def __repr__(self) -> str:
        return "Export()"


@pytest.fixture(scope="module")
def export(kg: rk.Graph) -> Export:
    return Export(json.loads(kg.export(format="jsonld")))


@pytest.mark.slow
@trials(30)
@given(st.sampled_from(sorted(MUTATIONS)), st.integers(0), st.booleans())
def test_a_mutated_export_has_an_error_with_a_place(
    export: Export, name: str, at: int, indented: bool
) -> None:
    nodes = export.document["@graph"]
    number = at % len(nodes)
    node = copy.deepcopy(nodes[number])
    MUTATIONS[name](node)
    document = {**export.document, "@graph": [*nodes]}
    document["@graph"][number] = node
    text = json.dumps(document, indent=1 if indented else None)
    (error,) = jsonld.read(text.encode(), "f.jsonld").errors

    assert error.pointer is not None
    assert error.pointer.startswith(f"/@graph/{number}")
    lines = text.split("\n")
    assert lines[error.place.line - 1][error.place.column - 1] in '{"'


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, dict) and "@value" not in value and "@id" not in value:
        for each in value.values():
            yield from leaves(each)
    else:
        yield value


def test_an_export_has_as_many_facts_as_statements(export: Export) -> None:
    reading = read(export.document)
    stated = [
        each
        for node in export.document["@graph"]
        for key, value in node.items()
        if key != "@id"
        for each in leaves(value)
    ]

    assert [] == reading.errors
    assert len(stated) == len(reading.quads)


# Documents of any kind, as pyld reads them.

scalars = st.integers(-9, 9) | st.booleans() | st.sampled_from(["x", "ex:b", ""]) | st.just(1.5)
references = st.sampled_from(["ex:a", "ex:b", "_:c"]).map(lambda name: {"id": name})
values = st.recursive(
    scalars | references,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ex:p", "ex:q", "nested", "scoped", "back"]),
            inner,
            max_size=3,
        )
        | st.builds(lambda items: {"@list": items}, st.lists(scalars | references, max_size=2))
        | st.builds(lambda items: {"@set": items}, st.lists(inner, max_size=2))
        | st.builds(lambda value: {"kind": "Typed", "inner": value}, inner)
        | st.builds(lambda text: {"name": {"en": text, "@none": [text]}}, st.just("x"))
    ),
    max_leaves=6,
)


@trials(60)
@given(values)
def test_what_is_read_without_an_error_is_what_pyld_reads(value: Any) -> None:
    document = thing(**{"ex:q": value})
    reading = read(document)
    if reading.errors:
        return
    lines = pyld.to_rdf(document, {"format": "application/n-quads"})

    assert isomorphic(reading.quads, list(parse(lines, RdfFormat.N_QUADS)))


# The W3C's own tests.


@pytest.fixture(scope="module")
def suite(judges: Path) -> dict[str, dict[str, Any]]:
    manifest = json.loads((judges / "json-ld-to-rdf" / "toRdf-manifest.jsonld").read_text())
    return {test["input"].rpartition("/")[2]: test for test in manifest["sequence"]}


def test_the_w3c_suite_is_read_as_expected_or_refused(
    judges: Path, suite: dict[str, dict[str, Any]]
) -> None:
    """Refused documents have data that would be lost or a remote context, or are of JSON-LD 1.0."""
    found = Counter[str]()
    for name, test in suite.items():
        path = judges / "json-ld-to-rdf" / name
        options = test.get("option", {})
        if "expandContext" in options or not path.exists():
            continue
        base = options.get("base", BASE + name)
        reading = jsonld.read(path.read_bytes(), name, base=base)
        if "jld:NegativeEvaluationTest" in test["@type"]:
            modern = "1.0" not in f"{options.get('processingMode')}{options.get('specVersion')}"
            found["wrong, of 1.1, read" if modern and not reading.errors else "wrong"] += 1
        elif reading.errors:
            found["refused"] += 1
        elif (expected := path.with_name(name.replace("-in.jsonld", "-out.nq"))).exists():
            quads = list(parse(expected.read_bytes(), RdfFormat.N_QUADS))
            found["equal" if isomorphic(reading.quads, quads) else "different"] += 1
        else:
            found["read"] += 1

    assert 0 == found["different"]
    assert 0 == found["wrong, of 1.1, read"]
    assert 278 == found["equal"]
    assert 66 == found["refused"]


@pytest.mark.slow
def test_no_finding_of_the_w3c_suite_is_without_a_file(kg: rk.Graph, judges: Path) -> None:
    for path in sorted((judges / "json-ld-to-rdf").glob("*-in.jsonld"))[::8]:
        assert {finding.file for finding in kg.validate(path).findings} <= {str(path)}
