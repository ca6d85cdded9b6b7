"""Texts of a table that its columns do not accept, with guesses at their replacements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from relations_kg.answers import misfits
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import default_kinds
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.event_dates import is_open_end, still_going_on
from relations_kg.authoring.forms import Form, listed, several
from relations_kg.authoring.further_forms import further, parameters, types
from relations_kg.authoring.new_names import tidied
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.slugs import spelling
from relations_kg.authoring.things import SimilarNames
from relations_kg.errors import QueryError, RelationsError, UnknownName
from relations_kg.names.name_lists import parties
from relations_kg.names.names import Names
from relations_kg.rdf.digit_dates import ordered
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.words import is_vacant, key, stands_for_nothing, words

# The text that stands for no value.
NOTHING = "none"
# What an error proposes for a text that can only be the name of another thing.
_PROPOSED = re.compile(r"""write "(new: [^"]+)" for another thing|such as '([^']+ <id:[^']+>)'""")


@dataclass
class RefusedTexts:
    """The texts that a column does not accept, each with a replacement and the reason.

    The replacement is empty if it cannot be guessed. `choices` are the names of all values, if the
    column takes codes or classes. `may_be_open` is true if the column has empty cells and takes
    "present" for what still exists.
    """

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: Sequence[str] = ()
    may_be_open: bool = False
    similar: dict[str, str] = field(default_factory=dict)


def refused(
    rows: Sequence[Sequence[Cell]],
    headings: Mapping[str, Cell],
    form: Form,
    names: Names,
    order: str | None,
) -> dict[str, RefusedTexts]:
    """Return the texts that the columns of a table do not accept, by the name of the column.

    `headings` are the headings of the table by the name of their column, and `order` is the order
    of day and month in numeric dates. Texts are looked up in the order of the rows, as an import
    does.
    """
    columns = {heading.column: name for name, heading in headings.items()}
    cells = [{columns[c.column]: c.text for c in row if c.column in columns} for row in rows]
    every = {prefix + p.name: (of, p) for of, prefix, p in parameters(form)}
    for name, type in types(form).items():
        every.setdefault(name, (form, Parameter(name, type)))
    counts = Counter(
        " ".join(words(each)) for row in cells for text in row.values() for each in several(text)
    )
    things = NewThings(names, [text for text, number in counts.items() if number > 1])
    of_states = [n for n, (_, p) in every.items() if p.type.partition("|")[0] == "state"]
    cells_of_states = {row[name] for row in cells for name in of_states if name in row}
    alone = {key(each) for each in cells_of_states if each and _is_alone(each)}
    found = {name: RefusedTexts(choices=_choices(of, p, names)) for name, (of, p) in every.items()}
    seen: set[tuple[str, str]] = set()
    for row in cells:
        for name, (of, parameter) in every.items():
            text = row.get(name, "")
            for each in several(text) if parameter.several else [text]:
                if each and (name, spelling(each)) not in seen:
                    seen.add((name, spelling(each)))
                    dated = ordered(each, order) if order else each
                    if earlier := _similar(of, parameter, each, things):
                        found[name].similar[each] = earlier
                    elif refusal := _refusal(of, parameter, dated, things, alone):
                        found[name].texts[each] = refusal
        for other in further(form):
            own = [name for name in row if name.startswith(other.prefix) and row[name]]
            for name in other.required:
                if own and name in headings and not row.get(name):
                    why = f"a row has {', '.join(own)}, but not {name}"
                    found[name].texts.setdefault("", (NOTHING, why))
    for name in still_going_on(form, dict.fromkeys(headings, "present"), names):
        found[name].may_be_open = not all(row.get(name) for row in cells)
    empty = {name: RefusedTexts(choices=each.choices) for name, each in found.items()}
    return {name: each for name, each in found.items() if each != empty[name]}


