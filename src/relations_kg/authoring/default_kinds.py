"""The class of a thing that a form describes, chosen by a code if the class is not given.

`kind` of a mission is a class, by default Embassy, and `rank` a code such as code:consulate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from pyoxigraph import NamedNode

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import usual_words
from relations_kg.authoring.definitions import Definition
from relations_kg.authoring.patterns import links
from relations_kg.errors import InputError, QueryError, UnknownName
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import RKG, SKOS
from relations_kg.rdf.terms import objects, value
from relations_kg.rdf.words import key
from relations_kg.reader.code_lists import own_code

# The beginning of a help that lists all classes of a parameter.
_LISTED = "use one of "
_KIND_GIVEN_BY, _BROADER = RKG + "kindGivenBy", SKOS + "broader"


def kind_of(
    form: Definition, parameter: Parameter, given: Mapping[str, object], names: Names
) -> str | None:
    """Return the class to use for a parameter without a value, or None for its default.

    It is the class with the name of the given code. Raises InputError if no class has this name,
    since the default may be wrong then.
    """
    code = code_parameter(form, parameter, names)
    if code is None or given.get(code.name) is None:
        return None
    try:
        iri = value(code.term(given[code.name], names))
    except QueryError:
        # The invalid code is reported as an error of its own parameter.
        return None
    if found := _class_named(iri, parameter, names):
        return found
    what = f"{code.name} {names.label(iri)!r} may be of another kind than {parameter.default}"
    raise InputError(f"{what}, the default", help=_choices(parameter, names))


def by_code(
    form: Definition, parameter: Parameter, text: str, names: Names
) -> tuple[str, str] | None:
    """Return the class for a code given in place of a class, and the parameter of the code.

    For a mission, "high commission" as `kind` means a diplomatic mission of this rank. The class is
    that with the name of the code or else of a broader one, or the most general class that the
    parameter takes, as for a code of one's own. Returns None for any other text, such as the name
    of a class.
    """
    code = code_parameter(form, parameter, names)
    if code is None:
        return None
    try:
        parameter.term(text, names)
    except QueryError:
        with suppress(QueryError):
            return _class_of(value(code.term(text, names)), parameter, names), code.name
    return None


def codes(code: Parameter, parameter: Parameter, names: Names) -> list[str]:
    """Return the codes that a parameter takes in place of a class, and that name no class."""
    classes = {key(each) for each in parameter.options(names)}
    return [each for each in code.options(names) if key(each) not in classes]


def usual_kind(parameter: Parameter, text: str) -> str:
    """Return the name of the kind of party that a usual word means, or the text itself.

    >>> usual_kind(Parameter("kind", "kind-of-party"), "Overseas Territory")
    'subnational polity'
    """
    if parameter.type != "kind-of-party":
        return text
    usual = usual_words.named("kinds-of-parties").items()
    return next((kind for word, kind in usual if key(word) == key(text)), text)


def help_of(
    form: Definition, parameter: Parameter, text: str, names: Names, help: str | None = None
) -> str | None:
    """Return the help for the name of a code given in place of a class, or None.

    If the text names no code either, and the `help` lists the classes, the codes are added.
    """
    code = code_parameter(form, parameter, names)
    if code is None:
        return None
    try:
        iri = value(code.term(text, names))
    except (QueryError, UnknownName):
        if not (help or "").startswith(_LISTED):
            return None
        own = own_code_of(form, parameter, text, names)
        return f"{help}, or one of {', '.join(codes(code, parameter, names))}; or define it: {own}"
    found = _class_named(iri, parameter, names)
    as_class = f"give {names.label(found)!r}" if found else _choices(parameter, names)
    return f"{as_class} as {parameter.name}, and {text!r} as {code.name}"


def own_code_of(form: Definition, parameter: Parameter, text: str, names: Names) -> str | None:
    """Return the command that defines a code for a parameter, or None if its lists are closed.

    If a form takes only some codes of the further lists, which its text names, the code is for the
    first list.
    """
    kinds = (code_parameter(form, parameter, names) or parameter).kinds(names)
    lists = [kind.iri for kind in kinds if kind.is_list]
    return own_code(text, *(lists[:1] if f"?{parameter.name} IN (" in form.text else lists))


def assumed(form: Definition, names: Names) -> Iterator[tuple[str, NamedNode]]:
    """Yield each parameter whose default is a subclass of its own class, with this subclass."""
    for parameter in form.parameters:
        if parameter.type.startswith("kind-of-") and parameter.default:
            default = parameter.term(parameter.default, names)
            if value(default) not in [kind.iri for kind in parameter.kinds(names)]:
                yield parameter.name, NamedNode(value(default))


def code_parameter(form: Definition, parameter: Parameter, names: Names) -> Parameter | None:
    """Return the parameter for a code that narrows the class given by a parameter, or None."""
    kind = parameter.kinds(names)[0] if parameter.type.startswith("kind-of-") else None
    if kind is None or parameter.default is None:
        return None
    given_by = {value(each) for each in objects(names.store, NamedNode(kind.iri), _KIND_GIVEN_BY)}
    found = {name for _, predicate, every in links(form) if predicate in given_by for name in every}
    return next((each for each in form.parameters if each.name in found), None)


def _class_named(code: str, parameter: Parameter, names: Names) -> str | None:
    label = names.label(code)
    every = [*(iri for _, iri in names.index.named(label)), *names.index.guessed(label)]
    return next((iri for iri in every if parameter.accepts(iri, names)), None)


def _class_of(code: str, parameter: Parameter, names: Names) -> str:
    """Return the narrowest class that is known to contain the things with a code."""
    seen: set[str] = set()
    while code not in seen:
        if found := _class_named(code, parameter, names):
            return found
        seen.add(code)
        broader = map(value, objects(names.store, NamedNode(code), _BROADER))
        code = next(broader, code)
    return parameter.kinds(names)[0].iri


def _choices(parameter: Parameter, names: Names) -> str:
    return f"give one of {', '.join(parameter.options(names))}"
