"""A new relations-kg.toml for a table, with a guess at the parameter that each heading means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from relations_kg.authoring.cells import Table
from relations_kg.authoring.columns import ROW, headings
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import further, types
from relations_kg.rdf.words import key, words

# The words of headings by the parameter that they mean, likeliest first. A heading such as "since"
# belongs to the head of a mission if it follows one.
_MEANT = {
    ROW: "id key code ref reference",
    "head.since": "since from",
    "head.until": "until",
    "head.rank": "rank title",
    "accredited": "accredited accreditation accreditations also",
    "head.holder": "head ambassador chief holder",
    "phase.seat": "moved relocated",
    "phase.since": "moved relocated",
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
_DATASET = {
    "title": "the title of the dataset, for pages and exports",
    "license": "its address, such as https://creativecommons.org/publicdomain/zero/1.0/",
    "version": "such as 2024",
    "as-of": "the day as of which the facts are stated, such as 2024-06-30",
}
_TITLE = """\
# Settings for the import of {name} with the form {form}. The columns are guesses: check each.

# Headings of columns without facts.
without = [{without}]
# The order of day and month in dates such as 05/06/2001: day-first or month-first.
# dates = "day-first"
# Rules to switch off, such as that the relations of the parties of a mission are recorded.
# ignore = ["without-relations"]
"""


def outline(table: Table, form: Form) -> str:
    """Return the text of a configuration for a table, to be completed."""
    columns, without, own = _guesses(table, form)
    every = [(form, "", p) for p in form.parameters]
    every += [(each.form, each.prefix, p) for each in further(form) for p in each.form.parameters]
    made = {prefix + p.name for of, prefix, p in every if of.is_composed(p)}
    left = [name for name in types(form) if name not in (*own, *columns, *made, "source")]
    required = [p.name for p in form.parameters if p.required and p.name in left]
    file = table.file.replace("\\", "/").rpartition("/")[2]
    listed = ", ".join(map(json.dumps, without))
    lines = [_TITLE.format(name=file, form=form.name, without=listed), "[dataset]"]
    given = {"title": table.name}
    lines += [f"{n} = {_text(given.get(n, ''))}  # {why}" for n, why in _DATASET.items()]
    lines += ["", "# The heading of the column for each parameter.", "[columns]"]
    lines += [f"{_key(name)} = {_text(heading)}" for name, heading in columns.items()]
    lines += _wrapped("under their own names", own)
    lines += _wrapped("not in the table, but possible", [n for n in left if n not in required])
    lines += ["", "# Values for all rows."]
    lines += ["[values]", *(f'{_key(name)} = ""  # required' for name in required)]
    return "\n".join(lines) + "\n"


def _guesses(table: Table, form: Form) -> tuple[dict[str, str], list[str], list[str]]:
    """Return headings by parameter, headings without one, and headings that are parameters."""
    known: dict[str, str] = {}
    for name in types(form):
        known.setdefault(key(name), name)
    columns: dict[str, str] = {}
    without, own = list[str](), list[str]()
    for cell in headings(table, form):
        text = cell.text
        is_of_head = any(name.startswith("head.") for name in columns)
        own_name = known.get(key(text), text if ":" in text else "")
        if own_name and not (is_of_head and f"head.{own_name}" in types(form)):
            own.append(own_name)
            continue
        meant = next(_meant(text, form, {*columns, *own}, is_of_head=is_of_head), None)
        if meant:
            columns[meant] = text
        else:
            without.append(text)
    return columns, without, own


def _meant(text: str, form: Form, taken: set[str], *, is_of_head: bool) -> Iterator[str]:
    """Yield the parameters that a heading may mean and that have no column yet."""
    asked = {*words(text)}
    for name, meant in _MEANT.items():
        is_there = name in types(form) or name == ROW or ":" in name
        is_late = name in ("head.since", "head.until", "head.rank") and not is_of_head
        if is_there and not is_late and name not in taken and not asked.isdisjoint(meant.split()):
            yield name


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