def _refusal(
    form: Form, parameter: Parameter, text: str, things: NewThings, alone: Collection[str]
) -> tuple[str, str] | None:
    """Return a replacement for a text and the reason, or None if a parameter accepts the text.

    `alone` are the names of parties that have a cell of their own, as keys.
    """
    if form.is_composed(parameter) or (parameter.type == "person" and is_vacant(text)):
        return None
    if stands_for_nothing(text):
        return NOTHING, ""
    if parameter.type == "edtf":
        return None if is_open_end(text) else _misdated(parameter, text, things.names)
    kinds = things.kinds(parameter)
    if any(kind.is_list or kind.has_classes for kind in kinds):
        return _unknown(form, parameter, text, things.names)
    if not kinds or parameter.type == "passage":
        return None
    try:
        things.find(parameter, tidied(text), may_be_new=form.may_be_new(parameter))
    except RelationsError as error:
        if parameter.type.partition("|")[0] == "state":
            if found := _parties(parameter, text, things, alone):
                return found
        elif parameter.several and misfits.names_in(text, kinds) > 1:
            return listed(misfits.persons(text)), ""
        match = _PROPOSED.search(error.help or "")
        guess = match and (match[1] or match[2])
        why = "; ".join(filter(None, (error.message, None if guess else error.help)))
        return guess or "", why
    return None


def _similar(form: Form, parameter: Parameter, text: str, things: NewThings) -> str | None:
    """Return the new name to which that of another person is similar, or None."""
    if parameter.type != "person" or form.is_composed(parameter):
        return None
    try:
        things.find(parameter, tidied(text), may_be_new=form.may_be_new(parameter))
    except SimilarNames as error:
        return error.others[0].label
    except RelationsError:
        return None
    return None


def _parties(
    parameter: Parameter, text: str, things: NewThings, alone: Collection[str]
) -> tuple[str, str] | None:
    """Return a list of the parties in a text, or why it is not clear; None if it has one party.

    `alone` are the names, as keys, that have a cell of their own in a column of parties.
    """

    def is_known(name: str) -> bool:
        if key(name) in alone:
            return True
        try:
            found = things.names.find_whole(name, [RKG + "Party"])
        except UnknownName:
            return False
        return any(things.names.is_a(iri, [RKG + "Party"]) for iri in found)

    found, unknown = parties(text, is_known)
    if found == [text]:
        return None
    if len(found) > 1 and not parameter.several:
        return "", f"these seem to be {len(found)} parties; write a row for each"
    if unknown:
        which = ", ".join(map(repr, unknown))
        return "", f"if it is a list, write {listed(found)!r}; not known: {which}"
    return listed(found), ""


def _is_alone(text: str) -> bool:
    """Return whether a text has no separator of a list of parties."""
    return parties(text, lambda name: False)[0] == [text]


def _misdated(parameter: Parameter, text: str, names: Names) -> tuple[str, str] | None:
    """Return why a text is not a date, or None if it is one."""
    try:
        parameter.term(text, names)
    except QueryError as error:
        return "", "; ".join(filter(None, (error.message, error.help)))
    return None


def _unknown(form: Form, parameter: Parameter, text: str, names: Names) -> tuple[str, str] | None:
    """Return a guess at the code or class for a text, or None if it names one."""
    with suppress(QueryError):
        parameter.term(text, names)
        return None
    if default_kinds.by_code(form, parameter, text, names):
        return None
    choices = _choices(form, parameter, names)
    if code := default_kinds.code_parameter(form, parameter, names):
        choices += [
            o for o in code.options(names) if default_kinds.by_code(form, parameter, o, names)
        ]
    meant = {" ".join(words(each)): each for each in choices if is_short_for(text, each)}
    return next(iter(meant.values())) if len(meant) == 1 else "", ""


def _choices(form: Form, parameter: Parameter, names: Names) -> list[str]:
    """Return the names of the codes or classes that a parameter takes.

    If a form takes only some codes of the further lists, its text names them.
    """
    lists = [kind for kind in parameter.kinds(names) if kind.is_list]
    some = re.search(rf"\?{parameter.name} IN \(([^)]*)\)", form.text)
    if len(lists) < 2 or not some:
        return parameter.options(names)
    return [*misfits.options(lists[:1], names), *re.findall(r"code:([\w-]+)", some[1])]


def is_short_for(text: str, name: str) -> bool:
    """Return whether a text abbreviates a name by its initials or by the beginnings of its words.

    >>> names = ("consulate-general", "consulate-general", "embassy", "consulate")
    >>> list(map(is_short_for, ("CG", "Cons. Gen.", "Emb.", "CG"), names))
    [True, True, True, False]
    """
    asked, parts = words(text), words(name.replace("-", " "))
    if "".join(asked) == "".join(part[0] for part in parts) and len(parts) > 1:
        return True
    pairs = zip(asked, parts, strict=False)
    return len(asked) == len(parts) and all(part.startswith(each) for each, part in pairs)
