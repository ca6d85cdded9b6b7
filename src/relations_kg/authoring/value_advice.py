"""Advice on values of forms that are no date, code or class."""

from __future__ import annotations

from collections.abc import Iterable

from relations_kg.answers.kinds import Kind
from relations_kg.answers.parameters import Parameter
from relations_kg.authoring import default_kinds, event_dates
from relations_kg.authoring.definitions import Definition
from relations_kg.errors import RelationsError
from relations_kg.names.names import Names
from relations_kg.reader.bundled import own_code


def of(
    error: RelationsError,
    form: Definition,
    parameter: Parameter,
    text: str,
    kinds: Iterable[Kind],
    names: Names,
) -> str | None:
    """Return what to write in place of a text that caused an error, or None if it is not known.

    `kinds` are the kinds of things that the parameter takes.
    """
    help = (
        default_kinds.help_of(form, parameter, text, names, error.help)
        or event_dates.help_of(form, parameter, error.help, names)
        or error.help
    )
    lists = [kind.iri for kind in kinds if kind.is_list]
    is_of_another = (help or "").startswith("give it as ")
    if not is_of_another and (own := own_code(text, *lists)):
        choice = ", where LIST is one of these code lists" if len(lists) > 1 else ""
        return f"{help}; or define it: {own}{choice}"
    return help
