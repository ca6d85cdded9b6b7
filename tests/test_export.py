"""Tests of exports: two parsers read them back, and the bytes are always the same."""

import difflib
import json
import logging
import os
import random
import stat
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from rdflib import Dataset, URIRef
from rdflib.term import Node
from trials import seeds, trials

import relations_kg as rk
from relations_kg.errors import InputError
from relations_kg.export import files
from relations_kg.export.export import serialize_triples
from relations_kg.rdf.formats import names
from relations_kg.rdf.namespaces import (
    DATES,
    ID,
    IDENTIFIERS,
    INFERRED,
    ONTOLOGY,
    RDF,
    RDFS,
    RKG,
    STATED,
    XSD,
)

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

PUBLISHED = (STATED, IDENTIFIERS)
READERS = {
    "turtle": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
RDFLIB_READERS = {"ntriples": "nt", "jsonld": "json-ld"}
FORMATS = st.sampled_from(names("triples", "quads"))
ONE = Literal("1", datatype=NamedNode(XSD + "decimal"))
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-._~/é()!$&'*+,;=:@"


def triples(content: bytes, format: str) -> set[Triple]:
    return {quad.triple for quad in parse(content, READERS[format])}


def stated(graph: rk.Graph, *names: str) -> set[Triple]:
    return {
        quad.triple
        for name in names or (STATED,)
        for quad in graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
    }


def iris(*more: str) -> st.SearchStrategy[NamedNode]:
    local = st.text(LETTERS, max_size=8)
    spaces = st.sampled_from([ID, "http://example.org/", "http://example.org/#", "urn:x:", *more])
    return st.builds(lambda space, name: NamedNode(space + name), spaces, local)


def literals() -> st.SearchStrategy[Literal]:
    text = st.text() | st.sampled_from(["1", "01", "1.0", "true", "1e3", "2009-04", "9" * 17, ""])
    tags = st.sampled_from(["en", "es-PE", "zh-Hant", "pt"])
    types = st.sampled_from(
        [XSD + name for name in ("integer", "boolean", "date", "double", "decimal", "gYear")]
        + ["http://id.loc.gov/datatypes/edtf/EDTF", "http://example.org/#string"]
    )
    return (
        text.map(Literal)
        | st.builds(lambda value, tag: Literal(value, language=tag), text, tags)
        | st.builds(lambda value, kind: Literal(value, datatype=NamedNode(kind)), text, types)
    )


TEXT = Literal("Peru")


def fact(predicate: str, object_: NamedNode | Literal, subject: str = ID + "peru") -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), object_)


# One property of every kind in the JSON-LD context, and some that are not in it.
OURS = ("statedIn", "gist", "rank", "earliestStart", "ongoing", "whenText")
PROPERTIES = st.sampled_from(
    [RDF + "type", RDFS + "label", RDFS + "seeAlso", "urn:p", *(RKG + name for name in OURS)]
).map(NamedNode)
FACTS = st.lists(
    st.builds(Triple, iris(), PROPERTIES, iris(RKG) | literals()), min_size=1, max_size=8
)


def spelled(triple: tuple[Node, ...]) -> tuple[str, ...]:
    """Return the terms of a triple of rdflib as texts, with language tags in lower case."""
    return tuple(
        f"{term!s}@{(term.language or '').lower()}^^{term.datatype or XSD + 'string'}"
        if isinstance(term, rdflib.Literal)
        else f"<{term}>"
        for term in triple
    )


def is_number(term: object) -> bool:
    """Return whether the engine may normalise a literal, such as 01 to 1."""
    return (
        isinstance(term, Literal)
        and term.datatype.value.startswith(XSD)
        and term.datatype.value not in (XSD + "string", XSD + "gYear")
    )


def loaded(facts: list[Triple], suffix: str = ".nt") -> rk.Graph:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"facts{suffix}")
        path.write_bytes(serialize(facts, format=RdfFormat.from_extension(suffix[1:])) or b"")
        return rk.load(only=[path])


@cache
def of_the_ontology() -> set[Triple]:
    return {quad.triple for quad in rk.load(only=[]).store}


@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
@pytest.mark.parametrize("inferred", [False, True])
def test_an_export_is_the_facts_and_nothing_else(kg: rk.Graph, format: str, inferred: bool) -> None:
    expected = stated(kg, *((*PUBLISHED, DATES, INFERRED) if inferred else PUBLISHED))

    assert expected == triples(kg.export(format=format, inferred=inferred), format)


