"""One file of facts to be checked: what it states, where, and what is wrong with its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from relations_kg.errors import InputError
from relations_kg.rdf import literals
from relations_kg.rdf.dates import DATATYPE
from relations_kg.rdf.namespaces import PREFIXES, RDF, RKG, shorten
from relations_kg.rdf.spelling import nearest
from relations_kg.rdf.terms import value
from relations_kg.reader import identifiers, jsonld, limits, parsing, reading, refusals
from relations_kg.reader.files import Source, content_of, format_of, name_of
from relations_kg.reader.locations import Locations, Spot
from relations_kg.reader.places import Mistake, Place, Reading
from relations_kg.reader.pointers import JsonReading
from relations_kg.validation.findings import Finding, Fix
from relations_kg.validation.repairs import spelled, written

_LONGEST_EXCERPT = 2_000
_OF_LISTS = (RDF + "first", RDF + "rest")
# More than in a name: so long a text is not like another by chance, least where the prefix is too.
_ERRORS_IN_NAMESPACE = 3
_ERRORS_WITH_PREFIX = 8


class Submission:
    """Hold what one file states, and what is wrong with it before any shape is asked.

    What tells what others call things is `identifying` and none of the `facts`. `unread` are the
    things of whose statements a mistake in the text may have kept some back.

    >>> Submission("tests/facts/bad/syntax.ttl").findings[0].line
    7
    """

    def __init__(
        self,
        source: Source,
        number: int = 0,
        content: bytes | None = None,
        ontology: Container[str] = (),
        refuse: Callable[[Quad], refusals.Refusal | None] = refusals.refusal,
    ) -> None:
        """Read a file, or what is given for its content, and find what is wrong in its text.

        Raises InputError for what cannot be read. The `number` tells apart the nodes without a
        name of files that are read together; `ontology` are the terms that can be meant. `refuse`
        returns why a statement is no fact, or None.
        """
        self._refuse = refuse
        self._ontology = ontology
        self.name = name_of(source)
        self.format = format_of(source)
        self.content = content_of(source) if content is None else content
        self.findings: list[Finding] = []
        self.unread: set[Any] = set()
        self.reading: Reading | None = None
        self.document: JsonReading | None = None
        scope = f"submitted{number}b"
        quads = self._read_json(scope) if self._is_json else self._read_text(scope)
        if not quads and not self.findings:
            self._blame("warning", "empty", "there are no facts in it", None)
        self.facts, self.identifying = identifiers.part(self._admitted(quads))

    @property
    def prefixes(self) -> dict[str, str]:
        """What the prefixes of the text stand for."""
        return self.reading.prefixes if self.reading else {}

    @cached_property
    def locations(self) -> Locations:
        """Where it says what it says."""
        return Locations(self.reading or self.document or JsonReading("", self.name))

    def located(self, finding: Finding, spot: Spot | None) -> Finding:
        """Give a finding its place in this file."""
        source, place, pointer = self.reading or self.document, spot, None
        if isinstance(spot, str) and self.document:
            place, pointer = self.document.place(spot), spot
        if not isinstance(place, Place):
            return replace(finding, file=self.name, pointer=None)
        excerpt = None
        if source and source.lines.length(place.line) <= _LONGEST_EXCERPT:
            excerpt = source.lines.text(place.line)
        return replace(
            finding,
            file=place.file,
            line=place.line,
            column=place.column,
            end_line=place.end_line,
            end_column=place.end_column,
            pointer=pointer,
            excerpt=excerpt,
        )

    @property
    def has_shorthand(self) -> bool:
        """Whether numbers can be written without quotation marks."""
        return self.format in (RdfFormat.TURTLE, RdfFormat.TRIG)

    @property
    def _is_json(self) -> bool:
        return self.format == RdfFormat.JSON_LD

    def _read_text(self, scope: str) -> list[Quad]:
        try:
            text = self.content.decode()
        except UnicodeDecodeError as error:
            text = self.content.decode(errors="replace")
            self.reading = Reading(text, self.name)
            start = len(self.content[: error.start].decode())
            self._blame(
                "error",
                "syntax",
                "this is not a character in UTF-8",
                self.reading.place(start, start + 1),
                help="save the file in UTF-8",
            )
        if line := limits.line_of_long_namespace(self.content):
            self.reading = Reading(text, self.name)
            message, help = limits.LONG_NAMESPACE
            place = Place(self.name, line, 1, line, 1)
            self._blame("error", "syntax", message, place, help=help)
            return []
        if len(self.content) > limits.LONGEST:
            self._check_engine()
        found = parsing.parse_text(text, self.name, self.format, scope=scope)
        self.reading = found
        for mistake in found.errors:
            self._note(mistake)
        for prefix, namespace in found.prefixes.items():
            self._check_prefix(prefix, namespace, text)
        for index, quad in enumerate(found.quads):
            for flaw in literals.flaws(quad.object):
                self._blame_literal(flaw, quad, found.term(index, 2))
        return found.quads

    def _check_engine(self) -> None:
        """Find a token that is longer than the engine takes when the file is loaded."""
        with suppress(SyntaxError, InputError):
            try:
                for _ in limits.parse(self.content, self.format, self.name):
                    pass
            except MemoryError:
                self._blame_longest()

    def _blame_longest(self) -> None:
        line = limits.line_of_longest(self.content)
        spot = Place(self.name, line, 1, line, 1) if line else None
        message, help = limits.OVERLONG
        self._blame("error", "syntax", message, spot, help=help)

    def _read_json(self, scope: str) -> list[Quad]:
        if limits.is_overlong(self.content):
            self._blame_longest()
            return []
        found = self.document = jsonld.read(self.content, self.name, scope=scope)
        for mistake in found.errors:
            self._note(mistake)
        for index, quad in enumerate(found.quads):
            for flaw in literals.flaws(quad.object):
                self._blame_literal(flaw, quad, found.term(index, 2))
        return found.quads

    def _admitted(self, quads: list[Quad]) -> Iterator[Quad]:
        """Yield what is a fact; what is refused meets no shape and changes no hierarchy."""
        for index, quad in enumerate(quads):
            if value(quad.graph_name) in reading.DERIVED:
                continue
            refused = self._refuse(quad)
            if refused is None or refused.code == refusals.BUNDLED:
                yield quad
            if refused is None:
                continue
            spot = self._spot(index, refused.role)
            if quad.predicate.value in _OF_LISTS:
                # Once for each list, where it begins.
                if quad.predicate.value == _OF_LISTS[0]:
                    each = 'give each value by itself, with "," before the next'
                    self._blame("error", "blank-node", "facts have no lists", spot, help=each)
                continue
            help, fix = self._right(quad, refused, spot)
            help = help or refused.help
            code, message = refused.code, refused.message
            if help and code == "vocabulary":
                code, message = "unknown-term", f"{shorten(value(quad[refused.role]))} is unknown"
            self._blame("error", code, message, spot, quad.subject, help, fix)

    def _spot(self, index: int, role: int) -> Spot | None:
        source = self.reading or self.document
        return source.term(index, role) if source else None

    def _right(
        self, quad: Quad, refused: refusals.Refusal, spot: Spot | None
    ) -> tuple[str | None, Fix | None]:
        """Tell what would be right in the place of what is refused."""
        term = quad[refused.role]
        if not isinstance(term, NamedNode):
            return None, None
        right = None
        local = re.split("[/#]", term.value)[-1]
        if refused.code == "short-form":
            prefix, _, local = term.value.partition(":")
            right = spelled(PREFIXES[prefix] + local, self.prefixes)
        elif refused.code == "unknown-term":
            if near := nearest(term.value, identifiers.OF_IDENTIFIERS):
                right = spelled(near[0], self.prefixes)
        elif refused.role == 1 and (near := nearest(term.value, refusals.FOR_FACTS)):
            right = spelled(near[0], self.prefixes)
        elif refused.role and RKG + local in self._ontology:
            right = spelled(RKG + local, self.prefixes)
        if right is None:
            return None, None
        return f"write {right}", Fix(spot, right) if isinstance(spot, Place) else None

    def _note(self, mistake: Mistake) -> None:
        if mistake.subject is not None:
            self.unread.add(mistake.subject)
        text = mistake.fix
        place = mistake.place
        if mistake.prefix is not None:
            near = nearest(mistake.prefix, self._declared)
            if mistake.prefix in PREFIXES and mistake.prefix not in self._declared:
                place = Place(self.name, 1, 1, 1, 1)
                text = f"@prefix {mistake.prefix}: <{PREFIXES[mistake.prefix]}> .\n"
            elif len(near) == 1:
                text = f"{near[0]}:"
        fix = Fix(place, text) if text is not None else None
        self._blame(
            "error",
            mistake.code,
            mistake.message,
            mistake.place if mistake.pointer is None else mistake.pointer,
            mistake.subject,
            mistake.help,
            fix,
        )

    @property
    def _declared(self) -> dict[str, str]:
        return self.reading.prefixes if self.reading else {}

    def _check_prefix(self, prefix: str, namespace: str, text: str) -> None:
        """Find a prefix of ours that is declared to stand for something else."""
        if namespace.startswith(tuple(PREFIXES.values())):
            return
        if prefix in PREFIXES:
            near = nearest(namespace, [PREFIXES[prefix]], _ERRORS_WITH_PREFIX)
        else:
            near = nearest(namespace, PREFIXES.values(), _ERRORS_IN_NAMESPACE)
        if not near:
            return
        right = near[0]
        start = text.find(f"<{namespace}>")
        if self.reading and start >= 0:
            place = self.reading.place(start, start + len(namespace) + 2)
            message = f'the prefix "{prefix}:" is declared for another namespace than <{right}>'
            help = f"write <{right}>"
            fix = Fix(place, f"<{right}>")
            self._blame("error", "wrong-prefix", message, place, help=help, fix=fix)
            self.findings[-1] = replace(self.findings[-1], value=namespace)

    def _blame_literal(self, flaw: literals.Flaw, quad: Quad, spot: Spot) -> None:
        fix = None
        if isinstance(spot, Place):
            spot, right = self._part(flaw, spot)
            fix = Fix(spot, right) if right is not None else None
        self._blame("error", flaw.code, flaw.message, spot, quad.subject, flaw.help, fix)

    def _part(self, flaw: literals.Flaw, place: Place) -> tuple[Place, str | None]:
        """Return where the part of a literal that is wrong stands, and what to write there."""
        right = flaw.right
        if flaw.code == "date":
            right = right and written(Literal(right, datatype=NamedNode(DATATYPE)), self.prefixes)
        if flaw.part is None or self.reading is None:
            return place, right
        line = self.reading.lines.text(place.end_line)[: place.end_column - 1]
        part = re.search(r"@[^@\s]*$" if flaw.code == "language" else r"[^\s^]+$", line)
        column = part.start() + 1 if part else place.column
        if flaw.code == "unknown-term":
            right = right and spelled(right, self.prefixes)
        end = (place.end_line, place.end_column)
        return Place(place.file, place.end_line, column, *end), right

    def _blame(
        self,
        severity: str,
        code: str,
        message: str,
        spot: Spot | None,
        subject: Any = None,
        help: str | None = None,
        fix: Fix | None = None,
    ) -> None:
        focus = subject.value if isinstance(subject, NamedNode) else None
        finding = Finding(severity, code, message, focus=focus, help=help, fix=fix)
        finding = self.located(finding, spot)
        if finding not in self.findings:
            self.findings.append(finding)
