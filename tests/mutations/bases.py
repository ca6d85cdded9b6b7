"""Valid files with the place of each term, and cases that are made from them by edits.

While a text is edited, two private-use characters enclose what must be underlined. They are removed
once the place between them is known.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from located import Located, statements
from pyoxigraph import Literal, NamedNode, RdfFormat

from mutations.vocabulary import PREFIXES, TYPE, Vocabulary
from relations_kg.reader import parsing
from relations_kg.reader.places import Place

FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}
GOOD = Path(__file__).parents[1] / "facts" / "good"
OPEN, CLOSE = "\ue000", "\ue001"
MARK = "\ufeff"  # the byte order mark
_DIRECTIVE = re.compile(r"(?mi)^\s*@?(prefix|base)\s")

RKG, ID = PREFIXES["rkg"], PREFIXES["id"]

# The codes that may report a dangling link; a shape for the link takes precedence.
LINKS = frozenset({"class", "dangling-link", "node-kind", "or"})


T = TypeVar("T")


class Span(NamedTuple):
    """The part of a line that must be underlined."""

    line: int
    column: int
    end_column: int


class Case(NamedTuple):
    """A text with one mistake, and what validation should report.

    `codes` are the codes that may report the mistake, empty for any; `spans` are the places where
    it may be reported, in the order of the text. One of `repairs`, if any, has to be suggested.
    """

    name: str
    text: str
    kind: str
    codes: frozenset[str]
    spans: tuple[Span, ...]
    repairs: tuple[str, ...]
    base: str

    @property
    def suffix(self) -> str:
        return Path(self.base).suffix

    def __str__(self) -> str:
        codes = "|".join(sorted(self.codes)) or "any"
        spans = " ".join(f"{s.line}:{s.column}-{s.end_column}" for s in self.spans[:3])
        return f"{self.name} [{self.kind}] {spans} {codes}"


class Edit(NamedTuple):
    start: int
    end: int
    new: str


class Group(NamedTuple):
    """The statements with one predicate in one block of a subject."""

    statements: list[Located]
    following: Located | None  # the first statement of the next group of the block
    preceding: Located | None  # the last statement of the group before

    @property
    def predicate(self) -> str:
        return self.statements[0].quad.predicate.value

    @property
    def subject(self) -> str:
        return value(self.statements[0].quad.subject)


Mutator = Callable[["Base", random.Random, Vocabulary], "Case | None"]
MUTATORS: dict[str, list[Mutator]] = defaultdict(list)


def mutator(kind: str) -> Callable[[Mutator], Mutator]:
    """Register a function that plants mistakes of a kind."""

    def register(function: Mutator) -> Mutator:
        MUTATORS[kind].append(function)
        return function

    return register


class Base:
    """A valid file: its text, and its statements about IRIs with the place of each term."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        reading = parsing.parse_text(self.text, path.name, FORMATS[path.suffix])
        assert not reading.errors, reading.errors
        self.prefixes = reading.prefixes
        self.statements = [s for s in statements(reading) if isinstance(s.quad.subject, NamedNode)]
        self.start = int(self.text.startswith(MARK))
        self._starts = [self.start, *(match.end() for match in re.finditer("\n", self.text))]

    @property
    def first(self) -> int:
        """The offset at which the first statement begins."""
        return self.span(self.statements[0].subject)[0]

    def span(self, place: Place) -> tuple[int, int]:
        """Return the offsets of a place."""
        start = self._starts[place.line - 1] + place.column - 1
        return start, self._starts[place.end_line - 1] + place.end_column - 1

    def spelled(self, place: Place) -> str:
        start, end = self.span(place)
        return self.text[start:end]

    @cached_property
    def types(self) -> dict[str, set[str]]:
        types: dict[str, set[str]] = defaultdict(set)
        for s in self.statements:
            if s.quad.predicate.value == TYPE:
                types[value(s.quad.subject)].add(value(s.quad.object))
        return types

    @cached_property
    def incoming(self) -> dict[str, list[Located]]:
        incoming: dict[str, list[Located]] = defaultdict(list)
        for s in self.statements:
            if isinstance(s.quad.object, NamedNode) and s.quad.predicate.value != TYPE:
                incoming[s.quad.object.value].append(s)
        return incoming

    @cached_property
    def blocks(self) -> dict[str, list[Place]]:
        """The places of each subject, one for each of its blocks."""
        blocks: dict[str, list[Place]] = defaultdict(list)
        for s in self.statements:
            if s.subject not in blocks[value(s.quad.subject)]:
                blocks[value(s.quad.subject)].append(s.subject)
        return blocks

    @cached_property
    def groups(self) -> list[Group]:
        groups: list[Group] = []
        before: Located | None = None
        for s in self.statements:
            if before and (s.subject, s.predicate) == (before.subject, before.predicate):
                groups[-1].statements.append(s)
            else:
                same_block = before is not None and s.subject == before.subject
                if same_block:
                    groups[-1] = groups[-1]._replace(following=s)
                groups.append(Group([s], None, before if same_block else None))
            before = s
        return groups

    def linked(self, statement: Located) -> set[str]:
        """Return the values in the block of a statement."""
        return {value(s.quad.object) for s in self.statements if s.subject == statement.subject}

    def of(self, subject: str, *predicates: str) -> list[Located]:
        """Return the statements about a subject with one of some properties of this project."""
        wanted = {RKG + p for p in predicates}
        return [
            s
            for s in self.statements
            if value(s.quad.subject) == subject and s.quad.predicate.value in wanted
        ]

    @cached_property
    def passage(self) -> str:
        """The spelling of the first passage that is cited, or "" if there is none."""
        return next(
            (self.spelled(s.object) for s in self.statements if s.quad.predicate.value == CITES),
            "",
        )

    def short(self, iri: str) -> str:
        """Return an IRI shortened with the prefixes of the file, or in full if none fits."""
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and re.fullmatch(r"[\w-]*", local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    # Edits

    def mark(self, place: Place) -> Edit:
        """Return the edit that marks a term and leaves it unchanged."""
        return self.replace(place, self.spelled(place))

    def replace(self, place: Place, new: str) -> Edit:
        """Return the edit that replaces a term with a marked text."""
        return Edit(*self.span(place), marked(new))

    def remove(self, group: Group) -> Edit:
        """Return the edit that removes a property with all its values from a block."""
        if group.following:
            return Edit(
                self.span(group.statements[0].predicate)[0],
                self.span(group.following.predicate)[0],
                "",
            )
        assert group.preceding
        return Edit(
            self.span(group.preceding.object)[1], self.span(group.statements[-1].object)[1], ""
        )

    def append(self, group: Group, text: str) -> Edit:
        """Return the edit that inserts a text after the last value of a property."""
        end = self.span(group.statements[-1].object)[1]
        return Edit(end, end, text)

    def add(self, block: str) -> Edit:
        """Return the edit that appends a block to the file."""
        return Edit(len(self.text), len(self.text), f"\n{block}\n")

    def case(
        self,
        edits: Iterable[Edit],
        codes: Collection[str],
        repairs: Collection[str] = (),
        *prefixes: str,
    ) -> Case | None:
        """Return the case that some edits make, or None if they overlap or change nothing.

        Those prefixes of this project that the file does not declare are declared.
        """
        edits = list(edits)
        if lines := [f"@prefix {p}: <{PREFIXES[p]}> ." for p in prefixes if p not in self.prefixes]:
            edits.append(Edit(self.start, self.start, "\n".join(lines) + "\n"))
        text, limit = self.text, len(self.text) + 1
        for start, end, new in sorted(set(edits), reverse=True):
            if end > limit:
                return None
            text, limit = text[:start] + new + text[end:], start
        plain, spans = unmarked(text)
        if plain == self.text:
            return None
        name = self.path.name
        return Case("", plain, "", frozenset(codes), tuple(spans), tuple(repairs), name)


CITES = RKG + "statedIn"


def marked(text: str) -> str:
    return OPEN + text + CLOSE


def unmarked(text: str) -> tuple[str, list[Span]]:
    """Return the text without marks, and the places that were between them."""
    spans: list[Span] = []
    start: tuple[int, int] | None = None
    line = column = 1
    for character in text:
        if character == OPEN:
            start = line, column
        elif character == CLOSE:
            assert start
            spans.append(Span(*start, column))
        elif character == MARK:
            pass
        elif character == "\n":
            line, column = line + 1, 1
        else:
            column += 1
    return text.replace(OPEN, "").replace(CLOSE, ""), spans


def value(term: object) -> str:
    """Return the IRI or the text of a term."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


class Unfit(Exception):
    """Raised if a file has no place for a mistake of some kind."""


def pick(rng: random.Random, items: Iterable[T]) -> T:
    """Choose one of some items; raise Unfit if there are none."""
    if not (items := list(items)):
        raise Unfit
    return rng.choice(items)


def shuffled(rng: random.Random, items: Iterable[T]) -> list[T]:
    """Return the items in random order."""
    items = list(items)
    rng.shuffle(items)
    return items


def bases() -> Iterator[Base]:
    """Yield the valid files in which a mistake can be planted.

    They are in Turtle or TriG, state no fact twice, and declare all prefixes before the first fact.
    """
    for path in sorted(GOOD.iterdir()):
        if path.suffix in FORMATS:
            base = Base(path)
            directives = (match.start() for match in _DIRECTIVE.finditer(base.text))
            facts = [(s.quad.subject, s.quad.predicate, s.quad.object) for s in base.statements]
            if max(directives, default=0) < base.first and len(set(facts)) == len(facts):
                yield base
