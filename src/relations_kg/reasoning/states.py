"""The state of a closure as bytes; restoring it is faster than a new closure."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, islice
from typing import Any
from zlib import crc32

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from relations_kg.rdf import durations
from relations_kg.rdf.terms import Term
from relations_kg.reasoning.fact_sets import Fact, FactSet
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.ontology import Pattern
from relations_kg.reasoning.rules import Rule, Shift
from relations_kg.reasoning.traces import Trace, Traces

_NUMBER = "i"
_FORMAT = [2, sys.byteorder, array(_NUMBER).itemsize]
_NODE = NamedNode("urn:x")


class State:
    """The rules, facts and links of a closure, and the traces of parties, from bytes of `write`."""

    def __init__(self, content: bytes) -> None:
        """Read a state; raise ValueError if it is damaged or has a different format."""
        head, _, rest = content.partition(b"\n")
        try:
            known = json.loads(head)
            if known["format"] != _FORMAT:
                raise ValueError("the state has a different format")
            if known["crc32"] != crc32(rest):
                raise ValueError("the state is damaged")
            self._predicates, self._traces = known["predicates"], known["traces"]
            self._rules = known["rules"]
            size, further = known["iris"], known["others"]
            iris = rest[:size].decode().split("\n")[:-1]
            others = parse(rest[size : size + further], RdfFormat.N_TRIPLES)
            self.terms: list[Term] = [*map(NamedNode, iris), *(quad.object for quad in others)]
        except (KeyError, TypeError, RecursionError, SyntaxError) as error:
            raise ValueError("the state is damaged") from error
        numbers = array(_NUMBER)
        numbers.frombytes(memoryview(rest)[size + further :])
        self._numbers = iter(numbers)

    @property
    def rules(self) -> list[Rule]:
        """The rules, in their order."""
        terms: list[Any] = self.terms

        def pattern(ends: list[Any]) -> Pattern:
            subject, predicate, object_ = ends
            return (
                subject if type(subject) is str else terms[subject],
                terms[predicate],
                object_ if type(object_) is str else terms[object_],
            )

        def shift(day: str, duration: str, result: str, name: str) -> Shift:
            return Shift(day, duration, result, getattr(durations, name))

        return [
            Rule(name, tuple(map(pattern, body)), pattern(head), words, by and shift(*by))
            for name, body, head, words, by in self._rules
        ]

    def facts(self, _: object = None) -> Facts:
        """Return the facts. Call this once, before `links`, since both read one iterator."""
        facts = Facts(self.terms)
        for predicate, number, size in self._predicates:
            subjects = [*islice(self._numbers, size)]
            found = list(zip(subjects, islice(self._numbers, size), strict=True))
            facts.add(predicate, found)
            facts.given.pairs[predicate].update(islice(found, number))
        return facts

    def links(self) -> Iterator[Fact]:
        """Return the links."""
        return zip(self._numbers, self._numbers, self._numbers, strict=True)

    @property
    def traces(self) -> Traces:
        """The first and the last trace of each party."""
        terms = self.terms

        def trace(known: tuple[str, int] | None) -> Trace:
            return (known[0], terms[known[1]]) if known else None

        found = Traces()
        found.update((terms[party], (trace(a), trace(b))) for party, a, b in self._traces)
        return found


def write(
    rules: Collection[Rule], facts: Facts, given: FactSet, links: Iterator[Fact], traces: Traces
) -> bytes:
    """Return the rules, facts and links of a closure, and the traces of parties, as bytes."""
    for rule in rules:
        for end in chain(rule.head, *rule.body):
            if not isinstance(end, str):
                facts.number(end)  # A rule may have a term that no fact has.
    # IRIs come first, since they are read faster than other terms.
    terms = sorted(facts.terms, key=lambda term: not isinstance(term, NamedNode))
    known = {term: number for number, term in enumerate(terms)}
    numbers = [known[term] for term in facts.terms]
    text = "".join(f"{term.value}\n" for term in terms if isinstance(term, NamedNode)).encode()
    others = [Quad(_NODE, _NODE, term) for term in terms if not isinstance(term, NamedNode)]
    lines = serialize(others, format=RdfFormat.N_TRIPLES) or b""
    content, predicates = array(_NUMBER), []
    for predicate, pairs in facts.known.pairs.items():
        first = given.pairs[predicate]  # The given facts come first.
        ordered = [*first, *(pairs - first)]
        content.extend(numbers[s] for s, _ in ordered)
        content.extend(numbers[o] for _, o in ordered)
        predicates.append((numbers[predicate], len(first), len(pairs)))
    content.extend(numbers[each] for link in links for each in link)

    def trace(found: Trace) -> tuple[str, int] | None:
        return (found[0], known[found[1]]) if found else None

    def pattern(ends: Pattern) -> list[str | int]:
        return [end if isinstance(end, str) else known[end] for end in ends]

    rest = b"".join([text, lines, content.tobytes()])
    head: Mapping[str, object] = {
        "format": _FORMAT,
        "crc32": crc32(rest),
        "iris": len(text),
        "others": len(lines),
        "rules": [
            (
                rule.name,
                [*map(pattern, rule.body)],
                pattern(rule.head),
                rule.words,
                rule.shift and (*rule.shift[:3], rule.shift.shift.__name__),
            )
            for rule in rules
        ],
        "predicates": predicates,
        "traces": [(known[party], trace(a), trace(b)) for party, (a, b) in traces.items()],
    }
    return json.dumps(head).encode() + b"\n" + rest
