"""Errors about values that do not fit a parameter, with values that would fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from pyoxigraph import Literal, NamedNode

from relations_kg._files import toml
from relations_kg.answers.kinds import Kind
from relations_kg.errors import InputError
from relations_kg.export.kinds import most_specific
from relations_kg.names.alternatives import alternatives
from relations_kg.names.name_lists import is_state, pieces, words_of
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import CODE, OWL, RDF, RDFS, RKG, SKOS, code_name, shorten
from relations_kg.rdf.spelling import did_you_mean, with_article
from relations_kg.rdf.terms import named, objects, value
from relations_kg.rdf.words import key, words

_BROADER = NamedNode(RDFS + "subClassOf")
_IN_SCHEME = NamedNode(SKOS + "inScheme")
_LABELS = tuple(NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"))
# The placeholder for an example if the graph has none.
NO_EXAMPLE = "…"
# The separators between names of persons.
_BETWEEN_PERSONS = r"\s*[,/&]\s*|\s+and\s+"
# A person's name: two to six words, which are capitalised or particles such as "de".
_PERSON = re.compile(
    r"(?!\S+$)(?:(?:[^\W\d_a-z]\S*|d\w{1,2}|v[ao]n|der|bin|al|el|la|le|y)(?:\s+|$)){2,6}"
)
# The separators between names of states.
_JOINING_STATES = r"\s*[/&]\s*|\s+(?:and|y|et|und)\s+"
# A state's name: at most two capitalised words, since longer names are often those of ministries.
_STATE = re.compile(
    r"(?:(?:the|el|la|le)\s+)?[^\W\d_a-z][\w'\u2019.-]+(?:\s[^\W\d_a-z][\w'\u2019.-]+)?"
)
# The maximum numbers of values (of one code list, and of several), of kinds and of examples that an
# error lists.
_MOST, _MOST_OF_SEVERAL, _MOST_KINDS, _MOST_EXAMPLES = 40, 8, 5, 3


def are_currencies(found: Iterable[str], name: str, names: Names) -> bool:
    """Return whether all found things are currencies with this name, such as Sol or Guinea.

    Unlike other codes, currencies share their names with places, persons and states.
    """
    return all(
        NamedNode(CODE + "currency") in objects(names.store, NamedNode(iri), _IN_SCHEME.value)
        and key(names.label(iri)) == key(name)
        for iri in found
    )


def misfit(
    parameter: str,
    text: str,
    iri: str | None,
    kinds: Sequence[Kind],
    names: Names,
    others: Sequence[str] = (),
    new: str = "",
) -> InputError:
    """Return the error for a value of a kind that a parameter does not accept.

    `iri` is the thing that the text names, if any, and `others` are the query's parameters that
    accept it. `new` is the name in the text if the value may be a new thing, and otherwise "".
    """
    for kind in kinds:
        if not kind.is_defined(names):
            return InputError(
                f"{kind.text!r} is neither a class nor a code list",
                help="correct the type of this parameter in the header of the query",
            )
    takes = f"{parameter} takes {_described(kinds, names)}"
    if iri is None:
        what, fitting = f"{text!r} is not the name of a value of this parameter", []
    else:
        what = f"{names.label(iri)} is {class_of(iri, names)}"

        def fits(other: str) -> bool:
            return any(kind.includes(other, names) for kind in kinds)

        fitting = alternatives(iri, fits, names)
        if iri.startswith((CODE, *names.spaces)):
            # The user probably means an instance of the class, or a thing named like it.
            own = [*sorted(map(value, names.instances(iri))), *names.suggestions.of(text)]
            fits_too = (each for each in dict.fromkeys(own) if each != iri and fits(each))
            fitting = [*islice(fits_too, _MOST_EXAMPLES)] or fitting
    if others:
        # The value fits another parameter, so for this parameter only a polity is suggested.
        fitting = [each for each in fitting if names.is_a(each, [RKG + "Polity"])]
    help = [f"give it as {' or '.join(others)}"] if others else []
    if fitting:
        named = " or ".join(f"{names.label(each)} ({shorten(each)})" for each in fitting)
        help.append(f"did you mean {named}?")
    if any(kind.is_list or kind.has_classes for kind in kinds):
        values = _values(kinds, names)
        most = _MOST_OF_SEVERAL if sum(kind.is_list for kind in kinds) > 1 else _MOST
        more = f" or {len(values) - most} others" if len(values) > most else ""
        near = None
        if iri is None:
            lists = [kind.iri for kind in kinds if kind.is_list]
            near = names.suggestions.codes_named(text, lists) if lists else None
            near = near or did_you_mean(text, values)
        elif guessed := [names.label(each) for each in names.index.guessed(text) if fits(each)]:
            near = f"did you mean {' or '.join(guessed[:_MOST_EXAMPLES])}?"
        values = [near or f"use one of {', '.join(values[:most])}{more}"]
        help = help if others and iri and iri.startswith((CODE, *names.spaces)) else values
    if not help:
        known = names.instances(kinds[0].iri)[:_MOST_EXAMPLES]
        listed = " or ".join(f"{names.label(each.value)} ({shorten(each.value)})" for each in known)
        help = [f"give one such as {listed}"] if known else ["the graph has none"] * (not new)
    if new:
        help.insert(0, f'write "new: {new}" for another thing')
    return InputError(f"{what}; {takes}", help=", or ".join(help) or None)


def described(kind: Kind, names: Names) -> str:
    """Return a kind in words, such as "a person" or "a kind of visit".

    >>> import relations_kg as rk
    >>> names = rk.load().names
    >>> described(Kind.of("organization", names), names)
    'an organisation'
    """
    if kind.is_list:
        return f"a value of the code list {kind.text}"
    label = names.label(kind.iri)
    if ":" in label:
        # Classes of other vocabularies have no label: skos:ConceptScheme becomes "concept scheme".
        label = re.sub(r"\B([A-Z])", r" \1", label.partition(":")[2]).lower()
    return f"a kind of {label}" if kind.has_classes else _with_article(label)


def options(kinds: Sequence[Kind], names: Names) -> list[str]:
    """Return the names of all values of these kinds, or [] if values are instances of a class."""
    are_listed = all(kind.is_list or kind.has_classes for kind in kinds)
    return _values(kinds, names) if are_listed else []


def asked_for(type: str, kinds: Sequence[Kind], names: Names) -> tuple[str, str]:
    """Return a noun phrase for a type of values, such as "a party", and an example."""
    if own := toml("answers/types.toml").get(type):
        return own["phrase"], own["example"]
    if not kinds:
        return "a value", NO_EXAMPLE
    what, first = _described(kinds, names), kinds[0]
    if first.is_list or first.has_classes:
        return what, next(iter(_values([first], names)), NO_EXAMPLE)
    find = names.store.quads_for_pattern
    instances = names.instances(first.iri)[:_MOST]
    known = {each.value: sum(1 for _ in find(None, None, each)) for each in instances}
    example = max(sorted(known), key=lambda iri: known[iri], default=NO_EXAMPLE)
    return what, shorten(example).removeprefix("id:")


def names_in(text: str, kinds: Sequence[Kind]) -> int:
    """Return the number of persons or states that a text seems to list, or 1 for other kinds.

    >>> import relations_kg as rk
    >>> person = Kind.of("person", rk.load().names)
    >>> names_in("Ada Ruiz, Bo Li", [person]), names_in("Ruiz, Ada", [person])
    (2, 1)
    >>> state = Kind.of("state", rk.load().names)
    >>> names_in("Chile/Bolivia", [state]), names_in("Trinidad and Tobago", [state])
    (2, 1)
    >>> names_in("Food and Agriculture Organization", [state]), names_in("Korea, DPR", [state])
    (1, 1)
    """
    first = kinds[0].iri if kinds else ""
    if first == RKG + "Person":
        return len(persons(text)) or 1
    if first != RKG + "State":
        return 1
    if len(parts := pieces(text)) > 1:
        return len(parts)
    parts = re.split(_JOINING_STATES, text.strip())
    ends = " ".join(words(parts[0])[-1:] + words(parts[-1])[-1:])
    is_one = ends in words_of("one_state") or not all(_STATE.fullmatch(part) for part in parts)
    is_one = is_one or not words_of("firms").isdisjoint(words(text))
    is_body = not (words_of("bodies").isdisjoint(words(text)) or any(map(is_state, parts)))
    return 1 if is_one or is_body else len(parts)


def persons(text: str) -> list[str]:
    """Return the names of persons that a text lists, or an empty list if it is not such a list.

    >>> persons("Ada Ruiz, Bo Li & Cy Aro"), persons("Ruiz, Ada")
    (['Ada Ruiz', 'Bo Li', 'Cy Aro'], [])
    """
    parts = re.split(_BETWEEN_PERSONS, text.strip())
    return parts if all(_PERSON.fullmatch(part) for part in parts) else []


def formed(type: str, text: str) -> str:
    """Return a text of a type with a fixed form; raise InputError for a text of another form.

    >>> formed("time-of-day", " 11:00 ")
    '11:00'
    """
    known = toml("answers/types.toml")[type]
    if not re.fullmatch(known["form"], text.strip()):
        help = f"write {known['examples']}"
        raise InputError(f"{text!r} is not {known['phrase']}", help=help)
    return text.strip()


def language(text: str, names: Names) -> str:
    """Return the tag of a language; raise InputError if the graph has no names in it."""
    found = {
        quad.object.language
        for predicate in _LABELS
        for quad in names.store.quads_for_pattern(None, predicate, None)
        if isinstance(quad.object, Literal) and quad.object.language
    }
    if text.lower() in found:
        return text.lower()
    raise InputError(
        f"nothing has a name in the language {text!r}",
        help=f"use one of {', '.join(sorted(found))}",
    )


def _values(kinds: Iterable[Kind], names: Names) -> list[str]:
    find = names.store.quads_for_pattern
    found: dict[str, None] = {}
    for kind in kinds:
        node = NamedNode(kind.iri)
        if kind.is_list:
            codes = named(quad.subject for quad in find(None, _IN_SCHEME, node))
            found |= dict.fromkeys(sorted(code_name(code.value) for code in codes))
        elif kind.has_classes:
            queue = [node]
            for each in queue:
                below = named(quad.subject for quad in find(None, _BROADER, each))
                queue += [one for one in below if one not in queue]
            found |= dict.fromkeys(names.label(each.value) for each in queue)
    return list(found)


def class_of(iri: str, names: Names) -> str:
    """Return the most specific class of a thing in words, or for a code its list.

    For a term of the ontology, it is "a class" or "a property".
    """
    classes = names.kinds(iri)
    if OWL + "Class" in classes:
        return "a class"
    if any(each.startswith(OWL) and each.endswith("Property") for each in classes):
        return "a property"
    if RDF + "Property" in classes:
        return "a property"
    lists = objects(names.store, NamedNode(iri), _IN_SCHEME.value)
    if lists:
        return f"a value of the code list {code_name(value(lists[0]))}"
    own = [each for each in classes if each.startswith(names.spaces)] or classes
    if not own:
        return "a thing without a class"
    return _with_article(names.label(most_specific(names.store, map(NamedNode, own)).value))


def _with_article(noun: str) -> str:
    if noun.endswith(("relations", "conditions")):
        return noun
    return with_article(noun)


def _described(kinds: Sequence[Kind], names: Names) -> str:
    if len(kinds) > 1 and all(kind.is_list for kind in kinds):
        return f"a value of the code lists {_listed([kind.text for kind in kinds])}"
    each = [described(kind, names) for kind in kinds]
    more = [f"a thing of {len(each) - 3} other kinds"] if len(each) > _MOST_KINDS else []
    return _listed(each[:3] + more if more else each)


def _listed(kinds: list[str]) -> str:
    return " or ".join([", ".join(kinds[:-1]), kinds[-1]]) if kinds[:-1] else kinds[0]
