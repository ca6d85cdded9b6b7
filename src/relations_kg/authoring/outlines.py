"""A new relations-kg.toml for a table, with a guess at the parameter that each heading means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os.path import splitext

from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.columns import ROW, headings, is_comment
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import parameters, types
from relations_kg.authoring.refused_texts import RefusedTexts, refused
from relations_kg.names.names import Names
from relations_kg.rdf.digit_dates import order_of
from relations_kg.rdf.words import key, words

# The words of which a heading of keys consists.
_OF_KEYS = {"id", "key", "code", "ref", "reference", "no", "nr", "num", "number", "identifier"}
_OF_KEYS |= {"row", "record", "unique", "serial", "running", "mission", "post", "lfd", "nro"}
_SIGNS = ("#", "\u2116")
# The words of headings by the parameter that they mean, likeliest first. A heading such as "since"
# belongs to the head of a mission if it follows one.
_MEANT = {
    ROW: "id key code ref reference no nr num number identifier lfd nro",
    "head.since": "since from",
    "head.until": "until",
    "head.rank": "rank title",
    "accredited": "accredited accreditation accreditations also",
    "head.holder": "head ambassador chief holder",
    "kind": "kind type category",
    "sender": "sender sending represents owner",
    "receiver": "receiver receiving host country state",
    "seat": "seat city town place location",
    "opened": "opened opening established founded",
    "closed": "closed closing closure",
    "geo:lat": "lat latitude",
    "geo:long": "long lon lng longitude",
    "owl:sameAs": "wikidata",
    "name": "name",
    "when": "date dates year period",
}
# The words of headings about the move of a mission; further words mean its time or its place.
_MOVE = "move moved moves moving relocated relocation transferred transfer"
_TIME = "on date dated year when since day time month period"
_PLACE = "to into place town city seat location where new"
_EARLIER = "from old former previous"
_DATASET = {
    "title": "the title of the dataset, for pages and exports",
    "license": "its address, such as https://creativecommons.org/publicdomain/zero/1.0/",
    "version": "such as 2024",
    "as-of": "the day as of which the facts are stated, such as 2024-06-30",
}
_NO_VALUE = '"none" leaves them out'
_TITLE = """\
# Settings for the import of {name} with the form {form}. The columns are guesses: check each.

