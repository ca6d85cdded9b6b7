"""The things that may violate a SPARQL constraint because of new facts about other things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Store

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import DATES, PREFIXES, STATED
from relations_kg.rdf.terms import EngineTerm
from relations_kg.sparql.lexer import tokens

_GRAPHS = (NamedNode(STATED), NamedNode(DATES))
_PROPERTY = re.compile(r"(\^?)(\w+):(\w+)")
_OPENING, _CLOSING, _FILTERS = ("(", "{"), (")", "}"), ("FILTER", "BIND")
# The tokens that end a triple pattern, each with the number of terms at its start that the next
# pattern repeats; -1 means all terms but the last.
_REPEATED = dict.fromkeys((".", *"{}", "OPTIONAL", "UNION", *_FILTERS), 0) | {";": 1, ",": -1}
_THIS = "$this"
_LONGEST = 6
# A route that leads to more things than this is skipped if another route leads to fewer.
_MANY = 500


@dataclass(frozen=True)
class Step:
    """A path from one variable to another, by properties forwards or backwards.

    If `stays`, the path may also have length zero.
    """

    source: str
    target: str
    ways: tuple[tuple[NamedNode, bool], ...]
    stays: bool

    def back(self) -> Step:
        """Return the step in the other direction."""
        ways = tuple((predicate, not forwards) for predicate, forwards in self.ways)
        return Step(self.target, self.source, ways, self.stays)

    def taken(self, store: Store, node: EngineTerm) -> Iterator[EngineTerm]:
        """Yield the nodes that the step reaches from a node."""
        if self.stays:
            yield node
        for predicate, forwards in self.ways:
            for graph in _GRAPHS:
                if not forwards:
                    for quad in store.quads_for_pattern(None, predicate, node, graph):
                        yield quad.subject
                elif isinstance(node, NamedNode):
                    for quad in store.quads_for_pattern(node, predicate, None, graph):
                        yield quad.object


class Routes:
    """The routes between the variables of a constraint, along its triple patterns.

    It parses the subset of SPARQL that our constraints use: triple patterns in groups. rdflib's
    parser would take longer to import than a whole validation. A FILTER is skipped, since it only
    removes solutions. A query with a VALUES line would find the same things, but it takes minutes
    in the engine's join order if thousands of things link to one thing.

    >>> routes = Routes("SELECT $this WHERE { ?event rkg:actor ?party . $this rkg:holder ?party }")
    >>> [[step.target for step in route] for route in routes.to_focus("?event")]
    [['?party', '$this']]
    """

    def __init__(self, select: str) -> None:
        self._patterns = list(_patterns(select[select.index("{") :]))

    @cached_property
    def subjects(self) -> set[str]:
        """The variables besides $this that are the subject of a property."""
        asked = {subject for subject, _, _ in self._patterns}
        asked |= {object_ for _, path, object_ in self._patterns if "^" in path}
        return {term for term in asked if term.startswith("?")}

    def to_focus(self, variable: str) -> list[list[Step]]:
        """Return the routes from a variable to $this, the shortest first."""
        return sorted(self._routes(variable, []), key=len)

    def reached(self, store: Store, variable: str, nodes: Set[NamedNode]) -> set[NamedNode]:
        """Return the possible values of $this if the value of a variable is one of the nodes."""
        routes = self.to_focus(variable)
        if not routes:
            raise RelationsError(f"no path of triple patterns leads from {variable} to $this")
        most = max(_MANY, 4 * len(nodes))
        found: set[EngineTerm] | None = None
        for route in routes:
            ends = _followed(store, route, nodes, most)
            if ends is not None:
                found = ends if found is None else found & ends
        if found is None:
            found = _followed(store, routes[0], nodes, None) or set()
        return {node for node in found if isinstance(node, NamedNode)}

    @cached_property
    def _steps(self) -> list[Step]:
        steps: list[Step] = []
        for subject, path, object_ in self._patterns:
            ways = tuple(
                (NamedNode(PREFIXES[prefix] + name), not inverse)
                for inverse, prefix, name in _PROPERTY.findall(path)
            )
            variables = subject[0] in "?$" and object_[0] in "?$"
            if variables and ways and not path.startswith(("a/", "?")):
                step = Step(subject, object_, ways, path.endswith("?"))
                steps += step, step.back()
        return steps

    def _routes(self, variable: str, gone: list[Step]) -> Iterator[list[Step]]:
        if variable == _THIS:
            yield gone
            return
        been = {step.source for step in gone}
        for step in self._steps if len(gone) < _LONGEST else ():
            if step.source == variable and step.target not in been:
                yield from self._routes(step.target, [*gone, step])


def _patterns(group: str) -> Iterator[tuple[str, str, str]]:
    """Yield the triple patterns of a group and of the groups within it."""
    pattern: list[str] = []
    depth, filtered = 0, None
    for token in tokens(group):
        text = token[0]
        depth += (text in _OPENING) - (text in _CLOSING)
        if filtered is not None:
            if depth == filtered and text in _CLOSING:
                filtered = None
            continue
        if text in _FILTERS:
            filtered = depth
        if text in _REPEATED:
            if len(pattern) > 2:
                yield pattern[0], "".join(pattern[1:-1]), pattern[-1]
            pattern = pattern[: _REPEATED[text]]
        else:
            pattern.append(text)
    if depth:
        raise RelationsError("a bracket is not closed in a constraint")


def _followed(
    store: Store, route: Iterable[Step], nodes: Set[NamedNode], most: int | None
) -> set[EngineTerm] | None:
    """Return the nodes that a route reaches, or None if a step reaches more than `most`."""
    here: set[EngineTerm] = set(nodes)
    for step in route:
        there: set[EngineTerm] = set()
        for node in here:
            for term in step.taken(store, node):
                there.add(term)
                if most is not None and len(there) > most:
                    return None
        here = there
    return here
