"""Tests of graphs on disk: their content, locks, and recovery after a killed process."""

import gc
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import asgi
import name_tables
import pytest
from command_line import COMMAND, modules_of, run
from examples import GOOD
from pyoxigraph import BlankNode

import relations_kg as rk
from relations_kg.authoring.importing import import_table
from relations_kg.engines import generations
from relations_kg.engines.disk import Folder
from relations_kg.graph.disk import known
from relations_kg.rdf.namespaces import DATES, IDENTIFIERS, INFERRED, STATED
from relations_kg.rdf.terms import TYPE, Statement
from relations_kg.reasoning.changes import Change
from relations_kg.reasoning.closure import Closure
from relations_kg.validation.fixes import fixed
from relations_kg.web.application import application

VISIT = Path(__file__).with_name("facts") / "good" / "visit.ttl"
OTHER = VISIT.with_name("denial.ttl")
GRAPHS = (STATED, DATES, INFERRED, IDENTIFIERS)


def contents(graph: rk.Graph) -> set[str]:
    """Return all quads except those of the ontology, which has blank nodes."""
    quads = (str(quad) for quad in graph.quad_store)
    return {quad for quad in quads if any(f"<{name}>" in quad for name in GRAPHS)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a store"


@pytest.mark.slow
def test_a_graph_comes_back_as_it_was_kept(kg: rk.Graph, place: Path) -> None:
    kept = rk.load(store=place)
    opened = rk.load(store=place)

    assert contents(kg) == contents(kept) == contents(opened)
    for name in ("missions", "missions-on"):
        if name in kg.queries and not any(p.required for p in kg.queries[name].parameters):
            assert kg.run(name).terms == opened.run(name).terms
    assert kg.query("ASK { id:lima a rkg:Place }") is opened.query("ASK { id:lima a rkg:Place }")


def test_a_query_of_a_store_imports_neither_rules_nor_warnings(place: Path) -> None:
    rk.load(only=VISIT, store=place)
    output, modules = modules_of("query", "visits", "--store", place)

    assert "Ada Ruiz" in output
    assert "relations_kg.graph.disk" in modules
    assert not {name for name in modules if name.startswith("relations_kg.warnings.")}
    assert not {f"relations_kg.reasoning.{name}" for name in ("closure", "rules")} & modules


@pytest.mark.slow
def test_a_kept_graph_does_all_that_one_in_memory_does(kg: rk.Graph, place: Path) -> None:
    opened = rk.load(store=place)
    fact = ("peru", "sendsMission", "embassy-of-peru-in-beijing")

    assert str(kg.show("lima")) == str(opened.show("lima"))
    assert str(kg.explain(*fact)) == str(opened.explain(*fact))
    assert str(kg.validate(VISIT)) == str(opened.validate(VISIT))
    assert kg.export(format="nquads", inferred=True) == opened.export(
        format="nquads", inferred=True
    )
    assert [] == opened.contradictions()
    assert kg.summary() == opened.summary()


@pytest.mark.slow
def test_nothing_is_inferred_again_to_check_facts_against_a_store(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rk.load(store=place)
    added: list[int] = []
    add = Closure.add

    def counted(closure: Closure, facts: Iterable[Statement]) -> Change:
        every = list(facts)
        added.append(len(every))
        return add(closure, every)

    monkeypatch.setattr(Closure, "add", counted)

    assert rk.load(store=place).validate(VISIT).conforms
    assert added
    assert max(added) < 100


@pytest.mark.slow
def test_a_state_of_the_inference_that_is_damaged_is_not_used(kg: rk.Graph, tmp_path: Path) -> None:
    state = tmp_path / generations.STATE
    for damaged in (b"SQLite format 3", b"x" * 5_000, b"", None):
        state.unlink(missing_ok=True)
        if damaged is not None:
            state.write_bytes(damaged)
        made_anew = known(kg.quad_store, kg.quad_store, str(tmp_path))
        both = [
            # Blank nodes of the ontology have other names in the restored inference.
            {pair for pair in each.closure.pairs(TYPE) if not isinstance(pair[0], BlankNode)}
            for each in (made_anew, kg.inference)
        ]
        assert both[0] == both[1]
        for party, _ in both[0]:
            assert made_anew.content().traces[party] == kg.inference.content().traces[party]


@pytest.mark.slow
def test_a_forked_process_leaves_the_copy_of_its_parent(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place.parent))
    opened = rk.load(only=VISIT, store=place)
    store = opened.scratch.quad_store
    (folder,) = place.parent.glob("relations-kg-*")
    copy = weakref.ref(opened.scratch)

    child = os.fork()
    if not child:
        del opened
        gc.collect()
        os._exit(copy() is not None)
    assert os.waitpid(child, 0)[1] == 0
    assert list(folder.iterdir())

    del opened, store
    gc.collect()
    assert not folder.exists()


def in_a_fork(work: Callable[[], object]) -> str:
    """Run a function in a fork of this process; return its result or its error as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(30)
        try:
            os.write(writer, str(work()).encode())
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with open(reader, encoding="utf-8") as pipe:
        return pipe.read()


@pytest.mark.slow
def test_a_forked_process_checks_facts_and_writes_none(place: Path) -> None:
    opened = rk.load(store=place)

    assert in_a_fork(lambda: opened.validate(VISIT).conforms) == "True"
    assert opened.validate(VISIT).conforms
    assert in_a_fork(lambda: opened.validate(VISIT).conforms) == "True"
    assert f"InputError: {place}: cannot be written by a forked process" in in_a_fork(
        lambda: opened.add(VISIT)
    )
    assert opened.add(VISIT).added


@pytest.mark.slow
def test_facts_are_repaired_and_pages_check_them_with_a_store(place: Path) -> None:
    opened = rk.load(store=place)
    _, report = fixed(opened, [VISIT])
    assert report.conforms

    kind = {"content_type": "application/x-www-form-urlencoded"}
    facts = f"facts={quote(VISIT.read_text(encoding='utf-8'))}".encode()
    page = asgi.request(application(opened), "POST", "/validate", facts, **kind)
    assert "No errors" in page.text


@pytest.mark.slow
def test_checking_facts_leaves_nothing_in_the_folder(place: Path) -> None:
    opened = rk.load(store=place)
    before = contents(opened)

    opened.validate(VISIT)

    assert before == contents(opened) == contents(rk.load(store=place))


@pytest.mark.slow
def test_what_is_added_and_removed_is_so_for_good(kg: rk.Graph, place: Path) -> None:
    opened = rk.load(store=place)

    added = opened.add(VISIT)

    larger = rk.load(VISIT)
    assert contents(larger) == contents(opened) == contents(rk.load(store=place))
    assert added.added
    assert added == rk.load().add(VISIT)
    opened.remove(VISIT)
    assert contents(kg) == contents(opened) == contents(rk.load(store=place))


@pytest.mark.slow
def test_files_it_does_not_hold_yet_are_added_once(place: Path) -> None:
    rk.load(store=place)

    opened = rk.load(VISIT, store=place)
    generation = Folder(str(place)).read()

    assert contents(rk.load(VISIT)) == contents(opened)
    rk.load(VISIT, store=place)
    assert generation.record == Folder(str(place)).read().record


@pytest.mark.slow
def test_a_folder_with_other_facts_is_not_taken_for_what_was_asked(place: Path) -> None:
    rk.load(store=place)

    with pytest.raises(rk.InputError, match=r"contains other facts.*name another folder"):
        rk.load(only=[VISIT], store=place)


@pytest.mark.slow
def test_a_file_that_is_wrong_changes_nothing(place: Path, tmp_path: Path) -> None:
    opened = rk.load(store=place)
    before = contents(opened)
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text('<https://w3id.org/relations-kg/id/a> a "', encoding="utf-8")

    with pytest.raises(rk.InputError):
        opened.add(wrong)

    assert before == contents(opened) == contents(rk.load(store=place))


@pytest.mark.slow
def test_a_reader_keeps_its_state_while_others_write(place: Path) -> None:
    early = rk.load(store=place)
    before = contents(early)

    for _ in range(3):
        writer = rk.load(store=place)
        writer.add(VISIT)
        writer.remove(VISIT)
        writer.add(VISIT)

    assert before == contents(early)
    assert contents(rk.load(VISIT)) == contents(rk.load(store=place))


@pytest.mark.slow
def test_generations_that_nobody_reads_are_removed(place: Path) -> None:
    graph = rk.load(store=place)
    for _ in range(4):
        graph.add(VISIT)
        graph.remove(VISIT)

    generations = [name for name in os.listdir(place) if (place / name).is_dir()]

    assert len(generations) <= 2


def test_a_second_writer_is_asked_to_wait(place: Path) -> None:
    with (
        Folder(str(place)).writing(),
        pytest.raises(rk.InputError, match=r"another process is writing.*try again"),
    ):
        rk.load(VISIT, store=place)


@pytest.mark.slow
def test_many_processes_read_at_once(place: Path) -> None:
    rk.load(store=place)
    command = [COMMAND, "query", "ASK { id:lima a rkg:City }", "--store", place]

    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]

    assert [b"true\n"] * 4 == [process.communicate(timeout=60)[0] for process in running]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"generation": "x"}', b"[1]", b"\xff"])
def test_a_folder_that_is_no_store_is_reported(place: Path, content: bytes) -> None:
    place.mkdir()
    (place / "store.json").write_bytes(content)

    with pytest.raises(
        rk.InputError, match=r"the folder has no store; name a folder that was made with"
    ):
        rk.load(store=place)


def test_a_folder_with_something_else_in_it_is_left_alone(place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("dear all", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"contains 'letter.txt' but no store"):
        rk.load(store=place)

    assert "dear all" == (place / "letter.txt").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_damaged_store_is_reported(place: Path) -> None:
    rk.load(store=place)
    (generation,) = (path for path in place.iterdir() if path.is_dir())
    (generation / "CURRENT").write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"cannot be read as a store"):
        rk.load(store=place)


@pytest.mark.slow
def test_a_store_of_another_ontology_is_reported(place: Path) -> None:
    rk.load(store=place)
    names = place / "store.json"
    text = names.read_text(encoding="utf-8")
    start = text.index('"ontology": "') + len('"ontology": "')
    names.write_text(f"{text[:start]}{'0' * 64}{text[start + 64 :]}", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"another version of the ontology"):
        rk.load(store=place)


def generation(place: Path) -> Path:
    """Return the path of the current generation."""
    name: str = json.loads((place / "store.json").read_bytes())["generation"]
    return place / name


def stated(path: Path) -> set[str]:
    return contents(rk.load(only=[path]))


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[: len(content) // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.unlink()
    path.write_bytes(content)


DAMAGE: dict[str, Callable[[Path], None]] = {"cut": cut, "flipped": flip, "lost": Path.unlink}


@pytest.mark.slow
@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("files", ["MANIFEST-*", "CURRENT", "*.sst"])
def test_a_damaged_file_is_named_and_never_an_empty_graph(
    place: Path, tmp_path: Path, files: str, kind: str
) -> None:
    rk.load(VISIT, store=place)
    damaged = max(generation(place).glob(files), key=lambda path: path.stat().st_size)
    DAMAGE[kind](damaged)

    for attempt in (lambda: rk.load(store=place), lambda: rk.load(OTHER, store=place)):
        with pytest.raises(rk.InputError, match=damaged.name) as caught:
            attempt()
        assert f"store recover '{place}' -o" in str(caught.value)
        assert f"loaded from the bundled graph, {VISIT}" in str(caught.value)
    checked = run("store", "check", place)
    assert checked.returncode == 1
    assert damaged.name in checked.stdout
    recovered = tmp_path / "facts.nq"
    status = run("store", "recover", place, "-o", recovered)
    assert "Traceback" not in status.stderr
    if files != "*.sst":
        assert status.returncode == 0
        assert stated(recovered) == contents(rk.load(VISIT))


@pytest.mark.slow
@pytest.mark.parametrize(
    "position", [0.3, 0.7, *(pytest.param(n, marks=pytest.mark.whole) for n in (0.1, 0.5, 0.9))]
)
def test_of_a_damaged_index_what_can_be_read_is_recovered(
    place: Path, tmp_path: Path, position: float
) -> None:
    rk.load(VISIT, store=place)
    whole = contents(rk.load(VISIT))
    for number, damaged in enumerate(sorted(generation(place).glob("*.sst"))):
        content = damaged.read_bytes()
        at = int(len(content) * position)
        os.unlink(damaged)
        damaged.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        recovered = tmp_path / f"{number}.nt"

        status = run("store", "recover", place, "-o", recovered)

        assert status.returncode in (0, 1)
        assert damaged.name in status.stderr
        if recovered.exists():
            assert ("not all" in status.stderr) == (stated(recovered) != whole)
        damaged.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", "[" * 100_000, '{"format": 2}', '{"format": true}', "\0"]
)
def test_a_store_whose_record_is_damaged_is_recovered_and_keeps_its_facts(
    place: Path, tmp_path: Path, content: str
) -> None:
    rk.load(VISIT, store=place)
    before = {path for path in place.rglob("*") if path.name != "LOCK"}
    (place / "store.json").write_text(content, encoding="utf-8")

    for attempt in (lambda: rk.load(store=place), lambda: rk.load(OTHER, store=place)):
        with pytest.raises(rk.InputError, match=r"store\.json is damaged; .* store recover"):
            attempt()

    assert before == {path for path in place.rglob("*") if path.name != "LOCK"}
    assert run("store", "recover", place, "-o", tmp_path / "facts.ttl").returncode == 0
    assert stated(tmp_path / "facts.ttl") == contents(rk.load(VISIT))


@pytest.mark.slow
@pytest.mark.parametrize("also", [[], ["lock"]])
def test_a_store_without_its_record_is_recovered_and_keeps_its_facts(
    place: Path, tmp_path: Path, also: list[str]
) -> None:
    rk.load(VISIT, store=place)
    for name in ("store.json", *also):
        (place / name).unlink()
    before = set(place.rglob("*"))

    for attempt in (lambda: rk.load(store=place), lambda: rk.load(OTHER, store=place)):
        with pytest.raises(rk.InputError, match=r"store\.json is missing; .* store recover"):
            attempt()

    assert before == set(place.rglob("*"))
    assert run("store", "recover", place, "-o", tmp_path / "facts.nq").returncode == 0
    assert stated(tmp_path / "facts.nq") == contents(rk.load(VISIT))


@pytest.mark.slow
def test_a_record_that_names_another_place_is_refused(place: Path) -> None:
    rk.load(store=place)
    record = json.loads((place / "store.json").read_bytes())
    before = set(place.parent.rglob("*"))

    for name in ("../out", "generation-/../../out", "/elsewhere/out", "", 5, None, "."):
        (place / "store.json").write_text(json.dumps(record | {"generation": name}))
        for files in ([], [VISIT]):
            with pytest.raises(rk.InputError, match=r"store\.json is damaged"):
                rk.load(*files, store=place)

        assert before == set(place.parent.rglob("*")), name


@pytest.mark.slow
def test_a_store_of_the_first_format_is_moved_by_the_command_that_it_names(
    place: Path, tmp_path: Path
) -> None:
    rk.load(VISIT, store=place)
    record = json.loads((place / "store.json").read_bytes())
    for name in ("bundled", "files", "spare"):
        del record[name]
    (place / "store.json").write_text(json.dumps(record | {"format": 1}))
    (place / "lock").write_bytes(b"")
    Path(f"{generation(place)}.lock").write_bytes(b"")

    with pytest.raises(rk.InputError, match="another version") as caught:
        rk.load(store=place)

    command = str(caught.value).partition("move its facts: ")[2]
    command = command.replace("FACTS.nq", "f.nq").replace("NEW-DIR", "new")
    command = command.replace("relations-kg ", f"'{COMMAND}' ")
    subprocess.run(command, shell=True, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert contents(rk.load(store=tmp_path / "new")) == contents(rk.load(VISIT))


@pytest.mark.slow
def test_what_a_user_keeps_in_the_folder_is_never_touched(place: Path) -> None:
    graph = rk.load(store=place)
    own = [
        place / "generation-of-1968" / "CURRENT",
        place / "generation-of-1968" / "letters.txt",
        place / "generation-of-1968.lock",
        place / "letters" / "generation-a" / "000001.sst",
        place / "notes.txt",
        generation(place) / "notes.txt",
    ]
    for path in own:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")

    for _ in range(3):
        graph.add(VISIT)
        graph.remove(VISIT)
    rk.load(OTHER, store=place)
    rk.load(store=place)

    assert ["mine"] * len(own) == [path.read_text(encoding="utf-8") for path in own]


@pytest.mark.parametrize("name", ["lock", "store.json.new", "generation-a", "generation-a.lock"])
def test_a_folder_with_a_file_of_that_name_is_left_alone(place: Path, name: str) -> None:
    place.mkdir()
    (place / name).write_text("dear all", encoding="utf-8")

    with pytest.raises(rk.InputError, match=f"contains '{name}' but no store"):
        rk.load(store=place)

    assert [name] == os.listdir(place)
    assert "dear all" == (place / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_two_first_writers_both_have_their_facts_or_an_error(place: Path) -> None:
    """Both find no store, but the second then finds the one that the first created."""
    first = place.with_name("first")
    script = (
        "import sys, pathlib, relations_kg as rk\n"
        "from relations_kg.engines import disk\n"
        "create = disk.Folder.create\n"
        "def late(self, *rest):\n"
        f"    rk.load({str(OTHER)!r}, store=self.path)\n"
        "    return create(self, *rest)\n"
        "disk.Folder.create, first = late, disk.Folder.create\n"
        "def once(self, *rest):\n"
        "    disk.Folder.create = create\n"
        "    return late(self, *rest)\n"
        "disk.Folder.create = once\n"
        f"rk.load({str(VISIT)!r}, store={str(place)!r})"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

    assert contents(rk.load(store=place)) == contents(rk.load(OTHER, VISIT))
    assert not first.exists()


@pytest.mark.slow
def test_two_processes_that_make_one_store_lose_nothing(place: Path) -> None:
    commands = [[COMMAND, "info", "--store", place, "--facts", file] for file in (VISIT, OTHER)]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
    done = [process.wait(timeout=60) == 0 for process in running]

    files = [file for file, well in zip((VISIT, OTHER), done, strict=True) if well]
    assert files
    assert contents(rk.load(store=place)) >= contents(rk.load(*files))


@pytest.mark.slow
def test_two_open_graphs_keep_what_the_other_adds(place: Path) -> None:
    first, second = rk.load(store=place), rk.load(store=place)
    first.add(VISIT)
    second.add(OTHER)
    opened = rk.load(store=place)

    assert contents(opened) == contents(rk.load(VISIT, OTHER))
    opened.remove(VISIT)
    assert contents(opened) == contents(rk.load(OTHER))


def as_nobody(script: str) -> str:
    """Evaluate a Python expression in a fork of this process, as an unprivileged user."""
    if os.geteuid():
        pytest.skip("only root can run code as another user")
    # That user could not read modules that are imported later.
    rk.load().query("ASK { }")

    def played() -> object:
        os.setgid(65534)
        os.setuid(65534)
        return eval(script)

    return in_a_fork(played)


@pytest.mark.slow
def test_a_store_of_another_user_is_read_and_not_written(place: Path) -> None:
    bundled = "rk.load().query('ASK { id:lima a rkg:City }', timeout=None)"
    if as_nobody(bundled) != "True":
        pytest.skip("another user cannot read the package itself")
    rk.load(store=place)
    for parent in place.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and parent != Path(tempfile.gettempdir()):
            parent.chmod(0o755)

    asked = f"rk.load(store={str(place)!r}).query('ASK {{ id:lima a rkg:City }}', timeout=None)"
    assert as_nobody(asked) == "True"
    added = as_nobody(f"rk.load(store={str(place)!r}).add({str(VISIT)!r})")
    assert added == f"InputError: {place}: cannot be written: Permission denied"


@pytest.mark.slow
def test_a_store_on_a_file_system_that_is_read_only_is_read(place: Path) -> None:
    with mounted(place, "20m"):
        rk.load(store=place / "s")
        remounted = ["mount", "-o", "remount,ro", str(place)]
        subprocess.run(remounted, check=True)

        asked = run("query", "ASK { id:lima a rkg:City }", "--store", place / "s")
        added = run("info", "--facts", VISIT, "--store", place / "s")

        assert (asked.stdout, asked.returncode) == ("true\n", 0)
        assert added.stderr == f"{place}/s: cannot be written: Read-only file system\n"
        assert added.returncode == 2


@contextmanager
def mounted(place: Path, size: str) -> Iterator[None]:
    """Mount a small file system, or skip the test if that is not allowed."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)]
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root may mount a file system")
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["64k", "400k", "700k", "1m", "1400k"])
def test_a_full_disk_is_reported_and_changes_nothing(place: Path, size: str) -> None:
    with mounted(place, size):
        made = run("info", "--store", place / "s")

        assert made.returncode == 2
        assert made.stderr == (
            f"{place}/s: cannot be written: No space left on device; "
            "free some space; the store is as it was\n"
        )


