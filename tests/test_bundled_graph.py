"""Tests of the file that caches the bundled graph, and of when it is rebuilt."""

import gc
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Store

import relations_kg as rk
from relations_kg import _files
from relations_kg.reader.bundled import fact_files, load_facts, ontology_store
from relations_kg.reasoning import bundled_graph, states
from relations_kg.reasoning.closure import Closure
from relations_kg.reasoning.inference import Inference
from relations_kg.reasoning.materialization import make_again

ROOT = Path(_files.folder("data")).parent
# Prints a hash of all quads that have no blank node.
QUADS = """
import zlib, relations_kg
quads = sorted(str(quad) for quad in relations_kg.load().store if "_:" not in str(quad))
print(len(quads), zlib.crc32("".join(quads).encode()))
"""


def copied(place: Path) -> Path:
    """Copy the package as a checkout has it, without the cached graph."""
    for name in ("ontology", "data", "queries"):
        shutil.copytree(_files.folder(name), place / name)
    ignored = shutil.ignore_patterns("__pycache__", "ontology", "data", "queries", "*.nq")
    shutil.copytree(_files.PACKAGE, place / "src" / "relations_kg", ignore=ignored)
    return place


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def unedited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the cached graph, which each test leaves as it was."""
    place = copied(tmp_path_factory.mktemp("unedited"))
    printed(place, QUADS)
    return place


# Prints whether the file is missing, damaged or made from other sources.
IS_OBSOLETE = (
    "from relations_kg.reasoning import bundled_graph; print(bundled_graph.read() is None)"
)


def begin(place: Path, code: str) -> "subprocess.Popen[str]":
    """Start Python code with the package in the folder `src` of a place."""
    environment = {**os.environ, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=place)


def printed(place: Path, code: str) -> str:
    with begin(place, code) as process:
        text = process.communicate()[0]
    assert process.returncode == 0
    return text.strip()


def canonical(store: Store) -> set[str]:
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


@pytest.mark.slow
def test_the_file_holds_what_is_inferred_from_the_sources() -> None:
    store = ontology_store()
    for path in fact_files():
        load_facts(store, path, _files.content(path))
    Inference(store)

    assert canonical(store) == canonical(rk.load().store)


def test_an_installed_package_has_the_file() -> None:
    rk.load()  # In a checkout, this writes the file.

    assert bundled_graph.read() is not None


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
def test_the_graph_that_was_begun_is_given_once(whole: bool) -> None:
    bundled_graph.begin(whole=whole)
    stores = [bundled_graph.store(make_again).whole for _ in range(2)]

    assert stores[0] is not stores[1]
    assert canonical(stores[0]) == canonical(stores[1])


def test_both_parts_are_loaded_together_for_a_command_that_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = len(rk.load().store)  # In a checkout, this writes the file.
    bundled_graph.begin(whole=True)
    monkeypatch.setattr(bundled_graph, "read_part", lambda *_: pytest.fail("it is read again"))

    assert whole == len(bundled_graph.store(make_again))


@pytest.mark.parametrize(
    ("words", "begun"),
    [
        (["query", "visits", "--host", "peru"], ["first"]),
        (["query", "visits", "--facts", "more.ttl"], []),
        (["query", "--store=dir", "ASK {}"], []),
        (["validate", "more.ttl"], ["whole"]),
        (["validate", "more.ttl", "--against", "none"], []),
        (["export"], []),
        ([], []),
    ],
)
def test_the_command_begins_to_load_the_graph_that_it_needs(
    monkeypatch: pytest.MonkeyPatch, words: list[str], begun: list[str]
) -> None:
    found: list[str] = []

    def begin(*, whole: bool = False) -> None:
        found.append("whole" if whole else "first")

    monkeypatch.setattr(sys, "argv", ["relations-kg", *words])
    monkeypatch.setattr(bundled_graph, "begin", begin)
    runpy.run_module("relations_kg.__main__", run_name="imported")
    gc.enable()  # The module disables garbage collection.

    assert begun == found


def test_no_rule_is_applied_to_answer_from_the_bundled_graph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rk.load()  # In a checkout, this writes the file.

    def applied(*_: object, **__: object) -> None:
        raise AssertionError("a rule is applied")

    monkeypatch.setattr(Closure, "add", applied)
    monkeypatch.setattr(Inference, "__init__", applied)
    kg = rk.load()
    assert len(kg.run("mission-history", sender="peru")) > 3
    assert kg.query("ASK { id:peru rkg:sendsMission id:embassy-of-peru-in-beijing }") is True
    assert kg.show("lima").kinds == ("city", "place")
    assert kg.summary().inferred > 500
    with pytest.raises(AssertionError):
        kg.contradictions()


def entailed(inference: Inference) -> dict[str, set[tuple[str, str]]]:
    """Return the pairs of each predicate of a closure, except those with blank nodes."""
    return {
        predicate.value: {
            (str(subject), str(object_))
            for subject, object_ in inference.closure.pairs(predicate)
            if not isinstance(subject, BlankNode) and not isinstance(object_, BlankNode)
        }
        for predicate in inference.closure.predicates
    }


@pytest.fixture
def additions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that gets an item whenever a closure computes what added facts entail."""
    found: list[int] = []
    for method in (Closure.add, Closure.fill):

        def counted(*given: Any, method: Callable[..., object] = method) -> object:
            found.append(1)
            return method(*given)

        monkeypatch.setattr(Closure, method.__name__, counted)
    return found


