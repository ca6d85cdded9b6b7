"""Warnings about COUNT, SUM or AVG in a SPARQL text that count a value several times.

An aggregate counts a value several times if another pattern has several matches for the value. The
store is queried for a group in which this happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query, Select
from relations_kg.warnings.unmatched import Count

# Most texts have no COUNT, SUM or AVG of a variable, and need not be parsed.
_SUSPECT = re.compile(r"(?i)\b(?:COUNT|SUM|AVG)\s*\(\s*[?$]")
_MOST = 8


def may_repeat(sparql: str) -> bool:
    """Return whether a text has an aggregate whose result depends on repeated values."""
    return _SUSPECT.search(sparql) is not None


def reasons(sparql: str, count: Count) -> tuple[str, ...]:
    """Return a warning for each aggregate that counts a value several times, with its place.

    Only a variable that is the subject of several patterns is checked, and in SUM and AVG a value
    of such a subject: counting an object once for each subject may be intended.

    >>> import relations_kg as rk
    >>> visits = "?v a rkg:Visit ; rkg:visitor ?p ; rkg:capacity ?office"
    >>> found = rk.load().query(f"SELECT ?p (COUNT(?v) AS ?n) {{ {visits} }} GROUP BY ?p")
    >>> found.warnings[0].partition(": ")[2]
    '?v is counted once for each ?office; write COUNT(DISTINCT ?v)'
    """
    try:
        query = parse(sparql)
    except (Mistake, Unknown):
        return ()
    found: dict[str, str] = {}
    for select in query.selects():
        if select.where.select is None:
            for index, message in _Repeated(query, select, count).findings():
                found.setdefault(message, f"{query.location(index)}: {message}")
    return tuple(found.values())


class _Repeated:
    """The aggregates of one SELECT, possibly a sub-select."""

    def __init__(self, query: Query, select: Select, count: Count) -> None:
        self.query, self.select, self.where, self.count = query, select, select.where, count
        tokens, bound = query.tokens, self.where.visible()
        # The indices of the tokens after the group, and after its solution modifiers.
        self.end = query.closing(self.where.start) + 1
        is_outermost = select is query.select
        self.stop = len(tokens) if is_outermost else query.closing(select.start - 1)
        # The subject and object of each pattern, except patterns such as ?s ?p ?o.
        self.ends = []
        own = {id(scope) for scope in self.where.scopes()}
        for each in query.triples:
            start, end = each.predicate
            pair = (tokens[each.subject][0], tokens[each.object][0])
            if id(each.scope) in own and tokens[start].lastgroup != "variable":
                is_inverse = tokens[start][0] == "^" and end == start + 2
                self.ends.append(pair[::-1] if is_inverse else pair)
        names = dict.fromkeys(end[1:] for pair in self.ends for end in reversed(pair))
        self.others = [name for name in names if name in bound]
        clause = takewhile(
            lambda token: token[0].upper() not in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"),
            tokens[self.end : self.stop],
        )
        # The variables of GROUP BY, including those within expressions.
        self.keys = [t[0][1:] for t in clause if t.lastgroup == "variable" and t[0][1:] in bound]

    def findings(self) -> Iterator[tuple[int, str]]:
        """Yield the place of each aggregate with repeated values, and a warning."""
        tokens = self.query.tokens
        for call in self.query.calls:
            is_own = call.index in range(self.select.start, self.stop)
            is_inside = call.index in range(self.where.start, self.end)
            if not is_own or is_inside or call.name not in ("COUNT", "SUM", "AVG"):
                continue
            start, end = call.arguments[0]
            is_distinct = tokens[start - 1][0].upper() == "DISTINCT"
            if is_distinct or end != start + 1 or tokens[start].lastgroup != "variable":
                continue
            taken = tokens[start][0]
            thing = taken if call.name == "COUNT" else self._subject(taken)
            if not thing or not self._is_subject(thing) or taken[1:] in self.keys:
                continue
            own = [*dict.fromkeys([thing[1:], taken[1:], *self.keys])]
            if other := self._repeating(own):
                if call.name == "COUNT":
                    message = f"{taken} is counted once for each ?{other}"
                    yield start, f"{message}; write COUNT(DISTINCT {taken})"
                else:
                    message = f"each {taken} is used once for each ?{other}"
                    help = f"put the pattern of ?{other} into FILTER EXISTS {{ … }}"
                    yield start, f"{message}; {help}"

    def _subject(self, value: str) -> str:
        """Return the only subject of a value's patterns, or "" if there are several or none."""
        found = {subject for subject, object in self.ends if object == value}
        return found.pop() if len(found) == 1 else ""

    def _is_subject(self, thing: str) -> bool:
        """Return whether a variable is the subject of several patterns, and never an object."""
        subjects = [subject for subject, _ in self.ends]
        objects = [object for _, object in self.ends]
        return thing[0] in "?$" and subjects.count(thing) > 1 and thing not in objects

    def _repeating(self, own: list[str]) -> str | None:
        """Return a variable with several values for one combination of values of `own`, or None."""
        if not self._asked(own, "*"):
            return None
        others = [name for name in self.others if name not in own][:_MOST]
        return next((name for name in others if self._asked(own, f"DISTINCT ?{name}")), None)

    def _asked(self, own: list[str], what: str) -> bool:
        query, tokens = self.query, self.query.tokens
        assert query.select
        before = query.text[: tokens[query.select.start].start()]
        group = query.source((self.where.start, self.end))
        clauses = tokens[self.end : self.stop]
        after = [t.start() for t in clauses if t[0].upper() == "VALUES"]
        values = query.text[after[0] : clauses[-1].end()] if after else ""
        names = " ".join(f"?{name}" for name in own)
        asked = f"{before}SELECT {names} {query.dataset()} WHERE {group} GROUP BY {names}"
        return bool(self.count(f"{asked} HAVING (COUNT({what}) > 1) LIMIT 1 {values}", 1))
