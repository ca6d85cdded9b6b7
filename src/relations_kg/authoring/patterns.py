"""The patterns of forms: SPARQL that finds the values from which a form composes given facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from relations_kg.authoring.definitions import Definition
from relations_kg.rdf.namespaces import expand
from relations_kg.rdf.terms import TYPE
from relations_kg.sparql.evaluation import with_prefixes
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query

_NEW, _LABEL = "_new", "_label"


class Fact(NamedTuple):
    """A triple of a form's template; its variables are parameters or calculated by BIND.

    `describes` is the parameter whose thing the triple describes if the thing is new.
    """

    text: str
    variables: frozenset[str]
    describes: str | None = None


class Part(NamedTuple):
    """A group of SPARQL with its variables."""

    text: str
    variables: tuple[str, ...]


class Pattern(NamedTuple):
    """The facts of a form as groups of SPARQL: a core, and optional parts.

    Parts share only variables of the core. If the core is a single fact, which fits very many
    things, `subject` is the variable of its subject.
    """

    core: Part
    parts: tuple[Part, ...]
    subject: str | None


class Patterns(NamedTuple):
    """The patterns of a form; each row fits at least one.

    `prologue` declares their prefixes. `calculated` maps a variable of BIND to the direct and
    indirect parameters of its expression. `describes` is true if the form only describes a thing;
    `mentions` is true if it only has facts between things that other forms describe.
    """

    prologue: str
    every: tuple[Pattern, ...]
    calculated: dict[str, frozenset[str]]
    describes: bool
    mentions: bool


@cache
def patterns(form: Definition) -> Patterns:
    """Return the patterns of a form, derived from its template.

    Their values are candidates: the form may compose unstated facts from them.
    """
    query = parse(with_prefixes(form.text))
    calculated = _calculated(form, query)
    facts = list(_facts(form, query))
    certain = {p.name for p in form.parameters if form.is_certain(p)}
    cores = list(_cores(form, facts, certain))
    described = all(fact.describes and not _composes(form, fact) for each in cores for fact in each)
    return Patterns(
        "".join(f"{line}\n" for line in _prologue(query)),
        tuple(_pattern(form, core, facts, calculated) for core in cores),
        calculated,
        described,
        not any(fact.describes for fact in facts)
        and not any(map(form.is_composed, form.parameters)),
    )


@cache
def described_by_values(form: Definition) -> frozenset[str]:
    """Return the parameters whose things, if new, get values of other parameters as properties."""
    names = {p.name for p in form.parameters if p.type != "passage"}
    facts = _facts(form, parse(with_prefixes(form.text)))
    return frozenset(f.describes for f in facts if f.describes and len(f.variables & names) > 1)


@cache
def links(form: Definition) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Return the facts of a form's template that link two variables.

    Each has the parameter of its subject, its property, and the parameters of its object.
    """
    query = parse(with_prefixes(form.text))
    calculated = _calculated(form, query)
    words = [fact.text.split(" ", 2) for fact in _facts(form, query)]
    return tuple(
        (
            subject[1:],
            TYPE.value if predicate == "a" else expand(predicate),
            calculated.get(object_[1:], frozenset([object_[1:]])),
        )
        for subject, predicate, object_ in words
        if subject[0] == object_[0] == "?" != predicate[0]
    )


def _prologue(query: Query) -> Iterator[str]:
    """Yield the declarations of prefixes."""
    before = list(takewhile(lambda token: token[0].upper() != "CONSTRUCT", query.tokens))
    for name, iri in pairwise(before):
        if name.lastgroup == "name" and iri.lastgroup == "iri":
            yield f"PREFIX {name[0]} {iri[0]}"


def _facts(form: Definition, query: Query) -> Iterator[Fact]:
    """Yield the triples of the template, except labels."""
    names = {parameter.name for parameter in form.parameters}
    tokens = query.tokens
    for triple in query.triples:
        if triple.scope is not query.template:
            continue
        words = [tokens[i][0] for i in (triple.subject, *range(*triple.predicate), triple.object)]
        if words[-1].endswith(_LABEL) and words[-1][1:].removesuffix(_LABEL) in names:
            continue
        subject = words[0][1:].removesuffix(_NEW)
        is_description = words[0].endswith(_NEW) and subject in names
        words = [f"?{w[1:].removesuffix(_NEW)}" if w[0] in "?$" else w for w in words]
        variables = frozenset(word[1:] for word in words if word[0] == "?")
        yield Fact(" ".join(words), variables, subject if is_description else None)


