"""The things that may violate a SPARQL constraint because of new facts about other things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import count

from pyoxigraph import NamedNode, Store

from relations_kg.errors import RelationsError
from relations_kg.rdf.namespaces import DATES, PREFIXES, STATED
from relations_kg.rdf.terms import TYPE, EngineTerm
from relations_kg.validation.constraint_patterns import Scope, patterns

_GRAPHS = (NamedNode(STATED), NamedNode(DATES))
_PART = re.compile(r"[\w:-]+|[\^/|()?*+]")
_THIS = "$this"
_LONGEST = 6
# A route is skipped if it leads to more things than this, and to more than four for each start.
_MANY = 500

# A property, and whether it is followed forwards.
Way = tuple[NamedNode, bool]
Chain = tuple[Way, ...]


@dataclass(frozen=True)
class Step:
    """A path from one variable to another, as alternative chains of properties.

    An empty chain is a path of length zero.
    """

    source: str
    target: str
    chains: tuple[Chain, ...]
    scope: Scope

    def back(self) -> Step:
        """Return the step in the other direction."""
        return Step(self.target, self.source, tuple(map(_inverted, self.chains)), self.scope)

    def taken(self, store: Store, node: EngineTerm) -> Iterator[EngineTerm]:
        """Yield the nodes that the step reaches from a node."""
        for chain in self.chains:
            yield from _along(store, node, chain)


class Routes:
    """The routes between the variables of a constraint, along its triple patterns.

    The patterns of EXISTS and NOT EXISTS are skipped, since they bind no variable. The constraint
    with a VALUES line would find the same things, but it takes minutes in the engine's join order
    if thousands of things link to one thing.

    Each branch of a UNION, each OPTIONAL and each alternative of a path is a scope. A route from a
    variable starts in a scope that asks for a property of the variable, and uses only the patterns
    of this scope and of the scopes around it, since a solution need not match any others.

    >>> routes = Routes("SELECT $this WHERE { ?event rkg:actor ?party . $this rkg:holder ?party }")
    >>> [[step.target for step in route] for route in routes.to_focus("?event")]
    [['?party', '$this']]
    """

    def __init__(self, select: str) -> None:
        self._steps: list[Step] = []
        self._asked: dict[str, set[Scope]] = {}
        # Parts of paths get higher numbers than groups, which have the numbers of their tokens.
        self._numbers = count(len(select))
        self._found: dict[tuple[str, Scope], list[list[Step]]] = {}
        for pattern in patterns(select):
            self._add(*pattern)

    @property
    def subjects(self) -> set[str]:
        """The variables besides $this that are the subject of a property.

        A node inside a path counts as a variable.
        """
        return self._asked.keys() - {_THIS}

    def to_focus(self, variable: str) -> list[list[Step]]:
        """Return the routes from a variable to $this, sorted by scope and then by length."""
        scopes = sorted(self._scopes(variable))
        return [route for scope in scopes for route in self._within(variable, scope)]

    def reached(self, store: Store, variable: str, nodes: Set[NamedNode]) -> set[NamedNode]:
        """Return the possible values of $this if the value of a variable is one of the nodes.

        Raises RelationsError if a scope has no route from the variable to $this.
        """
        found: set[EngineTerm] = set()
        for scope in self._scopes(variable):
            routes = self._within(variable, scope)
            if not routes:
                raise RelationsError(f"no path of triple patterns leads from {variable} to $this")
            found |= _in_all(store, routes, nodes)
        return {node for node in found if isinstance(node, NamedNode)}

    def _scopes(self, variable: str) -> list[Scope]:
        """Return the scopes that ask for a property of a variable, without those within others."""
        scopes = self._asked.get(variable, set())
        return [
            scope for scope in scopes if not any(scope[:n] in scopes for n in range(len(scope)))
        ]

    def _within(self, variable: str, scope: Scope) -> list[list[Step]]:
        if (variable, scope) not in self._found:
            steps = [step for step in self._steps if scope[: len(step.scope)] == step.scope]
            self._found[variable, scope] = sorted(_routes(steps, variable, []), key=len)
        return self._found[variable, scope]

    def _add(self, subject: str, path: str, object_: str, scope: Scope) -> None:
        """Add the steps of a pattern in both directions, and its variables that are subjects."""
        chains = _chains(path)
        if not chains:  # a variable as property, or a path to a class
            self._ask(subject, scope)
            return
        self._connect(subject, chains, object_, scope)
        for chain in chains:
            inner = (*scope, next(self._numbers))
            for place in range(1, len(chain)):
                node = f"?/{place}/{next(self._numbers)}"  # No variable has such a name.
                self._connect(subject, [chain[:place]], node, inner)
                self._connect(node, [chain[place:]], object_, inner)

    def _connect(self, source: str, chains: Sequence[Chain], target: str, scope: Scope) -> None:
        if any(chain and chain[0][1] for chain in chains):
            self._ask(source, scope)
        if any(chain and not chain[-1][1] for chain in chains):
            self._ask(target, scope)
        if _is_variable(source) and _is_variable(target):
            step = Step(source, target, tuple(chains), scope)
            self._steps += step, step.back()

    def _ask(self, term: str, scope: Scope) -> None:
        if _is_variable(term):
            self._asked.setdefault(term, set()).add(scope)


def _is_variable(term: str) -> bool:
    return term[0] in "?$"


def _chains(path: str) -> list[Chain]:
    """Return the alternatives of a path, each with the properties that it follows in turn.

    There are none for a variable and for a path to a class, since routes through a class reach most
    things.

    >>> [len(chain) for chain in _chains("rkg:endedBy?/(rkg:when|^rkg:lagFrom)")]
    [1, 1, 2, 2]
    """
    if _is_variable(path) or path == "a" or path.startswith("a/"):
        return []
    parts = _PART.findall(path)
    chains = _alternatives(parts)
    if parts:
        raise RelationsError(f"the path {path} of a constraint is not supported")
    return chains


def _alternatives(parts: list[str]) -> list[Chain]:
    """Return the chains of the alternatives at the start of a list of parts; remove these parts."""
    chains = _sequence(parts)
    while parts[:1] == ["|"]:
        del parts[0]
        chains += _sequence(parts)
    return list(dict.fromkeys(chains))


def _sequence(parts: list[str]) -> list[Chain]:
    chains = _element(parts)
    while parts[:1] == ["/"]:
        del parts[0]
        following = _element(parts)
        chains = [(*chain, *further) for chain in chains for further in following]
    return chains


def _element(parts: list[str]) -> list[Chain]:
    part = parts.pop(0) if parts else ""
    if part == "^":
        return list(map(_inverted, _element(parts)))
    if part == "(":
        chains = _alternatives(parts)
        del parts[:1]
    elif part == "a":
        chains = [((TYPE, True),)]
    else:
        prefix, _, name = part.partition(":")
        chains = [((NamedNode(PREFIXES[prefix] + name), True),)]
    if parts[:1] == ["?"]:
        del parts[0]
        chains = [(), *chains]
    return chains


def _inverted(chain: Chain) -> Chain:
    return tuple((name, not forwards) for name, forwards in reversed(chain))


def _along(store: Store, node: EngineTerm, chain: Chain) -> Iterator[EngineTerm]:
    """Yield the nodes that a chain of properties reaches from a node."""
    if not chain:
        yield node
        return
    (predicate, forwards), *others = chain
    for graph in _GRAPHS:
        if not forwards:
            for quad in store.quads_for_pattern(None, predicate, node, graph):
                yield from _along(store, quad.subject, tuple(others))
        elif isinstance(node, NamedNode):
            for quad in store.quads_for_pattern(node, predicate, None, graph):
                yield from _along(store, quad.object, tuple(others))


def _in_all(
    store: Store, routes: Sequence[Iterable[Step]], nodes: Set[NamedNode]
) -> set[EngineTerm]:
    """Return the nodes that all routes reach, or more.

    A route to many nodes is skipped; if all lead to many, only the first is followed. Once no more
    nodes are left than the routes start from, no further route is followed.
    """
    most = max(_MANY, 4 * len(nodes))
    found: set[EngineTerm] | None = None
    for route in routes:
        ends = _followed(store, route, nodes, most)
        if ends is not None:
            found = ends if found is None else found & ends
            if len(found) <= len(nodes):
                break
    if found is None:
        found = _followed(store, routes[0], nodes, None) or set()
    return found


def _routes(steps: Iterable[Step], variable: str, gone: list[Step]) -> Iterator[list[Step]]:
    if variable == _THIS:
        yield gone
        return
    been = {step.source for step in gone}
    for step in steps if len(gone) < _LONGEST else ():
        if step.source == variable and step.target not in been:
            yield from _routes(steps, step.target, [*gone, step])


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
