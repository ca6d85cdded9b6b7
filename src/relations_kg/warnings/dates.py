"""Warnings about arithmetic and comparisons of dates with numbers or times in a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from relations_kg.rdf import dates
from relations_kg.sparql.structure import Query, Span
from relations_kg.warnings.variables import Finding

DAY = r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SIGNS = ("+", "-", "*", "/")


def in_edtf(literal: str) -> str | None:
    """Return the advice to write a literal's date in EDTF, or None if it is not a date.

    >>> in_edtf("'May 2014'"), in_edtf("2014"), in_edtf('"Peru"')
    ("write '2014-05'^^edtf:EDTF", 'write "2014"^^edtf:EDTF', None)
    """
    right, quote = dates.correction(literal.strip("\"'")), literal[-1]
    quote = quote if quote in "\"'" else '"'
    return f"write {quote}{right}{quote}^^edtf:EDTF" if right else None


class Dates:
    """The expressions on dates in a query; the function `kind` returns the kind of a term.

    SPARQL 1.1 defines no arithmetic of dates. In Oxigraph, a date minus a date is a duration, and
    a date plus or minus a duration is a date. NOW() is a time, which Oxigraph does not compare with
    a date.
    """

    def __init__(self, query: Query, kind: Callable[[Span], str]) -> None:
        self.query, self._kind = query, kind
        pairs = zip(query.operands, query.operands[1:], strict=False)
        self.pairs = [(one, other) for one, other in pairs if self._sign(one, other)]

    def findings(self) -> Iterator[Finding]:
        """Yield the findings on dates: days without quotes, calculations and comparisons."""
        yield from self.in_digits()
        yield from self.sums()
        yield from self.comparisons()

    def in_digits(self) -> Iterator[Finding]:
        """Yield the days without quotes, which SPARQL reads as subtractions."""
        tokens = self.query.tokens
        for index, token in enumerate(tokens):
            if token.lastgroup == "number" and len(token[0]) == 4:
                end = tokens[min(index + 4, len(tokens) - 1)].end()
                written = self.query.text[token.start() : end]
                if re.fullmatch(DAY, written):
                    yield index, f"{written} is a difference", f'write "{written}"^^xsd:date'

    def sums(self) -> Iterator[Finding]:
        """Yield the calculations with a date and a number, or with a date and NOW()."""
        for one, other in self.pairs:
            kinds = self.kind(one), self.kind(other)
            if kinds in (("date", "number"), ("number", "date")):
                number = other if kinds[0] == "date" else one
                message = "a date and a number cannot be added or subtracted"
                yield one[0], message, self._days(number)
            elif kinds in (("date", "now"), ("now", "date")):
                terms = " - ".join(f"YEAR({self._text(each)})" for each in (one, other))
                message = "NOW() is a time; a date and a time cannot be added or subtracted"
                yield one[0], message, f"write {terms}"

    def comparisons(self) -> Iterator[Finding]:
        """Yield comparisons of a difference of dates with a number, and of a date with NOW()."""
        durations = [
            (one[0], other[1])
            for one, other in self.pairs
            if self.kind(one) == self.kind(other) == "date" and self._sign(one, other) == "-"
        ]
        for side, _, other in self.query.compared():
            if side in durations and self.kind(other) == "number":
                yield other[0], "a difference of dates is a duration", self._days(other)
            if self.kind(side) == "date" and self.kind(other) == "now":
                yield other[0], "NOW() is a time, not a date", "write xsd:date(NOW())"

    def kind(self, span: Span) -> str:
        """Return the kind of a term, "now" for NOW()."""
        return "now" if self._text(span).upper() == "NOW()" else self._kind(span)

    def _days(self, number: Span) -> str:
        text = self._text(number)
        return f'write "P{text if text.isdigit() else 365}D"^^xsd:dayTimeDuration'

    def _sign(self, one: Span, other: Span) -> str:
        """Return the arithmetic operator between two operands, or "" if there is none."""
        sign = self.query.word(one[1]) if one[1] + 1 == other[0] else ""
        return sign if sign in _SIGNS else ""

    def _text(self, span: Span) -> str:
        return "".join(token[0] for token in self.query.tokens[slice(*span)])
