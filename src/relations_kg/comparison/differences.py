"""The differences between two graphs, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import normalize

from pyoxigraph import BlankNode, NamedNode

from relations_kg.rdf import markup
from relations_kg.rdf.formats import find
from relations_kg.rdf.markdown import escaped
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import Term, printable, value

# The property of a change of a mission, whose values are the phases that it lost and gained.
PHASE_OF = RKG + "phaseOfMission"
_SECTIONS = ("added", "removed", "changed")
_VERBS = {"+": "added", "-": "removed", "~": "changed"}
# Rows of cells.
Cells = tuple[tuple[str, ...], ...]
# A row of a table of a form: texts by the name of the column.
Row = Mapping[str, str]


@dataclass(frozen=True)
class Value:
    """A value of a property: the term, and its human-readable text."""

    term: Term
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Change:
    """The value of a property before and after, or None; `property` is the property's IRI."""

    property: str
    label: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Entity:
    """A thing that was added, removed or changed; `kind` is empty if it has no class."""

    iri: str
    label: str
    kind: str
    changes: tuple[Change, ...]

    @property
    def title(self) -> str:
        """The kind, the label and the short form of the IRI."""
        short = printable(shorten(self.iri))
        kind = f"{self.kind}: " if self.kind else ""
        return f"{kind}{self.label}" + (f" ({short})" if short != self.label else "")


