"""The closure of stated facts under rules, each fact met once with all that came before it."""

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import NamedNode

from relations_kg.rules import Pattern, Rule
from relations_kg.terms import Statement, Term

_Fact = tuple[int, int, int]
_Side = dict[int, dict[int, list[int]]]
# Called with the subject and the object of a new fact and the queue of facts to come.
_Fire = Callable[[int, int, list[_Fact]], None]
# A pattern in numbers: a variable is the place of its value, a constant is ~id and so negative.
_Numbered = tuple[int, int, int]


class Closure:
    """Keep facts and what follows from them.

    Facts are added one by one and joined with those already there, so that adding costs what
    the new facts bring about and not what was known before.

    >>> from pyoxigraph import NamedNode
    >>> a, b, c, p = (NamedNode("urn:" + name) for name in "abcp")
    >>> closure = Closure([Rule("p is transitive", (("x", p, "y"), ("y", p, "z")), ("x", p, "z"))])
    >>> [(s.value, o.value) for s, _, o in closure.add([(a, p, b), (b, p, c)])]
    [('urn:a', 'urn:c')]
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._terms: list[Term] = []
        self._ids: dict[Term, int] = {}
        self._facts: set[_Fact] = set()
        # predicate → subject → objects, and predicate → object → subjects
        self._objects: _Side = {}
        self._subjects: _Side = {}
        # What to do about a new fact, by its predicate or by predicate and object.
        self._plans: dict[int | tuple[int, int], list[_Fire]] = {}
        self.predicates: set[NamedNode] = set()
        for rule in rules:
            self.predicates.update(predicate for _, predicate, _ in rule.body)
            for trigger in range(len(rule.body)):
                self._plan(rule, trigger)

    def add(self, triples: Iterable[Statement]) -> Iterator[Statement]:
        """Add facts and yield those that follow and were neither known nor added."""
        identify = self._id
        queue = [(identify(s), identify(p), identify(o)) for s, p, o in triples]
        queue = [fact for fact in dict.fromkeys(queue) if fact not in self._facts]
        known = self._facts
        known.update(queue)
        given = len(queue)
        plans = self._plans
        for fact in queue:
            s, p, o = fact
            self._objects.setdefault(p, {}).setdefault(s, []).append(o)
            self._subjects.setdefault(p, {}).setdefault(o, []).append(s)
            for fire in plans.get(p, ()):
                fire(s, o, queue)
            for fire in plans.get((p, o), ()):
                fire(s, o, queue)
        terms = self._terms
        for s, p, o in queue[given:]:
            yield terms[s], terms[p], terms[o]

    def _id(self, term: Term) -> int:
        number = self._ids.get(term)
        if number is None:
            number = self._ids[term] = len(self._terms)
            self._terms.append(term)
        return number

    def _plan(self, rule: Rule, trigger: int) -> None:
        places: dict[str, int] = {}

        def numbered(pattern: Pattern) -> _Numbered:
            subject, predicate, object_ = (
                places.setdefault(term, len(places)) if isinstance(term, str) else ~self._id(term)
                for term in pattern
            )
            return subject, ~predicate, object_

        first = numbered(rule.body[trigger])
        rest = _connected([p for i, p in enumerate(rule.body) if i != trigger], set(places))
        joins = [numbered(pattern) for pattern in rest]
        head = numbered(rule.head)
        key = (first[1], ~first[2]) if first[2] < 0 else first[1]
        fire = self._firing(first, joins, head, len(places))
        self._plans.setdefault(key, []).append(fire)

    def _firing(
        self, first: _Numbered, joins: list[_Numbered], head: _Numbered, width: int
    ) -> _Fire:
        facts = self._facts
        s_place, _, o_place = first
        head_s, head_p, head_o = head

        def emit(values: list[int], queue: list[_Fact]) -> None:
            fact = (
                values[head_s] if head_s >= 0 else ~head_s,
                head_p,
                values[head_o] if head_o >= 0 else ~head_o,
            )
            if fact not in facts:
                facts.add(fact)
                queue.append(fact)

        def join(depth: int, values: list[int], queue: list[_Fact]) -> None:
            if depth == len(joins):
                emit(values, queue)
                return
            s, p, o = joins[depth]
            subject = values[s] if s >= 0 else ~s
            object_ = values[o] if o >= 0 else ~o
            if subject >= 0 and object_ >= 0:
                if (subject, p, object_) in facts:
                    join(depth + 1, values, queue)
            elif subject >= 0:
                for values[o] in self._objects.get(p, {}).get(subject, ()):
                    join(depth + 1, values, queue)
                values[o] = _UNBOUND
            elif object_ >= 0:
                for values[s] in self._subjects.get(p, {}).get(object_, ()):
                    join(depth + 1, values, queue)
                values[s] = _UNBOUND
            else:
                for subject, objects in self._objects.get(p, {}).items():
                    for object_ in objects if s != o else {subject}.intersection(objects):
                        values[s], values[o] = subject, object_
                        join(depth + 1, values, queue)
                values[s] = values[o] = _UNBOUND

        def fire(subject: int, object_: int, queue: list[_Fact]) -> None:
            values = [_UNBOUND] * width
            if s_place >= 0:
                values[s_place] = subject
            elif ~s_place != subject:
                return
            if o_place >= 0:
                if values[o_place] not in (_UNBOUND, object_):
                    return
                values[o_place] = object_
            join(0, values, queue)

        return fire


_UNBOUND = -1


def _connected(patterns: list[Pattern], bound: set[str]) -> list[Pattern]:
    """Order patterns so that each shares a variable with those before it where it can."""
    ordered: list[Pattern] = []
    while patterns:
        best = max(
            patterns, key=lambda p: sum(not isinstance(t, str) or t in bound for t in p[::2])
        )
        patterns.remove(best)
        ordered.append(best)
        bound.update(term for term in best[::2] if isinstance(term, str))
    return ordered
