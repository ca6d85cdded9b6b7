"""Warnings about functions that are compared with values that they never return."""

from __future__ import annotations

from collections.abc import Iterator

from relations_kg.sparql.shape import is_tag
from relations_kg.sparql.structure import Query, Span
from relations_kg.warnings.kinds import Literals
from relations_kg.warnings.variables import Finding

_CASES = {"UCASE": ("upper", str.upper), "LCASE": ("lower", str.lower)}


def findings(query: Query, literals: Literals) -> Iterator[Finding]:
    """Yield the literals that the compared function never returns, and misuses of LANGMATCHES.

    Aggregates in FILTER or BIND are also yielded, since the engine accepts them beside GROUP BY and
    then finds no rows.

    >>> from relations_kg.sparql.parser import parse
    >>> query = parse("ASK { ?s ?p ?o FILTER (LCASE(STR(?o)) = 'Peru') }")
    >>> [message for _, message, _ in findings(query, Literals(query, {}))]
    ["LCASE is never 'Peru'"]
    """
    for select in query.selects():
        if select.grouped is not None or select.aggregates is not None:
            yield from query.misplacements()
            break
    for each in query.comparisons:
        for side, other in ((each.left, each.right), (each.right, each.left)):
            if query.tokens[each.operator][0] not in ("<", ">", "<=", ">="):
                yield from _compared(query, literals, side, other)
    texts = {query.tokens[triple.object][0] for triple in query.triples}
    for call in query.calls:
        if call.name == "LANGMATCHES":
            start, end = call.arguments[0]
            variable = query.tokens[start][0]
            if end == start + 1 and variable[:1] in "?$" and variable in texts:
                help = f"write LANGMATCHES(LANG({variable}), …)"
                yield start, f"{variable} is a value, not its language", help


def _compared(query: Query, literals: Literals, side: Span, other: Span) -> Iterator[Finding]:
    name = query.tokens[side[0]][0].upper()
    # The comparison is with the call alone if its bracket is the last token of the side.
    if not any(call.index == side[0] and call.name == name for call in query.calls):
        return
    if query.tokens[side[0] + 1][0] != "(" or _end(query, side[0] + 1) != side[1]:
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
        elif name in _CASES and _CASES[name][1](text) != text:
            yield index, f"{name} is never {text}", f"write {_CASES[name][1](text)}"


def _end(query: Query, opening: int) -> int:
    """Return the index after the bracket that closes an opening one."""
    depth = 0
    for index in range(opening, len(query.tokens)):
        bracket = query.tokens[index][0]
        depth += (bracket == "(") - (bracket == ")")
        if not depth:
            return index + 1
    return len(query.tokens)