@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
def test_rdflib_reads_an_export_as_the_same_facts(
    kg: rk.Graph, rdflib_dataset: Dataset, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)
    dataset = Dataset(default_union=True)

    dataset.parse(data=kg.export(format=format), format=RDFLIB_READERS.get(format, format))

    expected = {triple for name in PUBLISHED for triple in rdflib_dataset.graph(URIRef(name))}
    assert expected == set(dataset.triples((None, None, None)))


@pytest.mark.parametrize("format", ["nquads", "trig"])
def test_formats_with_graphs_keep_them(kg: rk.Graph, format: str) -> None:
    content = kg.export(format=format, inferred=True)

    expected = {quad for quad in kg.quad_store if quad.graph_name != NamedNode(ONTOLOGY)}

    assert expected == set(parse(content, READERS[format]))


@pytest.mark.slow
def test_a_copy_for_rdflib_keeps_graphs_and_texts(kg: rk.Graph, rdflib_dataset: Dataset) -> None:
    def ours(term: object) -> tuple[str, ...]:
        if isinstance(term, Literal):
            datatype = "" if term.language else term.datatype.value.removeprefix(XSD + "string")
            return "a literal", term.value, term.language or "", datatype
        return type(term).__name__, term.value  # type: ignore[attr-defined]

    def theirs(term: Node) -> tuple[str, ...]:
        if isinstance(term, rdflib.Literal):
            return "a literal", str(term), term.language or "", str(term.datatype or "")
        return "NamedNode" if isinstance(term, URIRef) else "BlankNode", str(term)

    assert {tuple(map(ours, quad)) for quad in kg.quad_store} == {
        (*map(theirs, (s, p, o)), ("NamedNode", str(name)))
        for s, p, o, name in rdflib_dataset.quads()
    }


@pytest.mark.slow
@trials(30)
@given(FACTS, FORMATS)
@example([fact(RKG + "rank", Literal("x", datatype=NamedNode(XSD + "integer")))], "jsonld")
@example([fact(RDFS + "label", NamedNode(ID + "b")), fact(RDFS + "label", TEXT)], "jsonld")
@example([fact(RDFS + "label", Literal("1971", datatype=NamedNode(XSD + "gYear")))], "jsonld")
@example([fact(RDFS + "label", TEXT, ID + "//peru")], "jsonld")
def test_any_facts_come_back_as_they_were(facts: list[Triple], format: str) -> None:
    """Every character, language tag and datatype of a file is exported."""
    graph = loaded(facts)
    kept = {fact for fact in facts if not is_number(fact.object)}

    assert kept - of_the_ontology() <= stated(graph, *PUBLISHED)
    assert stated(graph, *PUBLISHED) == triples(graph.export(format=format), format)


@pytest.mark.slow
@trials(30)
@given(FACTS, FORMATS)
@example([fact(RKG + "rank", Literal("9" * 17, datatype=NamedNode(XSD + "integer")))], "turtle")
@example([fact(RKG + "rank", Literal("0.0000001", datatype=NamedNode(XSD + "decimal")))], "trig")
def test_rdflib_reads_any_facts_as_they_were(facts: list[Triple], format: str) -> None:
    """rdflib's parser of N-Triples gives the expected facts, since rdflib normalises texts."""
    graph = loaded(facts)
    content = graph.export(format=format)

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr("rdflib.NORMALIZE_LITERALS", False)
        warnings.simplefilter("ignore", DeprecationWarning)
        logging.disable(logging.WARNING)
        found, expected = Dataset(default_union=True), rdflib.Graph()
        found.parse(data=content, format=RDFLIB_READERS.get(format, format))
        expected.parse(
            data=serialize(stated(graph, *PUBLISHED), format=RdfFormat.N_TRIPLES), format="nt"
        )
        logging.disable(logging.NOTSET)

    assert set(map(spelled, expected)) == set(map(spelled, found.triples((None, None, None))))


@pytest.mark.parametrize("format", names("triples", "quads"))
def test_a_short_form_in_angle_brackets_is_refused_or_comes_back_as_it_was(format: str) -> None:
    """`<id:peru>` is an IRI of the scheme `id`, not the thing `id:peru`; none becomes the other."""
    try:
        graph = loaded([fact(RDFS + "label", TEXT, "id:peru")])
    except rk.InputError:
        return

    assert stated(graph) == triples(graph.export(format=format), format)


