"""The dates of single events that forms compose, such as the opening and the closure of a mission.

A form composes such an event only if its date is given. The event has a single date; the dates
of the mission itself are in the parameter `when`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import usual_words
from relations_kg.authoring.definitions import Definition
from relations_kg.authoring.patterns import links
from relations_kg.errors import InputError
from relations_kg.names.names import Names
from relations_kg.rdf import dates
from relations_kg.rdf.date_corrections import rewritten
from relations_kg.rdf.date_notations import without_first_word
from relations_kg.rdf.digit_dates import ordered
from relations_kg.rdf.namespaces import RDFS, RKG
from relations_kg.rdf.terms import named, objects
from relations_kg.rdf.words import key
from relations_kg.reasoning.ontology import superclasses

# The date of a situation that began at an unknown time and continues when its source is made.
ONGOING = "/.."
_EVENT, _WHEN = NamedNode(RKG + "Event"), RKG + "when"
_STARTED_BY, _ENDED_BY = RKG + "startedBy", RKG + "endedBy"
_LASTING = re.compile(r"write '.+' for a state that lasted all the time, ('.+') for one date .+")
# Matches words for something that has not ended, after `rewritten` has replaced "present", "now"
# and similar words by "..".
_OPEN_END = (
    r"(?:is\s+)?(?:still\s+|currently\s+)?"
    r"(?:\.\.(?:\s+day)?|going\s+on|active|current(?:ly)?|exist(?:s|ing)|continu(?:es|ing)"
    r"|(?:in\s+)?(?:being|existence|force|operation|use))|(?:up\s+)?(?:to|until|till)\s+(?:\.\.|date)"
)
_LONGEST_OPEN_END = 40
# The first words of a date that add nothing in a column, by the name of the column.
_ADDING_NOTHING = {
    "opened": ("since", "in"),
    "since": ("since", "in"),
    "closed": ("since", "until", "in"),
    "until": ("until", "in"),
}


def read_date(name: str, text: str, order: str | None) -> str:
    """Return the text of a date without words that its column says already.

    If the `order` of day and month is known, a date of digits is returned in ISO 8601.

    >>> read_date("head.since", "desde 12/2009", None), read_date("closed", "Cerrada en 2002", None)
    ('12/2009', '2002')
    """
    own = name.rpartition(".")[2]
    if own in _ADDING_NOTHING and any(map(str.isdigit, text)):
        first, _, rest = text.partition(" ")
        text = rest if rest and usual_words.is_about(first, own) else text
        text = without_first_word(text, *_ADDING_NOTHING[own])
    return ordered(text, order) if order else text


def is_open_end(text: str) -> bool:
    """Return whether a text, given in place of an end, means that something still goes on.

    >>> is_open_end("Still open"), is_open_end("bis heute"), is_open_end("1938/..")
    (True, True, False)
    """
    if key(text) in map(key, usual_words.list_of("open")):
        return True
    return re.fullmatch(_OPEN_END, rewritten(text[:_LONGEST_OPEN_END]), re.IGNORECASE) is not None


def of_event(form: Definition, parameter: Parameter, names: Names) -> str | None:
    """Return the parameter of the event that is composed only with this date, or None."""
    if parameter.type != "edtf":
        return None
    for each in form.parameters:
        if parameter.name in form.fields(each):
            own = NamedNode(each.kinds(names)[0].iri)
            if own == _EVENT or _EVENT in superclasses(names.store, own):
                return each.name
    return None


def checked(form: Definition, parameter: Parameter, text: str, names: Names) -> None:
    """Raise InputError for an interval without a start or an end, as the date of an event."""
    start, slash, end = text.partition("/")
    if not slash or (start and end.strip(".")) or not of_event(form, parameter, names):
        return
    if end.strip("."):
        right = f"write '[..{end}]' if it was by then"
        raise InputError(f"{text!r} has no start, but an event has one date", help=right)
    right = f"write {start!r}" if start else "leave it out"
    if next(_lasting(form, parameter, names, _ENDED_BY), None):
        right += ", or 'present' for what still goes on"
    elif lasting := next(_lasting(form, parameter, names), None):
        right += f", or {lasting}={text!r} for what goes on"
    raise InputError(f"{text!r} has no end, but an event has one date", help=right)


def help_of(form: Definition, parameter: Parameter, help: str | None, names: Names) -> str | None:
    """Return the help for a text that is not a date; for an event, without advice on intervals."""
    if not help or not of_event(form, parameter, names):
        return help
    help = _LASTING.sub(r"write \1", help)
    if help == dates.SAYS_NOTHING:
        help = "write what is known of the date, such as '1878', '187X' or '[1878..1880]'"
        help += ", or leave it out"
    elif help == dates.HELP:
        help = "write year, month, day in that order: '1971-11-02', '1971-11', '196X'"
    else:
        return help
    is_end = next(_lasting(form, parameter, names, _ENDED_BY), None)
    return f"{help}; or write 'present' for what still goes on" if is_end else help


def still_going_on(
    form: Definition, given: Mapping[str, object], names: Names
) -> Mapping[str, str]:
    """Return the parameters with a value such as "present", each with the parameter for its dates.

    For a mission with `closed` as "present", this is `{"closed": "when"}`.
    """
    found: dict[str, str] = {}
    for parameter in form.parameters:
        text = given.get(parameter.name)
        if parameter.type == "edtf" and isinstance(text, str) and is_open_end(text):
            for when in _lasting(form, parameter, names, _ENDED_BY):
                found[parameter.name] = when
    return found


def with_open_end(
    form: Definition, name: str, when: str, given: Mapping[str, object], names: Names
) -> str:
    """Return the dates, without an end, of a thing that still exists.

    The parameter `name`, which is for its end, has the value "present"; `when` is the parameter for
    its dates. Raises InputError if these are also given, and do not end with "/..".
    """
    if (own := given.get(when)) is not None:
        text = dates.correction(str(own)) or str(own)
        if text.endswith("/.."):
            return text
        start = text.partition("/")[0]
        help = f"leave {name} empty, or write {when}='{start}/..'"
        raise InputError(f"{given[name]!r} contradicts {when}={own!r}", help=help)
    begun = (p for p in form.parameters if when in _lasting(form, p, names, _STARTED_BY))
    known = (given[p.name] for p in begun if p.name in given)
    start = dates.correction(str(next(known, ""))) or ""
    # An interval cannot start with a set or an interval. For such a start, none is written, since
    # the opening event bounds it.
    return f"{start}/.." if not re.search(r"[/\[{]", start) else ONGOING


def _lasting(
    form: Definition, parameter: Parameter, names: Names, property: str | None = None
) -> Iterator[str]:
    """Yield the parameters for the dates of the things that an event with this date begins or ends.

    With `property`, only values of this property and of its subproperties count.
    """
    event = of_event(form, parameter, names)
    every = links(form) if event else ()
    for subject, predicate, values in every:
        if event in values and (property is None or property in _with_broader(predicate, names)):
            for thing, date, whens in every:
                if (thing, date) == (subject, _WHEN):
                    yield from whens - {parameter.name}


def _with_broader(property: str, names: Names) -> list[str]:
    above = named(objects(names.store, NamedNode(property), RDFS + "subPropertyOf"))
    return [property, *(each.value for each in above)]
