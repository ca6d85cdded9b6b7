"""Warnings about patterns without a common variable: products, and MINUS or EXISTS without effect.

They are found from the text of the query alone, without the data or the ontology.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from relations_kg.sparql.structure import Query, Scope, Span, Triple
from relations_kg.warnings.variables import Finding

# Groups that are not joined with the group around them.
_APART = ("MINUS", "EXISTS")
# The beginning of the messages about unjoined patterns.
MESSAGE = "nothing joins"


def findings(query: Query) -> Iterator[Finding]:
    """Yield MINUS groups that remove nothing, constant EXISTS groups, and unjoined patterns.

    >>> from relations_kg.sparql.parser import parse
    >>> found = findings(parse("SELECT ?p { ?p a rkg:Person . ?v a rkg:Visit }"))
    >>> [message for _, message, _ in found]
    ['nothing joins ?p and ?v, and each ?p comes with each ?v']
    """
    scopes = [*query.scopes()]
    for scope in scopes:
        if scope.kind == "MINUS" and not scope.is_within("EXISTS", "LATERAL"):
            # EXISTS and LATERAL pass the outer variables to the groups within.
            yield from _minus(query, scope)
        elif scope.kind == "EXISTS" and query.form != "ASK":
            yield from _exists(query, scope)
    # The variables within a list or a triple term are not read, so they may join other patterns.
    nodes = [index for each in query.triples for index in (each.subject, each.object)]
    if len(query.triples) < 2 or any(query.word(index) in ("(", "<<") for index in nodes):
        return
    for scope in scopes:
        is_asked = scope is query.where and query.form != "ASK"
        if is_asked or scope.kind in ("SELECT", "MINUS"):
            yield from _Parts(query, scope).findings()


def _minus(query: Query, minus: Scope) -> Iterator[Finding]:
    """Yield a finding if a MINUS group shares no variable with the patterns before it."""
    group = minus.parent
    assert group is not None
    before = {name: index for name, index in group.bound.items() if index < minus.start}
    for child in group.children:
        if child.start < minus.start and child.kind not in _APART:
            before.update(child.visible())
    if before.keys() & minus.visible():
        return
    index = minus.start - 1
    if not before:
        yield index, "MINUS before all patterns removes nothing", "write it after them"
        return
    message = "MINUS shares no variable with the patterns before it, and removes nothing"
    yield index, message, f"write {_sought(query, before)} in it"


def _exists(query: Query, exists: Scope) -> Iterator[Finding]:
    """Yield a finding if an EXISTS group has variables but shares none with the group around it."""
    assert exists.parent is not None
    around = exists.parent.sees()
    own = {
        name
        for scope in exists.scopes()
        for name in (*scope.bound, *(use.name for use in scope.uses))
    }
    if around and own and own.isdisjoint(around):
        message = "EXISTS shares no variable with the patterns around it"
        effect = "so it has the same value for all rows"
        yield exists.start - 1, f"{message}, {effect}", f"write {_sought(query, around)} in it"


def _sought(query: Query, bound: Mapping[str, int]) -> str:
    """Return the first of the bound variables that the query selects, or else the first of all."""
    projected = (query.select and query.select.projected) or {}
    return "?" + min(bound, key=lambda name: (name not in projected, bound[name]))


class _Parts:
    """The parts of a group: sets of variables that patterns or conditions join."""

    def __init__(self, query: Query, root: Scope) -> None:
        self.query, self.root = query, root
        self.scopes = [*_within(root)]
        self.groups: dict[str, str] = {}
        # Variables that the query restricts, such as the subject of a triple with a literal as its
        # object.
        self.given: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """Yield the second of two unjoined parts that have no restricted variable."""
        own = {id(scope) for scope in self.scopes}
        triples = [each for each in self.query.triples if id(each.scope) in own]
        if len(triples) < 2:
            return
        for each in triples:
            start, end = each.predicate
            predicate = self._variables((start, end)) if end == start + 1 else []
            terms = [self._term(each.subject), self._term(each.object)]
            names = [name for name in terms if name] + predicate
            self._join(names)
            is_literal = self.query.tokens[each.object].lastgroup in ("string", "number")
            if not terms[0] or is_literal:
                self.given.update(names)
        if len(self._parts(triples)) < 2:
            return
        self._join_groups()
        self._join_by_conditions(own)
        if len(parts := self._parts(triples)) > 1:
            first, second = sorted(parts.values())[:2]
            one, other = (self.query.word(index) for index in (first, second))
            message = f"{MESSAGE} {one} and {other}, and each {one} comes with each {other}"
            yield second, message, "add a pattern or FILTER with both variables"

    def _parts(self, triples: Iterable[Triple]) -> dict[str, int]:
        """Return the parts without a restricted variable, as the index of their first subject.

        The keys are one variable of each part.
        """
        given = {self._find(name) for name in self.given}
        parts: dict[str, int] = {}
        for each in triples:
            names = self._variables((each.subject, each.subject + 1))
            if names and (part := self._find(names[0])) not in given:
                parts.setdefault(part, each.subject)
        return parts

    def _join_by_conditions(self, own: set[int]) -> None:
        """Join the variables that occur together in FILTER, BIND, VALUES, SELECT or a template.

        Those in a FILTER with = or IN, and those that BIND or VALUES binds, count as restricted.
        """
        query, tokens = self.query, self.query.tokens
        for scope, span in query.conditions:
            if id(scope) in own and tokens[span[0]][0].upper() != "MINUS":
                names = self._variables(span)
                self._join(names)
                if any(tokens[index][0].upper() in ("=", "IN") for index in range(*span)):
                    self.given.update(names)
        for scope, index in query.binds:
            if id(scope) in own:
                start = index
                while tokens[start][0].upper() != "BIND":
                    start -= 1
                names = self._variables((start, index + 1))
                self._join(names)
                self.given.update(names[-1:])
        for _, names, _ in query.values:
            self._join(names)
            self.given.update(names)
        for select in query.selects():
            if select.where is self.root:
                self._join_expressions((select.start, self.root.start))
        if query.template and self.root is query.where:
            self._join(self._variables((query.template.start, self.root.start)))

    def _join_expressions(self, span: Span) -> None:
        """Join the variables within each pair of brackets of a SELECT clause."""
        start, stop = span
        while start < stop:
            end = self.query.closing(start) if self.query.word(start) == "(" else start
            self._join(self._variables((start, end)))
            start = end + 1

    def _join_groups(self) -> None:
        """Join the variables of sub-selects, of alternatives, and of GRAPH or SERVICE ?x."""
        for scope in self.scopes:
            alternatives: list[str] = []
            for child in scope.children:
                names = [*child.visible()]
                if child.kind == "UNION":
                    alternatives += names
                elif child.select:
                    self._join(names)
                elif child.kind in ("GRAPH", "SERVICE"):
                    name = self._variables((child.start - 1, child.start))
                    self._join(name + names if name else [])
            self._join(alternatives)

    def _variables(self, span: Span) -> list[str]:
        tokens = self.query.tokens
        return [tokens[i][0][1:] for i in range(*span) if tokens[i].lastgroup == "variable"]

    def _term(self, index: int) -> str:
        """Return the name of a variable or a blank node, "" for a constant."""
        token = self.query.tokens[index]
        if token.lastgroup == "variable":
            return token[0][1:]
        if token.lastgroup == "blank":
            return token[0]
        return f"[{index}" if token[0][0] == "[" else ""

    def _find(self, name: str) -> str:
        while (other := self.groups.get(name, name)) != name:
            name = other
        return name

    def _join(self, names: Iterable[str]) -> None:
        first, *others = map(self._find, names) if names else [""]
        for other in others:
            if (other := self._find(other)) != first:
                self.groups[other] = first


def _within(scope: Scope) -> Iterator[Scope]:
    """Yield a group and the groups within it, except MINUS, EXISTS and sub-selects."""
    yield scope
    for child in scope.children:
        if child.kind not in _APART and not child.select:
            yield from _within(child)
