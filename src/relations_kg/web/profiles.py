"""The facts on a thing's page: its properties, and the things that involve it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from markupsafe import Markup
from pyoxigraph import NamedNode

from relations_kg.answers.description import Description, Fact
from relations_kg.answers.passages import Passage
from relations_kg.pictures.related_events import Dated, by_day
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import EngineTerm, value
from relations_kg.web.leads import in_one
from relations_kg.web.sentences import Sentence, Writer, cited

# Things of these classes are listed apart from the facts, since they are about what sources say.
_EDITORIAL = {"Claim", "Discrepancy", "Reading"}
# The title of the section for the last lane, which has the things that fit no other lane.
_OTHERS = "Other facts"
# The properties of facts that the sentences on visits and missions already imply.
_UNSAID = {RKG + "visitingParty", RKG + "seatPolity"}


@dataclass(frozen=True)
class Entry:
    """A thing or text related to the described thing, with the facts that relate them.

    `sentence` is about the related thing; it is None if no template fits.
    """

    other: EngineTerm
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    dated: Dated | None
    sentence: Sentence | None = None

    @property
    def roles(self) -> list[tuple[str, bool]]:
        """The properties of the facts that the sentence does not state.

        Each has a flag for whether it points to the described thing.
        """
        stated = (
            {fact for each in self.sentence.clauses for fact in each.facts} if self.sentence else ()
        )
        return [
            (value(fact.statement[1]), fact.statement[0] == self.other)
            for fact in self.facts
            if fact.statement not in stated and value(fact.statement[1]) not in _UNSAID
        ]

    @property
    def accounts(self) -> list[str]:
        """The texts of the other accounts that the entry shows."""
        parts = self.sentence.clauses if self.sentence else self.facts
        return [account.text for part in parts for account in part.disputed]

    @property
    def cited(self) -> list[Passage]:
        """The passages that the entry shows."""
        return cited([self.sentence]) if self.sentence else list(self.passages)


@dataclass(frozen=True)
class Profile:
    """The facts that the page of a thing shows.

    `properties` are its entries by the IRI of the property, `sections` the entries of things that
    involve it by the title of the section, and `editorial` the claims, discrepancies and readings
    about it. `inferred` are the inferred facts, except facts given by readings.
    """

    properties: dict[str, list[Entry]]
    sections: dict[str, list[Entry]]
    editorial: list[Entry]
    inferred: list[Fact]

    @classmethod
    def of(
        cls,
        writer: Writer,
        description: Description,
        facts: Iterable[Fact],
        others: Iterable[Dated] = (),
    ) -> Profile:
        """Return a profile with facts of a description, and with other things in its sections."""
        node, display = NamedNode(description.iri), writer.display
        if "Claim" in writer.kinds(description.iri):
            # A claim is itself one of the accounts.
            facts = [replace(fact, disputed=()) for fact in facts]
        by_other: dict[EngineTerm, list[Fact]] = {}
        for fact in facts:
            subject, _, object_ = fact.statement
            by_other.setdefault(object_ if subject == node else subject, []).append(fact)
        properties: dict[str, list[Entry]] = {}
        by_lane: dict[str, list[Entry]] = {name: [] for name in display.lanes}
        editorial: list[Entry] = []
        inferred: list[Fact] = []
        for other, about in by_other.items():
            # A fact given by a reading is shown with its ground, not as inferred.
            inferred += [fact for fact in about if fact.inferred and not fact.ground]
            about = [fact for fact in about if not fact.inferred or fact.ground]
            if not about:
                continue
            incoming = [fact for fact in about if fact.statement[0] == other]
            if not incoming:
                for fact in about:
                    entry = _entry(writer, node, other, [fact])
                    properties.setdefault(value(fact.statement[1]), []).append(entry)
                continue
            entry = _entry(writer, node, other, about)
            kinds = writer.kinds(other.value) if isinstance(other, NamedNode) else frozenset()
            if kinds & _EDITORIAL:
                editorial.append(entry)
            else:
                by_lane[display.lane(kinds)].append(entry)
        for each in others:
            if NamedNode(each.iri) not in by_other:
                by_lane[display.lane(each.kinds)].append(listed(writer, each))
        *_, last = display.lanes
        sections = {
            _OTHERS if name == last else display.lanes[name]: sorted(members, key=_order)
            for name, members in by_lane.items()
            if members
        }
        return cls(properties, sections, editorial, inferred)

    @property
    def passages(self) -> list[Passage]:
        """The passages of all entries in the order in which they are first cited."""
        return passages_in((*self.properties.values(), *self.sections.values(), self.editorial))


def passages_in(groups: Iterable[Iterable[Entry]]) -> list[Passage]:
    """Return the passages of entries in the order in which they are first cited."""
    found = (passage for entries in groups for entry in entries for passage in entry.cited)
    return list(dict.fromkeys(found))


def numbers(cited: Collection[Passage], passages: Sequence[Passage]) -> list[list[int]]:
    """Return the numbers of cited passages in a list, from 1, in order.

    Three or more consecutive numbers become one item, of the first and the last.
    """
    runs: list[list[int]] = []
    for number in sorted({passages.index(each) + 1 for each in cited if each in passages}):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = ([[run[0], run[-1]]] if len(run) > 2 else [[number] for number in run] for run in runs)
    return list(chain.from_iterable(parts))


def listed(writer: Writer, thing: Dated) -> Entry:
    """Return the entry of a thing that is not directly related to the described thing."""
    iri = thing.iri
    return Entry(NamedNode(iri), (), writer.cited(iri), thing, in_one(writer, iri))


def _entry(writer: Writer, node: NamedNode, other: EngineTerm, facts: list[Fact]) -> Entry:
    """Return the entry of a thing `other` that `facts` relate to the described thing `node`.

    Its passages are those that both cite or, if there are none, those of the facts' subject. If the
    first fact is inferred, it has none.
    """
    if not isinstance(other, NamedNode):
        return Entry(other, tuple(facts), writer.cited(node.value), None)
    is_subject = facts[0].statement[0] == other
    ends = (other, node) if is_subject else (node, other)
    passages = () if facts[0].inferred else writer.cited(ends[0].value, ends[1])
    sentence = in_one(writer, other.value) if is_subject else None
    return Entry(other, tuple(facts), passages, writer.dated(other.value), sentence)


def _order(entry: Entry) -> tuple[object, ...]:
    return (not entry.dated, by_day(entry.dated) if entry.dated else (), str(entry.other))


def data_block(content: bytes) -> Markup:
    """Return JSON-LD for a script element, with only the used part of the context.

    It is escaped so that it cannot contain the end of the element.
    """
    data = json.loads(content)
    if isinstance(context := data.get("@context"), dict):
        used = _keys({name: each for name, each in data.items() if name != "@context"})
        data["@context"] = {
            term: meant
            for term, meant in context.items()
            if term in used or term.startswith("@") or isinstance(meant, str)
        }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _keys(data: object) -> set[str]:
    """Return the keys of all objects in a JSON value."""
    if isinstance(data, list):
        return set().union(*map(_keys, data))
    if isinstance(data, dict):
        return set(data).union(*map(_keys, data.values()))
    return set()