@pytest.mark.slow
def test_an_update_on_a_full_disk_leaves_the_store_as_it_was(place: Path) -> None:
    with mounted(place, "16m"):
        graph = rk.load(store=place / "s")
        before = contents(graph)
        with open(place / "filler", "wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))

        with pytest.raises(rk.InputError, match="No space left on device"):
            graph.add(VISIT)

        assert before == contents(graph) == contents(rk.load(store=place / "s"))
        (place / "filler").unlink()
        graph.add(VISIT)
        assert contents(rk.load(store=place / "s")) == contents(rk.load(VISIT))


def test_a_path_that_is_not_utf_8_is_reported_as_that(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/caf\xe9"
    command = [os.fsencode(COMMAND), b"info", b"--store", place]

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 2
    assert b"the path is not UTF-8" in done.stderr
    assert b"standard output" not in done.stderr


@pytest.mark.slow
def test_a_pipe_is_read_once_into_a_store(place: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.ttl"
    os.mkfifo(pipe)
    for facts in (VISIT.read_bytes(), b"<urn:a> <urn:b> rdf:c ."):
        command = [COMMAND, "info", "--store", place, "--facts", pipe]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pipe.write_bytes(facts)
        assert running.wait(timeout=60) == (2 if b"<urn:a>" in facts else 0)
    assert contents(rk.load(store=place)) == contents(rk.load(VISIT))


@pytest.mark.slow
def test_a_store_remembers_how_it_was_made_and_takes_further_facts(place: Path) -> None:
    assert run("info", "--store", place, "--only", VISIT).returncode == 0
    result = run("info", "--store", place, "--facts", OTHER)

    assert (result.stderr, result.returncode) == ("", 0)
    assert contents(rk.load(store=place)) == contents(rk.load(only=[VISIT, OTHER]))
    again = run("info", "--store", place, "--only", VISIT)
    assert again.returncode == 2
    assert "contains other facts" in again.stderr


@pytest.mark.slow
@pytest.mark.parametrize("change", ["", "add", "remove", "replace"])
def test_a_store_is_whole_to_check_after_each_change(place: Path, change: str) -> None:
    graph = rk.load(VISIT, store=place)
    if change == "replace":
        graph.replace(VISIT, OTHER)
    elif change:
        getattr(graph, change)(OTHER if change == "add" else VISIT)

    done = run("store", "check", place)

    assert (done.stderr, done.returncode) == ("", 0)
    assert f"{graph.count(STATED):>8}  https" in done.stdout
    assert str(place) in run("store", "check", place / "none").stderr
    assert run("store", "check", place.parent).returncode == 2


def killed(script: str, delay: float) -> int:
    """Run Python code and kill it after a while; return its exit status."""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode


@pytest.fixture
def moments(pytestconfig: pytest.Config) -> Iterator[float]:
    """Moments as fractions of the duration; test_kills has more."""
    chance = random.Random(5)
    return (chance.random() for _ in range(10 if pytestconfig.getoption("--whole") else 4))


@pytest.mark.slow
def test_a_load_that_is_killed_is_done_again_cleanly(
    kg: rk.Graph, place: Path, moments: Iterator[float]
) -> None:
    script = (
        "import relations_kg as rk; print(flush=True);"
        f"rk.load(store={str(place)!r}); import time; time.sleep(60)"
    )
    for moment in moments:
        killed(script, 0.6 * moment)

        assert contents(kg) == contents(rk.load(store=place))
        subprocess.run(["rm", "-rf", place], check=True)


@pytest.mark.slow
def test_an_update_that_is_killed_is_done_whole_or_not_at_all(
    place: Path, moments: Iterator[float]
) -> None:
    rk.load(store=place)
    without, within = contents(rk.load()), contents(rk.load(VISIT))
    script = (
        "import relations_kg as rk;"
        f"graph = rk.load(store={str(place)!r}); print(flush=True);"
        f"[(graph.add({str(VISIT)!r}), graph.remove({str(VISIT)!r})) for _ in range(1000)]"
    )
    for moment in moments:
        killed(script, moment)

        opened = rk.load(store=place)
        assert contents(opened) in (without, within)
        name_tables.check(opened)
    graph = rk.load(store=place)
    graph.add(VISIT)
    assert within == contents(graph)


@pytest.mark.slow
def test_the_next_writer_says_that_a_change_was_taken_back(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph = rk.load(store=place)
    (place / "generation-unfinished").mkdir()
    (place / "generation-unfinished" / "CURRENT").touch()
    (place / "generation-unfinished.lock").write_text((place / "lock").read_text())

    graph.add(VISIT)

    assert ["an unfinished change has been rolled back"] == [
        message.partition(": ")[2] for message in caplog.messages
    ]
    assert not (place / "generation-unfinished").exists()


@pytest.mark.slow
def test_the_command_keeps_and_opens_a_store(place: Path) -> None:
    def asked() -> str:
        command = [COMMAND, "query", "policies", "--party", "peru", "--store", place]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    first = asked()

    assert "One China policy" in first
    assert first == asked()


@pytest.mark.slow
def test_rows_are_checked_against_a_store(tmp_path: Path) -> None:
    place, table = tmp_path / "store", tmp_path / "missions.csv"
    kg = rk.load(only=GOOD[0], store=place)
    table.write_text("sender,receiver,seat\nChina,Peru,Lima\n")
    before = len(kg.quad_store)

    assert [] == [f for f in import_table(kg, table).report.findings if f.severity == "error"]
    assert before == len(kg.quad_store)