def _calculated(form: Definition, query: Query) -> dict[str, frozenset[str]]:
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


def _composes(form: Definition, fact: Fact) -> bool:
    """Return whether a fact describes a thing that the form composes."""
    return any(p.name == fact.describes and form.is_composed(p) for p in form.parameters)


def _cores(
    form: Definition, facts: Collection[Fact], certain: Collection[str]
) -> Iterator[list[Fact]]:
    """Yield the facts that every row has or, without such facts, those of each optional thing."""
    own = [fact for fact in facts if fact.describes is None or _composes(form, fact)]
    if core := [fact for fact in own if fact.variables <= set(certain)]:
        yield core
        return
    composed = [p for p in form.parameters if form.is_composed(p)]
    for parameter in composed:
        known = {*certain, parameter.name, *form.fields(parameter)}
        core = [f for f in own if parameter.name in f.variables and f.variables <= known]
        if core:
            yield core
    if not composed:
        # The form only describes a thing.
        yield [fact for fact in facts if fact.variables <= set(certain)]


def _pattern(
    form: Definition,
    core: Collection[Fact],
    facts: Iterable[Fact],
    calculated: dict[str, frozenset[str]],
) -> Pattern:
    bound = {name for fact in core for name in fact.variables}
    rest = [fact for fact in facts if fact not in core and not fact.variables <= bound]
    groups = list(_optional(form, rest, bound))
    linked = [
        names | {p for name in names for p in calculated.get(name, ()) if p not in bound}
        for _, names in groups
    ]
    parts: list[Part] = []
    while groups:
        # Groups that share a variable with the first group belong to the same part.
        texts, names = [groups[0][0]], set(linked[0])
        del groups[0], linked[0]
        while joined := [i for i, each in enumerate(linked) if each & names]:
            texts.append(groups.pop(joined[0])[0])
            names |= linked.pop(joined[0])
        parts.append(_part(texts, names))
    texts = [fact.text for fact in core]
    subject = texts[0].partition(" ")[0].removeprefix("?") if len(texts) == 1 else None
    return Pattern(_part([f"{text} ." for text in texts], bound), tuple(parts), subject)


def _part(texts: Iterable[str], names: Iterable[str]) -> Part:
    return Part(" ".join(texts), tuple(sorted(names)))


def _optional(
    form: Definition, rest: Collection[Fact], bound: Collection[str]
) -> Iterator[tuple[str, set[str]]]:
    """Yield an OPTIONAL, with the variables that it binds, for each optional thing.

    Each fact that belongs to no optional thing gets an OPTIONAL of its own.
    """
    known = set(bound)
    things = [p.name for p in form.parameters if form.is_composed(p) and p.name not in known]
    groups: dict[str, list[Fact]] = {}
    left = list(rest)
    for name in things:
        own = [fact for fact in left if name in fact.variables]
        if any(len(fact.variables) > 1 and fact.variables <= known | {name} for fact in own):
            left = [fact for fact in left if fact not in own]
            groups[name] = own
    direct = {n for f in rest if f.describes is None or _composes(form, f) for n in f.variables}
    # The description of a value is needed only if no other fact has the value.
    describing = [f for f in left if f.describes and not f.variables <= direct | known]
    plain = [fact for fact in left if fact.describes is None or _composes(form, fact)]
    yield from _each(plain, describing, known)
    for name, own in groups.items():
        linked = [fact for fact in own if fact.variables <= known | {name}]
        within = [fact for fact in own if fact not in linked]
        links = " . ".join(fact.text for fact in linked)
        nested = list(_each(within, describing, known | {name}))
        texts = "".join(f" {text}" for text, _ in nested)
        yield f"OPTIONAL {{ {links} .{texts} }}", {name}.union(*(names for _, names in nested))
    yield from _each([fact for fact in describing if fact.describes in known], describing, known)


def _each(
    facts: Iterable[Fact], others: Collection[Fact], known: Collection[str]
) -> Iterator[tuple[str, set[str]]]:
    """Yield an OPTIONAL for each fact with a new value, with nested ones for its description."""
    for fact in facts:
        new = set(fact.variables.difference(known))
        # Without a known variable, the pattern would match facts of all things.
        if new and len(new) < len(fact.variables):
            describing = [other for other in others if other.describes in new]
            nested = list(_each(describing, (), {*known, *new}))
            texts = "".join(f" {text}" for text, _ in nested)
            yield f"OPTIONAL {{ {fact.text} .{texts} }}", new.union(*(each for _, each in nested))
