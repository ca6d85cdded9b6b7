"""Texts of a table that its columns do not accept, with guesses at their replacements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from relations_kg.answers import misfits
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import default_kinds, ranks, usual_words
from relations_kg.authoring.cell_reading import Reading
from relations_kg.authoring.cells import Cell
from relations_kg.authoring.event_dates import is_open_end, read_date, still_going_on
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import further, parameters, types
from relations_kg.authoring.new_names import (
    alone,
    is_of_party,
    is_plain,
    repeated,
    says_none,
    tidied,
)
from relations_kg.authoring.new_things import NewThings
from relations_kg.authoring.things import SimilarNames
from relations_kg.authoring.unclear_cells import refused_date
from relations_kg.authoring.value_texts import listed, several, spelling
from relations_kg.errors import QueryError, RelationsError
from relations_kg.names.name_lists import parties, pieces, two_parties
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.terms import Term, value
from relations_kg.rdf.words import is_vacant, key, stands_for_nothing

# The text that stands for no value.
NOTHING = "none"
# The name that an error proposes: one marked as new, one with an IRI, or one without its note.
_PROPOSED = re.compile(
    r"""write "(new: [^"]+)" for another thing|such as '([^']+ <id:[^']+>)'"""
    r"""|^write '([^']+)', or "new: [^"]+" for a name with"""
)
# What follows an abbreviation of a country or of its head, in a text that is not all in capitals.
_AFTER_COUNTRY = re.compile(r"[A-Z][A-Z.]{1,4} (.*[a-z].*)")
# Up to five words, of which the first has a capital, and not all in capitals: "Papua-Nova Guiné".
_LIKE_A_PARTY = re.compile(
    r"(?=.*[^\W\d_A-Z])[^\W\d_a-z][^\W\d_]*\.?(?:[ '\u2019/-]{1,2}[^\W\d_]+\.?){0,4}"
)


@dataclass
class RefusedTexts:
    """The texts that a column does not accept, each with a replacement and the reason.

    The replacement is empty if it cannot be guessed. `choices` are the names of all values, if the
    column takes codes or classes. `may_be_open` is true if the column has empty cells and takes
    "present" for what still exists. `similar` maps names of persons to earlier, similar ones.
    """

    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    choices: Sequence[str] = ()
    may_be_open: bool = False
    similar: dict[str, str] = field(default_factory=dict)


def refused(
    rows: Sequence[Sequence[Cell]],
    headings: Mapping[str, Sequence[Cell]],
    form: Form,
    names: Names,
    order: str | None,
    reading: Reading,
) -> dict[str, RefusedTexts]:
    """Return the texts that the columns of a table do not accept, by the name of the column.

    `headings` are the headings of the table by the name of their column, `order` is the order of
    day and month in numeric dates, and `reading` is how the settings read the cells. Texts are
    looked up in the order of the rows, as in an import.
    """
    columns = {each.column: name for name, every in headings.items() for each in every}
    read = reading.rows(rows, columns, form)
    cells = [{columns[c.column]: c.text for c in row if c.column in columns} for row in read]
    left_out = [{columns[c.column] for c in row if c.is_none} for row in read]
    every = {prefix + p.name: (of, p) for of, prefix, p in parameters(form)}
    for name, type in types(form).items():
        every.setdefault(name, (form, Parameter(name, type)))
    found = {name: RefusedTexts() for name in every}
    _split_ranks(cells, types(form), reading, found)
    meant = [v for own in reading.replacements.values() for t in own.values() for v in several(t)]
    of_states = [name for name, (_, p) in every.items() if is_of_party(p.type)]
    recurring = repeated(text for row in cells for text in row.values())
    of_parties = alone(row.get(name, "") for row in cells for name in of_states)
    things = NewThings(names, recurring, meant, parties=of_parties)
    seen: set[tuple[str, str]] = set()
    for row, nones in zip(cells, left_out, strict=True):
        for name, (of, parameter) in every.items():
            text = row.get(name, "")
            for each in several(text) if parameter.several else [text]:
                if each and (name, spelling(each)) not in seen:
                    seen.add((name, spelling(each)))
                    is_date = types(form).get(name) == "edtf"
                    read_as = read_date(name, each, order) if is_date else each
                    refusal = _refusal(of, parameter, read_as, things)
                    if isinstance(refusal, SimilarNames):
                        found[name].similar[each] = refusal.others[0].label
                    elif refusal and each not in meant:
                        found[name].texts[each] = refusal
        for other in further(form):
            own = [name for name in row if name.startswith(other.prefix) and row[name]]
            for name in other.required:
                if own and name in headings and not row.get(name) and name not in nones:
                    why = f"a row has {', '.join(own)}, but not {name}"
                    found[name].texts.setdefault("", (NOTHING, why))
    for name in still_going_on(form, dict.fromkeys(headings, "present"), names):
        is_set = "" in reading.replacements.get(name, {})
        found[name].may_be_open = not is_set and not all(row.get(name) for row in cells)
    needed = {name: each for name, each in found.items() if each != RefusedTexts()}
    for name, texts in needed.items():
        choices = list(dict.fromkeys(_names_of_kinds(*every[name], names)[0]))
        command = choices and default_kinds.own_code_of(*every[name], "NAME", names)
        texts.choices = [*choices, f"or a code of your own: {command}"] if command else choices
    return needed