@pytest.mark.slow
def test_an_iri_whose_scheme_is_also_a_prefix_comes_back_as_it_was(tmp_path: Path) -> None:
    """In JSON-LD, a second context removes the prefix."""
    here = NamedNode("geo:-12.04,-77.03")
    facts = [
        Triple(NamedNode(ID + "lima"), NamedNode(RDFS + "seeAlso"), here),
        Triple(
            NamedNode(ID + "lima"), NamedNode("http://www.w3.org/2003/01/geo/wgs84_pos#lat"), ONE
        ),
        *(
            Triple(NamedNode("code:a"), NamedNode(property), value)
            for property in ("src:b", RKG + "rank", "geo:long")
            for value in (here, Literal("x", datatype=NamedNode("id:c")), Literal("y"))
        ),
    ]
    for format, known in READERS.items():
        if format in names("answers"):
            for prefixes in (None, {"geo": "urn:g:", "code": "urn:c:"}):
                content = serialize_triples(facts, format, prefixes)
                assert set(facts) == {quad.triple for quad in parse(content, known)}
    graph = loaded(facts[:1])
    written = graph.export(tmp_path / "facts.jsonld")
    assert (
        set(facts[:1])
        == triples(written, "jsonld")
        == stated(rk.load(only=tmp_path / "facts.jsonld"), IDENTIFIERS)
    )


def test_rdf_xml_is_read_back_or_refused() -> None:
    subject, label = NamedNode("urn:a"), NamedNode(RDFS + "label")
    facts = [Triple(subject, label, Literal("a\r\nb\rc"))]
    read = parse(serialize_triples(facts, "rdfxml"), RdfFormat.RDF_XML)

    assert facts == [quad.triple for quad in read]
    for wrong in (
        Triple(subject, NamedNode("http://e.org/1"), Literal("a")),
        Triple(subject, NamedNode("http://e.org/"), Literal("a")),
        Triple(subject, NamedNode(RDF + "li"), Literal("a")),
        Triple(subject, label, Literal("a\u0001")),
        Triple(subject, label, Literal("a\ufffe")),
    ):
        with pytest.raises(rk.InputError):
            serialize_triples([wrong], "rdfxml")


@pytest.mark.slow
@trials(8, whole=45)
@given(FACTS)
def test_any_facts_are_copied_for_rdflib_as_they_were(facts: list[Triple]) -> None:
    graph = loaded(facts)

    copied = {tuple(map(str, triple)) for triple in graph.to_rdflib().graph(URIRef(STATED))}

    assert {
        (t.subject.value, t.predicate.value, t.object.value)  # type: ignore[union-attr]
        for t in stated(graph)
    } == copied


# Exports of one thing and of all that is inferred, in each format.
EXPORTS = """
import hashlib, sys, tempfile, warnings, relations_kg as rk
warnings.simplefilter("ignore")
kg = rk.load(only=sys.argv[1:])
for format in ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml", "csv", "xlsx"):
    for inferred, of in ((False, "peru"), (True, None)):
        with tempfile.TemporaryDirectory() as folder:
            path = folder if format == "csv" else None
            by = "kind" if inferred or format not in ("csv", "xlsx") else "form"
            content = kg.export(path, format=format, inferred=inferred, of=of, by=by)
        print(format, inferred, of, len(content), hashlib.sha256(content).hexdigest())
"""


def exported(seed: int, *files: Path) -> str:
    command = [sys.executable, "-c", EXPORTS, *map(str, files)]
    surroundings = {**os.environ, "PYTHONHASHSEED": str(seed)}
    outcome = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    assert 16 == len(set(outcome.stdout.splitlines()))
    return outcome.stdout


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(3))
def test_an_export_has_the_same_bytes_whatever_the_hash_seed_and_the_order_of_loading(
    kg: rk.Graph, tmp_path: Path, seed: int
) -> None:
    facts = sorted(stated(kg, *PUBLISHED), key=str)
    shuffled = random.Random(seed).sample(facts, len(facts))
    files = [tmp_path / f"{number}.nt" for number in range(3)]
    for file, part in zip(files, (facts, shuffled[1000:], shuffled[:1000]), strict=True):
        file.write_bytes(serialize(part, format=RdfFormat.N_TRIPLES) or b"")

    assert exported(2 * seed, files[0]) == exported(2 * seed + 1, *files[1:])


@pytest.mark.slow
def test_things_with_several_dates_kinds_and_names_have_one_order() -> None:
    def thing(number: int) -> list[Triple]:
        node = f"{ID}thing-{number}"
        dates = [f"{number + year}" for year in (1901, 1950, 1990)]
        edtf = NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")
        return [
            *(fact(RKG + "when", Literal(day, datatype=edtf), node) for day in dates),
            *(fact(RDF + "type", NamedNode(RKG + kind), node) for kind in ("Visit", "Event")),
            *(fact(RDFS + "label", Literal(tag, language=tag), node) for tag in ("en", "es")),
        ]

    facts = [triple for number in range(9) for triple in thing(number)]
    graphs = [loaded(random.Random(seed).sample(facts, len(facts))) for seed in range(6)]

    for format in names("triples", "quads"):
        assert 1 == len({graph.export(format=format) for graph in graphs}), format


