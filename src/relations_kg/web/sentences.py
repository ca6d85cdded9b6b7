"""Sentences about things, written from templates over the stated facts, with their passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import islice

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.claims import Claims
from relations_kg.answers.description import Account
from relations_kg.answers.fact_dates import WHEN
from relations_kg.answers.passages import Passage, cited_nodes, passage, place_in_order
from relations_kg.graph.graph import Graph
from relations_kg.pictures.display import Display
from relations_kg.pictures.related_events import concerned, dated, in_order, reach
from relations_kg.rdf.date_words import (
    as_adverb,
    between_in_words,
    by_in_words,
    date_in_words,
    since_in_words,
)
from relations_kg.rdf.namespaces import CODE, RKG, STATED
from relations_kg.rdf.spelling import with_article
from relations_kg.rdf.terms import TYPE, Statement, Term, named, objects, printable, value

# The maximum numbers of things that a clause lists, and of passages that it cites.
_MOST_LISTED, _MOST_CITED = 5, 3
_MOST_CACHED = 10_000
# The maximum numbers of relationships, and of parties, whose related things are cached.
_MOST_RELATIONSHIPS = 64
Concerned = Callable[[str], frozenset[NamedNode]]
# The kinds whose names always need "the", and the kinds of which some names need it, by a pattern.
_DEFINITE = {"Mission", "Agreement", "Policy", "Initiative"}
_NAMED = {"Party", "Place"}
_DEFINITE_NAME = re.compile(
    r".*(?: of | for ).*|United .*|.*(?:dynasty|government|"
    r"\b(?:Empire|Federation|Islands|Kingdom|Nations|Organi[sz]ation|Republic|See|States|Union))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A part of a clause; `iri` is the linked thing, and `title` its name."""

    text: str
    iri: str = ""
    title: str = ""