@dataclass(frozen=True)
class ChangedAnswer:
    """The rows that the answer of a stored query gains and loses, with labels in their cells.

    `days` are the days with this difference, empty if the query has no day; `defaults` are the
    values of its other parameters.
    """

    query: str
    summary: str
    days: tuple[str, ...]
    defaults: dict[str, str]
    columns: tuple[str, ...]
    added: Cells
    removed: Cells

    @property
    def title(self) -> str:
        """The name of the query with the values of its parameters."""
        asked = [f"{name} {value}" for name, value in self.defaults.items()]
        asked += [f"on {', '.join(self.days)}"] if self.days else []
        return f"{self.query} ({'; '.join(asked)})" if asked else self.query

    @property
    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The rows with their signs, added rows first."""
        yield from (("+", row) for row in self.added)
        yield from (("-", row) for row in self.removed)


@dataclass(frozen=True)
class Listing:
    """The differences as they are listed for people, and the things that are not listed.

    A change of the head of a mission is a change of the mission. Tenures, persons, offices, cities
    and events that only come, go or change with a mission or its head are `unlisted`.
    """

    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[Entity, ...]
    unlisted: tuple[Entity, ...]


@dataclass(frozen=True, repr=False)
class Comparison:
    """The differences between two graphs; true if there are any.

    `before` and `after` are the names of the graphs. Things are sorted by kind and label. `answers`
    are the differing answers, or None if answers were not compared. `without` names the facts that
    were left out. `warnings` are about a second graph that is a later version of the first.
    `listing` is what the formats for people list; JSON has all things. `ended` are rows of a table
    for the form `head`, with what only the first graph knows of heads of missions, `phases` those
    for the form `phase`, with what only one graph knows of missions, and `closed` those for the
    form `mission`, with the missions that only the first graph has; `between` are the first dates
    of what ended and of what began after the day of the first graph.

    >>> bool(Comparison("a.ttl", "b.ttl"))
    False
    """

    before: str
    after: str
    added: tuple[Entity, ...] = ()
    removed: tuple[Entity, ...] = ()
    changed: tuple[Entity, ...] = ()
    answers: tuple[ChangedAnswer, ...] | None = None
    without: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    listing: Listing | None = None
    ended: tuple[Row, ...] = ()
    phases: tuple[Row, ...] = ()
    closed: tuple[Row, ...] = ()
    between: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def gone(self) -> list[NamedNode]:
        """The IRIs of the things that only the first graph has, with lost phases of missions."""
        things = (thing.iri for thing in self.removed)
        changes = (change for thing in self.changed for change in thing.changes)
        phases = (each.before.term for each in changes if each.before and each.property == PHASE_OF)
        found = [NamedNode(iri) for iri in things if not iri.startswith("_:")]
        return found + [term for term in phases if isinstance(term, NamedNode)]

    def serialize(self, format: str = "text") -> str:
        """Return the comparison as text, markdown or json; raise InputError for another format.

        >>> print(Comparison("a.ttl", "b.ttl").serialize(), end="")
        a.ttl → b.ttl: no difference
        """
        name = find(format, "comparison").name
        if name == "json":
            return json.dumps(self, default=_fields, ensure_ascii=False, indent=2) + "\n"
        lines = self._text() if name == "text" else self._markdown()
        return "".join(f"{line.rstrip(' ')}\n" for line in lines)

    def __str__(self) -> str:
        return self.serialize()

    def __repr__(self) -> str:
        return f"<Comparison: {self._headline(printable)}>"

    def _repr_html_(self) -> str:
        return "".join(self._html())

    def _html(self) -> Iterator[str]:
        yield markup.element("h3", self._headline(printable))
        for name, things in self._sections:
            rows = [
                (thing.title, f"{_sign(change)} {change.label}", _values(change))
                for thing in things
                for change in thing.changes
            ]
            yield markup.section(name.capitalize(), ("thing", "property", "value"), rows)
        if self.listing and self.listing.unlisted:
            yield markup.element("p", self._unlisted)
        for answer in self.answers or ():
            rows_of = [(sign, *row) for sign, row in answer.rows]
            title = f"{answer.title}: {answer.summary}"
            yield markup.section(title, ("", *answer.columns), rows_of)
        if self.answers == ():
            yield markup.element("p", "No answer changes")

    @property
    def _sections(self) -> Iterator[tuple[str, tuple[Entity, ...]]]:
        """The sections that are not empty, each with its heading."""
        listed = self.listing or self
        return ((name, things) for name in _SECTIONS if (things := getattr(listed, name)))

    @property
    def _unlisted(self) -> str:
        """A sentence with the number of unlisted things of each kind."""
        kinds = Counter(thing.kind for thing in self.listing.unlisted) if self.listing else {}
        counts = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
        return f"Not listed, as part of these changes: {counts}; --format json has all"

    def _headline(self, quoted: Callable[[str], str]) -> str:
        counts = ", ".join(
            f"{len(things)} {'thing' if len(things) == 1 else 'things'} {name}"
            for name, things in self._sections
        )
        sides = f"{quoted(self.before)} → {quoted(self.after)}"
        left_out = f", without {', '.join(self.without)}" if self.without else ""
        return f"{sides}: {counts or 'no difference'}{quoted(left_out)}"

    def _text(self) -> Iterator[str]:
        yield self._headline(printable)
        for name, things in self._sections:
            yield f"\n{name.capitalize()}"
            for thing in things:
                yield f"  {thing.title}"
                for change in thing.changes:
                    yield f"    {_sign(change)} {change.label}: {_values(change)}"
        if self.listing and self.listing.unlisted:
            yield f"\n{self._unlisted}"
        if self.answers:
            yield "\nAnswers"
        for answer in self.answers or ():
            yield f"  {answer.title}: {answer.summary}"
            for sign, row in answer.rows:
                pairs = zip(answer.columns, row, strict=True)
                yield f"    {sign} {' · '.join(f'{name} {cell}' for name, cell in pairs if cell)}"
        if self.answers == ():
            yield "\nNo answer changes"

    def _markdown(self) -> Iterator[str]:
        yield f"**{self._headline(escaped)}**"
        for name, things in self._sections:
            yield f"\n### {name.capitalize()}\n"
            for thing in things:
                yield f"- {escaped(thing.title)}"
                for change in thing.changes:
                    verb = f"{_VERBS[_sign(change)]} " if name == "changed" else ""
                    yield f"  - {verb}*{escaped(change.label)}*: {escaped(_values(change))}"
        if self.listing and self.listing.unlisted:
            yield f"\n{escaped(self._unlisted)}."
        if self.answers:
            yield "\n### Answers"
        for answer in self.answers or ():
            yield f"\n**{escaped(answer.title)}**: {escaped(answer.summary)}\n"
            yield f"| | {' | '.join(map(escaped, answer.columns))} |"
            yield f"|---|{'---|' * len(answer.columns)}"
            for sign, row in answer.rows:
                yield f"| {_VERBS[sign]} | {' | '.join(map(escaped, row))} |"
        if self.answers == ():
            yield "\nNo answer changes."


def paired(iri: str, label: str, lost: list[Value], got: list[Value]) -> Iterator[Change]:
    """Yield the changes of a property; one lost and one gained value are one change."""
    if len(lost) == len(got) == 1:
        (before,), (after,) = lost, got
        if before.text == after.text:
            before, after = _exactly(before), _exactly(after)
        yield Change(iri, label, before, after)
        return
    in_order = partial(sorted, key=lambda each: (each.text, str(each.term)))
    yield from (Change(iri, label, each, None) for each in in_order(lost))
    yield from (Change(iri, label, None, each) for each in in_order(got))


def _exactly(shown: Value) -> Value:
    """Return a value with a text that distinguishes it from all other terms."""
    iri = isinstance(shown.term, NamedNode)
    text = shorten(value(shown.term)) if iri else printable(str(shown.term))
    return Value(shown.term, text)


def _sign(change: Change) -> str:
    if change.before is None:
        return "+"
    return "-" if change.after is None else "~"


def _values(change: Change) -> str:
    values = [str(value) for value in (change.before, change.after) if value is not None]
    normal = {normalize("NFC", text) for text in values}
    note = " (they differ in Unicode normalization)" if len(normal) < len({*values}) else ""
    return " → ".join(values) + note


def _fields(record: object) -> dict[str, Any]:
    """Return a record as a JSON object of its fields; a value becomes its term with its text.

    The listing for people and the rows of tables are left out.
    """
    if isinstance(record, Value):
        return {**_json_term(record.term), "text": record.text}
    fields = dict(vars(record))
    if isinstance(record, Comparison) and record.answers is None:
        del fields["answers"]
    if isinstance(record, Comparison) and not record.without:
        del fields["without"]
    if isinstance(record, Comparison):
        del fields["listing"], fields["ended"], fields["phases"], fields["closed"]
        if not record.warnings:
            del fields["warnings"]
    return fields


def _json_term(term: Term) -> dict[str, str]:
    """Return a term in the form of the SPARQL 1.1 JSON results."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    literal = {"type": "literal", "value": term.value}
    if term.language:
        return {**literal, "xml:lang": term.language}
    if term.datatype.value != XSD + "string":
        return {**literal, "datatype": term.datatype.value}
    return literal
