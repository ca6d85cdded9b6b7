"""The patterns of forms: SELECTs that find in a graph the values from which a form composes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring.forms import Form
from relations_kg.rdf.sparql import with_prefixes
from relations_kg.rdf.sparql_parser import parse
from relations_kg.rdf.sparql_structure import Query

_NEW, _LABEL = "_new", "_label"


class Fact(NamedTuple):
    """A triple of a form's template, whose variables are those of its parameters.

    `describes` is the parameter whose thing it describes if that is new.
    """

    text: str
    variables: tuple[str, ...]
    describes: str | None = None


class Pattern(NamedTuple):
    """A SELECT for the values of a form's parameters, and for what its expressions calculate.

    `variables` are those of the SELECT. `calculated` maps a variable of BIND to the parameters in
    its expression, directly or not. `sought` are the parameters that only expressions use, or that
    may be in no matched fact. `describes` is whether the form does no more than describe a thing.
    """

    select: str
    variables: tuple[str, ...]
    calculated: dict[str, frozenset[str]]
    sought: tuple[Parameter, ...]
    describes: bool


@cache
def pattern(form: Form) -> Pattern:
    """Return the pattern of a form, derived from its template.

    Facts of the parameters that each row has are required, all others optional; what the pattern
    finds is therefore only a candidate until the form composes the same facts from it.
    """
    query = parse(with_prefixes(form.text))
    calculated = _calculated(form, query)
    facts = list(_facts(form, query))
    core = _core(form, facts)
    bound = {name for fact in core for name in fact.variables}
    rest = [fact for fact in facts if fact not in core and not set(fact.variables) <= bound]
    where = [f"{fact.text} ." for fact in core]
    where += _optional(form, rest, bound)
    names = dict.fromkeys([*(p.name for p in form.parameters), *calculated])
    found = [name for name in names if any(name in fact.variables for fact in facts)]
    # The text before CONSTRUCT declares the prefixes.
    prologue = query.text[: next(t.start() for t in query.tokens if t[0].upper() == "CONSTRUCT")]
    describes = all(fact.describes for fact in core)
    variables = " ".join(f"?{name}" for name in found)
    select = f"{prologue}\nSELECT DISTINCT {variables} WHERE {{\n" + "\n".join(where) + "\n}"
    used = {name for fact in facts for name in fact.variables}
    in_expressions = {name for names in calculated.values() for name in names}
    sought = tuple(
        p
        for p in form.parameters
        if p.name in in_expressions and (p.name not in used or (p.required and p.name not in bound))
    )
    return Pattern(select, tuple(found), calculated, sought, describes)


def _facts(form: Form, query: Query) -> Iterator[Fact]:
    """Yield the triples of the template, without those of labels."""
    names = {parameter.name for parameter in form.parameters}
    tokens = query.tokens
    for triple in query.triples:
        if triple.scope is not query.template:
            continue
        words = [tokens[i][0] for i in (triple.subject, *range(*triple.predicate), triple.object)]
        if words[-1][1:].removesuffix(_LABEL) in names and words[-1].endswith(_LABEL):
            continue
        subject = words[0][1:]
        describes = None
        if subject.endswith(_NEW) and subject.removesuffix(_NEW) in names:
            describes = subject.removesuffix(_NEW)
        words = [f"?{w[1:].removesuffix(_NEW)}" if w[0] in "?$" else w for w in words]
        variables = tuple(dict.fromkeys(w[1:] for w in words if w[0] == "?"))
        yield Fact(" ".join(words), variables, describes)


def _calculated(form: Form, query: Query) -> dict[str, frozenset[str]]:
    """Return the variables that BIND calculates, each with the parameters in its expression."""
    found: dict[str, frozenset[str]] = {}
    names = {parameter.name for parameter in form.parameters}
    for _, index in query.binds:
        start = max(i for i in range(index) if query.tokens[i][0].upper() == "BIND")
        used = [t[0][1:] for t in query.tokens[start:index] if t.lastgroup == "variable"]
        direct = [name.removesuffix(_NEW) for name in used if name.removesuffix(_NEW) in names]
        through = [name for each in used for name in found.get(each, ())]
        found[query.tokens[index][0][1:]] = frozenset([*direct, *through])
    return found


def _core(form: Form, facts: Collection[Fact]) -> list[Fact]:
    """Return the facts that each row has: those of parameters that are never without a value."""
    certain = {p.name for p in form.parameters if is_certain(form, p)}
    own = [fact for fact in facts if certain.issuperset(fact.variables)]
    composed = {p.name for p in form.parameters if form.is_composed(p)}
    core = [fact for fact in own if fact.describes is None or fact.describes in composed]
    # A form that only describes a thing has no other facts.
    return core or own


def is_certain(form: Form, parameter: Parameter) -> bool:
    """Return whether a parameter has a value in each row."""
    if not form.is_composed(parameter):
        return parameter.required or bool(parameter.default)
    needed = form.fields(parameter)
    return all(is_certain(form, p) for p in form.parameters if p.name in needed)


def _optional(form: Form, rest: Collection[Fact], bound: Collection[str]) -> Iterator[str]:
    """Yield an OPTIONAL for each thing that may be left out, and one for each further fact."""
    left, known = list(rest), set(bound)
    things = [p.name for p in form.parameters if form.is_composed(p) and p.name not in known]
    for name in things:
        own = [fact for fact in left if name in fact.variables]
        linked = [fact for fact in own if set(fact.variables) <= known | {name}]
        if any(len(fact.variables) > 1 for fact in linked):
            left = [fact for fact in left if fact not in own]
            within = [fact for fact in own if fact not in linked]
            links = " . ".join(fact.text for fact in linked)
            nested = "".join(f" {each}" for each in _each(within, left, known | {name}))
            yield f"OPTIONAL {{ {links} .{nested} }}"
    described = [fact for fact in left if fact.describes in known]
    yield from _each([*(f for f in left if f.describes is None), *described], left, known)


def _each(facts: Iterable[Fact], others: Collection[Fact], known: Collection[str]) -> Iterator[str]:
    """Yield an OPTIONAL for each fact with a new value, and within it for what describes that."""
    for fact in facts:
        new = set(fact.variables).difference(known)
        # Without a known variable, a fact would match that of any other thing.
        if new and len(new) < len(fact.variables):
            describing = [other for other in others if other.describes in new]
            nested = "".join(f" {each}" for each in _each(describing, (), {*known, *new}))
            yield f"OPTIONAL {{ {fact.text} .{nested} }}"
