"""Reasons why a stored query has no rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from relations_kg.answers.parameters import Parameter
from relations_kg.names.alternatives import all_names, containing
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import expand, shorten

# The maximum number of other things that are tried in place of a value, and of other parameters
# for which the value is tried.
_MOST_OTHERS = 3

Count = Callable[[Mapping[str, object]], int]


def reasons(
    parameters: Sequence[Parameter],
    values: Mapping[str, object],
    count: Count,
    names: Names,
    text: str,
) -> tuple[str, ...]:
    """Return the reasons why a query has no rows for the given values.

    A condition is a value that may be left out. A reason gives the number of rows without each
    condition or, if there are still none, without all of them; `count` runs the query with other
    values and returns the number of its rows. Other values are also tried: things whose names
    contain a value, such as the Republic of China for "China", and the value for another parameter
    that accepts it. `text` is the SPARQL of the query.
    """
    given = [p for p in parameters if p.name in values and p.type != "boolean"]
    conditions = [p.name for p in given if not p.required]
    found = []
    if conditions:
        shown = _spelled(given, values, names)
        found = [f"no row for {shown}; {_without(conditions, values, count)}"]
    found[:0] = [
        f"{one} and {other} are both {label}; give two different things"
        for one, other, label in _alike(given, values, names)
    ]
    found += (
        f"{_rows(number)} for {p.name} {names.label(iri)} ({shorten(iri)})"
        for p in given
        if p.is_thing
        for iri in _others(p, values[p.name], names)
        if (number := count({**values, p.name: iri}))
    )
    found += (
        f"{_rows(number)} with {_shown(values[p.name], names)} as {other}"
        for p in given
        if p.is_thing and not p.required
        for other in _places(p, values, parameters, names)
        if (number := count({**_leaving_out(values, [p.name]), other: values[p.name]}))
    )
    if not found:
        found = [f"no row for {_spelled(given, values, names)}"]
    return tuple(found) if given else (_lacking(text, names),)


def _lacking(text: str, names: Names) -> str:
    """Return the reason why a query that was run without values has no rows."""
    kind = re.search(r"(?m)^  \?\w+ a (rkg:\w+)", text)
    if kind and not names.instances(expand(kind[1])):
        return f"the graph has no {kind[1]}, and this query lists these"
    return "the graph has no facts for this query"


def _alike(
    given: Sequence[Parameter], values: Mapping[str, object], names: Names
) -> Iterator[tuple[str, str, str]]:
    """Yield the pairs of parameters of one type whose values are the same thing, with its label."""
    things = [(p, p.term(values[p.name], names).value) for p in given if p.is_thing]
    for (one, iri), (other, same) in combinations(things, 2):
        if iri == same and one.type == other.type:
            yield one.name, other.name, names.label(iri)


def _without(conditions: list[str], values: Mapping[str, object], count: Count) -> str:
    """Return how many rows there are without each condition, or without all of them."""
    numbers = {each: count(_leaving_out(values, [each])) for each in conditions}
    if any(numbers.values()):
        left_out = ((n, each) for each, n in numbers.items() if n)
        return ", ".join(f"{_rows(n)} if {each} is left out" for n, each in left_out)
    if len(conditions) == 1:
        return f"nor if {conditions[0]} is left out"
    number = _rows(count(_leaving_out(values, conditions)))
    return f"{number} if {' and '.join(conditions)} are left out"


def _others(parameter: Parameter, given: object, names: Names) -> Iterator[str]:
    """Yield a few things that a parameter accepts and whose names contain a value's name."""
    iri = parameter.term(given, names).value
    found = containing({*all_names(iri, names)}, names)
    others = (other for other in found if other != iri and parameter.accepts(other, names))
    for _, other in zip(range(_MOST_OTHERS), others, strict=False):
        yield other


def _places(
    parameter: Parameter,
    values: Mapping[str, object],
    parameters: Sequence[Parameter],
    names: Names,
) -> list[str]:
    """Return the first few parameters without a value that accept the value of this parameter."""
    iri = parameter.term(values[parameter.name], names).value
    free = [p for p in parameters if p.name not in values and p.is_thing and p.type != "thing"]
    return [p.name for p in free if p.accepts(iri, names)][:_MOST_OTHERS]


def _leaving_out(values: Mapping[str, object], conditions: list[str]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in conditions}


def _spelled(given: Sequence[Parameter], values: Mapping[str, object], names: Names) -> str:
    return " and ".join(f"{p.name} {_shown(values[p.name], names)}" for p in given)


def _shown(value: object, names: Names) -> str:
    text = str(value)
    return names.label(text) if "://" in text else text


def _rows(number: int) -> str:
    return f"{number or 'no'} {'row' if number == 1 else 'rows'}"
