"""Warnings about values in a query that cannot equal, or be compared with, values of the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store

from relations_kg.errors import UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf import literals
from relations_kg.rdf.namespaces import CODE, ID, RDF, RKG, SOURCE, XSD, shorten
from relations_kg.sparql.structure import Call, Query, Span
from relations_kg.warnings import dates, results
from relations_kg.warnings.kinds import NUMBERS, Kinds, Literals
from relations_kg.warnings.variables import Finding

_ORDERING = ("<", ">", "<=", ">=")
_OF_DATES = ("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ")
_OF_TEXT = (
    *("CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "REGEX", "REPLACE", "STRLEN"),
    *("SUBSTR", "UCASE", "LCASE", "ENCODE_FOR_URI", "GROUP_CONCAT", "CONCAT"),
)
# Aggregates whose result is one of the values.
_CHOOSING = ("MIN", "MAX", "SAMPLE")
# Functions that keep the language of a text.
_KEEPING = ("LCASE", "UCASE", "SUBSTR", "STRBEFORE", "STRAFTER", "REPLACE")
_SUMS = ("SUM", "AVG", "ABS", "CEIL", "FLOOR", "ROUND")


class Values:
    """The values in a query on one store; without `names`, no thing is looked up by its name."""

    def __init__(
        self, query: Query, iris: dict[int, str], ontology: Store, store: Store, names: Names | None
    ) -> None:
        self.query, self.iris, self.store, self._names = query, iris, store, names
        self._kinds, self._literals = Kinds(ontology, store), Literals(query, iris)

    def findings(self) -> Iterator[Finding]:
        """Yield the findings on literals, calculations, comparisons, calls and orders of values."""
        yield from self._ill_typed()
        yield from self._of_triples()
        yield from self._ordered()
        for comparison in self.query.compared():
            yield from self._compared(*comparison)
        for span in self.query.operands:
            yield from self._calculated(span)
        yield from dates.Dates(self.query, self._kind_of).findings()
        yield from results.findings(self.query, self._literals)
        for call in self.query.calls:
            for argument in call.arguments if call.name == "CONCAT" else call.arguments[:1]:
                yield from self._called_with(call, argument)
        for _, names, rows in self.query.values:
            for row in rows:
                for name, index in zip(names, row, strict=True):
                    if found := self.properties.get(name):
                        yield from self._matched(found, "=", self._literals.of(index), index)

    def _ordered(self) -> Iterator[Finding]:
        """Yield the uses of EDTF dates in ORDER BY with LIMIT or DESC."""
        words = [self.query.word(i).upper() for i in range(self.query.end, len(self.query.tokens))]
        clause = words[words.index("ORDER") :] if "ORDER" in words else []
        if clause and ("LIMIT" in clause or "DESC" in clause):
            for index in range(len(self.query.tokens) - len(clause), len(self.query.tokens)):
                property = self._variable((index, index + 1))
                if property and self._kinds.of(property) == "edtf":
                    help = _unordered(property, "edtf")[1].replace("compare", "order by")
                    yield index, f"{shorten(property)} is EDTF, which is ordered as text", help

    @cached_property
    def properties(self) -> dict[str, str]:
        """A property of each variable's values, if all patterns with it agree on their kind."""
        found: dict[str, set[str]] = {}
        template = self.query.template
        for triple in self.query.triples:
            if triple.scope is template:
                continue
            ends = {triple.subject: {"subject"}, triple.object: self._ends(triple.predicate)}
            for index, own in ends.items():
                if self.query.word(index)[:1] in "?$":
                    found.setdefault(self.query.word(index)[1:], set()).update(own)
        computed = [self.query.word(index)[1:] for _, index in self.query.binds]
        computed += (name for select in self.query.selects() for name in select.named)
        for name in computed:
            found.setdefault(name, set()).add("")
        agreed = {}
        for name, properties in found.items():
            kinds = {self._kinds.of(each) for each in properties}
            if len(kinds) == 1 and "" not in kinds:
                agreed[name] = sorted(properties - {"subject"} or properties)[0]
        return agreed

    def _ends(self, predicate: Span) -> set[str]:
        """Return the properties at the end of a path.

        "" stands for an unknown property, and "subject" for an inverse property, whose values are
        things.
        """
        start, end = predicate
        if self.query.word(start)[:1] in "?$" or any(
            self.query.word(index) in ("(", ")", "!", "*", "+", "?") for index in range(start, end)
        ):
            return {""}
        ends = set()
        for index in range(start, end + 1):
            if index == end or self.query.word(index) == "|":
                inverse = self.query.word(index - 2) == "^" and index - 2 >= start
                property = self.iris.get(index - 1, "")
                property = RDF + "type" if self.query.word(index - 1) == "a" else property
                ends.add("subject" if inverse else property)
        return ends

    def _ill_typed(self) -> Iterator[Finding]:
        """Yield the literals whose text is not valid for their datatype."""
        for index, iri in self.iris.items():
            if self.query.word(index - 1) == "^^":
                text = self.query.word(index - 2).strip("\"'")
                yield from self._flaws(index - 2, text, iri)
        for call in self.query.calls:
            iri = self.iris.get(call.index, "")
            literal = self._literals.of(call.arguments[0][0]) if call.arguments else None
            if iri.startswith(XSD) and literal and literal[0] == "text":
                yield from self._flaws(call.arguments[0][0], literal[1].strip("\"'"), iri)

    def _flaws(self, index: int, text: str, datatype: str) -> Iterator[Finding]:
        for flaw in literals.flaws(Literal(text, datatype=NamedNode(datatype))):
            yield index, flaw.message, flaw.help

    def _of_triples(self) -> Iterator[Finding]:
        for triple in self.query.triples:
            literal = self._literals.of(triple.object)
            if literal is None or triple.scope is self.query.template:
                continue
            ends = sorted(self._ends(triple.predicate))
            if len({self._kinds.of(each) for each in ends}) > 1:
                continue
            property = ends[0]
            for finding in self._matched(property, "=", literal, triple.object):
                if not self._exists(property, literal):
                    yield finding

    def _exists(self, property: str, literal: tuple[str, str]) -> bool:
        """Return whether the graph has this string without a language for a property."""
        if literal[0] != "text":
            return False
        value = Literal(literal[1].strip("\"'"))
        find = self.store.quads_for_pattern
        return any(find(None, NamedNode(property), value))

    def _variable(self, span: Span) -> str | None:
        """Return the property of the only variable in a span or in its aggregate, or None."""
        if span[1] == span[0] + 4 and self.query.word(span[0]).upper() in _CHOOSING:
            span = (span[0] + 2, span[0] + 3)
        if span[1] != span[0] + 1 or self.query.word(span[0])[:1] not in "?$":
            return None
        return self.properties.get(self.query.word(span[0])[1:])

    def _kind_of(self, span: Span) -> str:
        """Return the kind of a variable or a literal, or "" for another expression."""
        property = self._variable(span)
        literal = None if property or span[1] - span[0] > 3 else self._literals.of(span[0])
        return self._kinds.of(property) if property else literal[0] if literal else ""

    def _compared(self, side: Span, operator: str, other: Span) -> Iterator[Finding]:
        property = self._variable(side)
        if property is None:
            yield from self._compared_address(side, other)
            property = self._kept(side)
            if property is None or operator in _ORDERING:
                return
        kind = self._kinds.of(property)
        if operator in ("IN", "NOT"):
            for index in self.query.members(other):
                yield from self._matched(property, "=", self._literals.of(index), index)
            return
        literal = self._literals.of(other[0])
        if literal and other[1] - other[0] <= 3:
            yield from self._matched(property, operator, literal, other[0])
        elif operator in _ORDERING and kind in ("edtf", "duration"):
            yield side[0], *_unordered(property, kind)

    def _compared_address(self, side: Span, other: Span) -> Iterator[Finding]:
        """Yield comparisons of STR(?thing), which is an address, with a name."""
        inner = (side[0] + 2, side[0] + 3)
        if self.query.word(side[0]).upper() != "STR" or side[1] != side[0] + 4:
            return
        property, literal = self._variable(inner), self._literals.of(other[0])
        if property and self._kinds.of(property) == "thing" and literal and ":" not in literal[1]:
            yield inner[0], "STR of a thing is its address", "compare its rdfs:label"

    def _kept(self, span: Span) -> str | None:
        """Return the property of a variable within a function that keeps its language.

        Returns None for any other expression, and if the variable's values have no language.
        """
        if self.query.word(span[0]).upper() not in _KEEPING:
            return None
        property = self._variable((span[0] + 2, span[0] + 3))
        return property if property and self._kinds.of(property) == "language" else None

    def _matched(
        self, property: str, operator: str, literal: tuple[str, str] | None, index: int
    ) -> Iterator[Finding]:
        """Yield the reason why a literal cannot equal, or be compared with, a property's values."""
        if literal is None:
            return
        kind, given, text = self._kinds.of(property), literal[0], literal[1]
        shown = _shown(property)
        if kind == given == "edtf" and operator not in _ORDERING:
            return
        is_ordered = operator in _ORDERING or (kind == "duration" and given == "number")
        if kind in ("edtf", "duration") and is_ordered:
            yield index, *_unordered(property, kind)
        elif kind == "edtf" and given != "other":
            help = dates.in_edtf(text) or _unordered(property, kind)[1]
            yield index, f"{shown} is EDTF", help
        elif kind == "amount" and given == "number":
            yield index, *_unordered(property, kind)
        elif kind == "language" and given == "text":
            yield index, f"the values of {shown} have a language", f"write {text}@en"
        elif kind == "boolean" and given in ("text", "number"):
            yield index, f"the values of {shown} are true or false", "write true"
        elif kind == "date" and given in ("text", "number", "edtf", "year", "duration", "time"):
            help = "compare its year, YEAR(…)"
            if given in ("text", "edtf", "time"):
                day = re.match(rf"(.){dates.DAY}", text)
                help = f"write {day[0] + day[1] if day else '…'}^^xsd:date"
                help = help.replace("…", '"1990-01-01"')
            yield index, f"the values of {shown} are dates", help
        elif kind == "number" and given == "text":
            plain = text.strip("\"'")
            yield index, f"the values of {shown} are numbers", f"write {plain}"
        elif kind == "thing" and given in ("text", "language", "number", "date", "time", "edtf"):
            message = f"the values of {shown} are things" if shown else "this is a thing"
            help = self._named(text, is_class=property == RDF + "type")
            yield index, f"{message}, not text", help
        elif kind in ("text", "duration") and given in ("number", "language"):
            quoted = f'"{text}"' if given == "number" else text
            yield index, f"the values of {shown} are text without a language", f"write {quoted}"

    def _named(self, text: str, *, is_class: bool) -> str:
        """Return what to write instead of a text with the name of a thing or a code."""
        found: list[str] = []
        with suppress(UnknownName):
            found = self._names.find_whole(text.strip("\"'")) if self._names else []
        found = [iri for iri in found if iri.startswith(RKG if is_class else (ID, CODE, SOURCE))]
        if len(found) == 1:
            return f"write {shorten(found[0]).replace('/', chr(92) + '/')}"
        return "write a name such as id:peru, or compare its rdfs:label"

    def _calculated(self, span: Span) -> Iterator[Finding]:
        property = self._variable(span)
        kind = self._kinds.of(property) if property else ""
        if property and kind in ("edtf", "duration", "amount"):
            yield span[0], *_unordered(property, kind)
        elif property and kind in ("thing", "language", "text"):
            yield span[0], f"{_shown(property)} is not a number", "calculate with numbers or dates"

    def _called_with(self, call: Call, argument: Span) -> Iterator[Finding]:
        property = self._variable(argument)
        kind = self._kinds.of(property) if property else ""
        if not property or not kind:
            return
        index = argument[0]
        name, variable = call.name, self.query.word(index)
        cast = self.iris.get(call.index, "").removeprefix(XSD) if ":" in name else ""
        if (name in ("SUM", "AVG") or cast in NUMBERS) and kind == "date":
            yield index, f"{_shown(property)} is a date, not a number", f"write YEAR({variable})"
        elif name in ("MIN", "MAX") and kind in ("edtf", "duration"):
            # In a query with GROUP BY, MIN may pick the only value of each group.
            if not any(select.grouped is not None for select in self.query.selects()):
                yield index, *_unordered(property, kind)
        elif name in _SUMS or cast in NUMBERS:
            yield from self._calculated(argument)
        elif name in _OF_DATES or cast in ("date", "dateTime", "gYear", "gYearMonth"):
            if kind in ("edtf", "duration"):
                yield index, *_unordered(property, kind)
            elif kind == "thing":
                yield index, f"{_shown(property) or variable} is a thing, not a date", None
        elif name in _OF_TEXT and kind in ("edtf", "date", "number", "amount", "thing"):
            help = f"write {name}(STR({variable}){', …' if len(call.arguments) > 1 else ''})"
            if kind == "thing":
                help = "use its rdfs:label, or STR() for its address"
            what = {"thing": "a thing", "date": "a date", "edtf": "EDTF"}.get(kind, "a number")
            yield index, f"{_shown(property) or variable} is {what}, not text", help


def _shown(property: str) -> str:
    return "" if property == "subject" else shorten(property)


def _unordered(property: str, kind: str) -> tuple[str, str]:
    """Return why values of a kind cannot be ordered or added, and what to write instead."""
    if kind == "amount":
        message = f"{shorten(property)} can be approximate or a range"
        return message, "compare rkg:atLeast and rkg:atMost"
    if kind == "duration":
        message = f"{shorten(property)} is text such as P2Y, without an order"
        return message, "compare the days rkg:earliestStart and rkg:latestEnd"
    if property == RKG + "when":
        return "rkg:when is EDTF", "compare rkg:earliestStart, or another bound of the date"
    return f"{shorten(property)} is EDTF", "compare its text, STR(…)"