def _split_ranks(
    cells: Sequence[dict[str, str]],
    types: Mapping[str, str],
    reading: Reading,
    found: Mapping[str, RefusedTexts],
) -> None:
    """Read ranks beside names as an import does, and list words that seem to be further ranks."""
    for name, rank in ranks.rank_columns(types).items():
        split_own = ranks.splitter(name, rank, reading)
        for row in cells:
            if (split := split_own(row.get(name, ""))) and stands_for_nothing(split.name):
                row[name] = ""
            elif split:
                row[name] = split.name
                row.setdefault(rank, split.rank)
        for word, texts in ranks.shared(row.get(name, "") for row in cells):
            why = f"{len(texts)} names begin with it, such as {texts[0]!r}"
            found[rank].texts[word] = ("", why)
            for row in cells:
                if row.get(name, "") in texts:
                    row[name] = row[name][len(word) :].strip()


def _refusal(
    form: Form, parameter: Parameter, text: str, things: NewThings
) -> tuple[str, str] | SimilarNames | None:
    """Return a replacement for a text and the reason, or None if a parameter accepts the text.

    For a name that is similar to that of another person, return the error about the two.
    """
    if form.is_composed(parameter) or (parameter.type == "person" and is_vacant(text)):
        return None
    if stands_for_nothing(text) or (is_of_party(parameter.type) and says_none(text)):
        return NOTHING, ""
    if parameter.type == "edtf":
        if is_open_end(text):
            return None
        return refused_date(parameter, text, things.names)
    kinds = things.kinds(parameter)
    if any(kind.is_list or kind.has_classes for kind in kinds):
        with suppress(QueryError):
            term = parameter.term(text, things.names)
            return None if _takes(form, parameter, term, things.names) else ("", "")
        if default_kinds.by_code(form, parameter, text, things.names):
            return None
        if meant := kind_meant(form, parameter, text, things.names):
            return meant, ""
        is_open = usual_words.is_open(text)
        if parameter.name == "operation" and (is_open or usual_words.is_status(text)):
            is_stopped = usual_words.says(text, "suspended") and not is_open
            return "operations-suspended" if is_stopped else NOTHING, "a guess"
        if parameter.name == "kind" and usual_words.is_of_residence(text):
            return (
                "",
                'if a row is no mission, leave it out: "KEY" = "none" below [replacements.row]',
            )
        return _after_country(form, parameter, text, things.names)
    if not kinds or parameter.type == "passage":
        return None
    try:
        things.find(parameter, tidied(text), may_be_new=form.may_be_new(parameter))
    except RelationsError as error:
        if isinstance(error, SimilarNames) and parameter.type == "person":
            return error
        if isinstance(error, SimilarNames):
            # A later name may be similar to this one, too.
            with suppress(RelationsError):
                things.find(parameter, f"new: {tidied(text)}", may_be_new=True)
        if is_of_party(parameter.type):
            if found := _parties(parameter, text, things):
                return found
        elif parameter.several and misfits.names_in(text, kinds) > 1:
            return listed(misfits.persons(text)), ""
        match = _PROPOSED.search(error.help or "")
        guess = match and (match[1] or match[2] or match[3])
        why = "; ".join(filter(None, (error.message, None if guess else error.help)))
        return guess or "", why
    return None


def _parties(parameter: Parameter, text: str, things: NewThings) -> tuple[str, str] | None:
    """Return a list of the parties in a text, or "" if none can be proposed, with the reason.

    Returns None if the text names one party.
    """
    found, unknown = parties(text, things.is_party)
    for name in list(found):
        if both := two_parties(name, things.is_party):
            found[found.index(name) : found.index(name) + 1] = both
            unknown = [
                *(n for n in unknown if n != name),
                *(n for n in both if parties(n, things.is_party)[1]),
            ]
    if found == [text]:
        return None
    if len(found) > 1 and not parameter.several:
        return "", f"these seem to be {len(found)} parties; write a row for each"
    if unknown:
        which = ", ".join(map(repr, unknown))
        # Short words may be parts of a name, such as "Congo, Rep.".
        are_names = all(re.fullmatch(r"[^\W\d_ ]{4,}( [^\W\d_]+)*", name) for name in unknown)
        if are_names and len(unknown) < len(found) and all(map(_LIKE_A_PARTY.fullmatch, unknown)):
            return listed(found), f"a guess, if it is a list; not known: {which}"
        return "", f"if it is a list, write {listed(found)!r}; not known: {which}"
    return listed(found), ""


