"""Drafts of former missions and of phases from the remarks of a table, for a person to check."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import basename, splitext

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import usual_words
from relations_kg.authoring.cells import Table, guarded
from relations_kg.authoring.columns import Columns, headings_of_facts
from relations_kg.authoring.forms import Form, forms
from relations_kg.authoring.refused_texts import kind_meant, usual_kind
from relations_kg.authoring.things import ROW, Key
from relations_kg.names.names import Names
from relations_kg.rdf import dates
from relations_kg.rdf.namespaces import shorten
from relations_kg.rdf.words import key
from relations_kg.validation.findings import Finding

_STATUS, _SUSPENDED = "rkg:operatingStatus", "code:operations-suspended"
# A heading that begins with "#" is not read.
_REMARK = "# remark"
# The columns of a draft by its form.
COLUMNS = {
    "mission": ("key", "kind", "sender", "receiver", "seat", "opened", "closed", _REMARK),
    "phase": ("key", "mission", "seat", "kind", _STATUS, "since", "until", _REMARK),
}
# "March 3, 1990" and "1. März 1990" are dates and not split.
_CLAUSES = re.compile(
    r"\s*[;()]\s*|(?<![^\W\d]\s\d)(?<![^\W\d]\s\d\d)\s*,\s*"
    r"|(?<!\b\d)(?<!\b\d\d)\.\s+(?=[^\W\d])"
)
# A year, with what may belong to its date before it: a day, a month, or a word that may be a month
# or say "about" or "before".
_DATE = re.compile(
    r"(?:[^\W\d]+\.?\s+)?(?:\d{1,2}[/.,\s]\s?)?(?:[^\W\d]+\.?\s+|\d{1,2}[/.])?"
    r"\d{3}[\dX](?:-\d\d(?!\d)){0,2}"
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d[\dX](?!\d)")
_DECADE = re.compile(
    r"(?i)\b(?:années|anos|años|anni|jaren|década(?: de)?)\s+((?:1[5-9]|20)\d)0(?!\d)"
    r"|(?<!\d)((?:1[5-9]|20)\d)0(?:['\u2019]?s|er|-?\u0445)\b"
)
_YEARS = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)\s?[-\u2013]\s?((?:1[5-9]|20)?\d\d)(?![\d-])")
_LAST_MONTH = 12
# The most words in the name of a kind, and the fewest letters in a name that is no abbreviation.
_LONGEST_KIND, _SHORTEST_KIND = 3, 4
_WORDS = re.compile(r"[^\d]+")
_NAME = re.compile(r"[A-Z\u00c0-\u00de]\w+(?:(?: (?:de|del|do|da|la))? [A-Z\u00c0-\u00de]\w+)*")
_IN = re.compile(rf"\b(?:in|at|en|em|à|a|te)\s+({_NAME.pattern})")
_TO = re.compile(rf"\b(?:to|nach|naar|para|vers|à|a)\s+({_NAME.pattern})")
# A part of a remark continues the part before it if no word in it, such as "then", is longer.
_LONGEST_BETWEEN = 5
_RESIDED = "resided"
# What ends a closure and a suspension.
_AGAIN = {"closed": "reopened", "suspended": "resumed"}
_ANY_KIND = ("mission", "diplomaticmission", "consularpost")


@dataclass(frozen=True)
class Remark:
    """A remark on the mission of a row, with the key of the row and its values by parameter."""

    key: Key
    text: str
    values: Mapping[str, str]


@dataclass
class Draft:
    """The rows of drafts by form, and what else the remarks say.

    `openings` are the dates on which missions opened again, by the text that the settings replace.
    `closures` are the remarks on closures that are not in the table and after which the mission did
    not open again, by key and date. `left` are the remarks, by key, with a year that is neither
    drafted nor in the table, and those with a year of which nothing could be read. `_numbers`
    counts the rows by the beginnings of their keys.
    """

    rows: dict[str, list[Mapping[str, str]]] = field(default_factory=dict)
    openings: dict[str, str] = field(default_factory=dict)
    closures: dict[tuple[str, str], str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)

    def table(self, form: str) -> list[list[str]]:
        """Return the headings and the rows of the draft for a form."""
        names = COLUMNS[form]
        rows = self.rows.get(form, [])
        return [[*names], *([guarded(row.get(name, "")) for name in names] for row in rows)]

    def add(self, form: str, remark: Remark, cells: Mapping[str, str]) -> None:
        """Add a row for a form, about the mission of a remark."""
        start = f"{remark.key.row}-{form[0]}"
        self._numbers[start] += 1
        own = {"key": f"{start}{self._numbers[start]}", _REMARK: remark.text}
        if form == "mission":
            own |= {n: remark.values.get(n, "") for n in ("kind", "sender", "receiver", "seat")}
        else:
            own["mission"] = shorten(remark.key.iri("mission"))
        self.rows.setdefault(form, []).append({**own, **cells})


@dataclass(frozen=True)
class _Clause:
    """A part of a remark: `what` it reports, such as "closed", the kind it names, and its dates."""

    text: str
    what: str
    kind: str
    since: str
    until: str

    def place(self, seat: str) -> str:
        """Return the only place other than a seat that the text seems to name, or "?"."""
        return _place(self.text, seat) or "?"

    def seats(self, seat: str) -> tuple[str, str]:
        """Return the seats before and after a move, of which the table has one, `seat`."""
        place = self.place(seat)
        to = (match[1] for match in _TO.finditer(self.text))
        is_to = usual_words.says(self.text, "move") and place in to
        return (seat, place) if is_to else (place, seat)


def remarks(table: Table, columns: Columns, named: Mapping[str, Sequence[str]]) -> Iterator[Remark]:
    """Yield the remarks on the missions in a table whose rows have keys.

    The columns of remarks are found in `table`, since `columns` may lack them.
    `named` are the headings by parameter.
    """
    every = headings_of_facts(table, columns.form, named)
    own = {cell.column for cell in every if usual_words.says(cell.text, "remarks")}
    texts = {
        row[0].row: "; ".join(c.text for c in row if c.column in own and not c.is_empty)
        for row in table.rows
    }
    name, parameters = splitext(basename(table.file))[0], columns.parameters
    for row in columns.rows:
        values = {parameters[c.column]: c.text for c in row if c.column in parameters}
        number = values.pop(ROW, "")
        if number and (text := texts.get(row[0].row)):
            yield Remark(Key(name, number), text, {**columns.given, **values})


def unchecked(table: Table) -> Iterator[Finding]:
    """Yield a warning if a table is a draft that still has its column of remarks."""
    first = table.rows[0] if table.rows else ()
    for cell in (cell for cell in first if cell.text == _REMARK):
        message = "this table is a draft from remarks, which may be about something else"
        help = f"compare each row with its remark, and delete the column {_REMARK!r} then"
        yield table.finding(cell, "draft", message, help, "warning")


def draft(found: Sequence[Remark], names: Names) -> Draft:
    """Return the drafts from remarks on missions.

    Nothing is drafted unless a remark has a date beside a word for a closure, a suspension, a move
    or a residence, or beside another kind of mission.
    """
    result = Draft()
    # A mission may have several rows with one remark.
    for remark in {(each.key, each.text): each for each in found}.values():
        told = _drafted(remark, result, names)
        if not {*map(_year, _dates(remark.text))} <= told:
            result.left[remark.key.row] = remark.text
    return result


def _drafted(remark: Remark, result: Draft, names: Names) -> set[str]:
    """Add what a remark says to drafts; return the years that need no further draft."""
    values, number = remark.values, remark.key.row
    opened, closed, seat = (values.get(name, "") for name in ("opened", "closed", "seat"))
    start, told = opened, set[str]()
    own_kind = _own_kind(values.get("kind", ""), names)
    for each in _clauses(remark.text, names):
        since, until, is_other = each.since, each.until, bool(each.kind) and each.kind != own_kind
        is_before = bool(until) and (not opened or _year(opened) >= _year(until))
        is_reversed = bool(since and until) and _year(since) > _year(until)
        rows: list[tuple[str, dict[str, str]]] = []
        if is_reversed or (is_other and each.what):
            continue
        if each.what == "closed" and since and until:
            rows.append(("mission", {"opened": "" if is_before else start, "closed": since}))
            start = start if is_before else until
        elif each.what == "closed" and since:
            if since != closed:
                result.closures[number, since] = remark.text
            told.add(_year(since))
        elif each.what == "suspended" and since:
            rows.append(("phase", {"since": since, "until": until, _STATUS: _SUSPENDED}))
        elif each.what == "move" and since and until:
            rows.append(("phase", {"seat": each.place(seat), "since": since, "until": until}))
        elif each.what == "move" and since:
            first = opened if _year(opened) < _year(since) else ""
            before, after = each.seats(seat)
            rows.append(("phase", {"seat": before, "since": first, "until": since}))
            rows.append(("phase", {"seat": after, "since": since}))
        elif is_other and until and is_before:
            place = _city(each.text) or seat
            rows.append(
                ("mission", {"kind": each.kind, "seat": place, "opened": since, "closed": until})
            )
        elif is_other and until and _city(each.text) in ("", seat):
            rows.append(("phase", {"kind": each.kind, "since": since or opened, "until": until}))
        for form, cells in rows:
            result.add(form, remark, cells)
            told |= {_year(since), _year(until)}
    if start != opened:
        result.openings[f"{number}: {opened}"] = start
    # The years in the table need no draft, if anything else in the remark was understood.
    return told | ({_year(opened), _year(closed)} if told else set())


def _clauses(text: str, names: Names) -> Iterator[_Clause]:
    """Yield the parts of a remark that date a change or a kind of mission.

    A part with only dates and short words continues the part before it. A kind with one date lasts
    until the next date, as in "consulate 1976, embassy 1980". A closure or a suspension lasts until
    the part after it ends it, as in "closed 1976, reopened 1980".
    """
    parts = [(part, _dates(part)) for part in _CLAUSES.split(text)]
    what = kind = ""
    for place, (part, found) in enumerate(parts):
        said = [each for each in ("closed", "suspended", "move") if usual_words.says(part, each)]
        away = usual_words.pattern("without-residence").search(part)
        if not said and not away and usual_words.is_of_residence(part):
            said = [_RESIDED]
        own = _kind(part, names)
        is_of_other = usual_words.pattern("not-of-mission").search(part) is not None
        said, own = ([], "") if is_of_other else (said, own)
        longest = max((len(each) for each in re.findall(r"[^\W\d]+", part)), default=0)
        if said or own or is_of_other or longest > _LONGEST_BETWEEN:
            what, kind = (said or [""])[0], own
        if not found or not (what or kind):
            continue
        is_end = len(found) == 1 and usual_words.says(part, "until")
        since, until = ("", found[0]) if is_end else (found[0], "".join(found[1:2]))
        after, later = next(((p, each[0]) for p, each in parts[place + 1 :] if each), ("", ""))
        is_kind_until = bool(kind) and not what and _year(later) > _year(since)
        is_again = what in _AGAIN and usual_words.says(after, _AGAIN[what])
        if not until and (is_kind_until or (is_again and not is_end)):
            until = later
        if what == _RESIDED:
            # The seat in the table is that after "resident until 1998" or "resident since 1998".
            yield _Clause(part, "move", "", until or since, "")
        else:
            yield _Clause(part, what, kind, since, until)


def _own_kind(text: str, names: Names) -> str:
    return kind_meant(*_form_and_kind(), text, names) or text


def _dates(text: str) -> list[str]:
    """Return the dates in a text, in EDTF if they are clear.

    >>> _dates("de 06/1997 au 2 mai 2000"), _dates("1992-93"), _dates("since 2009-04")
    (['1997-06', '2000-05-02'], ['1992', '1993'], ['2009-04'])
    >>> _dates("March 3, 1990 to about 1995"), _dates("in the 1990s"), _dates("03/04/2001")
    (['1990-03-03', '1995~'], ['199X'], ['03/04/2001'])
    """
    text = _YEARS.sub(_both_years, _DECADE.sub(r"\1\2X", text))
    found = []
    for match in _DATE.finditer(text):
        words = match[0].split()
        ends = [" ".join(words[place:]) for place in range(len(words))]
        read = map(dates.correction, ends)
        found.append(next((each for each in read if each and "/" not in each), ends[-1]))
    return [each for each in found if _YEAR.search(each)]


def _both_years(match: re.Match[str]) -> str:
    first, last = match[1], match[2]
    if len(last) == len(first):
        return f"{first} {last}"
    return f"{first} {first[:2]}{last}" if int(last) > _LAST_MONTH else match[0]


def _year(date: str) -> str:
    found = _YEAR.search(date)
    return found[0] if found else ""


def _kind(text: str, names: Names) -> str:
    """Return the kind of mission that a text names first, in English, or an empty text."""
    words = [each.strip("\u00ab\u00bb\"'") for each in text.split()]
    for start in range(len(words)):
        for end in range(min(len(words), start + _LONGEST_KIND), start, -1):
            own = " ".join(words[start:end])
            # "to" and "con" are not abbreviations.
            is_word = len(own) < _SHORTEST_KIND and not own.isupper() and not own.endswith(".")
            is_fit = len(key(words[start])) > 1 and key(words[end - 1]) and _WORDS.fullmatch(own)
            kind = usual_kind(*_form_and_kind(), own, names) if is_fit and not is_word else None
            if kind and key(kind) not in _ANY_KIND:
                return kind
    return ""


def _form_and_kind() -> tuple[Form, Parameter]:
    form = forms()["mission"]
    return form, next(p for p in form.parameters if p.name == "kind")


def _place(text: str, seat: str) -> str:
    """Return the only place other than a seat that a text seems to name, or an empty text.

    >>> _place("Transférée de Rio de Janeiro à Brasilia en 1972", "Brasilia")
    'Rio de Janeiro'
    """
    first, _, rest = text.partition(" ")
    found = {match[0] for match in _NAME.finditer(rest)} - {seat}
    return found.pop() if first and len(found) == 1 else ""


def _city(text: str) -> str:
    """Return the first place that a text names after a word such as "in" or "à", or "".

    >>> _city("Consulate in Rio de Osk from 1950"), _city("Consulate in May 1950")
    ('Rio de Osk', '')
    """
    found = (match[1] for match in _IN.finditer(text))
    return next((each for each in found if not dates.correction(f"{each} 2000")), "")
