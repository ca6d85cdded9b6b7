"""Reports of a comparison: text, Markdown and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from relations_kg.comparison.records import Change, ChangedAnswer, Differences, Entity, Value
from relations_kg.rdf.formats import find
from relations_kg.rdf.namespaces import XSD, shorten
from relations_kg.rdf.terms import Term, printable

_SECTIONS = ("added", "removed", "changed")
# Characters with a meaning in Markdown, HTML or a pull request's mentions of users and issues.
_ACTIVE = re.compile(r"[\\`*_\[\]<>#|~&$]|:(?=//)|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


def serialize(comparison: Differences, format: str) -> str:
    """Return a comparison in a format; raise InputError if comparisons cannot be written in it."""
    name = find(format, "comparison").name
    if name == "json":
        return json.dumps(comparison, default=_fields, ensure_ascii=False, indent=2) + "\n"
    lines = _text(comparison) if name == "text" else _markdown(comparison)
    return "".join(f"{line.rstrip(' ')}\n" for line in lines)


def _headline(comparison: Differences, quoted: Callable[[str], str]) -> str:
    counts = [(name, len(getattr(comparison, name))) for name in _SECTIONS]
    said = ", ".join(
        f"{number} {'thing' if number == 1 else 'things'} {name}"
        for name, number in counts
        if number
    )
    names = f"{quoted(comparison.before)} → {quoted(comparison.after)}"
    return f"{names}: {said or 'no difference'}"


def _text(comparison: Differences) -> Iterator[str]:
    yield _headline(comparison, printable)
    for name in _SECTIONS:
        things: tuple[Entity, ...] = getattr(comparison, name)
        if things:
            yield f"\n{name.capitalize()}"
        for thing in things:
            yield f"  {_title(thing)}"
            for change in thing.changes:
                yield f"    {_sign(change)} {change.label}: {_values(change)}"
    for index, answer in enumerate(comparison.answers or ()):
        if not index:
            yield "\nAnswers"
        yield f"  {answer.query}{_asked(answer)}: {answer.summary}"
        for sign, rows in (("+", answer.added), ("-", answer.removed)):
            for row in rows:
                yield f"    {sign} {_row(answer, row)}"
    if comparison.answers == ():
        yield "\nNo answer changes"


def _markdown(comparison: Differences) -> Iterator[str]:
    yield f"**{_headline(comparison, _escaped)}**"
    for name in _SECTIONS:
        things: tuple[Entity, ...] = getattr(comparison, name)
        if things:
            yield f"\n### {name.capitalize()}\n"
        for thing in things:
            yield f"- {_escaped(_title(thing))}"
            for change in thing.changes:
                sign = "" if name != "changed" else f"{_VERBS[_sign(change)]} "
                yield f"  - {sign}*{_escaped(change.label)}*: {_escaped(_values(change))}"
    for index, answer in enumerate(comparison.answers or ()):
        if not index:
            yield "\n### Answers"
        yield f"\n**{_escaped(answer.query + _asked(answer))}**: {_escaped(answer.summary)}\n"
        yield f"| | {' | '.join(map(_escaped, answer.columns))} |"
        yield f"|---|{'---|' * len(answer.columns)}"
        for verb, rows in (("added", answer.added), ("removed", answer.removed)):
            for row in rows:
                yield f"| {verb} | {' | '.join(map(_escaped, row))} |"
    if comparison.answers == ():
        yield "\nNo answer changes."


_VERBS = {"+": "added", "-": "removed", "~": "changed"}


def _title(thing: Entity) -> str:
    short = printable(shorten(thing.iri))
    kind = f"{thing.kind}: " if thing.kind else ""
    return f"{kind}{thing.label}" + (f" ({short})" if short != thing.label else "")


def _sign(change: Change) -> str:
    if change.before is None:
        return "+"
    return "-" if change.after is None else "~"


def _values(change: Change) -> str:
    return " → ".join(str(value) for value in (change.before, change.after) if value is not None)


def _asked(answer: ChangedAnswer) -> str:
    asked = [f"{name} {value}" for name, value in answer.defaults.items()]
    asked += [f"on {', '.join(answer.days)}"] if answer.days else []
    return f" ({'; '.join(asked)})" if asked else ""


def _row(answer: ChangedAnswer, row: tuple[str, ...]) -> str:
    pairs = zip(answer.columns, row, strict=True)
    return " · ".join(f"{column} {cell}" for column, cell in pairs if cell)


def _escaped(text: str) -> str:
    """Return a text escaped for Markdown, without mentions of users or links to issues."""
    quoted = _ACTIVE.sub(lambda match: f"\\{match[0]}", printable(text).strip())
    return re.sub(r"([@#])(?=\w)", r"\1<!-- -->", quoted)


def _fields(record: object) -> dict[str, Any]:
    """Return a record as a JSON object of its fields; a value becomes its term."""
    if isinstance(record, Value):
        return {**_json_term(record.term), "text": record.text}
    fields = dict(vars(record))
    if isinstance(record, Differences) and record.answers is None:
        del fields["answers"]
    return fields


def _json_term(term: Term) -> dict[str, str]:
    """Return a term in the form of the SPARQL 1.1 JSON results."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