@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
def test_one_more_visit_changes_no_line_but_its_own(
    kg: rk.Graph, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "facts.ttl"
    path.write_text(
        f"<{ID}visit-of-someone> a <{RKG}Visit> ; <{RDFS}label> 'Visit of someone'@en ;"
        f" <{RKG}hostParty> <{ID}peru> ;"
        f" <{RKG}when> '1980'^^<http://id.loc.gov/datatypes/edtf/EDTF> ."
    )
    before = kg.export(format=format).decode().splitlines()
    after = rk.load(path).export(format=format).decode().splitlines()

    changes = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]

    # A thing with four facts adds four lines and, in readable formats, blank lines or brackets.
    own = {"jsonld": 7, "turtle": 5, "trig": 5}.get(format, 4)
    assert own == len([line for line in changes if line.startswith("+")])
    assert not [line for line in changes if line.startswith("-")]
    assert len([line for line in changes if line.startswith("@@")]) in (1, 2)


@pytest.mark.parametrize("format", ["turtle", "trig"])
def test_texts_for_people_begin_with_prefixes_and_name_kinds_first(
    kg: rk.Graph, format: str
) -> None:
    lines = kg.export(format=format).decode().splitlines()
    end = lines.index("")

    assert sorted(lines[:end]) == lines[:end]
    assert all(line.startswith("@prefix ") for line in lines[:end])
    assert not [line for line in lines[end:] if "<https://w3id.org/relations-kg/id/" in line]
    starts = [line for before, line in pairwise(lines[end:]) if not before]
    things = [line for line in starts if line.startswith("id:")]
    assert len([line for line in things if " a rkg:" in line]) > 100
    # In the graph of identifiers things have no kind, which is stated in another graph.
    assert format == "trig" or all(" a rkg:" in line for line in things)


def test_things_come_by_kind_and_those_of_a_kind_by_date(kg: rk.Graph) -> None:
    nodes = json.loads(kg.export(format="jsonld"))["@graph"]
    starts = {row.s: row.d for row in kg.query("SELECT ?s ?d { ?s rkg:earliestStart ?d }")}  # type: ignore[union-attr]
    signings = [node["@id"] for node in nodes if node["@type"][0] == "Signing"]
    days = [starts[kg.names.find(thing)] for thing in signings]

    kinds = [node["@type"][0] for node in nodes if ":" not in node["@type"][0]]
    assert sorted(kinds) == kinds
    assert sorted(days) == days
    assert sorted(signings) != signings


@pytest.mark.parametrize("format", ["ntriples", "nquads"])
def test_texts_for_programs_are_sorted_lines(kg: rk.Graph, format: str) -> None:
    lines = kg.export(format=format).splitlines()

    assert sorted(lines) == lines
    assert len(lines) == len(set(lines)) == len(stated(kg, *PUBLISHED))


def test_an_unknown_format_is_reported_with_those_there_are(kg: rk.Graph) -> None:
    with pytest.raises(rk.InputError) as caught:
        kg.export(format="yaml")

    assert (
        "unknown format 'yaml'; use one of"
        " turtle, jsonld, ntriples, nquads, trig, rdfxml, csv, xlsx"
    ) == str(caught.value)


def test_an_export_is_written_to_a_file_and_returned(kg: rk.Graph, tmp_path: Path) -> None:
    path = tmp_path / "out.nt"

    content = kg.export(path, format="ntriples")

    assert content == path.read_bytes() == kg.export(str(path), format="ntriples")
    assert ["out.nt"] == os.listdir(tmp_path)


def failing(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["os.replace", "os.chmod", "os.fdopen"])
def test_a_file_is_written_whole_or_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "out.ttl"
    path.write_bytes(b"old")
    monkeypatch.setattr(step, failing)

    with pytest.raises(rk.InputError, match=r"out\.ttl: cannot be written: No space left"):
        files.write(path, b"new")

    assert b"old" == path.read_bytes()
    assert ["out.ttl"] == os.listdir(tmp_path)


def test_a_file_keeps_its_rights_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    old, new, usual = tmp_path / "old", tmp_path / "new", tmp_path / "usual"
    old.write_bytes(b"old")
    old.chmod(0o640)
    usual.write_bytes(b"")

    files.write(old, b"new")
    files.write(new, b"new")

    assert 0o640 == stat.S_IMODE(old.stat().st_mode)
    assert usual.stat().st_mode == new.stat().st_mode


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)

    files.write(link, b"new")

    assert link.is_symlink()
    assert b"new" == target.read_bytes()