def split_at_commas(
    texts: Iterable[str], is_party: Callable[[str], bool]
) -> tuple[bool, list[str]]:
    """Return whether commas separate parties in texts, and the parties that are not known.

    They do if at least half of the parties are known, and each of the others looks like the name of
    a party or is refused by `new_names.check`, so that it is corrected.

    >>> split_at_commas(["Chile, Elland", "Peru, Chile"], lambda name: False)
    (True, ['Elland'])
    >>> split_at_commas(["Chile, ECOWAS"], lambda name: False)
    (False, ['ECOWAS'])
    """
    lists = [text for text in texts if len(pieces(text)) > 1]
    every = list(dict.fromkeys(name for text in lists for name in pieces(text)))
    unknown = [name for name in every if parties(name, is_party)[1]]
    unclear = [
        name
        for name in unknown
        if not _LIKE_A_PARTY.fullmatch(name) and is_plain(name, "state|party")
    ]
    return bool(every) and not unclear and len(unknown) * 2 <= len(every), unknown


def kind_meant(form: Form, parameter: Parameter, text: str, names: Names) -> str | None:
    """Return the name of the code or class that a text names or abbreviates, or None.

    Names in other languages than English are read, too, if they are usual in lists of missions.
    """
    with suppress(QueryError):
        parameter.term(text, names)
        return text
    return usual_kind(form, parameter, text, names)


def usual_kind(form: Form, parameter: Parameter, text: str, names: Names) -> str | None:
    """Return the name of the code or class for a usual name or an abbreviation, or None."""
    choices, usual = _names_of_kinds(form, parameter, names)
    if exact := next((name for each, name in usual.items() if key(each) == key(text)), None):
        return exact
    meant = {key(name): name for name in choices if usual_words.is_short_for(text, name)}
    meant |= {
        key(name): name
        for foreign, name in usual.items()
        if usual_words.is_short_for(text, foreign)
    }
    return next(iter(meant.values())) if len(meant) == 1 else None


@lru_cache(maxsize=8)
def _names_of_kinds(
    form: Form, parameter: Parameter, names: Names
) -> tuple[list[str], Mapping[str, str]]:
    """Return the names of a parameter's codes or classes, and a map of usual names to them."""
    choices = [*_choices(form, parameter, names)]
    if code := default_kinds.code_parameter(form, parameter, names):
        choices += default_kinds.codes(code, parameter, names)
    usual = usual_words.named("kinds" if code else "ranks")
    known = {key(each): each for each in choices}
    named = {t: known[key(name)] for t, name in usual.items() if key(name) in known}
    return choices, {each: each for each in choices} | named


def _choices(form: Form, parameter: Parameter, names: Names) -> list[str]:
    """Return the names of the codes or classes that a parameter takes.

    If a form takes only some codes of the further lists, its text names them.
    """
    lists = [kind for kind in parameter.kinds(names) if kind.is_list]
    if some := _some_codes(form, parameter, names):
        return [*misfits.options(lists[:1], names), *some]
    return parameter.options(names)


def _some_codes(form: Form, parameter: Parameter, names: Names) -> list[str]:
    """Return the codes of a parameter's further lists that the text of a form names."""
    lists = [kind for kind in parameter.kinds(names) if kind.is_list]
    some = re.search(rf"\?{parameter.name} IN \(([^)]*)\)", form.text)
    return re.findall(r"code:([\w-]+)", some[1]) if some and len(lists) > 1 else []


def _takes(form: Form, parameter: Parameter, term: Term, names: Names) -> bool:
    """Return whether a form takes a code; if it takes only some of a list, its text names them."""
    code = shorten(value(term))
    return (
        not code.startswith("code:")
        or not _some_codes(form, parameter, names)
        or (code.partition(":")[2] in _choices(form, parameter, names))
    )


def _after_country(form: Form, parameter: Parameter, text: str, names: Names) -> tuple[str, str]:
    """Return the code after an abbreviation such as "HM" or "UK", and a reason; "" for none.

    After other words, the last words may mean something else: "Driver of the Ambassador".
    """
    match = _AFTER_COUNTRY.fullmatch(text)
    meant = match and usual_kind(form, parameter, match[1], names)
    return (meant, "a guess") if meant and key(meant) != "mission" else ("", "")
