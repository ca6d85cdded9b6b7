"""Tests of the table of names of a store on disk, which must answer as the store does."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import name_tables
import pytest
from command_line import run
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from trials import seeds, trials

import relations_kg as rk
from relations_kg.names import database
from relations_kg.names.database import Database
from relations_kg.names.search_index import SearchIndex
from relations_kg.rdf.namespaces import CODE, ID, IDENTIFIER, INFERRED, OWL, RDFS, RKG, SKOS, STATED
from relations_kg.rdf.terms import statements
from relations_kg.reasoning.stored_state import StoredState

GOOD = Path(__file__).with_name("facts") / "good"
THINGS = [NamedNode(space + name) for space in (ID, CODE) for name in ("peru", "the-isle", "a-b")]
USES = [NamedNode(ID + name) for name in ("use-1", "use-2")]
NODES = [NamedNode(IDENTIFIER + name) for name in ("one", "two")]
SCHEMES = [NamedNode(IDENTIFIER + name) for name in ("gazetteer", "iso")]
ADDRESSES = [
    NamedNode(address)
    for address in ("http://www.wikidata.org/entity/Q419", "https://example.org/Q419")
]
TEXTS = [
    "Peru",
    "PERÚ",
    "the Peru",
    "Isle of Peru",
    "Peru's isle",
    "U.S.A.",
    "?",
    "",
    "\0 x",
    "秘鲁",
    "Q419",
]


def facts(
    subjects: list[NamedNode],
    properties: list[str],
    objects: st.SearchStrategy[NamedNode | Literal],
) -> st.SearchStrategy[Quad]:
    return st.builds(
        Quad,
        st.sampled_from(subjects),
        st.sampled_from(properties).map(NamedNode),
        objects,
        st.sampled_from([NamedNode(STATED), NamedNode(INFERRED)]),
    )


TEXT = st.builds(Literal, st.sampled_from(TEXTS), language=st.sampled_from(["en", "es"]))
FACT = (
    facts(THINGS, [RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", RKG + "title"], TEXT)
    | facts(USES, [RKG + "name"], TEXT)
    | facts(USES, [RKG + "nameOf"], st.sampled_from(THINGS))
    | facts(
        THINGS,
        ["http://www.w3.org/ns/adms#identifier", RDFS + "seeAlso"],
        st.sampled_from([*NODES, *ADDRESSES]),
    )
    | facts(NODES, [SKOS + "notation"], TEXT)
    | facts(NODES, [SKOS + "inScheme"], st.sampled_from(SCHEMES))
    | facts(THINGS, [OWL + "sameAs"], st.sampled_from(ADDRESSES))
)


@pytest.mark.slow
@trials(100)
@given(known=st.sets(FACT, max_size=12), changes=st.lists(st.sets(FACT, max_size=4), max_size=5))
def test_a_table_answers_as_the_store_does_after_any_facts_were_added_and_removed(
    tmp_path_factory: pytest.TempPathFactory, known: set[Quad], changes: list[set[Quad]]
) -> None:
    path = str(tmp_path_factory.mktemp("index") / "texts.sqlite")
    store = Store()
    store.extend(known)
    SearchIndex.make(store, path).close()
    for change in changes:
        # Facts that the store has are removed, and others added.
        for quad in change:
            (store.remove if quad in store else store.add)(quad)
        written = SearchIndex.open(path, writable=True)
        assert written
        written.update(store, list(statements(change)))
        written.close()

    opened = SearchIndex.open(path)
    assert opened
    name_tables.compare(store, opened.names, [*name_tables.TEXTS, *TEXTS])


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(6))
def test_the_names_on_disk_are_those_of_the_store_after_files_were_changed_by_two_graphs(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    place = tmp_path / "store"
    files = [GOOD / f"{name}.ttl" for name in ("identifiers", "further-kinds", "visit")]
    loaded = [chance.choice(files)]
    rk.load(only=loaded, store=place)
    graphs = [rk.load(store=place), rk.load(store=place)]
    for _ in range(3):
        graph, file = chance.choice(graphs), chance.choice(files)
        if file not in loaded and chance.random() < 0.5:
            graph.replace(loaded[0], file)
            loaded[0] = file
        elif file not in loaded:
            graph.add(file)
            loaded.append(file)
        elif len(loaded) > 1:
            graph.remove(file)
            loaded.remove(file)
        name_tables.check(graph)
        name_tables.check(rk.load(store=place))


@pytest.mark.slow
def test_a_store_with_a_table_of_another_version_gets_a_new_one_when_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, more, place = GOOD / "visit.ttl", GOOD / "identifiers.ttl", tmp_path / "store"
    with monkeypatch.context() as earlier:
        earlier.setattr(database, "_VERSION", 0)
        rk.load(only=file, store=place)
    graph = rk.load(store=place)
    assert graph.search_index.names is None
    assert graph.names.find("ARVENIA") == ID + "arvenia"

    graph.add(more)

    name_tables.check(graph)
    assert graph.names.find("ARVENIA") == ID + "arvenia"


@pytest.mark.slow
def test_a_name_is_found_on_disk_without_reading_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = rk.load(store=tmp_path / "store")
    for module in ("name_index", "name_table"):
        monkeypatch.setattr(f"relations_kg.names.{module}.read", lambda *_: pytest.fail("read"))

    assert graph.names.find("people's REPUBLIC of china") == ID + "peoples-republic-of-china"
    with pytest.raises(rk.UnknownName, match="did you mean"):
        graph.names.find("peru's embasy in bejing")


@pytest.mark.slow
def test_a_damaged_table_is_reported(tmp_path: Path) -> None:
    place = tmp_path / "store"
    rk.load(store=place)
    (path,) = place.glob("generation-*/texts.sqlite")
    content = bytearray(path.read_bytes())
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'names_by_key'")
        ((root,),) = found.fetchall()
        ((size,),) = connection.execute("PRAGMA page_size").fetchall()
    content[(root - 1) * size : root * size] = bytes(size)
    graph = rk.load(store=place)
    path.write_bytes(content)

    with pytest.raises(rk.InputError, match=r"a file of the store cannot be read: .*malformed"):
        graph.names.find("people's REPUBLIC of china")
    assert run("query", "missions", "--sender", "PERU", "--store", place).returncode == 2


def test_an_error_undoes_a_change_of_a_database(tmp_path: Path) -> None:
    path = str(tmp_path / "names.sqlite")
    database = Database.make(path)
    with database.changing() as connection:
        connection.execute("CREATE TABLE names (text)")
    with (
        pytest.raises(RuntimeError),
        database.changing() as connection,
        closing(connection.execute("INSERT INTO names VALUES ('lost')")),
    ):
        raise RuntimeError
    with database.changing() as connection:
        connection.execute("INSERT INTO names VALUES ('kept')")
    database.close()

    kept = Database.open(path)
    assert kept
    assert kept.rows("SELECT text FROM names") == [("kept",)]


@pytest.mark.parametrize("make", [Database.make, StoredState.make])
def test_a_database_in_a_folder_that_does_not_exist_is_a_system_error(
    tmp_path: Path, make: Callable[[str], object]
) -> None:
    with pytest.raises(OSError, match="Input/output error"):
        make(str(tmp_path / "none" / "names.sqlite"))


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(84)])
def test_a_file_that_is_no_database_of_a_store_is_not_opened(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "names.sqlite"
    assert Database.open(str(path)) is None
    path.write_bytes(content)
    assert Database.open(str(path)) is None
    assert StoredState.open(str(path)) is None
