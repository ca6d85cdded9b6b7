"""Violations made findings: each put into words, at its place, with what would be right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from relations_kg.answers.contradictions import Contradiction
from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import RKG, STATED, shorten
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, statements, value
from relations_kg.reader import refusals
from relations_kg.reader.locations import Spot
from relations_kg.reader.places import Place
from relations_kg.reasoning.inference import BOUNDS
from relations_kg.reasoning.proofs import Proofs
from relations_kg.validation.findings import Finding, Fix, Related
from relations_kg.validation.repairs import Repair, Repairs, written
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.submission import Submission
from relations_kg.validation.violations import Violation
from relations_kg.validation.wording import Wording

_WHEN = NamedNode(RKG + "when")
_SPEAKS_FROM = NamedNode(RKG + "speaksFrom")
_CALCULATED = {*(bound.value for bound in BOUNDS), RKG + "ongoing"}
_OF_TERMS = ("derived", "disjoint-classes", "foreign-term", "unknown-term", "wrong-subject")
_OF_TWO = ("disjoint", "less-than", "less-than-or-equals")
_OF_MANY = ("max-count", "unique-lang")
# What the text of a literal shows too, which its shape tells in the context of its thing.
_OF_TEXT = ("date", "lexical")
_NOTHING = Finding("", "", "")


class Spotted(NamedTuple):
    """Say in which file something stands, and where in it."""

    submission: Submission
    spot: Spot


class Known:
    """Look up the facts of submissions by what they are about and what they point to."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self.submissions = submissions
        self._by_subject: dict[Term, list[Statement]] = {}
        self._by_object: dict[Term, list[Statement]] = {}
        self._by_ends: dict[tuple[Term, Term], list[Statement]] = {}
        for submission in submissions:
            for fact in submission.locations.facts():
                self._by_subject.setdefault(fact[0], []).append(fact)
                self._by_object.setdefault(fact[2], []).append(fact)
                self._by_ends.setdefault((fact[0], fact[2]), []).append(fact)

    def about(self, subject: Term) -> list[Statement]:
        """List the facts about a thing, in the order of the files."""
        return self._by_subject.get(subject, [])

    def pointing_to(self, object_: Term) -> list[Statement]:
        """List the facts with an object, in the order of the files."""
        return self._by_object.get(object_, [])

    def links(self, subject: Term, object_: Term) -> list[Statement]:
        """List the facts that lead from one thing to another, in the order of the files."""
        return self._by_ends.get((subject, object_), [])

    def spots(self, facts: Iterable[Statement], role: int) -> list[Spotted]:
        """List where the subjects (0), predicates (1) or objects (2) of facts stand."""
        return [
            Spotted(submission, spot)
            for fact in facts
            for submission in self.submissions
            for spot in submission.locations.term(fact, role)
        ]

    def head(self, subject: Term) -> list[Spotted]:
        """Return where the first block about a thing begins, if there is one."""
        return self.spots(self.about(subject)[:1], 0)[:1]


