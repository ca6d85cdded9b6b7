"""A file of facts to check: its facts, their places, and the mistakes in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from relations_kg.errors import InputError
from relations_kg.rdf.literals import Flaw, flaws, narrowed
from relations_kg.rdf.namespaces import PREFIXES, RDF, RKG, shorten
from relations_kg.rdf.spelling import nearest
from relations_kg.rdf.terms import EngineTerm, Statement, Term, value
from relations_kg.reader import identifiers, limits, parsing, reading, refusals, unlocated
from relations_kg.reader.files import Document, Source, check_beginning, format_of, name_of
from relations_kg.reader.locations import Locations
from relations_kg.reader.places import ComposedFacts, Mistake, Place, Reading
from relations_kg.validation.findings import Finding, Fix
from relations_kg.validation.notation import respelled, spelled, written

if TYPE_CHECKING:
    from relations_kg.reader.jsonld.pointers import JsonReading

_LONGEST_EXCERPT = 2_000
_LAST_STRING = re.compile(r'"([^"\\]*)"$')
_OF_LISTS = (RDF + "first", RDF + "rest")
_NO_LIST = refusals.Refusal(
    "blank-node", "a list cannot be a value", 2, 'separate the values with ","'
)
# More errors are allowed than in a name, since long texts are seldom similar by chance.
_ERRORS_IN_NAMESPACE = 3
_ERRORS_WITH_PREFIX = 8


@dataclass(frozen=True)
class Spot:
    """The place of a subject (0), predicate (1) or object (2), with its pointer in JSON-LD."""

    submission: Submission
    place: Place
    pointer: str | None = None
    role: int = 2

    @property
    def extent(self) -> tuple[str | int | None, ...]:
        """The whole place: file, beginning, end and JSON Pointer."""
        place = self.place
        ends = (place.line, place.column, place.end_line, place.end_column)
        return (place.file, *ends, self.pointer)

    def located(self, finding: Finding) -> Finding:
        """Return a finding with this place, and the line of the file unless the line is long."""
        lines = self.submission.source.lines
        short = lines.length(self.place.line) <= _LONGEST_EXCERPT
        return replace(
            finding,
            file=self.place.file,
            line=self.place.line,
            column=self.place.column,
            end_line=self.place.end_line,
            end_column=self.place.end_column,
            pointer=self.pointer,
            excerpt=lines.text(self.place.line) if short else None,
        )

    def fix(self, wrong: Term, right: Term) -> Fix | None:
        """Return the fix that replaces a term with another, or None if it is uncertain."""
        submission, place = self.submission, self.place
        if submission.format == RdfFormat.RDF_XML:
            return None
        if self.pointer is None:
            short = submission.format in (RdfFormat.TURTLE, RdfFormat.TRIG)
            return Fix(place, written(right, submission.prefixes, short=short))
        # The place of a value in JSON may begin with its key.
        line = submission.source.lines.text(place.line)[: place.end_column - 1]
        name = _LAST_STRING.search(line, place.column - 1)
        if self.role != 2 or name is None or place.end_line != place.line:
            return None
        again = respelled(name[1], value(wrong), value(right))
        start = Place(place.file, place.line, name.start(1) + 1, place.line, name.end(1) + 1)
        return Fix(start, again) if again else None


class Submission:
    """The facts that a file states, and the mistakes in its text, found before shapes are checked.

    Facts that link things to external identifiers are in `identifying`, not in `facts`. `unread`
    are the subjects of statements that a mistake may have left incomplete.

    >>> Submission("tests/facts/bad/syntax.ttl").findings[0].line
    7
    """

    def __init__(
        self,
        source: Source,
        number: int = 0,
        content: bytes | ComposedFacts | None = None,
        ontology: Container[str] = (),
        refuse: Callable[[Quad], refusals.Refusal | None] = refusals.refusal,
        datatypes: Callable[[str], Collection[Term]] = lambda _: (),
    ) -> None:
        """Read a file, or the content or facts given instead, and find the mistakes in its text.

        Raises InputError for a file that cannot be read. The `number` distinguishes the blank nodes
        of files that are read together; corrections are chosen from the terms of `ontology`.
        `refuse` returns the reason why a statement is not a fact, or None, and `datatypes` returns
        the datatypes that a property accepts.
        """
        self._refuse = refuse
        self._ontology = ontology
        self.name = name_of(source)
        self.findings: list[Finding] = []
        self._found: set[Finding] = set()
        self.unread: set[Any] = set()
        self.source = Reading("", self.name)
        self.format, self.content = RdfFormat.TURTLE, b""
        if isinstance(content, ComposedFacts):
            self.source = content
        else:
            document = Document.of(source)
            self.format = format_of(document, content)
            self.content = document.content if content is None else content
            self._read(f"submitted{number}b")
        if self.source.errors:
            check_beginning(self.content, self.format, self.name)
        for mistake in self.source.errors:
            self._note_syntax(mistake)
        for prefix, namespace in self.prefixes.items():
            self._check_prefix(prefix, namespace)
        # In a text with a byte that is not UTF-8, damaged literals are no separate mistakes.
        is_garbled = any(
            each.code == "syntax" and "UTF-8" in each.message for each in self.findings
        )
        for index, quad in enumerate(self.source.quads):
            if not isinstance(term := quad.object, Literal):
                continue
            found = [] if is_garbled else [*flaws(term)]
            for flaw in found or narrowed(term, datatypes(quad.predicate.value)):
                self._note_literal(flaw, quad, self._spot(self.source.term(index, 2)))
        if not self.source.quads and not self.findings:
            self._add(Finding("warning", "empty", "there are no facts", file=self.name))
        self.facts, self.identifying = identifiers.part(self._admitted())

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the text with their namespaces."""
        return self.source.prefixes

    @cached_property
    def locations(self) -> Locations:
        """The places of the facts."""
        return Locations(self.source)

    def spots(self, fact: Statement, role: int) -> list[Spot]:
        """Return the places of the subject (0), predicate (1) or object (2) of a fact."""
        return [self._spot(where, role) for where in self.locations.term(fact, role)]

    def _spot(self, where: Place | str, role: int = 2) -> Spot:
        if isinstance(where, str):
            return Spot(self, cast("JsonReading", self.source).at(where), where, role)
        return Spot(self, where, role=role)

    def _read(self, scope: str) -> None:
        if self.format == RdfFormat.JSON_LD:
            self._read_json(scope)
        else:
            self._read_text(scope)

    def _read_text(self, scope: str) -> None:
        text = self.content.decode(errors="replace")
        self.source = Reading(text, self.name)
        try:
            self.content.decode()
        except UnicodeDecodeError as error:
            start = len(self.content[: error.start].decode())
            place = self.source.place(start, start + 1)
            message, help = "this byte is not valid UTF-8", "save the file in UTF-8"
            self._note_syntax(Mistake(message, place, help))
        is_xml = self.format == RdfFormat.RDF_XML
        found = None if is_xml else unlocated.read(self.content, text, self.name, self.format)
        if found:
            self.source = found
            return
        if line := limits.line_of_long_namespace(self.content):
            message, help = limits.LONG_NAMESPACE
            self._note_syntax(Mistake(message, Place(self.name, line, 1, line, 1), help))
            return
        if len(self.content) > limits.LONGEST:
            self._check_engine()
        if is_xml:
            self.source = parsing.parse(self.content, self.name, self.format, scope=scope)
        else:
            self.source = parsing.parse_text(text, self.name, self.format, scope=scope)

    def _read_json(self, scope: str) -> None:
        if limits.is_overlong(self.content):
            self._note_longest()
        else:
            self.source = parsing.parse(self.content, self.name, self.format, scope=scope)

    def _check_engine(self) -> None:
        """Report a token that is too long for the engine to load."""
        with suppress(SyntaxError, InputError):
            try:
                for _ in limits.parse(self.content, self.format, self.name):
                    pass
            except MemoryError:
                self._note_longest()

    def _note_longest(self) -> None:
        message, help = limits.OVERLONG
        finding = Finding("error", "syntax", message, file=self.name, help=help)
        if line := limits.line_of_longest(self.content):
            finding = replace(finding, line=line, column=1, end_line=line, end_column=1)
        self._add(finding)

    def _admitted(self) -> Iterator[Quad]:
        """Yield the facts to validate, and add findings for the refused statements."""
        derived = {*map(NamedNode, reading.DERIVED)}
        for index, quad in enumerate(self.source.quads):
            if quad.graph_name in derived:
                continue
            refused = self._refuse(quad)
            if refused is None or refused.code == refusals.BUNDLED:
                yield quad
            if refused is None:
                continue
            spot = self._spot(self.source.term(index, refused.role), refused.role)
            fix = None
            if quad.predicate.value in _OF_LISTS:
                # A list is reported once, where it begins.
                if quad.predicate.value != _OF_LISTS[0]:
                    continue
                refused = _NO_LIST
            elif right := self._right(quad, refused):
                help = f"write {spelled(right, self.prefixes)}"
                fix = spot.fix(quad[refused.role], NamedNode(right))
                refused = refused._replace(help=help)
                if refused.code == "vocabulary":
                    message = f"{shorten(value(quad[refused.role]))} is unknown"
                    refused = refused._replace(code="unknown-term", message=message)
            self._note(refused, spot, quad.subject, fix)

    def _right(self, quad: Quad, refused: refusals.Refusal) -> str | None:
        """Return the IRI that a refused term probably means, or None."""
        term = quad[refused.role]
        if not isinstance(term, NamedNode):
            return None
        if refused.code == "short-form":
            prefix, _, local = term.value.partition(":")
            return PREFIXES[prefix] + local
        if refused.code == "unknown-term":
            return next(iter(nearest(term.value, identifiers.OF_IDENTIFIERS)), None)
        if refused.role == 1 and (near := nearest(term.value, refusals.FOR_FACTS)):
            return near[0]
        local = RKG + re.split("[/#]", term.value)[-1]
        return local if refused.role and local in self._ontology else None

    def _note_syntax(self, mistake: Mistake) -> None:
        """Add the finding for a syntax error, with a fix for its prefix if it is about a prefix."""
        if mistake.subject is not None:
            self.unread.add(mistake.subject)
        text, place, prefix = mistake.fix, mistake.place, mistake.prefix
        if prefix is not None:
            near = nearest(prefix, self.prefixes)
            if prefix in PREFIXES and prefix not in self.prefixes:
                place = Place(self.name, 1, 1, 1, 1)
                text = f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
            elif len(near) == 1:
                text = f"{near[0]}:"
        fix = None if text is None else Fix(place, text)
        spot = self._spot(mistake.place if mistake.pointer is None else mistake.pointer)
        self._note(mistake, spot, mistake.subject, fix)

    def _check_prefix(self, prefix: str, namespace: str) -> None:
        """Report a prefix whose namespace is probably a misspelling of one of ours."""
        if namespace.startswith(tuple(PREFIXES.values())):
            return
        if prefix in PREFIXES:
            near = nearest(namespace, [PREFIXES[prefix]], _ERRORS_WITH_PREFIX)
        else:
            near = nearest(namespace, PREFIXES.values(), _ERRORS_IN_NAMESPACE)
        start = self.content.decode(errors="replace").find(f"<{namespace}>") if near else -1
        if start < 0:
            return
        right = f"<{near[0]}>"
        place = self.source.place(start, start + len(namespace) + 2)
        finding = Finding(
            "error",
            "wrong-prefix",
            f'the prefix "{prefix}:" is declared for another namespace than {right}',
            help=f"write {right}",
            fix=Fix(place, right),
            value=f"<{namespace}>",
        )
        self._add(Spot(self, place).located(finding))

    def _note_literal(self, flaw: Flaw, quad: Quad, spot: Spot) -> None:
        fix = None
        if spot.pointer is None:
            place, right = self._part(flaw, quad.object, spot.place)
            spot, fix = Spot(self, place), None if right is None else Fix(place, right)
        self._note(flaw, spot, quad.subject, fix)

    def _part(self, flaw: Flaw, wrong: EngineTerm, place: Place) -> tuple[Place, str | None]:
        """Return the place of the wrong part of a literal, and the right text if it is known."""
        right = flaw.right
        if right and flaw.part is None and isinstance(wrong, Literal):
            right = written(Literal(right, datatype=wrong.datatype), self.prefixes)
        if flaw.part is None:
            return place, right
        line = self.source.lines.text(place.end_line)[: place.end_column - 1]
        part = re.search(r"@[^@\s]*$" if flaw.code == "language" else r"[^\s^]+$", line)
        column = part.start() + 1 if part else place.column
        if flaw.code != "language":
            right = right and spelled(right, self.prefixes)
        end = (place.end_line, place.end_column)
        return Place(place.file, place.end_line, column, *end), right

    def _note(
        self,
        mistake: Mistake | Flaw | refusals.Refusal,
        spot: Spot,
        subject: object,
        fix: Fix | None,
    ) -> None:
        """Add the finding for a mistake in the text."""
        focus = subject.value if isinstance(subject, NamedNode) else None
        code, message, help = mistake.code, mistake.message, mistake.help
        self._add(spot.located(Finding("error", code, message, focus=focus, help=help, fix=fix)))

    def _add(self, finding: Finding) -> None:
        if finding not in self._found:
            self._found.add(finding)
            self.findings.append(finding)
