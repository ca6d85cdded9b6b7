"""The names of parameters and columns, as words that a reader understands without the query."""

from __future__ import annotations

import re
from collections.abc import Iterable

from relations_kg.answers.queries import StoredQuery

# The labels of fields whose parameters have names that say too little alone.
_FIELDS = {
    "about": "about what",
    "all": "also what is unknown",
    "among": "among which",
    "as": "recognised as",
    "by": "by whom",
    "cast": "vote cast",
    "follows": "follows what",
    "least": "at least",
    "location": "where the seat lies",
    "most": "at most",
    "named": "only this one",
    "of": "of whom or what",
    "on": "on the day",
    "open": "left open by the source",
    "organization": "organisation",
    "over": "over what",
    "residence": "residence of the head",
    "since": "since the day",
    "source": "source passages",
    "to": "to whom",
    "towards": "towards whom",
    "under": "under what",
    "until": "until the day",
    "within": "within what",
}


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
    return _FIELDS.get(name) or words(name)


def of_columns(query: StoredQuery, columns: Iterable[str]) -> dict[str, str]:
    """Return the headings of columns of a stored query, from its header or else from their names.

    >>> from relations_kg.answers.queries import stored_queries
    >>> of_columns(stored_queries()["missions"], ["to", "seat"])
    {'to': 'to whom', 'seat': 'seat'}
    """
    given = dict(query.headings)
    return {each: given.get(each) or words(each) for each in columns}
