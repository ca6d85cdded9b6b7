"""Columns for further forms, such as head.holder, whose facts are about the thing of the row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode, Triple

from relations_kg.answers.parameters import SINCE, UNTIL, Parameter
from relations_kg.authoring.event_dates import is_open_end
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.things import Key
from relations_kg.authoring.value_texts import name_in, slug
from relations_kg.errors import InputError
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import value

_WHEN, _BEGAN, _ENDED, _TENURE = "when", "began", "ended", "office-tenure"
_OPERATION = "operation"
_SINGLE = re.compile(r"\d{4}(-\d\d){0,2}")
_CLOSED_BY, _DATED = NamedNode(RKG + "closedBy"), NamedNode(RKG + "when")


@dataclass(frozen=True)
class Further:
    """A second form that a row fills in if one of the form's columns has a value.

    `link` is the parameter for the thing that the row describes.
    """

    form: Form
    link: str

    @property
    def prefix(self) -> str:
        """The prefix of the names of the form's columns."""
        return f"{self.form.name}."

    def values(
        self, own: Mapping[str, object], form: Form, terms: Mapping[str, object]
    ) -> dict[str, object]:
        """Return the values for this form: those of its columns, and values of the row.

        The latter are the thing of the row and, unless given, the required values of the row's
        `form` that this form also has, such as the sender of a mission.
        """
        required = {p.name: terms[p.name] for p in form.parameters if p.required}
        names = [p.name for p in self.form.parameters]
        shared = {name: each for name, each in required.items() if name in names}
        return shared | {self.link: terms[form.of_row or ""]} | dict(own)

    def holds_now(self, own: Mapping[str, object], facts: Sequence[Triple]) -> bool:
        """Return whether a row states a head, or the status, of a mission on the day of its table.

        It does if all of these hold: this is a form of heads of missions, or the row only says
        whether the mission is in operation; the row has neither `when` nor `ended` for this form;
        and the `facts` of the row give the mission no end.
        """
        is_now = self._is_tenure or own.keys() == {_OPERATION}
        if own.keys() & {_WHEN, _ENDED} or not is_now:
            return False
        ends = (value(each.object).partition("/") for each in facts if each.predicate == _DATED)
        has_end = any(slash and end.strip(".") for _, slash, end in ends)
        return not has_end and all(fact.predicate != _CLOSED_BY for fact in facts)

    def latest_end(self, own: Mapping[str, object], facts: Sequence[Triple]) -> str | None:
        """Return the end, such as "[..1971]", of a tenure that a row gives without one, or None.

        The head of a mission has left by the day of its closure, unless the head came later.
        """
        when = str(own.get(_WHEN, ""))
        if _ENDED in own or not when.endswith("/..") or not self._is_tenure:
            return None
        closures = {fact.object for fact in facts if fact.predicate == _CLOSED_BY}
        closed = next((f for f in facts if f.predicate == _DATED and f.subject in closures), None)
        end = value(closed.object) if closed else ""
        if not _SINGLE.fullmatch(end) or not dates.parse(f"{when[:-3]}/{end}").in_order:
            return None
        return f"[..{end}]"

    @property
    def _is_tenure(self) -> bool:
        return any(p.type == _TENURE for p in self.form.parameters)

    @property
    def required(self) -> list[str]:
        """The names of the columns that a row must fill in to state something for this form."""
        needed = [p for p in self.form.parameters if p.required and p.name != self.link]
        return [self.prefix + p.name for p in needed if p.type != "passage"]

    def key(self, row: Key, own: Mapping[str, object]) -> Key:
        """Return the key of this form's thing: the row's, with the first value that may be new.

        Two rows with the key of one mission but different heads thus describe two tenures, and two
        with different accreditations two phases. A head whose name is corrected, but not the IRI
        beside it, keeps the tenure. Raises InputError for a name without Latin letters and without
        an IRI.
        """
        new = (p.name for p in self.form.parameters if self.form.may_be_new(p) and p.name in own)
        first = next(new, None)
        return Key(row.table, f"{row.row} {slug(name_in(str(own[first])))}" if first else row.row)