# Headings for which no parameter is guessed. The import leaves these columns out: give each one
# that has facts its parameter under [columns], and remove it from this list.
without = [{without}]
# The order of day and month in dates such as 05/06/2001: day-first or month-first.
{dates}
# Rules to switch off, such as that the relations of the parties of a mission are recorded.
# ignore = ["without-relations"]
{distinct}"""
_DISTINCT = """\
# Columns in which similar names are those of different persons. Remove the first "#" below if no
# name here is a misspelling of another:
{similar}
# distinct = [{names}]
"""
_KEY = "the key of each row, which must stay the same in every version of the table"
RUNNING = "numbers the rows from 1 in their order"


def outline(table: Table, form: Form, names: Names) -> str:
    """Return the text of a configuration for a table, to be completed.

    The texts that its columns do not accept are listed, each with a guess at its replacement.
    """
    columns, without = _guesses(table, form)
    rows = _rows(table, columns)
    own = [name for name, heading in columns.items() if _is_own(name, heading)]
    made = {prefix + p.name for of, prefix, p in parameters(form) if of.is_composed(p)}
    left = [name for name in types(form) if name not in (*columns, *made, "source")]
    required = [p.name for p in form.parameters if p.required and p.name in left]
    file = table.file.replace("\\", "/").rpartition("/")[2]
    listed, order = ", ".join(map(_text, without)), _order(rows, form, columns)
    dates = f'dates = "{order}"' if order else '# dates = "day-first"'
    texts = refused(rows, columns, form, names, order)
    title = {"name": file, "form": form.name, "without": listed, "dates": dates}
    lines = [_TITLE.format(**title, distinct=_distinct(texts)), "[dataset]"]
    given = {"title": splitext(file)[0]}
    lines += [f"{n} = {_text(given.get(n, ''))}  # {why}" for n, why in _DATASET.items()]
    lines += ["", "# The heading of the column for each parameter.", "[columns]"]
    if ROW in columns and (warning := _running(rows, columns[ROW])):
        lines += [f"# {warning}"]
    remarks = {ROW: f"  # {_KEY}"}
    every = ((n, _text(each.text)) for n, each in columns.items() if n not in own)
    lines += [f"{_key(n)} = {heading}{remarks.get(n, '')}" for n, heading in every]
    lines += _wrapped("under their own names", own)
    lines += _wrapped("not in the table, but possible", [n for n in left if n not in required])
    lines += ["", "# Values for all rows."]
    lines += ["[values]", *(f'{_key(name)} = ""  # required' for name in required)]
    for name, found in texts.items():
        if found.texts or found.may_be_open:
            lines += _replacements(name, found)
    return "\n".join(lines) + "\n"


def _distinct(refused: Mapping[str, RefusedTexts]) -> str:
    """Return the setting for similar names of persons, as a comment, or "" if there are none."""
    similar = {name: found.similar for name, found in refused.items() if found.similar}
    if not similar:
        return ""
    pairs = [pair for found in similar.values() for pair in found.items()]
    lines = "\n".join(f"#   {text}, {earlier}" for text, earlier in pairs)
    return _DISTINCT.format(similar=lines, names=", ".join(map(_text, similar)))


def _running(rows: Sequence[Sequence[Cell]], heading: Cell) -> str | None:
    """Return a warning if a column of keys numbers the rows from 1 in their order, or else None."""
    texts = [c.text for row in rows for c in row if c.column == heading.column]
    if len(texts) < 2 or texts != [str(number) for number in range(1, len(rows) + 1)]:
        return None
    advice = "Keep each number in later versions,\n# or add a column of keys that stay."
    return f"{heading.text} {RUNNING}. {advice}"


def _rows(table: Table, columns: Mapping[str, Cell]) -> list[Sequence[Cell]]:
    """Return the rows below the headings."""
    last = max((heading.row for heading in columns.values()), default=0)
    return [row for row in table.rows if row[0].row > last and not is_comment(row)]


def _first(table: Table, heading: Cell) -> str:
    """Return the first text below a heading."""
    rows = _rows(table, {"": heading})
    texts = (c.text for row in rows for c in row if c.column == heading.column and not c.is_empty)
    return next(texts, "")


def _order(rows: Sequence[Sequence[Cell]], form: Form, columns: Mapping[str, Cell]) -> str | None:
    """Return the order of day and month if the dates show one, and only one."""
    dated = {each.column for name, each in columns.items() if types(form).get(name) == "edtf"}
    found = {order_of(cell.text) for row in rows for cell in row if cell.column in dated} - {None}
    return found.pop() if len(found) == 1 else None


def _replacements(name: str, found: RefusedTexts) -> Iterator[str]:
    """Yield the lines of a table of replacements for the texts that a column does not accept."""
    yield from ("", f"# Replacements for texts that column {name} does not accept; {_NO_VALUE}.")
    yield f"[replacements.{_key(name)}]"
    if found.may_be_open:
        yield '# "" = "present"  # remove the first "#" if an empty cell means: it still exists'
    for text, (instead, why) in found.texts.items():
        yield f"{_text(text)} = {_text(instead)}" + (f"  # {why}" if why else "")
    yield from _wrapped("possible", found.choices)


def _guesses(table: Table, form: Form) -> tuple[dict[str, Cell], list[str]]:
    """Return the headings by the parameter that they mean, and the texts of other headings."""
    known: dict[str, str] = {}
    for name in types(form):
        known.setdefault(key(name), name)
    columns: dict[str, Cell] = {}
    without = list[str]()
    for cell in headings(table, form):
        text = cell.text
        is_of_head = any(name.startswith("head.") for name in columns)
        own_name = known.get(key(text), text if ":" in text else "")
        if own_name and not (is_of_head and f"head.{own_name}" in types(form)):
            columns[own_name] = cell
            continue
        taken = {*columns}
        if "phase.seat" in types(form) and not {*words(text)}.isdisjoint(_MOVE.split()):
            meant = _of_move(text, _first(table, cell), taken)
        else:
            meant = next(_meant(text, form, taken, is_of_head=is_of_head), None)
        if meant:
            columns[meant] = cell
        else:
            without.append(text)
    return columns, without


def _is_own(name: str, heading: Cell) -> bool:
    """Return whether a heading is the name of its parameter."""
    return key(name) == key(heading.text) or name == heading.text


def _meant(text: str, form: Form, taken: set[str], *, is_of_head: bool) -> Iterator[str]:
    """Yield the parameters that a heading may mean and that have no column yet."""
    asked = {*words(text)}
    if text in _SIGNS:
        asked = {"no"}
    for name, meant in _MEANT.items():
        if name == ROW and not asked <= _OF_KEYS:
            continue
        is_there = name in types(form) or name == ROW or ":" in name
        is_late = name in ("head.since", "head.until", "head.rank") and not is_of_head
        if is_there and not is_late and name not in taken and not asked.isdisjoint(meant.split()):
            yield name


def _of_move(text: str, value: str, taken: set[str]) -> str | None:
    """Return the parameter that a heading about a move means, from its words or else a value."""
    asked = {*words(text)}
    if not asked.isdisjoint(_EARLIER.split()):
        return None
    if not asked.isdisjoint(_TIME.split()):
        meant = "phase.since"
    elif not asked.isdisjoint(_PLACE.split()):
        meant = "phase.seat"
    elif value:
        meant = "phase.since" if any(map(str.isdigit, value)) else "phase.seat"
    else:
        return None
    return None if meant in taken else meant


def _wrapped(what: str, names: Sequence[str]) -> list[str]:
    """Return comments that list names, several in a line."""
    lines = [f"# {what}:"] if names else []
    for start in range(0, len(names), 8):
        lines.append(f"#   {', '.join(names[start : start + 8])}")
    return lines


def _key(name: str) -> str:
    return json.dumps(name) if ":" in name else name


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
