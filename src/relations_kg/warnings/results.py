"""Warnings about functions that are compared with values that they never return."""

from __future__ import annotations

import re
from collections.abc import Iterator

from relations_kg.sparql.shape import is_tag
from relations_kg.sparql.structure import Query, Span
from relations_kg.warnings.kinds import Literals
from relations_kg.warnings.variables import Finding

_CASES = {"UCASE": str.upper, "LCASE": str.lower}
# The words that begin a comparison with several values.
_LISTS = ("IN", "NOT")
# Functions whose results are numbers, texts or true and false, whatever their arguments are.
_NUMBERS = (
    *("YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "STRLEN", "COUNT", "SUM", "AVG"),
    *("ABS", "CEIL", "FLOOR", "ROUND", "RAND"),
)
_TEXTS = ("STR", "LANG", "ENCODE_FOR_URI", "STRUUID", "MD5", "SHA1", "SHA256", "TZ")
_TESTS = (
    *("BOUND", "CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES", "SAMETERM"),
    *("ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC"),
)
_RETURNED = {
    **dict.fromkeys(_NUMBERS, "a number"),
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_TESTS, "true or false"),
}


def findings(query: Query, literals: Literals) -> Iterator[Finding]:
    """Yield the literals that the compared function never returns, and misuses of LANGMATCHES.

    Aggregates in FILTER or BIND, which SPARQL forbids, are also yielded: in a query with GROUP BY,
    the engine accepts them and then finds no rows.

    >>> from relations_kg.sparql.parser import parse
    >>> query = parse("ASK { ?s ?p ?o FILTER (LCASE(STR(?o)) = 'Peru') }")
    >>> [message for _, message, _ in findings(query, Literals(query, {}))]
    ["LCASE is never 'Peru'"]
    """
    for select in query.selects():
        if select.grouped is not None or select.aggregates is not None:
            yield from query.misplacements()
            break
    yield from _typed(query)
    for side, operator, other in query.compared():
        if operator not in ("<", ">", "<=", ">="):
            yield from _compared(query, literals, side, other)
    texts = {query.word(triple.object) for triple in query.triples}
    for call in query.calls:
        if call.name == "LANGMATCHES":
            start, end = call.arguments[0]
            variable = query.word(start)
            if end == start + 1 and variable[:1] in "?$" and variable in texts:
                help = f"write LANGMATCHES(LANG({variable}), …)"
                yield start, f"{variable} is a value, not its language", help


def _compared(query: Query, literals: Literals, side: Span, other: Span) -> Iterator[Finding]:
    name = query.word(side[0]).upper()
    # The comparison is with the call alone if its bracket is the last token of the side.
    if not any(call.index == side[0] and call.name == name for call in query.calls):
        return
    if query.word(side[0] + 1) != "(" or query.closing(side[0] + 1) + 1 != side[1]:
        return
    for index in range(*other):
        literal = literals.of(index)
        if not literal or literal[0] not in ("text", "language"):
            continue
        text = literal[1]
        # The engine keeps tags in lower case.
        if name == "LANG" and literal[0] == "text" and not is_tag(text):
            yield index, f"LANG is never {text}", 'write a tag such as "en" or "en-gb"'
        elif name == "DATATYPE" and literal[0] == "text":
            written = text.strip("\"'")
            is_name = written.startswith(("xsd:", "edtf:"))
            name = written if is_name else "an IRI such as xsd:date or edtf:EDTF"
            yield index, "DATATYPE is an IRI, not text", f"write {name}"
        elif name in _CASES and _CASES[name](text) != text:
            yield index, f"{name} is never {text}", f"write {_CASES[name](text)}"


def _typed(query: Query) -> Iterator[Finding]:
    """Yield the constants that have another type than the result with which they are compared."""
    calls = {
        (call.index, call.arguments[-1][1] + 1): call.name
        for call in query.calls
        if call.name in _RETURNED and call.arguments
    }
    assigned = _assigned(query, calls)
    for side, operator, other in query.compared() if calls else ():
        function = calls.get(side)
        if side[1] == side[0] + 1:
            function = assigned.get(query.word(side[0])[1:])
        if function is None:
            continue
        places = [other[0]] if other[1] == other[0] + 1 else []
        for index in query.members(other) if operator in _LISTS else places:
            if help := _misfit(query, _RETURNED[function], index):
                yield index, f"{function}(…) is {_RETURNED[function]}", help


def _assigned(query: Query, calls: dict[Span, str]) -> dict[str, str]:
    """Return the functions whose results are assigned to variables without other bindings."""
    starts = {end: start for start, end in calls}
    places = [index for _, index in query.binds]
    places += [index for select in query.selects() for index in select.named.values()]
    named = [query.word(index)[1:] for index in places]
    bound = [(name, i) for scope in query.scopes() for name, i in scope.bound.items()]
    return {
        name: calls[starts[index - 1], index - 1]
        for name, index in zip(named, places, strict=True)
        if index - 1 in starts
        and query.word(starts[index - 1] - 1) == "("
        and named.count(name) == 1
        and all(name != other or i == index for other, i in bound)
    }


def _misfit(query: Query, returned: str, index: int) -> str | None:
    """Return what to write instead of a constant of the wrong type, or None if it fits."""
    token, following = query.tokens[index], query.word(index + 1)
    if following == "^^" or following.startswith("@"):
        return None
    plain = token[0].strip("\"'")
    if token.lastgroup == "number":
        return None if returned == "a number" else f'write "{plain}"' * (returned == "text")
    if token.lastgroup != "string" or returned == "text":
        return None
    if returned == "a number":
        is_number = re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain)
        return f"write {plain}" if is_number else "compare it with a number"
    return "write true or false, without quotes"