@cache
def further(form: Form) -> tuple[Further, ...]:
    """Return the forms that a row of a form can also fill in: those that require its thing.

    >>> [each.form.name for each in further(forms()["mission"])]
    ['head', 'phase']
    """
    own = form.of_row
    return tuple(
        Further(each, parameter.name)
        for each in forms().values()
        for parameter in each.parameters
        if parameter.name == own and parameter.required and each is not form
    )


def parameters(form: Form) -> Iterator[tuple[Form, str, Parameter]]:
    """Yield the parameters of a form and of its further forms, with the prefixes of columns.

    >>> [prefix + p.name for _, prefix, p in parameters(forms()["mission"]) if p.name == "holder"]
    ['head.holder']
    """
    yield from ((form, "", parameter) for parameter in form.parameters)
    for each in further(form):
        yield from ((each.form, each.prefix, parameter) for parameter in each.form.parameters)


@cache
def types(form: Form) -> Mapping[str, str]:
    """Return the types of the columns that a table of a form may have, by column name.

    >>> columns = types(forms()["mission"])
    >>> columns["seat"], columns["phase.rank"], columns["head.since"]
    ('city|place', 'diplomatic-rank', 'edtf')
    """
    found = dict(_types(form))
    for each in further(form):
        shared = {p.name for p in form.parameters if p.required} | {each.link}
        own = (item for item in _types(each.form) if item[0] not in shared)
        found.update((each.prefix + name, type) for name, type in own if type != "passage")
    return found


def _types(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the names and types of a form's parameters, with "since" and "until" for "when"."""
    known = {p.name: p.type for p in form.parameters}
    yield from known.items()
    if known.get(_WHEN) == "edtf":
        yield from ((name, "edtf") for name in (SINCE, UNTIL) if name not in known)


def spans(
    values: dict[str, object], types: Mapping[str, str]
) -> tuple[dict[str, str], list[InputError]]:
    """Replace the values of "since" and "until" by that of "when".

    Returns the column that gave each new value, and an error for each "when" that is given, too,
    and for each text that is not a date. Without an end, what began still goes on. An interval has
    no set or interval as its start or end: these are the dates of the events "began" and "ended",
    if the form has them.
    """
    found: dict[str, str] = {}
    problems: list[InputError] = []
    for name in [name for name in values if name.rpartition(".")[2] in (SINCE, UNTIL)]:
        prefix = name[: -len(name.rpartition(".")[2])]
        if name not in values or types.get(name) != "edtf" or prefix + _WHEN not in types:
            continue
        since, until = (str(values.pop(prefix + each, "")) for each in (SINCE, UNTIL))
        if prefix + _WHEN in values:
            message, help = f"{prefix}{_WHEN} is given, too", "leave one of them empty"
            problems.append(InputError(message, where=name, help=help))
            continue
        start, end = (
            _date(text, prefix + column, problems)
            for text, column in ((since, SINCE), (until, UNTIL))
        )
        end = ".." if not end or is_open_end(until) else end
        # A set or an interval cannot be the start or end, so it is the date of the event.
        for each, text, column in ((_BEGAN, start, SINCE), (_ENDED, end, UNTIL)):
            if re.search(r"[/\[{]", text) and prefix + each in types:
                values[prefix + each] = text
                found[prefix + each] = prefix + column
        start = "" if prefix + _BEGAN in values else start
        end = "" if prefix + _ENDED in values else end
        if start or end:
            values[prefix + _WHEN] = f"{start}/{end}"
            found[prefix + _WHEN] = name
    return found, problems


def _date(text: str, column: str, problems: list[InputError]) -> str:
    """Return a text as a start or end; add a problem and return "" if it is not a date."""
    found = dates.correction(text) or text
    is_end = column.endswith(UNTIL)
    if found and not (is_end and is_open_end(text)):
        try:
            dates.parse(found)
        except InputError as error:
            error.where = column
            problems.append(error)
            return ""
    return text if "/" in found else found