@pytest.mark.parametrize(
    "place", [lambda folder: folder, lambda folder: folder / "none" / "out.ttl"]
)
def test_a_place_that_cannot_be_written_is_reported(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    with pytest.raises(rk.InputError, match="cannot be written") as caught:
        files.write(place(tmp_path), b"new")

    assert str(place(tmp_path)) == caught.value.where


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "中" * 85], ids=len)
def test_a_name_may_be_as_long_as_the_system_lets_it_be(tmp_path: Path, name: str) -> None:
    files.write(tmp_path / name, b"new")

    assert [name] == os.listdir(tmp_path)


THINGS = ("peru", "lima", "Embassy", "src:china-peru/s022", "code:sentence", "one-china-policy")


@pytest.mark.slow
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("inferred", [False, True])
def test_one_thing_is_exported_with_what_points_to_it(
    kg: rk.Graph, thing: str, inferred: bool
) -> None:
    names = (*PUBLISHED, DATES, INFERRED) if inferred else PUBLISHED
    known, node = stated(kg, *names), NamedNode(kg.names.find(thing))
    pointing = {fact.subject for fact in known if fact.object == node} | {node}

    found = triples(kg.export(format="ntriples", inferred=inferred, of=thing), "ntriples")

    about = {fact.subject for fact in found}
    grounds = {fact.object for fact in found if fact.predicate.value == RKG + "statedIn"}
    assert {fact for fact in known if fact.subject in pointing | grounds} <= found
    assert found - known <= stated(kg, ONTOLOGY)
    for fact in found:
        if isinstance(fact.object, NamedNode) and fact.object not in about:
            assert not fact.object.value.startswith(ID)


@pytest.mark.slow
@pytest.mark.parametrize("format", names("triples", "quads"))
@pytest.mark.parametrize("inferred", [False, True])
def test_one_thing_is_the_same_in_every_format(kg: rk.Graph, format: str, inferred: bool) -> None:
    for thing in THINGS:
        found = triples(kg.export(format="nquads", inferred=inferred, of=thing), "nquads")
        assert found == triples(kg.export(format=format, inferred=inferred, of=thing), format)


def test_one_thing_can_be_loaded_as_facts(kg: rk.Graph, tmp_path: Path) -> None:
    content = kg.export(tmp_path / "lima.ttl", of="Lima")

    again = rk.load(only=[tmp_path / "lima.ttl"]).export(of="Lima")

    assert triples(content, "turtle") == triples(again, "turtle")


@pytest.mark.slow
def test_a_thing_must_be_known_and_named_by_some_fact(kg: rk.Graph) -> None:
    with pytest.raises(rk.UnknownName, match="nothing in the graph is called 'Limaa'"):
        kg.export(of="Limaa")
    with pytest.raises(rk.InputError, match=r"mentions rkg:ClosedMission; export inferred facts"):
        kg.export(of="ClosedMission")
    with pytest.raises(rk.InputError, match=r"no exported fact mentions rkg:Embassy\Z"):
        rk.load(only=[]).export(of="rkg:Embassy", inferred=True)
    assert b"rkg:ClosedMission" in kg.export(of="ClosedMission", inferred=True)


def test_a_link_to_nothing_yet_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    link, target = tmp_path / "link.ttl", tmp_path / "target.ttl"
    link.symlink_to(target)

    files.write(link, b"x")
    assert (True, b"x") == (link.is_symlink(), target.read_bytes())

    lost = tmp_path / "lost.ttl"
    lost.symlink_to(tmp_path / "none" / "target.ttl")
    with pytest.raises(InputError, match=r"lost\.ttl: cannot be written: No such file"):
        files.write(lost, b"x")
    assert lost.is_symlink()


def test_a_link_to_no_folder_yet_leads_to_the_folder_that_is_written(tmp_path: Path) -> None:
    for name in ("tables", "store"):
        (tmp_path / f"to-{name}").symlink_to(tmp_path / name)

    files.write_folder(tmp_path / "to-tables", [("deep/a.csv", b"x")])
    rk.load(only=[], store=tmp_path / "to-store")

    assert b"x" == (tmp_path / "tables/deep/a.csv").read_bytes()
    assert (tmp_path / "to-store").is_symlink()
    assert (tmp_path / "store").is_dir()


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    with pytest.raises(InputError, match="loop: it is a link to itself; name another place"):
        files.write(loop, b"x")
    with pytest.raises(InputError, match="loop: it is a link to itself; name another place"):
        files.write_folder(loop, [("a", b"x")])
    assert loop.is_symlink()
