"""Tests of the writer of facts: what it writes, and what errors do."""

import subprocess
import sys
from collections.abc import Iterable, Iterator

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Store

from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import Statement, Term, in_graph
from relations_kg.reasoning.writer import Writer, line

A, P, GRAPH = (NamedNode("urn:" + name) for name in ("a", "p", "graph"))
TEXTS = ("", "a b", '"\\\n\t\r', "\u0001\u00e9\U0001f600", " _:b ", "<urn:a>")


def lines_of(objects: Iterable[Literal]) -> Iterator[str]:
    return (line((A, P, each)) for each in objects)


def test_every_kind_of_term_is_written_as_it_is() -> None:
    store, node = Store(), BlankNode("b1")
    objects: list[Term] = [
        A,
        node,
        *map(Literal, TEXTS),
        *(Literal(text, language="en") for text in TEXTS),
        Literal("2001-02-03", datatype=NamedNode(XSD + "date")),
        Literal(True),
        Literal(1.5),
    ]
    facts: list[Statement] = [(subject, P, each) for subject in (A, node) for each in objects]

    with Writer(store) as writer:
        for fact in facts:
            writer.write(GRAPH.value, [line(fact)])
        writer.write("urn:all", map(line, facts))

    expected = [*in_graph(facts, GRAPH.value), *in_graph(facts, "urn:all")]
    assert set(store) == set(expected)


def test_more_lines_than_are_loaded_at_once_are_written() -> None:
    store = Store()

    with Writer(store) as writer:
        writer.write(GRAPH.value, (line((A, P, Literal(number))) for number in range(45_000)))

    assert len(store) == 45_000


@pytest.mark.parametrize("object_", ["<urn:a|b>", "_:b1"])
def test_iris_are_not_checked(object_: str) -> None:
    store = Store()

    with Writer(store) as writer:
        writer.write(GRAPH.value, [f"<urn:a b> <urn:p> {object_} .\n"])

    assert ["<urn:a b>"] == [str(quad.subject) for quad in store]


def test_parts_are_written_while_they_are_found() -> None:
    store = Store()

    with Writer(store) as writer:
        with writer.parts(GRAPH.value, lines_of) as found:
            for number in range(3):
                found(Literal(number))
        writer.write(GRAPH.value, [line((A, P, A))])

    assert {quad.object for quad in store} == {A, *map(Literal, range(3))}


def test_an_error_while_parts_are_found_ends_the_writer() -> None:
    store = Store()

    def fail() -> None:
        with (
            Writer(store) as writer,
            writer.parts(GRAPH.value, lines_of) as found,
        ):
            found(Literal(0))
            raise ValueError("found")

    with pytest.raises(ValueError, match="found"):
        fail()
    assert len(store) == 1


def test_an_error_of_the_writer_is_raised_at_the_end() -> None:
    def lines() -> Iterator[str]:
        yield line((A, P, A))
        raise ValueError("broken")

    def fail() -> None:
        with Writer(Store()) as writer:
            writer.write(GRAPH.value, lines())
            writer.write(GRAPH.value, [line((A, P, A))])

    with pytest.raises(ValueError, match="broken"):
        fail()


PAUSED = """
import gc
from relations_kg._collection import paused

with paused():
    made = [[number] for number in range(10_000)]
youngest = {id(each) for each in gc.get_objects(generation=0)}
print(len(youngest.intersection(map(id, made))), gc.get_freeze_count(), gc.isenabled())
"""


def test_objects_made_in_a_pause_are_not_traversed_as_the_youngest_ones() -> None:
    printed = subprocess.check_output([sys.executable, "-c", PAUSED], text=True)

    assert printed == "0 0 True\n"