@dataclass(frozen=True)
class Clause:
    """A part of a sentence, with its facts, their passages and the claims that dispute them."""

    parts: tuple[Part, ...]
    passages: tuple[Passage, ...] = ()
    disputed: tuple[Account, ...] = ()
    facts: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sequence of clauses."""

    clauses: tuple[Clause, ...]

    @classmethod
    def of(cls, clauses: Iterable[Clause]) -> Sentence:
        """Return the sentence that consists of the clauses, beginning with a capital letter."""
        first, *others = clauses
        start, *rest = first.parts
        start = replace(start, text=start.text[:1].upper() + start.text[1:])
        return cls((replace(first, parts=(start, *rest)), *others))

    @property
    def parts(self) -> list[Part]:
        """The parts of all clauses."""
        return [part for clause in self.clauses for part in clause.parts]

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)


def cited(sentences: Iterable[Sentence]) -> list[Passage]:
    """Return the passages that sentences cite, in order."""
    return [p for each in sentences for clause in each.clauses for p in clause.passages]


def things_concerning(graph: Graph) -> Concerned:
    """Return a function that returns the things that concern a thing, and caches the last ones."""
    cached, display = lru_cache(_MOST_RELATIONSHIPS), Display(graph.quad_store)
    reached = cached(lambda party: frozenset(reach(graph, party, display=display)))
    return cached(lambda thing: frozenset(concerned(graph, [thing], reached, display)))


class Writer:
    """A writer of sentences about the things of a graph.

    In a template, `{sendingParty}` stands for the values of a property, `{^seat}` for the things of
    which this thing is the seat, `{signedAt/place}` for the values of a path, and
    `{hostParty|placeVisited}` for the values of the first property that has any. `{openedBy@when}`
    is the date of an event; `{@start}` and other parts of `when` are dates of the thing itself.
    `{has~had}` depends on whether the thing is ongoing. `{label}` is its name, `{a kind}` its
    class, and `{=visited}` or `{=a kind}` links to it. A part in square brackets is left out if a
    thing in it is unknown, or if the sentence already ends with it; if any other thing is unknown,
    there is no sentence.
    """

    def __init__(self, graph: Graph, concerned: Concerned | None = None) -> None:
        self.graph = graph
        self._store = graph.quad_store
        self._claims = cache(lambda: Claims(self._store))
        # The graph does not change, so results can be cached; a large graph needs limited caches.
        cached = lru_cache(_MOST_CACHED)
        self._cited = cached(lambda thing: frozenset(cited_nodes(self._store, [thing])))
        self._passage = cached(lambda node: passage(self._store, node))
        self._place = cached(lambda node: place_in_order(self._store, node))
        self.dated = cached(lambda thing: dated(graph, thing))
        self.kind, self.kinds = cached(self._kind), cached(self._kinds)
        self.concerned = concerned or things_concerning(graph)
        of_relationships = lru_cache(_MOST_RELATIONSHIPS)
        self.concerning = of_relationships(lambda thing: in_order(graph, self.concerned(thing)))

    @cached_property
    def display(self) -> Display:
        """The annotations that decide how pictures show the classes of the graph."""
        return Display(self._store)

    def sentence(self, template: str, iri: str, *, is_dated: bool = True) -> Sentence | None:
        """Return the sentence about a thing, or None if a required fact is unknown.

        Without `is_dated`, parts in square brackets with the thing's own dates are left out.
        """
        if not is_dated:
            template = re.sub(r"\[ \{@\w+\}\]", "", template)
        clauses: list[Clause] = []
        for text in filter(None, re.split(r"(\[.*?\]|\.$)", template)):
            clause = self._clause(text.strip("[]"), iri)
            if clause is None and not text.startswith("["):
                return None
            before = str(Sentence(tuple(clauses)))
            if clause and not before.endswith("".join(part.text for part in clause.parts)):
                clauses.append(clause)
        return Sentence.of(_once(clauses))

    def _clause(self, text: str, iri: str) -> Clause | None:
        parts: list[Part] = []
        used: list[Statement] = []
        for piece in filter(None, re.split(r"(\{.*?\})", text)):
            if not piece.startswith("{"):
                parts.append(Part(piece))
                continue
            found = self._slot(piece[1:-1], iri, used)
            if not found:
                return None
            parts += found
        if not used and "a kind}" in text:
            used += self._facts(NamedNode(iri), TYPE, "")
        against = {claim for fact in used for claim in self._claims().against(fact)}
        properties = {each.fact[1] for each in against}
        property = properties.pop() if len(properties) == 1 else WHEN
        accounts = [Account.of(each, property, self.graph.names) for each in against]
        accounts.sort(key=lambda account: account.claim)
        return Clause(tuple(parts), tuple(self.passages(used)), tuple(accounts), tuple(used))

    def _slot(self, slot: str, iri: str, used: list[Statement]) -> list[Part]:
        if slot.endswith("label"):
            return list(self.name(iri, linked=slot.startswith("=")))
        if slot.startswith("="):
            words = self._words(slot[1:], iri) or slot[1:]
            return [Part(words, iri, self.graph.names.label(iri))]
        if words := self._words(slot, iri):
            return [Part(words)]
        path, at, part = slot.partition("@")
        if at:
            return self._date(path, part, iri, used)
        for alternative in path.split("|"):
            facts: list[Statement] = []
            if found := self.things(iri, alternative, facts):
                shown = found if len(found) <= _MOST_LISTED else found[: _MOST_LISTED - 1]
                used += [fact for fact in facts if "/" in alternative or {*fact} & {*shown}]
                return list(self.listed(found))
        return []

    def _words(self, slot: str, iri: str) -> str:
        """Return the words for a slot about the kind or the state of a thing, or ""."""
        are_several = bool(self.texts(iri, "vagueQuantity"))
        if slot == "It was":
            return "They were" if are_several else slot
        if slot in ("kind", "a kind"):
            kind = self.kind(iri)
            if slot == "kind" or not kind:
                return kind
            return f"{kind}s" if are_several else with_article(kind)
        present, way, past = slot.partition("~")
        return (present if self.is_going_on(iri) else past) if way else ""

    def _date(self, path: str, part: str, iri: str, used: list[Statement]) -> list[Part]:
        parts: list[Part] = []
        for thing in named(self.things(iri, path, used)) if path else [NamedNode(iri)]:
            if words := self.when(thing.value, part):
                linked = (thing.value, self.graph.names.label(thing.value)) if path else ()
                parts += [Part(" and ")] if parts else []
                parts.append(Part(words, *linked))
                used += [(thing, WHEN, date) for date in objects(self._store, thing, WHEN.value)]
        return parts

    def when(self, iri: str, part: str = "when") -> str:
        """Return when a thing happened, or its "start" or "end", as an adverbial, or "".

        "ongoing" is the start of an ongoing thing, "started" that of a thing that is not ongoing.
        """
        known = self.dated(iri)
        if not known:
            return ""
        if part in ("ongoing", "started"):
            is_asked = self.is_going_on(iri) == (part == "ongoing")
            if not (is_asked and known.earliest_start and known.latest_start):
                return ""
        if part == "when" and known.when:
            return as_adverb(date_in_words(known.when))
        start = between_in_words(known.earliest_start, known.latest_start)
        end = between_in_words(known.earliest_end, known.latest_end)
        if part == "ongoing":
            return since_in_words(known.earliest_start, known.latest_start)
        if part in ("start", "started"):
            return as_adverb(start)
        if part == "end":
            if known.latest_end and known.earliest_end in (None, known.earliest_start):
                return by_in_words(known.latest_end)
            return as_adverb(end) if known.latest_end else ""
        if start == end:
            return as_adverb(start)
        if not known.earliest_start:
            return ""
        word = "since" if self.is_going_on(iri) else "from"
        return start if start.startswith("between") else f"{word} {start}"

    def is_going_on(self, iri: str) -> bool:
        """Return whether a thing is ongoing at the time of its source."""
        known = self.dated(iri)
        if known:
            return known.ongoing and not known.latest_end
        # Undated situations and missions may have ended; other things exist until succeeded.
        if self.kinds(iri) & {"Situation", "Mission"}:
            return False
        return not self.things(iri, "^succeeds")

    def things(self, iri: str, path: str, used: list[Statement] | None = None) -> list[Term]:
        """Return the things at the end of a path, by date; add the facts of the path to `used`."""
        found: list[Term] = [NamedNode(iri)]
        for step in path.split("/"):
            predicate = NamedNode(RKG + step.removeprefix("^"))
            facts = [fact for node in found for fact in self._facts(node, predicate, step)]
            found = list(dict.fromkeys(fact[0 if step.startswith("^") else 2] for fact in facts))
            if used is not None:
                used += facts
        # A single thing needs no sorting, so its date is not looked up.
        return sorted(found, key=self._order) if len(found) > 1 else found

    def _facts(self, node: Term, predicate: NamedNode, step: str) -> Iterator[Statement]:
        stated = NamedNode(STATED)
        ends = (None, node) if step.startswith("^") else (node, None)
        if isinstance(node, NamedNode):
            for quad in self._store.quads_for_pattern(ends[0], predicate, ends[1], stated):  # type: ignore[arg-type]
                yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]

    def _order(self, term: Term) -> tuple[str, str]:
        known = self.dated(term.value) if isinstance(term, NamedNode) else None
        return known.bounds[0].isoformat() if known else "", self.graph.names.shown(term)

    def listed(self, terms: Iterable[Term]) -> Iterator[Part]:
        """Yield the names of things as a list in a sentence, with links."""
        every = list(terms)
        shown = every if len(every) <= _MOST_LISTED else every[: _MOST_LISTED - 1]
        names = [list(self.name(term)) for term in shown]
        if len(shown) < len(every):
            names.append([Part(f"{len(every) - len(shown)} others")])
        for index, parts in enumerate(names):
            if index:
                yield Part(" and " if index == len(names) - 1 else ", ")
            yield from parts

    def name(self, thing: Term | str, *, linked: bool = True) -> Iterator[Part]:
        """Yield the name of a thing in the middle of a sentence, with "the" if needed."""
        if isinstance(thing, Literal):
            yield Part(printable(thing.value))
            return
        iri = thing if isinstance(thing, str) else value(thing)
        label = re.sub("^The ", "the ", printable(self.graph.names.label(iri)))
        kind, kinds = self.kind(iri), self.kinds(iri)
        if kind and kinds & _DEFINITE and label.casefold().startswith(kind.casefold()):
            label = kind + label[len(kind) :]
        is_definite = kinds & _DEFINITE or (kinds & _NAMED and _DEFINITE_NAME.fullmatch(label))
        if is_definite and not label.startswith("the "):
            yield Part("the ")
        yield Part(label, iri if linked and not iri.startswith(CODE) else "")

    def texts(self, iri: str, property: str) -> list[str]:
        """Return the texts of a property of a thing."""
        return [printable(value(each)) for each in self.things(iri, property)]

    def _kind(self, iri: str) -> str:
        """Return the label of the stated class of a thing, or ""."""
        stated = objects(self._store, NamedNode(iri), TYPE.value, STATED)
        kinds = sorted(self.graph.names.label(each.value) for each in named(stated))
        return kinds[0] if kinds else ""

    def _kinds(self, iri: str) -> frozenset[str]:
        return frozenset(each.removeprefix(RKG) for each in self.graph.names.kinds(iri))

    def passages(self, facts: Iterable[Statement]) -> list[Passage]:
        """Return the first passages that both subject and object of the facts cite.

        A fact without them has those of its subject; a fact that states a class, only the first.
        """
        found: dict[NamedNode, None] = {}
        for subject, predicate, other in facts:
            nodes = self._of_both(value(subject), None if predicate == TYPE else other)
            found.update(dict.fromkeys(nodes[:1] if predicate == TYPE else nodes))
        return [self._passage(node) for node in islice(found, _MOST_CITED)]

    def cited(self, thing: str, other: object = None) -> tuple[Passage, ...]:
        """Return the passages that a thing and `other` both cite, or else those of the thing."""
        return tuple(map(self._passage, self._of_both(thing, other)))

    def _of_both(self, thing: str, other: object) -> list[NamedNode]:
        here = self._cited(thing)
        there = self._cited(other.value) if isinstance(other, NamedNode) else here
        return sorted(here & there or here, key=self._place)


def _once(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Yield the clauses, without passages that the next clause also cites.

    A clause loses its passages if the next clause with passages has all of them.
    """
    found: list[Clause] = []
    later: set[Passage] = set()
    for clause in reversed(list(clauses)):
        cited = () if later.issuperset(clause.passages) else clause.passages
        later = set(clause.passages) or later
        found.append(replace(clause, passages=cited))
    yield from reversed(found)
