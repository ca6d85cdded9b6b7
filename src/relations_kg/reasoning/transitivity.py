"""The closure of transitive predicates, in time proportional to the number of inferred pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from relations_kg.reasoning.fact_sets import Fact, FactSet, Pair
from relations_kg.reasoning.facts import Facts
from relations_kg.reasoning.rules import Rule


class _Linked(dict[int, set[int]]):
    """The objects to which a predicate links each subject."""

    def __init__(self, facts: Facts, predicate: int) -> None:
        super().__init__()
        self._facts, self._predicate = facts, predicate

    def __missing__(self, subject: int) -> set[int]:
        found = self[subject] = {*self._facts.links_at_first(self._predicate, subject)}
        return found


class Links:
    """The links: facts of transitive predicates that are not composed of other facts.

    A composed fact represents a path of links. Composing with one link at a time derives each pair
    about once; joining the closure with itself would derive it once for every way to cut the path
    in two.
    """

    def __init__(self, facts: Facts, predicates: Iterable[int]) -> None:
        self._facts = facts
        # predicate → subject → linked objects
        self._objects = {predicate: _Linked(facts, predicate) for predicate in predicates}

    def restore(self, links: Iterable[Fact]) -> None:
        """Add links whose composed facts are known."""
        for subject, predicate, object_ in links:
            self._objects[predicate][subject].add(object_)

    def __iter__(self) -> Iterator[Fact]:
        for predicate, links in self._objects.items():
            for subject in {*self._facts.linked_at_first(predicate), *links}:
                yield from ((subject, predicate, object_) for object_ in links[subject])

    def are_apart(self, predicate: int, new: Iterable[Pair]) -> bool:
        """Return whether new facts of a predicate compose no others, with each other or known ones.

        This is so if nothing is both the subject of a fact and the object of a fact.
        """
        subjects, objects = {subject for subject, _ in new}, {object_ for _, object_ in new}
        before, after = self._facts.by_object(predicate), self._facts.by_subject(predicate)
        return (
            subjects.isdisjoint(objects)
            and not any(subject in before for subject in subjects)
            and not any(object_ in after for object_ in objects)
        )

    def covers(self, predicate: int) -> bool:
        """Return whether a predicate has links: it is transitive and not a default predicate."""
        return predicate in self._objects

    def __contains__(self, fact: Fact) -> bool:
        subject, predicate, object_ = fact
        links = self._objects.get(predicate)
        return links is not None and object_ in links[subject]

    def of_subjects(self) -> Iterator[tuple[int, int, Set[int]]]:
        """Yield each subject whose links were needed, the predicate and the linked objects."""
        for predicate, links in self._objects.items():
            for subject, objects in links.items():
                yield subject, predicate, objects

    def add(self, link: Fact) -> Iterator[list[Pair]]:
        """Add a fact as a link, and yield the pairs that it newly composes, in a list per subject.

        The link must be known; the composed pairs become known.

        Each node that reaches the link's subject now reaches the object and everything that it
        reaches. Nodes that already reached the object are skipped.
        """
        subject, predicate, object_ = link
        self._objects[predicate][subject].add(object_)
        known = self._facts.known.pairs[predicate]
        further = dict.fromkeys((object_, *self._facts.objects(predicate, object_)))
        for source in [subject, *self._facts.subjects(predicate, subject)]:
            if source != subject and (source, object_) in known:
                continue
            composed = [pair for target in further if (pair := (source, target)) not in known]
            if composed:
                self._facts.add(predicate, composed)
                yield composed

    def cut(self, predicate: int, pairs: Iterable[Pair], lost: set[Pair]) -> set[Pair]:
        """Return the composed pairs whose path may contain one of the links among some pairs.

        `lost` collects the pairs that earlier cuts have visited, so that several cuts visit each
        pair about once.
        """
        known, links = self._facts.known.pairs[predicate], self._objects[predicate]
        found = set[Pair]()
        for subject, object_ in pairs:
            if object_ not in links[subject]:
                continue
            further = [object_, *self._facts.objects(predicate, object_)]
            for source in [subject, *self._facts.subjects(predicate, subject)]:
                if source != subject and (source, object_) in lost:
                    continue
                new = ({(source, target) for target in further} & known) - lost
                lost |= new
                linked = links[source]
                found.update(pair for pair in new if pair[1] not in linked)
        return found

    def discard(self, facts: FactSet) -> None:
        """Remove from the links those of these facts that are links."""
        for predicate, links in self._objects.items():
            for subject, object_ in facts.pairs.get(predicate, ()):
                if (subject, predicate, object_) in self:
                    links[subject].remove(object_)

    def composed(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        """Yield those of the facts whose ends are connected by a path of links."""
        reached: dict[tuple[int, int], set[int]] = {}
        for fact in facts:
            subject, predicate, object_ = fact
            if predicate in self._objects:
                if (subject, predicate) not in reached:
                    reached[subject, predicate] = self._reached(subject, predicate)
                if object_ in reached[subject, predicate]:
                    yield fact

    def _reached(self, subject: int, predicate: int) -> set[int]:
        links = self._objects[predicate]
        found = set(links[subject])
        queue = list(found)
        for node in queue:
            new = links[node] - found
            found |= new
            queue += new
        return found


def is_transitivity(rule: Rule) -> bool:
    """Return whether a rule states that a predicate is transitive.

    >>> from pyoxigraph import NamedNode
    >>> p = NamedNode("urn:p")
    >>> is_transitivity(Rule("p ∘ p ⊑ p", (("x", p, "y"), ("y", p, "z")), ("x", p, "z")))
    True
    """
    if len(rule.body) != 2:
        return False
    (x, p, y), (also_y, q, z) = rule.body
    variables = all(isinstance(term, str) for term in (x, y, z))
    distinct = len({x, y, z}) == 3
    return variables and distinct and y == also_y and p == q and rule.head == (x, p, z)