def test_the_inference_of_the_bundled_graph_is_restored_and_not_computed(
    additions: list[int],
) -> None:
    changed, kg = rk.load(), rk.load()
    # A caller that has the store may have changed it, so this inference is computed.
    computed = Inference(changed.store, known=True)
    additions.clear()
    restored = kg.inference

    assert not additions
    assert entailed(restored) == entailed(computed)
    assert restored.closure.predicates == computed.closure.predicates
    assert changed.inference.changes == 0
    assert additions


def test_a_state_of_another_machine_is_computed_again(
    monkeypatch: pytest.MonkeyPatch, additions: list[int]
) -> None:
    kg = rk.load()
    computed = Inference(rk.load().store, known=True)
    additions.clear()
    monkeypatch.setattr(states, "_FORMAT", [0])

    assert entailed(kg.inference) == entailed(computed)
    assert additions


def test_rules_are_not_imported_to_answer_from_the_bundled_graph() -> None:
    rk.load()
    code = (
        "import sys, relations_kg\n"
        "relations_kg.load().run('mission-history', sender='peru')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('relations_kg.reasoning.')))"
    )

    assert printed(Path(), code) == " ".join(
        f"relations_kg.reasoning.{name}" for name in ("bundled_graph", "bundled_store")
    )


def test_loading_imports_nothing_that_only_answers_need() -> None:
    rk.load()
    code = (
        "import sys\n"
        "at_start = set(sys.modules)\n"
        "import relations_kg\n"
        "relations_kg.load()\n"
        "loaded = [name for name in sys.modules if name.startswith('relations_kg.answers.')]\n"
        "large = {'contextlib', 'datetime', 'decimal', 'enum', 're', 'typing'}\n"
        "print(*sorted(loaded), *large & {*sys.modules} - at_start)"
    )

    modules = (f"relations_kg.answers.{name}" for name in ("calls", "knowledge"))
    assert " ".join(modules) == printed(Path(), code)


def test_the_graph_begins_to_load_before_large_modules_are_imported() -> None:
    code = (
        "import sys\n"
        "at_start = set(sys.modules)\n"
        "import relations_kg\n"
        "relations_kg.load\n"
        "large = {'collections', 'functools', 're', 'threading', 'typing'}\n"
        "print(*large & {*sys.modules} - at_start)"
    )

    assert printed(Path(), code) == ""


def test_a_usual_stored_query_needs_no_lexer() -> None:
    rk.load()
    code = (
        "import relations_kg, relations_kg.sparql.lexer as lexer\n"
        "relations_kg.load().run('mission-history', sender='peru')\n"
        "print(lexer._patterns.cache_info().currsize)"
    )

    assert "0" == printed(Path(), code)


@pytest.mark.slow
def test_a_checkout_makes_the_file_once(copy: Path) -> None:
    file = copy / "build" / bundled_graph.FILE

    first = printed(copy, QUADS)
    made = file.stat()
    second = printed(copy, QUADS)

    assert first == second == printed(Path(), QUADS)
    assert (made.st_ino, made.st_mtime_ns) == (file.stat().st_ino, file.stat().st_mtime_ns)
    assert os.listdir(copy / "build") == [bundled_graph.FILE]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/china-peru/since-1971.ttl", '"1971-11-02/.."', '"1971-11-03/.."'),  # the same size
        ("data/identifiers.ttl", "Q419", "Q418"),
        ("ontology/relations.ttl", "rkg:neighbourOf a owl:ObjectProperty , owl:SymmetricProperty",
         "rkg:neighbourOf a owl:ObjectProperty"),
        ("ontology/codelists.ttl", "rkg:laneOrder 1 ", "rkg:laneOrder 0 "),
        ("ontology/time.n3", "?x rkg:latestEnd ?day } => { ?x rkg:latestStart ?day }",
         "?x rkg:latestEnd ?day } => { ?x rkg:latestEnd ?day }"),
        ("src/relations_kg/reasoning/rules.py", '"y"),), ("y", p, "x"))', '"y"),), ("x", p, "y"))'),
        ("src/relations_kg/rdf/dates.py", "first = date(y, m, d) if y > 0 else None",
         "first = date.min"),
    ],
)  # fmt: skip
def test_after_an_edit_of_any_source_the_file_is_obsolete(
    unedited: Path, file: str, old: str, new: str
) -> None:
    source = (unedited / file).read_bytes()
    assert old.encode() in source
    assert "False" == printed(unedited, IS_OBSOLETE)
    (unedited / file).write_bytes(source.replace(old.encode(), new.encode()))
    edited = printed(unedited, IS_OBSOLETE)
    (unedited / file).write_bytes(source)

    assert "True" == edited


