"""Words for readers: the labels of parameters and columns, and the subjects of stored queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from relations_kg._files import toml
from relations_kg.answers.queries import StoredQuery


def table() -> dict[str, Any]:
    """Return the words of pages, as headings.toml has them."""
    return toml("web/headings.toml")


def words(name: str) -> str:
    """Return the words of a name of a column or parameter.

    >>> words("measuredFrom"), words("office_kind")
    ('measured from', 'office kind')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def of_field(name: str) -> str:
    """Return the label of the field for a parameter.

    >>> of_field("to"), of_field("officeKind")
    ('to whom', 'office kind')
    """
    return f"{table()['fields'].get(name) or words(name)}"


def of_columns(query: StoredQuery, columns: Iterable[str]) -> dict[str, str]:
    """Return the headings of columns of a stored query, from its header or else from their names.

    >>> from relations_kg.answers.queries import stored_queries
    >>> of_columns(stored_queries()["missions"], ["to", "seat"])
    {'to': 'to whom', 'seat': 'seat'}
    """
    given = dict(query.headings)
    return {each: given.get(each) or words(each) for each in columns}


def subjects() -> list[str]:
    """Return the subjects of stored queries, in the order of the pages."""
    return list(table()["subjects"])


def by_subject(queries: Iterable[StoredQuery]) -> dict[str, list[StoredQuery]]:
    """Return stored queries by subject; queries without a subject come last.

    >>> own = StoredQuery.parse("own", "#+ summary: All.\\nSELECT * WHERE { ?s ?p ?o }")
    >>> by_subject([own, own._replace(subject="What was agreed?")]).keys()
    dict_keys(['What was agreed?', 'Further questions'])
    """
    found: dict[str, list[StoredQuery]] = {subject: [] for subject in subjects()}
    for query in sorted(queries, key=lambda query: not query.subject):
        found.setdefault(query.subject or "Further questions", []).append(query)
    return {subject: members for subject, members in found.items() if members}
