"""Guesses at the parameters that the columns of a table mean, by their headings and their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import usual_words
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.columns import headings_of_facts
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import types
from relations_kg.authoring.headings import is_comment, repeats, without_footers
from relations_kg.authoring.new_names import is_party
from relations_kg.authoring.refused_texts import kind_meant
from relations_kg.authoring.things import ROW
from relations_kg.authoring.value_texts import several
from relations_kg.errors import QueryError, UnknownName
from relations_kg.names.name_lists import is_state, pieces
from relations_kg.names.names import Names
from relations_kg.rdf.digit_dates import order_of, ordered
from relations_kg.rdf.words import key, words

# The share of the cells of a column that must be of a kind, and the least number of filled cells.
_MOSTLY, _FEWEST = 0.6, 2
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# If a table with at least this many states has most of its seats in one city, it lists the missions
# of those states there.
_FEWEST_FOREIGN = 5
_SENDER, _SEAT, _RESIDENCE = "sender", "seat", "residence"
_ORGANISATION, _RECEIVER, _SINCE = "organisation", "receiver", "head.since"
_HOLDER = "head.holder"
OPERATION = "phase.operation"
# What guesses are based on, in the order in which they are listed.
_BY_HEADING = "guesses from the headings"
_KINDS, _STATES, _DATES, STATUSES = (
    f"guesses from the cells, which are mostly {what}; look at each"
    for what in ("kinds", "names of states", "dates", "words such as closed and suspended")
)
_FIRST_FILLED = "a guess; the first of these columns that is filled in is read"
_FOREIGN = "a guess, since most seats are in one city: the missions of other states there"
REASONS = (_BY_HEADING, _KINDS, _STATES, _DATES, STATUSES, _FIRST_FILLED, _FOREIGN)


@dataclass
class ColumnGuesses:
    """The columns of a table by the parameter that they have or very likely mean.

    `given` are the headings by parameter that the user has named, `values` the parameters with one
    value for all rows, and `left_out` the headings of columns without facts. `reasons` has one of
    REASONS for each guess. `like_cells` are the headings that could be cells of their columns, as
    in a table without headings.
    """

    table: Table
    form: Form
    names: Names
    given: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: Iterable[str] = ()
    values: Collection[str] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    like_cells: list[Cell] = field(default_factory=list)

    @cached_property
    def headings(self) -> list[Cell]:
        """The headings of the table that may be those of columns with facts."""
        return list(headings_of_facts(self.table, self.form, self.given))

    @cached_property
    def repeated(self) -> list[Cell]:
        """The headings that an earlier column has, too, so that settings cannot name them."""
        first: dict[str, Cell] = {}
        every = [
            (cell, first.setdefault(key(cell.text) or cell.text, cell)) for cell in self.headings
        ]
        return [cell for cell, earlier in every if cell is not earlier]

    @cached_property
    def rows(self) -> list[Sequence[Cell]]:
        """The rows below the headings, without comments, repeated headings and footers."""
        last = max((heading.row for heading in self.headings), default=0)
        rows = [row for row in self.table.rows if row[0].row > last and not is_comment(row)]
        keys = {heading.column: key(heading.text) for heading in self.headings}
        return without_footers([row for row in rows if not repeats(row, keys)])[0]

    @cached_property
    def columns(self) -> dict[str, list[Cell]]:
        """The headings by the parameter that they have or seem to mean, first the named ones."""
        found: dict[str, list[Cell]] = {}
        for name, texts in self.given.items():
            for text in texts:
                found.setdefault(name, []).extend(
                    cell for cell in self.headings if key(cell.text) == key(text)
                )
        taken = {cell.column for every in found.values() for cell in every}
        gone = {key(text) for text in self.left_out}
        repeated = {cell.column for cell in self.repeated}
        free = [
            cell
            for cell in self.headings
            if cell.column not in taken | repeated and key(cell.text) not in gone
        ]
        self._by_heading(free, found)
        taken = {cell.column for every in found.values() for cell in every}
        self._by_cells([cell for cell in free if cell.column not in taken], found)
        if "when" in self.reasons and not found.keys().isdisjoint(("opened", "closed")):
            # The columns of the opening and the closure have the dates of the mission.
            del found["when"], self.reasons["when"]
        organisation = found.pop(_ORGANISATION, [])
        if organisation and _RECEIVER not in self.given:
            # For a post to an organisation, the column of states has the country of its seat.
            found[_RECEIVER] = [*organisation, *found.get(_RECEIVER, [])]
            self.reasons[_RECEIVER] = _FIRST_FILLED
        elif self._are_foreign(found):
            found[_SENDER] = found.pop(_RECEIVER)
            self.reasons[_SENDER] = _FOREIGN
            del self.reasons[_RECEIVER]
        return found

    @property
    def numbers_rows(self) -> bool:
        """Whether the column of keys numbers the rows from 1 in their order, except titles."""
        texts = [text for cell in self.columns.get(ROW, ()) for text in self.texts(cell)]
        numbers = [text for text in texts if text.isdigit()]
        in_order = numbers == [str(place) for place in range(1, len(numbers) + 1)]
        return in_order and len(numbers) > 1 and 2 * len(numbers) > len(texts)

    @property
    def host(self) -> str:
        """The city in which the table has the missions of other states, or an empty text."""
        seats = self.columns.get(_SEAT, [])
        return self._most_frequent(seats[0]) if self.reasons.get(_SENDER) == _FOREIGN else ""

    @cached_property
    def filled(self) -> list[str]:
        """The parameters of parties whose empty cells seem to mean the party in the cell above."""
        found = []
        for name in (_SENDER, _RECEIVER):
            own = [cell.column for cell in self.columns.get(name, ())]
            # A row of a mission has a kind or a seat; others are titles.
            also = [cell.column for n in ("kind", _SEAT) for cell in self.columns.get(n, ())]
            rows = [{c.column for c in row if not c.is_empty} for row in self.rows]
            missions = [there for there in rows if not there.isdisjoint(also)]
            without = [there for there in missions if there.isdisjoint(own)]
            if own and len(without) >= _FEWEST and missions[0] not in without:
                found.append(name)
        return found

    @cached_property
    def without(self) -> list[str]:
        """The headings for which no parameter is found, except repeated ones."""
        taken = {cell.column for every in self.columns.values() for cell in every}
        taken |= {cell.column for cell in self.repeated}
        return [cell.text for cell in self.headings if cell.column not in taken]

    @cached_property
    def order(self) -> str | None:
        """The order of day and month if the dates show one, and only one."""
        dated = [n for n in self.columns if types(self.form).get(n) == "edtf"]
        texts = (text for n in dated for cell in self.columns[n] for text in self.texts(cell))
        found = {order_of(text) for text in texts} - {None}
        return found.pop() if len(found) == 1 else None

    def texts(self, heading: Cell) -> list[str]:
        """Return the texts below a heading."""
        column = heading.column
        return [c.text for row in self.rows for c in row if c.column == column and not c.is_empty]

    def _are_foreign(self, found: Mapping[str, Sequence[Cell]]) -> bool:
        """Return whether the column of states seems to have the senders of missions in one city.

        The missions that a single state sends have their seats in different cities.
        """
        if _RECEIVER not in self.reasons or _SENDER in {*found, *self.values}:
            return False
        states, seats = found[_RECEIVER], found.get(_SEAT, [])
        if len(states) != 1 or len(seats) != 1 or usual_words.is_of_receivers(states[0].text):
            return False
        every, city = self.texts(seats[0]), self._most_frequent(seats[0])
        many = len(set(self.texts(states[0]))) >= _FEWEST_FOREIGN
        return many and every.count(city) >= _MOSTLY * len(every)

    def _most_frequent(self, heading: Cell) -> str:
        counts = Counter(self.texts(heading)).most_common(1)
        return counts[0][0] if counts else ""

    def _by_heading(self, free: Sequence[Cell], found: dict[str, list[Cell]]) -> None:
        """Add the columns whose headings name a parameter or have its words."""
        known: dict[str, str] = {}
        for name in types(self.form):
            known.setdefault(key(name), name)
        things = {p.name for p in self.form.parameters if p.is_thing}
        composed = {p.name for p in self.form.parameters if self.form.is_composed(p)}
        required = [p for p in self.form.parameters if p.required]
        holders = [cell.column for cell in free if _HOLDER in usual_words.meant(cell.text)]
        holders += [cell.column for cell in found.get(_HOLDER, ())]
        for cell in free:
            text = cell.text
            is_of_head = any(name.startswith("head.") for name in found)
            own_name = known.get(key(text), text if ":" in text else "")
            texts = self.texts(cell)
            if own_name in (things if texts else composed) and all(map(self._is_date, texts)):
                # A column "Opening" or "Start" may have dates, and not names of events.
                own_name = ""
            if own_name == _RESIDENCE and texts and not any(map(self._is_residence, texts)):
                # A column "Residence" may have the seats.
                own_name = ""
            if own_name and not (is_of_head and f"head.{own_name}" in types(self.form)):
                # If another column has this parameter already, this one has none.
                found.setdefault(own_name, [cell])
                continue
            if "phase.seat" in types(self.form) and usual_words.is_of_move(text):
                of_move = usual_words.of_move(text, texts[0] if texts else "")
                fitting = [of_move] if of_move else []
            else:
                # A rank may be before the name.
                is_before = cell.column + 1 in holders
                fitting = [
                    name
                    for name in usual_words.meant(text)
                    if self._may_be(name, is_of_head=is_of_head, is_before_head=is_before)
                ]
                # "Host country" may mean "host", which a visit requires.
                fitting += [p.name for p in required if p.name in words(text)]
            if len(texts) >= _FEWEST and all(map(self._is_list_of_states, texts)):
                # A column "From" may have states, and not dates.
                fitting = [each for each in fitting if types(self.form).get(each) != "edtf"]
            if meant := next((each for each in fitting if each not in found), None):
                found[meant] = [cell]
                self.reasons[meant] = _BY_HEADING

    def _may_be(self, name: str, *, is_of_head: bool, is_before_head: bool) -> bool:
        if name == "head.rank" and is_before_head:
            return True
        if name in (_SINCE, "head.until", "head.rank") and not is_of_head:
            return False
        if name in ("since", "until") and is_of_head:
            return False
        if name == _ORGANISATION:
            return _RECEIVER in types(self.form)
        return name in types(self.form) or name == ROW or ":" in name

    def _by_cells(self, free: Sequence[Cell], found: dict[str, list[Cell]]) -> None:
        """Add the columns whose cells are mostly kinds, states, dates or words for a status."""
        texts = {cell.column: self.texts(cell) for cell in free}
        left = [cell for cell in free if not usual_words.is_left_out(cell.text)]
        kind = next((p for p in self.form.parameters if p.type.startswith("kind-of-")), None)
        for cell in list(left):
            own = texts[cell.column]
            if kind and kind.name not in found and self._are(cell, own, self._is_kind(kind)):
                name, reason = kind.name, _KINDS
            elif _RECEIVER in types(self.form) and self._are(cell, own, self._is_list_of_states):
                free_ones = [n for n in (_RECEIVER, "accredited") if n not in found]
                name, reason = (free_ones[0] if free_ones else ""), _STATES
            else:
                continue
            left.remove(cell)
            if name:
                found[name] = [cell]
                self.reasons[name] = reason
        self._dates([c for c in left if self._are(c, texts[c.column], self._is_date)], found)
        # Other things than missions are open or closed, too, such as a border.
        statuses = [cell for cell in left if usual_words.is_of_status(cell.text)]
        for cell in statuses if "closed" in types(self.form) else ():
            own = [text for text in texts[cell.column] if not usual_words.is_of_residence(text)]
            if "closed" not in found and self._are(cell, own, usual_words.is_status):
                found["closed"] = [cell]
                self.reasons["closed"] = STATUSES

    def _dates(self, dated: Sequence[Cell], found: dict[str, list[Cell]]) -> None:
        """Add columns of dates.

        The first one to the right of the head's name or rank is the beginning of the term. Of the
        others, the first is the opening and the second the closure, unless columns have these.
        """
        if "opened" not in types(self.form):
            return
        after = {cell.column + 1 for name in (_HOLDER, "head.rank") for cell in found.get(name, ())}
        for cell in dated:
            if cell.column in after and _SINCE not in found:
                name = _SINCE
            else:
                free = [each for each in ("opened", "closed") if each not in found]
                name = free[0] if free else ""
            if name:
                found[name] = [cell]
                self.reasons[name] = _DATES

    def _are(self, heading: Cell, texts: Sequence[str], is_one: Callable[[str], bool]) -> bool:
        """Return whether most of the texts below a heading are of a kind.

        Adds the heading to `like_cells` if it is of this kind, too.
        """
        if len(texts) < _FEWEST:
            return False
        number = {text: is_one(text) for text in dict.fromkeys(texts)}
        if sum(number[text] for text in texts) < _MOSTLY * len(texts):
            return False
        if is_one(heading.text):
            self.like_cells.append(heading)
        return True

    def _is_kind(self, parameter: Parameter) -> Callable[[str], bool]:
        return lambda text: kind_meant(self.form, parameter, text, self.names) is not None

    def _is_residence(self, text: str) -> bool:
        if usual_words.is_of_residence(text):
            return True
        with suppress(QueryError, UnknownName):
            return bool(Parameter(_RESIDENCE, _RESIDENCE).term(text, self.names))
        return False

    def _is_list_of_states(self, text: str) -> bool:
        every = [piece for each in several(text) for piece in pieces(each)]
        return all(is_state(each) or is_party(each, self.names) for each in every)

    def _is_date(self, text: str) -> bool:
        if not _YEAR.search(text):
            return False
        try:
            Parameter("date", "edtf").term(ordered(text, "day-first"), self.names)
        except QueryError:
            return False
        return True
