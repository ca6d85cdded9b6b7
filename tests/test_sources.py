"""Tests of files with common facts: a fact stays until its last file is removed."""

import random
from pathlib import Path

import documents
import pytest
from pyoxigraph import NamedNode, Quad

import relations_kg as rk
from relations_kg._files import folder, paths
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, STATED
from relations_kg.reader import reading

# Most files state facts about things of other files, so the removal of a file causes warnings.
pytestmark = pytest.mark.filterwarnings("ignore:.* no longer described")

FACTS = Path(__file__).with_name("facts") / "good"
HEADER = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in (
        ("rkg", "https://w3id.org/relations-kg/ontology#"),
        ("id", "https://w3id.org/relations-kg/id/"),
        ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
        ("owl", "http://www.w3.org/2002/07/owl#"),
        ("edtf", "http://id.loc.gov/datatypes/edtf/"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    )
)
# Statements of all kinds that files may share: dates, inferred facts, identifiers, numbers.
LINES = [
    "id:x a rkg:Embassy .",
    "id:x rkg:sendingParty id:a ; rkg:receivingParty id:b .",
    'id:x rkg:when "1950/1960"^^edtf:EDTF .',
    'id:x rkg:when "1955"^^edtf:EDTF .',
    "id:x owl:sameAs <http://www.wikidata.org/entity/Q1> .",
    'id:x rkg:startedBy id:e . id:e rkg:when "1950"^^edtf:EDTF .',
    "id:a a rkg:State . id:b a rkg:State .",
    'id:x rkg:amount "7"^^xsd:integer .',
    'id:x rkg:amount "07"^^xsd:integer .',
    "id:lima a rkg:City .",
    "id:x a rkg:Mission .",
]


