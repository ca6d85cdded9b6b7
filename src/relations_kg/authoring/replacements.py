"""Texts of a table that its columns do not accept, with guesses at their replacements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from relations_kg.answers import misfits
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import default_kinds
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.event_dates import is_open_end, still_going_on
from relations_kg.authoring.forms import Form, listed, several
from relations_kg.authoring.further_forms import further, types
from relations_kg.authoring.new_names import tidied
from relations_kg.authoring.new_things import NewThings
from relations_kg.errors import QueryError, RelationsError
from relations_kg.names.names import Names
from relations_kg.rdf.digit_dates import ordered
from relations_kg.rdf.words import is_vacant, stands_for_nothing, words

# The text that stands for no value.
NOTHING = "none"
_BETWEEN = re.compile(r"\s*[,/;]\s*")
# What an error proposes for a text that can only be the name of another thing.
_PROPOSED = re.compile(r"""write "(new: [^"]+)" for another thing|such as '([^']+ <id:[^']+>)'""")


@dataclass
class Refused:
    """The texts that a column does not accept, each with a replacement and the reason.

    The replacement is empty if it cannot be guessed. `choices` are the names of all values, if the
    column takes codes or classes. `may_be_open` is true if the column has empty cells and takes
    "present" for what still exists.
    """

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: Sequence[str] = ()
    may_be_open: bool = False


def replaced(row: Sequence[Cell], column: int, texts: Mapping[str, str]) -> Sequence[Cell]:
    """Return a row whose cell in a column has the text to read in place of its own.

    A row that ends before the column has an empty cell there.
    """
    is_there = any(cell.column == column for cell in row)
    every = row if is_there else (*row, Cell(None, row[0].row, column))
    return [_read_as(cell, texts) if cell.column == column else cell for cell in every]


def _read_as(cell: Cell, texts: Mapping[str, str]) -> Cell:
    """Return a cell with the text that replaces its own or, of a list of values, their texts.

    The keys of `texts` are in lower case. A replacement such as "none" leaves the value out.
    """
    own = [cell.text] if spaced(cell.text) in texts else several(cell.text)
    if texts.keys().isdisjoint(map(spaced, own)):
        return cell
    read = [texts.get(spaced(text), listed([text])) for text in own]
    read = [text for text in read if not stands_for_nothing(text)]
    return replace(cell, value="; ".join(read), is_none=not read)


def spaced(text: str) -> str:
    """Return a text in lower case with single spaces.

    >>> spaced("High  Commission ")
    'high commission'
    """
    return " ".join(text.casefold().split())


def refused(
    rows: Sequence[Sequence[Cell]],
    headings: Mapping[str, Cell],
    form: Form,
    names: Names,
    order: str | None,
) -> dict[str, Refused]:
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
    found = {name: Refused(choices=p.options(names)) for name, (_, p) in every.items()}
    seen: set[tuple[str, str]] = set()
    for row in cells:
        for name, (of, parameter) in every.items():
            text = row.get(name, "")
            for each in several(text) if parameter.several else [text]:
                if each and (name, spaced(each)) not in seen:
                    seen.add((name, spaced(each)))
                    dated = ordered(each, order) if order else each
                    if refusal := _refusal(of, parameter, dated, things):
                        found[name].texts[each] = refusal
        for other in further(form):
            own = [name for name in row if name.startswith(other.prefix) and row[name]]
            for name in other.required:
                if own and name in headings and not row.get(name):
                    why = f"a row has {', '.join(own)}, but not {name}"
                    found[name].texts.setdefault("", (NOTHING, why))
    for name in still_going_on(form, dict.fromkeys(headings, "present"), names):
        found[name].may_be_open = not all(row.get(name) for row in cells)
    return {name: each for name, each in found.items() if each.texts or each.may_be_open}


def parameters(form: Form) -> Iterator[tuple[Form, str, Parameter]]:
    """Yield the parameters of a form and of its further forms, with the prefixes of columns."""
    yield from ((form, "", parameter) for parameter in form.parameters)
    for each in further(form):
        yield from ((each.form, each.prefix, parameter) for parameter in each.form.parameters)


def _refusal(
    form: Form, parameter: Parameter, text: str, things: NewThings
) -> tuple[str, str] | None:
    """Return a replacement for a text and the reason, or None if a parameter accepts the text."""
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
        if parameter.several and misfits.names_in(text, kinds) > 1:
            return listed(_BETWEEN.split(text)), ""
        match = _PROPOSED.search(error.help or "")
        guess = match and (match[1] or match[2])
        why = "; ".join(filter(None, (error.message, None if guess else error.help)))
        return guess or "", why
    return None


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
    choices = [*parameter.options(names)]
    if code := default_kinds.code_parameter(form, parameter, names):
        choices += [
            o for o in code.options(names) if default_kinds.by_code(form, parameter, o, names)
        ]
    meant = {" ".join(words(each)): each for each in choices if is_short_for(text, each)}
    return next(iter(meant.values())) if len(meant) == 1 else "", ""


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