class Verdicts:
    """Make findings of violations, while the graph holds the facts that were submitted."""

    def __init__(
        self,
        graph: Knowledge,
        shapes: Shapes,
        submissions: Sequence[Submission],
        violations: Iterable[Violation],
    ) -> None:
        self._graph = graph
        self._submissions = submissions
        self._wording = Wording(graph.store)
        # A check says nothing where a shape has blamed the same value of the same thing.
        self._blamed = {
            (v.focus, v.value)
            for v in violations
            if (v.rule or v.code == "code-list") and v.value != v.focus
        }
        new = named(fact[0] for each in submissions for fact in each.facts)
        self._repairs = Repairs(graph.store, shapes, new)

    def finding(self, violation: Violation) -> Finding | None:
        """Make a finding of a violation; None for what is told by another or follows from it."""
        blamed = (violation.focus, violation.value) in self._blamed
        if blamed and not violation.rule and violation.code != "code-list":
            return None
        message, rule = self._wording.sentence(violation)
        repair = self._repairs.of(violation)
        spotted, related = self._located(violation)
        finding = Finding(
            violation.severity,
            violation.code,
            message,
            shorten(violation.rule) if violation.rule else None,
            violation.focus.value if isinstance(violation.focus, NamedNode) else None,
            help=repair.help or rule,
            path=violation.path,
            value=_shown(violation.value),
        )
        if spotted is None:
            return finding
        if self._is_unread(violation, spotted):
            return None
        return self._at(finding, spotted, related, repair)

    def contradiction(self, clash: Contradiction, told: Collection[Finding]) -> Finding | None:
        """Make a finding of a contradiction that rests on a submitted fact.

        None where an error has been told of one of these facts, which it then follows from.
        """
        thing = clash.facts[0][0]
        leaves = list(
            dict.fromkeys(
                leaf
                for fact in clash.facts
                for proof in Proofs(self._graph.inference, fact).minimal()[0]
                for leaf in proof.leaves
            )
        )
        # A link is at fault rather than what it leads to, and that rather than its class.
        leaves.sort(key=lambda leaf: (leaf[2] != thing, leaf[1] == TYPE))
        spots = self._known.spots(leaves, 2)
        wrong = {finding.extent for finding in told if finding.severity == "error"}
        if not spots or any(
            each.submission.located(_NOTHING, each.spot).extent in wrong
            for each in (*spots, *self._known.spots(leaves, 1))
        ):
            return None
        subject, predicate, object_ = clash.facts[0]
        terms = " ".join(
            shorten(t.value) if isinstance(t, NamedNode) else f'"{value(t)}"'
            for t in (subject, predicate, object_)
        )
        help = f"relations-kg explain --facts {spots[0].submission.name} {terms} tells why"
        finding = Finding(
            "error",
            "contradiction",
            clash.message,
            focus=subject.value if isinstance(subject, NamedNode) else None,
            help=help,
        )
        known = [Related("this stands against it", p) for p in self._origins(leaves) if p]
        return self._at(finding, spots[0], [*self._others(spots[1:2]), *known[:1]], Repair())

    def settled(self, findings: Iterable[Finding | None]) -> list[Finding]:
        """Add what is wrong with the texts, and leave out what would be told twice."""
        told = list(dict.fromkeys(finding for finding in findings if finding is not None))
        places = {finding.extent: index for index, finding in enumerate(told) if finding.shape}
        for submission in self._submissions:
            for finding in submission.findings:
                index = places.get(finding.extent) if finding.line or finding.pointer else None
                if index is not None and finding.code == refusals.BUNDLED:
                    continue
                if index is None or finding.code not in _OF_TEXT:
                    told.append(finding)
                elif finding.fix or not told[index].fix:
                    told[index] = replace(told[index], help=finding.help, fix=finding.fix)
        return told

    @cached_property
    def _known(self) -> Known:
        return Known(self._submissions)

    def _located(self, violation: Violation) -> tuple[Spotted | None, list[Related]]:
        """Find the term at fault, and what else to look at."""
        if not self._submissions:
            return None, []
        focus, at_fault = violation.focus, violation.value
        if violation.code in _OF_MANY:
            return self._many(violation)
        if violation.code in _OF_TWO:
            return self._two(violation)
        spots: list[Spotted] = []
        if violation.code in _OF_TERMS and at_fault is not None:
            about = self._known.about(focus)
            spots = self._known.spots([f for f in about if f[1] == at_fault], 1)
            spots += self._known.spots([f for f in about if f[1] == TYPE and f[2] == at_fault], 2)
            if other := violation.bindings.get("other"):
                spots = self._below(focus, at_fault) + self._below(focus, other)
                spots.sort(key=_position, reverse=True)
                return next(iter(spots), None), self._others(spots[1:2], "the other one")
        elif violation.path and at_fault is not None:
            fact = (focus, NamedNode(violation.path), at_fault)
            spots = self._known.spots([fact], 2)
        elif at_fault is not None and at_fault != focus:
            links = self._known.links(focus, at_fault) or self._known.links(at_fault, focus)
            spots = self._known.spots(links, 2)
            if not spots and not self._is_property(at_fault):
                return self._pair(focus, at_fault)
        spots = spots or self._known.head(focus) or self._mention(violation)
        return (spots[0] if spots else None), []

    def _below(self, focus: Term, kind: Term) -> list[Spotted]:
        """Return where a thing is said to be of a class below another."""
        said = [fact for fact in self._known.about(focus) if fact[1] == TYPE]
        below = [fact for fact in said if kind in self._repairs.above(fact[2])]
        return self._known.spots(below, 2)

    def _many(self, violation: Violation) -> tuple[Spotted | None, list[Related]]:
        """Locate the second of values of which there are too many."""
        focus, path = violation.focus, NamedNode(violation.path or "")
        facts = [fact for fact in self._known.about(focus) if fact[1] == path]
        if violation.code == "unique-lang":
            texts = objects(self._graph.store, focus, path.value)
            tags = [text.language for text in texts if isinstance(text, Literal)]
            facts = [
                fact
                for fact in facts
                if isinstance(fact[2], Literal) and tags.count(fact[2].language) > 1
            ]
        spots = sorted(self._known.spots(facts, 2), key=_position)
        if not spots:
            return next(iter(self._known.head(focus)), None), []
        if len(spots) == 1:
            origins = self._origins(f for f in self._stated(focus, path) if f not in facts)
            return spots[0], [Related("the one that is known", place) for place in origins]
        return spots[1], self._others(spots[:1], "the first one")

    def _two(self, violation: Violation) -> tuple[Spotted | None, list[Related]]:
        """Locate the later of two values that do not go together."""
        about = self._known.about(violation.focus)
        paths = [violation.path, value(violation.expected) if violation.expected else None]
        spots: list[Spotted] = []
        for path in paths:
            dated = path in _CALCULATED
            facts = [
                fact
                for fact in about
                if (fact[1] in (_WHEN, _SPEAKS_FROM) if dated else value(fact[1]) == path)
                and (violation.code != "disjoint" or fact[2] == violation.value)
            ]
            spots += self._known.spots(facts, 2)
        if not spots:
            return next(iter(self._known.head(violation.focus)), None), []
        spots = sorted(dict.fromkeys(spots), key=_position)
        return spots[-1], self._others(spots[:-1][:1], "the other one")

    def _pair(self, one: Term, other: Term) -> tuple[Spotted | None, list[Related]]:
        """Locate the later of two things that do not go together."""
        spots = sorted([*self._known.head(one), *self._known.head(other)], key=_position)
        if not spots:
            spots = self._known.spots(
                [*self._known.pointing_to(other), *self._known.pointing_to(one)], 2
            )
            return (spots[0] if spots else self._first()), []
        related = self._others(spots[:-1], "the other one")
        if not related:
            known = self._stated(other if self._known.about(one) else one, TYPE)
            related = [Related("the other one", place) for place in self._origins(known)]
        return spots[-1], related

    def _stated(self, subject: Term, predicate: NamedNode) -> Iterator[Statement]:
        if not isinstance(subject, Literal):
            graph = NamedNode(STATED)
            yield from statements(
                self._graph.store.quads_for_pattern(subject, predicate, None, graph)
            )

    def _mention(self, violation: Violation) -> list[Spotted]:
        """Find any place in the files that has to do with a thing that they do not speak of."""
        terms = [violation.value, *violation.bindings.values(), violation.focus]
        for term in terms:
            if term is not None and (found := self._known.spots(self._known.pointing_to(term), 2)):
                return found
            if term is not None and (found := self._known.head(term)):
                return found
        first = self._first()
        return [first] if first else []

    def _first(self) -> Spotted | None:
        for submission in self._submissions:
            for fact in submission.facts:
                if spots := self._known.spots([fact], 0):
                    return spots[0]
        return None

    def _at(
        self, finding: Finding, spotted: Spotted, related: list[Related], repair: Repair
    ) -> Finding:
        submission, spot = spotted
        fix = None
        if isinstance(spot, Place) and repair.term is not None:
            text = written(repair.term, submission.prefixes, short=submission.has_shorthand)
            fix = Fix(spot, text)
        finding = submission.located(finding, spot)
        return replace(finding, fix=fix, related=tuple(related))

    def _others(self, spots: Iterable[Spotted], message: str = "and this") -> list[Related]:
        return [Related(message, s.spot) for s in spots if isinstance(s.spot, Place)]

    def _origins(self, facts: Iterable[Statement]) -> Iterator[Place]:
        """Yield where the graph's own files state facts."""
        for fact in facts:
            if place := self._graph.place(fact):
                yield place

    def _is_unread(self, violation: Violation, spotted: Spotted) -> bool:
        """Tell whether what is missing may stand where the text could not be read."""
        unread = {node for each in self._submissions for node in each.unread}
        missing = spotted in self._known.head(violation.focus)
        return (missing and violation.focus in unread) or (
            violation.code in ("dangling-link", "class", "or") and violation.value in unread
        )

    def _is_property(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(RKG)


def _position(spotted: Spotted) -> tuple[object, ...]:
    spot = spotted.spot
    place = (spot.line, spot.column, "") if isinstance(spot, Place) else (0, 0, spot)
    return (spotted.submission.name, *place)


def _shown(term: Term | None) -> str | None:
    return None if term is None or isinstance(term, BlankNode) else str(term)