@pytest.fixture(params=["memory", "store"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    return str(tmp_path / "store") if request.param == "store" else None


def contents(graph: rk.Graph) -> set[Quad]:
    return {
        quad
        for name in (STATED, DATES, INFERRED, IDENTIFIERS)
        for quad in graph.quad_store.quads_for_pattern(None, None, None, NamedNode(name))
    }


def written(place: Path, name: str, *lines: str) -> Path:
    path = place / name
    path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.slow
def test_what_two_versions_state_stays_when_one_is_removed(
    tmp_path: Path, kept: str | None
) -> None:
    one = written(tmp_path, "v1.ttl", *LINES[:3], LINES[4])
    two = written(tmp_path, "v2.ttl", *LINES[1:6])
    graph = rk.load(only=[one], store=kept)

    added = graph.add(two)
    removed = graph.remove(one)

    assert contents(graph) == contents(rk.load(only=[two]))
    only_first = rk.load(only=[two]).add(one)
    assert (removed.added, removed.removed) == (only_first.removed, only_first.added)
    assert added == rk.load(only=[one]).add(two)


@pytest.mark.slow
def test_what_a_bundled_file_states_is_not_taken_out(
    kg: rk.Graph, tmp_path: Path, kept: str | None
) -> None:
    export = tmp_path / "all.ttl"
    kg.export(export)
    graph = rk.load(export, store=kept)

    assert contents(graph) == contents(kg)
    removed = graph.remove(export)
    assert contents(graph) == contents(kg)
    assert (frozenset(), frozenset()) == removed
    assert graph.summary() == kg.summary()


@pytest.mark.slow
def test_bundled_files_can_be_removed_beside_others_that_state_the_same(
    kg: rk.Graph, tmp_path: Path
) -> None:
    export = tmp_path / "all.nq"
    kg.export(export, format="nquads")
    for graph in (rk.load(export), rk.load()):
        graph.add(export)
        graph.remove(*paths(folder("data"), ".ttl"))

        assert contents(graph) == contents(kg)
        graph.remove(export)
        assert not contents(graph)


@pytest.mark.slow
def test_one_file_under_two_names_is_one_in_all_answers(tmp_path: Path, kept: str | None) -> None:
    visit = FACTS / "visit.ttl"
    copy = tmp_path / "copy.ttl"
    copy.write_bytes(visit.read_bytes())
    once, twice = rk.load(visit), rk.load(visit, copy, store=kept)

    assert once.summary() == twice.summary()
    assert contents(once) == contents(twice)
    for format in ("turtle", "nquads", "jsonld"):
        assert once.export(format=format, inferred=True) == twice.export(
            format=format, inferred=True
        )
    for name, query in once.queries.items():
        if not any(parameter.required for parameter in query.parameters):
            assert once.run(name).terms == twice.run(name).terms
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert list(once.query(count)) == list(twice.query(count))
    for file in (copy, visit):
        assert contents(twice) == contents(once)
        removed = twice.remove(file)
    assert contents(twice) == contents(rk.load())
    assert removed == once.remove(visit)


@pytest.mark.slow
def test_a_number_in_two_spellings_is_one_fact(tmp_path: Path, kept: str | None) -> None:
    one = written(tmp_path, "1.ttl", LINES[7])
    two = written(tmp_path, "2.ttl", LINES[8], LINES[7])
    for files in ([one, two], [two, one]):
        graph = rk.load(only=[])
        graph.add(*files)
        graph.remove(files[0])
        assert contents(graph) == contents(rk.load(only=files[1:]))
    loaded = rk.load(only=[one, two], store=kept)
    loaded.remove(two)
    assert contents(loaded) == contents(rk.load(only=[one]))
    loaded.remove(one)
    assert not contents(loaded)


@pytest.mark.sampled
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_any_changes_leave_what_loading_the_rest_would(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    suffixes = [".ttl", ".trig", ".nt", ".nq"]
    files = []
    for number in range(7):
        path = written(tmp_path, f"{number}.ttl", *chance.sample(LINES, chance.randint(1, 6)))
        suffix = chance.choice(suffixes)
        if suffix != ".ttl":
            made = path.with_suffix(suffix)
            name = {".trig": "trig", ".nt": "ntriples", ".nq": "nquads"}[suffix]
            rk.load(only=[path]).export(made, format=name)
            path = made
        files.append(path)
    bundled = bool(seed % 2)
    loaded = chance.sample(files, 3)
    graph = rk.load(*loaded) if bundled else rk.load(only=loaded)
    for _ in range(12):
        before = contents(graph)
        absent = [file for file in files if file not in loaded]
        act = chance.choice(["add", "remove", "replace"])
        new = chance.sample(absent, min(len(absent), chance.randint(1, 2)))
        gone = chance.sample(loaded, min(len(loaded), chance.randint(1, 2)))
        if act == "add":
            change = graph.add(*new)
            gone = []
        elif act == "remove":
            change = graph.remove(*gone)
            new = []
        elif new and gone:
            change = graph.replace(gone[0], new[0])
            gone, new = gone[:1], new[:1]
        else:
            continue
        loaded = [file for file in loaded if file not in gone] + new

        anew = rk.load(*loaded) if bundled else rk.load(only=loaded)
        assert contents(graph) == contents(anew)
        assert {origin.name for origin in graph.sources.origins} == {
            origin.name for origin in anew.sources.origins
        }
        assert graph.sources.shared == anew.sources.shared
        after = {quad.triple for quad in contents(graph)}
        known = {quad.triple for quad in before}
        triples = [{(t.subject, t.predicate, t.object) for t in each} for each in (after, known)]
        assert (triples[0] - triples[1], triples[1] - triples[0]) == change


@pytest.mark.slow
def test_replacing_is_whole_or_not_at_all(tmp_path: Path, kept: str | None) -> None:
    one = written(tmp_path, "v1.ttl", *LINES[:3])
    two = written(tmp_path, "v2.ttl", *LINES[1:6])
    undatable = written(tmp_path, "v3.ttl", LINES[1], 'id:x rkg:when "yesterday"^^edtf:EDTF .')
    broken = written(tmp_path, "v4.ttl", "id:x a")
    graph = rk.load(only=[one], store=kept)
    before = contents(graph)

    for wrong in (undatable, broken, tmp_path / "none.ttl", "-" if kept else tmp_path):
        with pytest.raises(rk.InputError):
            graph.replace(one, wrong)
        assert contents(graph) == before
    with pytest.raises(rk.InputError, match=r"v2\.ttl: is not loaded"):
        graph.replace(two, one)
    assert contents(graph) == before

    change = graph.replace(one, two)

    assert contents(graph) == contents(rk.load(only=[two]))
    old, new = ({quad.triple for quad in each} for each in (before, contents(graph)))
    assert len(new - old), len(old - new) == tuple(map(len, change))
    if kept:
        assert contents(rk.load(store=kept)) == contents(graph)


@pytest.mark.slow
def test_a_file_that_is_not_loaded_or_has_changed_is_an_error(
    tmp_path: Path, kept: str | None
) -> None:
    one = written(tmp_path, "one.ttl", *LINES[:3])
    other = written(tmp_path, "other.ttl", *LINES[:2])
    graph = rk.load(only=[one], store=kept)
    before = contents(graph)

    with pytest.raises(rk.InputError, match=rf"other\.ttl: is not loaded; .* {one}"):
        graph.remove(other)
    original = one.read_bytes()
    written(tmp_path, "one.ttl", *LINES[:2])
    with pytest.raises(rk.InputError, match=r"one\.ttl: has changed since it was loaded"):
        graph.remove(one)
    assert contents(graph) == before
    with pytest.raises(rk.InputError, match=r"is not loaded; .* the bundled graph$"):
        rk.load().remove(other)

    moved = tmp_path / "moved.ttl"
    moved.write_bytes(original)
    graph.remove(moved)
    assert not contents(graph)


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_the_files_of_a_document_share_no_fact(name: str) -> None:
    """`Graph.sources` relies on this: it does not count facts that files of a document share."""
    read = [set(reading.read(file, NamedNode(STATED))) for file in documents.files(name)]

    assert sum(map(len, read)) == len(set().union(*read))
