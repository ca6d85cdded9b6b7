"""Warnings about the variables of a query that nothing binds."""

from __future__ import annotations

from collections.abc import Iterator

from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.structure import Query, Use

# The index of a token, the mistake, and a correction.
Finding = tuple[int, str, str | None]


def findings(query: Query) -> Iterator[Finding]:
    """Yield the variables that are used but cannot have a value, once each.

    >>> from relations_kg.sparql.parser import parse
    >>> [message for _, message, _ in findings(parse("SELECT ?x { ?y a rkg:State }"))]
    ['nothing binds ?x']
    """
    seen: set[str] = set()
    results = {name: _results(query, name) for name in ("IF", "COALESCE")}
    names = {name for scope in query.scopes() for name in scope.bound}
    named = {name for select in query.selects() for name in select.named}
    for use, is_early in _unbound(query):
        if use.name in seen or use.index in results["IF"]:
            continue
        is_elsewhere, shown = use.name in names | named, f"?{use.name}"
        if use.index in results["COALESCE"] and (is_elsewhere or not _near(use.name, names)):
            continue
        seen.add(use.name)
        if is_early:
            yield use.index, f"{shown} is bound only after this BIND", "move BIND after it"
        elif is_elsewhere:
            help = "bind it in this group, or project it from the sub-select"
            yield use.index, f"{shown} is bound only in another group", help
        else:
            near = _near(use.name, names)
            help = f"did you mean ?{near[0]}?" if near else "write a pattern with it"
            yield use.index, f"nothing binds {shown}", help


def _results(query: Query, function: str) -> set[int]:
    """Return the indices of the results of IF or COALESCE, which may be unbound on purpose.

    In COALESCE, the caller still reports a variable whose name is nearly that of a bound variable.
    """
    return {
        start
        for call in query.calls
        if call.name == function
        for start, end in call.arguments[function == "IF" :]
        if end == start + 1
    }


def _unbound(query: Query) -> Iterator[tuple[Use, bool]]:
    """Yield the uses of variables without a value, and whether the variable is bound later."""
    for scope in query.scopes():
        if scope.uses:
            bound = scope.sees()
            for use in scope.uses:
                is_early = use.early and scope.visible().get(use.name, 0) > use.index
                if use.name not in bound or is_early:
                    yield use, is_early
    for select in query.selects():
        bound = select.where.sees() | select.named
        yield from ((use, False) for use in select.uses if use.name not in bound)
    if query.template:
        bound = query.where.visible() if query.where else {}
        written = [Use(name, index) for name, index in query.template.bound.items()]
        uses = [*written, *query.template.uses]
        yield from ((use, False) for use in uses if use.name not in bound)


def _near(name: str, bound: set[str]) -> list[str]:
    return nearest(name, sorted(bound)) if len(name) > 2 else []
