"""Findings about the headings of a table: unknown, ambiguous or missing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence

from relations_kg.answers.guesses import parameters_meant
from relations_kg.authoring.cells import Cell, Table
from relations_kg.authoring.forms import Form
from relations_kg.authoring.further_forms import Further, types
from relations_kg.errors import InputError
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.words import key
from relations_kg.validation.findings import Finding


def unknown(
    table: Table,
    heading: Cell,
    form: Form,
    unread: Collection[str],
    properties: Iterable[str],
) -> Finding:
    """Return the finding about a heading; `unread` are the parameters that have no column."""
    text = heading.text[:60]
    # The name of the form is ignored: in a table of visits, "visit date" means "date".
    asked = " ".join(word for word in text.split() if key(word) != key(form.name)) or text
    known = [*types(form)] if "." in text else [parameter.name for parameter in form.parameters]
    known += properties if ":" in text else ()
    # A note in brackets is part of the heading: "when (year)" may mean "when".
    plain = key(re.sub(r"[(\[].*", "", asked))
    same = next((each for each in known if key(each) == plain != key(asked)), None)
    near = f'did you mean "{same}"?' if same else did_you_mean(asked, known)
    message = f"{text!r} is not a parameter of the form {form.name}; this column is not read"
    quoted = shlex.quote(text)
    if question := near or parameters_meant(asked.replace(" ", "-"), unread):
        first = question.split('"')[1]
        help = f"{question} name it with --column {first}={quoted}"
    elif ":" in text:
        help = "if it is a property, name its vocabulary with --vocabulary FILE"
    else:
        help = f"if it means a parameter, add --column PARAM={quoted}"
    help += f"; if it has no facts, add --without {quoted}"
    return table.finding(heading, "heading", message, help, "error" if near else "warning")


def of_which(table: Table, heading: Cell, name: str, form: Form, other: Further) -> Finding:
    """Return the finding about a heading such as "since" in a table with columns of two forms."""
    quoted = shlex.quote(heading.text)
    message = f"{heading.text!r} may be that of the {form.name} or of the {other.form.name}"
    help = f"add --column {other.prefix}{name}={quoted}, or --column {name}={quoted}"
    return table.finding(heading, "heading", message, help)


def check_apart(table: Table, named: Iterable[tuple[str, str]]) -> None:
    """Raise InputError if one heading is named for two parameters; `named` are both in pairs."""
    first: dict[str, str] = {}
    for name, heading in named:
        other = first.setdefault(key(heading) or heading, name)
        if other != name:
            message = f"the heading {heading!r} is named for both {other} and {name}"
            raise InputError(message, where=table.file, help="name another column for one of them")


def no_heading(table: Table, heading: str, headings: Sequence[Cell]) -> InputError:
    """Return the error for a heading that is not in the table."""
    texts = [cell.text for cell in headings if not cell.is_empty]
    help = did_you_mean(heading, texts) or f"it has {', '.join(texts)}"
    return InputError(f"no column has the heading {heading!r}", where=table.file, help=help)
