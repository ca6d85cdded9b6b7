"""The names of parameters and columns, as words that a reader understands without the query."""

from __future__ import annotations

import re

# Names that are the same words for a field and for a column.
_BOTH = {
    "as": "recognised as",
    "least": "at least",
    "most": "at most",
    "of": "of whom or what",
    "over": "over what",
    "towards": "towards whom",
    "under": "under what",
    "within": "within what",
}
_FIELDS = {
    "about": "about what",
    "all": "also what is unknown",
    "among": "among which",
    "by": "by whom",
    "cast": "vote cast",
    "follows": "follows what",
    "location": "where the seat lies",
    "named": "only this one",
    "on": "on the day",
    "open": "left open by the source",
    "organization": "organisation",
    "residence": "residence of the head",
    "since": "since the day",
    "source": "source passages",
    "to": "to whom",
    "until": "until the day",
}
_COLUMNS = {
    "accredited": "accredited to",
    "at": "at which place or event",
    "by": "by whom or what",
    "each": "figures that are added",
    "fit": "own or near",
    "force": "in force since",
    "found": "listed or told",
    "fromEnd": "counted from the end",
    "how": "in which way",
    "in": "in which place or event",
    "lag": "how long after",
    "many": "how many",
    "meant": "meant for",
    "near": "near in time to",
    "often": "how often",
    "on": "about what",
    "per": "per what",
    "stands": "how they voted",
    "to": "to whom or where",
    "via": "by way of",
    "ways": "how the source refers to it",
    "who": "who or what",
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
    return _FIELDS.get(name) or _BOTH.get(name) or words(name)


def of_column(name: str) -> str:
    """Return the heading of the column for a variable of a stored query.

    >>> of_column("to"), of_column("force"), of_column("atLeast")
    ('to whom or where', 'in force since', 'at least')
    """
    return _COLUMNS.get(name) or _BOTH.get(name) or words(name)