@pytest.mark.slow
def test_an_edit_changes_the_answer_until_it_is_undone(copy: Path) -> None:
    before = printed(copy, QUADS)
    file = copy / "data" / "identifiers.ttl"
    source = file.read_bytes()
    file.write_bytes(source.replace(b"Q419", b"Q418"))
    assert before != printed(copy, QUADS)
    file.write_bytes(source)

    assert before == printed(copy, QUADS)


@pytest.mark.slow
def test_a_file_of_facts_that_comes_or_goes_changes_the_answer(copy: Path) -> None:
    before = printed(copy, QUADS)
    shutil.copy(ROOT / "data/china-peru/visits.ttl", copy / "data/again.ttl")
    assert before == printed(copy, QUADS)
    (copy / "data/china-peru/visits.ttl").unlink()
    assert before == printed(copy, QUADS)
    (copy / "data/again.ttl").unlink()
    assert before != printed(copy, QUADS)


@pytest.mark.slow
def test_the_facts_of_another_document_are_added_whatever_marks_its_files_begin_with(
    copy: Path,
) -> None:
    asks = "print(relations_kg.load().query('ASK { id:avaria a rkg:State }'))"
    facts = copy / "data" / "avaria-borduria" / "facts.ttl"
    facts.parent.mkdir()
    facts.write_bytes(
        b"\xef\xbb\xbf@prefix id: <https://w3id.org/relations-kg/id/> .\n"
        b"id:avaria a <https://w3id.org/relations-kg/ontology#State> .\n"
    )

    assert "True" == printed(copy, f"import relations_kg; {asks}")


def test_a_mistake_in_a_file_of_facts_is_reported_with_its_place(copy: Path) -> None:
    facts = copy / "data" / "avaria-borduria" / "facts.ttl"
    facts.parent.mkdir()
    facts.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> .\n")
    code = (
        "import relations_kg\ntry: relations_kg.load()\n"
        "except relations_kg.InputError as error: print(error.where, error.line, error.column)"
    )

    assert f"{facts} 2 17" == printed(copy, code)


@pytest.mark.slow
def test_a_damaged_file_is_made_again(copy: Path) -> None:
    before = printed(copy, QUADS)
    file = copy / "build" / bundled_graph.FILE
    text = file.read_bytes()
    for damaged in (b"", text[: text.index(b"\n") + 1], text[: len(text) // 9]):
        file.write_bytes(damaged)

        assert "True" == printed(copy, IS_OBSOLETE)
    # The last of these is damaged in the second part, which is read at first need.
    for damaged in (text.replace(b"1971-11-02", b"1971-11-03"), text[:-100] + b"\0" * 100):
        file.write_bytes(damaged)

        assert before == printed(copy, QUADS)
        assert text == file.read_bytes()


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_done_without(copy: Path) -> None:
    (copy / "build").write_bytes(b"")

    assert printed(copy, QUADS) == printed(Path(), QUADS)


def install(copy: Path) -> Path:
    """Move the data folders into the package, as in a wheel, and return its path."""
    package = copy / "src" / "relations_kg"
    for name in ("ontology", "data", "queries"):
        (copy / name).rename(package / name)
    return package


@pytest.mark.slow
def test_an_edited_data_file_of_an_installed_package_changes_the_answer(copy: Path) -> None:
    before = printed(copy, QUADS)
    package = install(copy)
    (copy / "build" / bundled_graph.FILE).rename(package / bundled_graph.FILE)
    assert "False" == printed(copy, IS_OBSOLETE)
    assert before == printed(copy, QUADS)
    last = package / "data" / "identifiers.ttl"
    text = last.read_bytes()
    last.unlink()
    assert before != printed(copy, QUADS)
    last.write_bytes(text.replace(b"Q419", b"Q418"))
    assert "True" == printed(copy, IS_OBSOLETE)
    assert before != printed(copy, QUADS)


@pytest.mark.slow
def test_an_installed_package_is_not_written_to(copy: Path) -> None:
    install(copy)
    before = sorted(copy.rglob("*"))

    assert printed(copy, QUADS) == printed(Path(), QUADS)
    assert before == sorted(copy.rglob("*"))


@pytest.mark.slow
def test_processes_that_make_the_file_at_once_do_not_disturb_each_other(copy: Path) -> None:
    processes = [begin(copy, QUADS) for _ in range(4)]
    texts = {process.communicate()[0].strip() for process in processes}

    assert texts == {printed(Path(), QUADS)}
    assert os.listdir(copy / "build") == [bundled_graph.FILE]
