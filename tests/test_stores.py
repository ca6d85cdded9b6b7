"""Tests of graphs on disk: what is kept, who may read and write, what a killed process leaves."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import relations_kg as rk
from relations_kg.engines.stores import Folder
from relations_kg.namespaces import DATES, IDENTIFIERS, INFERRED, STATED

VISIT = Path(__file__).with_name("facts") / "good" / "visit.ttl"
COMMAND = Path(sys.executable).with_name("relations-kg")
GRAPHS = (STATED, DATES, INFERRED, IDENTIFIERS)


def contents(graph: rk.Graph) -> set[str]:
    """All but the ontology, which has nodes without names."""
    quads = (str(quad) for quad in graph.store)
    return {quad for quad in quads if any(f"<{name}>" in quad for name in GRAPHS)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a store"


def test_a_graph_comes_back_as_it_was_kept(kg: rk.Graph, place: Path) -> None:
    kept = rk.load(store=place)
    opened = rk.load(store=place)

    assert contents(kg) == contents(kept) == contents(opened)
    for name in ("missions", "missions-on"):
        if name in kg.queries and not any(p.required for p in kg.queries[name].parameters):
            assert kg.run(name).terms == opened.run(name).terms
    assert kg.query("ASK { id:lima a rkg:Place }") is opened.query("ASK { id:lima a rkg:Place }")


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


def test_checking_facts_leaves_nothing_in_the_folder(place: Path) -> None:
    opened = rk.load(store=place)
    before = contents(opened)

    opened.validate(VISIT)

    assert before == contents(opened) == contents(rk.load(store=place))


def test_what_is_added_and_removed_is_so_for_good(kg: rk.Graph, place: Path) -> None:
    opened = rk.load(store=place)

    added = opened.add(VISIT)

    larger = rk.load(VISIT)
    assert contents(larger) == contents(opened) == contents(rk.load(store=place))
    assert added.added
    assert added == rk.load().add(VISIT)
    opened.remove(VISIT)
    assert contents(kg) == contents(opened) == contents(rk.load(store=place))


def test_files_it_does_not_hold_yet_are_added_once(place: Path) -> None:
    rk.load(store=place)

    opened = rk.load(VISIT, store=place)
    generation = Folder(str(place)).read()

    assert contents(rk.load(VISIT)) == contents(opened)
    rk.load(VISIT, store=place)
    assert generation.origins == Folder(str(place)).read().origins


def test_a_folder_with_other_facts_is_not_taken_for_what_was_asked(place: Path) -> None:
    rk.load(store=place)

    with pytest.raises(rk.InputError, match=r"holds other facts.*name another folder"):
        rk.load(only=[VISIT], store=place)


def test_a_file_that_is_wrong_changes_nothing(place: Path, tmp_path: Path) -> None:
    opened = rk.load(store=place)
    before = contents(opened)
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text('<https://w3id.org/relations-kg/id/a> a "', encoding="utf-8")

    with pytest.raises(rk.InputError):
        opened.add(wrong)

    assert before == contents(opened) == contents(rk.load(store=place))


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


def test_generations_that_nobody_reads_are_removed(place: Path) -> None:
    graph = rk.load(store=place)
    for _ in range(4):
        graph.add(VISIT)
        graph.remove(VISIT)

    generations = [name for name in os.listdir(place) if (place / name).is_dir()]

    assert len(generations) <= 2


def test_a_second_writer_is_told_to_wait(place: Path) -> None:
    folder = Folder(str(place))

    def meanwhile(_: object) -> None:
        with pytest.raises(rk.InputError, match=r"another process is writing.*try again"):
            folder.write((), lambda _: None)

    folder.write((), meanwhile)


def test_many_processes_read_at_once(place: Path) -> None:
    rk.load(store=place)
    command = [COMMAND, "query", "ASK { id:lima a rkg:City }", "--store", place]

    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]

    assert [b"true\n"] * 4 == [process.communicate(timeout=60)[0] for process in running]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"generation": "x"}', b"[1]", b"\xff"])
def test_a_folder_that_is_no_store_is_told(place: Path, content: bytes) -> None:
    place.mkdir()
    (place / "store.json").write_bytes(content)

    with pytest.raises(rk.InputError, match=r"there is no store in it"):
        rk.load(store=place)


def test_a_folder_with_something_else_in_it_is_left_alone(place: Path) -> None:
    place.mkdir()
    (place / "letter.txt").write_text("dear all", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"holds 'letter.txt' and no store"):
        rk.load(store=place)

    assert "dear all" == (place / "letter.txt").read_text(encoding="utf-8")


def test_a_damaged_store_is_told(place: Path) -> None:
    rk.load(store=place)
    (generation,) = (path for path in place.iterdir() if path.is_dir())
    (generation / "CURRENT").write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"cannot be read as a store"):
        rk.load(store=place)


def test_a_store_of_another_ontology_is_told(place: Path) -> None:
    rk.load(store=place)
    names = place / "store.json"
    text = names.read_text(encoding="utf-8")
    start = text.index('"ontology": "') + len('"ontology": "')
    names.write_text(f"{text[:start]}{'0' * 64}{text[start + 64 :]}", encoding="utf-8")

    with pytest.raises(rk.InputError, match=r"another version of the ontology"):
        rk.load(store=place)


def killed(script: str, delay: float) -> int:
    """Run Python text and kill it after a while; return how it ended."""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode


def delays(longest: float) -> Iterator[float]:
    moments = random.Random(5)
    return (moments.uniform(0, longest) for _ in range(10))


def test_a_load_that_is_killed_is_done_again_cleanly(kg: rk.Graph, place: Path) -> None:
    script = (
        "import relations_kg as rk; print(flush=True);"
        f"rk.load(store={str(place)!r}); import time; time.sleep(60)"
    )
    for delay in delays(0.6):
        killed(script, delay)

        assert contents(kg) == contents(rk.load(store=place))
        subprocess.run(["rm", "-rf", place], check=True)


def test_an_update_that_is_killed_is_done_whole_or_not_at_all(place: Path) -> None:
    rk.load(store=place)
    without, within = contents(rk.load()), contents(rk.load(VISIT))
    script = (
        "import relations_kg as rk;"
        f"graph = rk.load(store={str(place)!r}); print(flush=True);"
        f"[(graph.add({str(VISIT)!r}), graph.remove({str(VISIT)!r})) for _ in range(1000)]"
    )
    for delay in delays(1.0):
        killed(script, delay)

        assert contents(rk.load(store=place)) in (without, within)
    graph = rk.load(store=place)
    graph.add(VISIT)
    assert within == contents(graph)


def test_the_next_writer_says_that_a_change_was_taken_back(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    graph = rk.load(store=place)
    (place / "generation-unfinished").mkdir()

    graph.add(VISIT)

    assert ["a change that was not finished has been taken back"] == [
        message.partition(": ")[2] for message in caplog.messages
    ]
    assert not (place / "generation-unfinished").exists()


def test_the_command_keeps_and_opens_a_store(place: Path) -> None:
    def asked() -> str:
        command = [COMMAND, "query", "policies", "--party", "peru", "--store", place]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    first = asked()

    assert "One China policy" in first
    assert first == asked()
