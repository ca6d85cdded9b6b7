"""Guesses at the settings for the import of a table, and a new relations-kg.toml with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os.path import splitext

from relations_kg.authoring.cell_reading import Reading
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.column_guesses import OPERATION, REASONS, STATUSES, ColumnGuesses
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import parameters, types
from relations_kg.authoring.new_names import alone, is_of_party
from relations_kg.authoring.refused_texts import RefusedTexts, refused, split_at_commas
from relations_kg.authoring.things import ROW
from relations_kg.authoring.usual_words import language_of
from relations_kg.authoring.value_texts import spelling
from relations_kg.names.names import Names
from relations_kg.rdf.digit_dates import DAY_FIRST
from relations_kg.rdf.words import key

_DATASET = {
    "title": "the title of the dataset, for pages and exports",
    "publisher": "who publishes it, such as Ministry of Foreign Affairs of Arvenia",
    "license": "its address, such as https://creativecommons.org/publicdomain/zero/1.0/",
    "version": "such as 2024",
    "as-of": "the day as of which the facts are stated, such as 2024-06-30",
}
_NO_VALUE = '"none" leaves them out'
_TITLE = """\
# Settings for the import of {name} with the form {form}. The columns are guesses: check each.
{place}
# Headings for which no parameter is guessed. The import leaves these columns out: give each one
# that has facts its parameter under [columns], and remove it from this list.
without = [{without}]
# The order of day and month in dates such as 05/06/2001: day-first or month-first.
{dates}
{language}
{ignored}{split}{distinct}"""
_DISTINCT = """\
# Columns in which similar names are those of different persons. Remove the first "#" below if no
# name here is a misspelling of another:
{similar}
# distinct = [{names}]
"""
_IGNORED = """\
# Rules to switch off: a table of missions does not state the relations of their parties.
ignore = ["without-relations"]
"""
_KEY = "the key of each row, which must stay the same in every version of the table"
_RUNNING = "numbers the rows from 1 in their order"
_PREFIXES = (
    "# The prefix of the keys of each sheet, since other sheets have the same keys. Other settings",
    "# name a key with its prefix, which must stay the same in every version of the table.",
)
_STATED_TOO = 'to state suspensions, too, remove the first "#", and run --configure again'
_MOST_UNKNOWN = 8


@dataclass
class SettingsGuesses:
    """Guesses at the settings for a table.

    `named` are the headings by parameter and `given` the values for all rows that the user has
    named, `left_out` the headings of columns without facts. `reading` is how the settings so far
    read the cells, and `dates` the order of day and month in numeric dates. `needed` are the
    parameters that need a value for sheets without a column for them, with the reason, and `fill`
    those whose empty cells seem to have the text above. `prefixes` are the prefixes of keys, by
    sheet. `is_numbered` is true if a sheet numbers its rows.
    """

    table: Table
    form: Form
    names: Names
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    reading: Reading = field(default_factory=Reading)
    dates: str | None = None
    needed: Mapping[str, str] = field(default_factory=dict)
    fill: Sequence[str] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    is_numbered: bool = False

    @cached_property
    def column_guesses(self) -> ColumnGuesses:
        """The guesses at the columns, with the named columns that the table and the form have."""
        there = {key(cell.text) for row in self.table.rows for cell in row}
        known = {*types(self.form), ROW}
        named = {
            name: every
            for name, every in self.named.items()
            if (name in known or ":" in name) and any(key(each) in there for each in every)
        }
        return ColumnGuesses(self.table, self.form, self.names, named, self.left_out, self.given)

    @cached_property
    def columns(self) -> Mapping[str, Sequence[Cell]]:
        """The headings by parameter.

        A parameter with a value for all rows has none here, unless sheets without a column need
        this value.
        """
        every = self.column_guesses.columns.items()
        alone = {*self.given} - {*self.needed}
        return {name: cells for name, cells in every if cells and name not in alone}

    @cached_property
    def order(self) -> str | None:
        """The order of day and month that is given, or that the dates or the language show."""
        is_foreign = self.language not in (None, "en")
        return self.dates or self.column_guesses.order or (DAY_FIRST if is_foreign else None)

    @property
    def language(self) -> str | None:
        """The language of the headings and the kinds, if it is clear."""
        headings = [cell.text for cell in self.column_guesses.headings]
        return language_of([*headings, *dict.fromkeys(self._texts("kind"))])

    @cached_property
    def split(self) -> Mapping[str, Sequence[str]]:
        """The columns whose cells seem to be lists separated by commas, with unknown parties."""
        found = {}
        every = {prefix + p.name: p for _, prefix, p in parameters(self.form)}
        of_states = [name for name, p in every.items() if is_of_party(p.type)]
        texts = {name: [*self._texts(name)] for name in of_states}
        others = alone(text for every in texts.values() for text in every)
        for name in of_states:
            if name in self.reading.split or not every[name].several:
                continue
            kept = {spelling(text) for text in self.reading.replacements.get(name, {})}
            lists = [text for text in texts[name] if spelling(text) not in kept]
            are_lists, unknown = split_at_commas(lists, lambda text: key(text) in others)
            if are_lists:
                found[name] = unknown
        return found

    @cached_property
    def texts(self) -> Mapping[str, RefusedTexts]:
        """The texts that the columns do not accept, without those that the settings replace."""
        language = self.language or self.reading.language
        reading = replace(self.reading, split=(*self.reading.split, *self.split), language=language)
        columns = self.columns
        return refused(
            self.column_guesses.rows, columns, self.form, self.names, self.order, reading
        )

    @cached_property
    def place(self) -> int:
        """The number of the row of headings."""
        return max((cell.row for cell in self.column_guesses.headings), default=1)

    @property
    def numbers_rows(self) -> bool:
        """Whether a column of keys numbers the rows from 1 in their order."""
        return self.is_numbered or self.column_guesses.numbers_rows

    def warnings(self) -> Iterator[str]:
        """Yield problems of the table that no setting solves, and what to do about them."""
        guesses = self.column_guesses
        if not guesses.rows:
            yield f"row {self.place} seems to have the headings, but there are no rows below it"
        elif not guesses.columns:
            message = f"no heading in row {self.place} seems to be that of a parameter"
            yield f"{message}; write a row of headings above it if it has none"
        elif guesses.like_cells:
            cell = guesses.like_cells[0]
            message = (
                f"row {cell.row} is taken for the headings, but {cell.text!r} seems to be a value"
            )
            yield f"{message}; write a row of headings above it if it has none"
        for cell in guesses.repeated:
            message = (
                f"two columns have the heading {cell.text!r}, and the settings cannot name both"
            )
            yield f"{message}; rename one of them"
        if self.numbers_rows:
            help = "keep the numbers in later versions, or add a column of keys that stay"
            yield f"the column of keys {_RUNNING}; {help}"

    def new(self) -> str:
        """Return the text of a configuration for the table, to be completed."""
        left, required = self._left, self.required
        file = self.table.file.replace("\\", "/").rpartition("/")[2]
        listed = ", ".join(map(text_of, self.column_guesses.without))
        dates = f'dates = "{self.order}"' if self.order else '# dates = "day-first"'
        place = f"# The headings seem to be in row {self.place}.\n" if self.place > 1 else ""
        ignored = _IGNORED if self.form.name == "mission" else ""
        title = {
            "name": file,
            "form": self.form.name,
            "without": listed,
            "dates": dates,
            "ignored": ignored,
            "language": _language(self.language),
        }
        split, distinct = "".join(self.split_lines()), _distinct(self.texts)
        split = "".join(self.fill_lines()) + split
        lines = [_TITLE.format(**title, place=place, split=split, distinct=distinct), "[dataset]"]
        given = {"title": splitext(file)[0]}
        lines += [f"{n} = {text_of(given.get(n, ''))}  # {why}" for n, why in _DATASET.items()]
        lines += ["", "# The heading of the column for each parameter.", "[columns]"]
        lines += self.column_lines(self.columns)
        lines += _wrapped("not in the table, but possible", [n for n in left if n not in required])
        lines += ["", "# Values for all rows.", "[values]"]
        lines += self.value_lines(self.given)
        lines += self.required_lines(required)
        if self.prefixes:
            lines += ["", *_PREFIXES, "[prefixes]"]
            lines += [f"{text_of(n)} = {text_of(each)}" for n, each in self.prefixes.items()]
        for name, found in self.texts.items():
            if found.texts or found.may_be_open:
                lines += ["", *replacement_lines(name, found)]
        return "\n".join(lines) + "\n"

    @property
    def _left(self) -> list[str]:
        """The parameters that have neither a column nor a value for all rows.

        Those of composed things are left out, and so is the source.
        """
        made = {prefix + p.name for of, prefix, p in parameters(self.form) if of.is_composed(p)}
        taken = (*self.columns, *made, *self.given, "source")
        return [name for name in types(self.form) if name not in taken]

    @property
    def required(self) -> Mapping[str, str]:
        """The parameters that need a value for all rows, or for those of a sheet, with reasons."""
        left = self._left
        required = {p.name: "" for p in self.form.parameters if p.required and p.name in left}
        return required | {n: why for n, why in self.needed.items() if n not in self.given}

    def required_lines(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the lines of [values] that are to be completed."""
        for name in names:
            why = self.required[name]
            yield f'{_key(name)} = ""  # required' + (f": {why}" if why else "")

    def fill_lines(self) -> Iterator[str]:
        """Yield the setting for columns whose empty cells have the text above."""
        if self.fill:
            yield "# Columns whose empty cells have the text of the cell above. This is a guess.\n"
            yield f"fill = [{', '.join(map(text_of, self.fill))}]\n"

    def split_lines(self) -> Iterator[str]:
        """Yield the setting for columns of lists that commas separate."""
        if not self.split:
            return
        yield "# Columns whose cells are lists that commas separate. This is a guess.\n"
        for name, unknown in self.split.items():
            if unknown:
                shown = ", ".join(unknown[:_MOST_UNKNOWN])
                more = len(unknown) - _MOST_UNKNOWN
                yield f"# Not known in {name}: {shown}{f' and {more} more' if more > 0 else ''}\n"
        names = (*self.reading.split, *self.split)
        yield f"split = [{', '.join(map(text_of, names))}]\n"

    def column_lines(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the lines of [columns] for some parameters: those that are named, then guesses."""
        names = list(names)
        own = [*filter(self.is_own, names)]
        if ROW in names and self.numbers_rows:
            yield f"# {self.columns[ROW][0].text} {_RUNNING}. Keep each number in later versions,"
            yield "# or add a column of keys that stay."
        others = [name for name in names if name not in own]
        for reason in (None, *REASONS):
            guessed = [name for name in others if self.column_guesses.reasons.get(name) == reason]
            yield from [f"# {reason}:"] if reason and guessed else []
            yield from map(self._line, guessed)
            if reason == STATUSES and guessed and OPERATION in types(self.form):
                heading = text_of(self.columns[guessed[0]][0].text)
                yield f"# {OPERATION} = {heading}  # {_STATED_TOO}"
        yield from _wrapped("under their own names", own)

    def is_own(self, name: str) -> bool:
        """Return whether a column has the name of its parameter, so that it needs no line."""
        if name in self.named or name in self.column_guesses.reasons:
            return False
        return any(key(name) == key(each.text) or name == each.text for each in self.columns[name])

    def value_lines(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the lines of [values] for some parameters."""
        yield from (f"{_key(name)} = {text_of(self.given[name])}" for name in names)

    def _line(self, name: str) -> str:
        headings = [text_of(cell.text) for cell in self.columns[name]]
        value = headings[0] if len(headings) == 1 else f"[{', '.join(headings)}]"
        return f"{_key(name)} = {value}" + (f"  # {_KEY}" if name == ROW else "")

    def _texts(self, name: str) -> Iterator[str]:
        for heading in self.columns.get(name, ()):
            yield from self.column_guesses.texts(heading)


def _language(tag: str | None) -> str:
    """Return the setting for the language of names, as a comment if it is not clear."""
    setting = f'language = "{tag}"' if tag else '# language = "en"'
    return (
        f"# The language of the names in the table, such as those of states and cities.\n{setting}"
    )


def replacement_lines(name: str, found: RefusedTexts) -> Iterator[str]:
    """Yield a table of replacements for the texts that a column does not accept."""
    yield f"# Replacements for texts that column {name} does not accept; {_NO_VALUE}."
    yield f"[replacements.{_key(name)}]"
    yield from text_lines(found)


def text_lines(found: RefusedTexts) -> Iterator[str]:
    """Yield the lines of a table of replacements."""
    if found.may_be_open:
        yield '# "" = "present"  # remove the first "#" if an empty cell means: it still exists'
    for text, (instead, why) in found.texts.items():
        yield f"{text_of(text)} = {text_of(instead)}" + (f"  # {why}" if why else "")
    if not all(instead for instead, _ in found.texts.values()):
        yield from _wrapped("possible", found.choices)


def _distinct(refused: Mapping[str, RefusedTexts]) -> str:
    """Return the setting for similar names of persons, as a comment, or "" if there are none."""
    similar = {name: found.similar for name, found in refused.items() if found.similar}
    if not similar:
        return ""
    pairs = [pair for found in similar.values() for pair in found.items()]
    lines = "\n".join(f"#   {text}, {earlier}" for text, earlier in pairs)
    return _DISTINCT.format(similar=lines, names=", ".join(map(text_of, similar)))


def _wrapped(what: str, names: Sequence[str]) -> list[str]:
    """Return comments that list names, several in a line."""
    lines = [f"# {what}:"] if names else []
    for start in range(0, len(names), 8):
        lines.append(f"#   {', '.join(names[start : start + 8])}")
    return lines


def _key(name: str) -> str:
    return json.dumps(name) if ":" in name else name


def text_of(text: str) -> str:
    """Return a text as a string of TOML."""
    return json.dumps(text, ensure_ascii=False)
