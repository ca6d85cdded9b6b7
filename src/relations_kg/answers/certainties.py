"""The certainty of things on a day, for pictures."""

from __future__ import annotations

from datetime import date
from functools import cache

from pyoxigraph import NamedNode

from relations_kg.answers.day import certainty
from relations_kg.answers.knowledge import Knowledge
from relations_kg.pictures.related_events import Snapshot


def snapshot(graph: Knowledge, day: date) -> Snapshot:
    """Return a day with the certainty of each thing on it.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> snapshot(graph, date(1990, 1, 1)).certainty(graph.names.find("china-peru-relations"))
    'possible'
    """
    return Snapshot(day, cache(lambda iri: certainty(graph, NamedNode(iri), day)))
