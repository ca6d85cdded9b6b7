"""The certainty of a thing on a day, and its explanation.

It is based on the bounds of the thing's date and on its reach, the days on which it is plausible
that the thing existed.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.explanation import Explanation
from relations_kg.errors import InputError, QueryError
from relations_kg.pictures import related_events
from relations_kg.rdf import markup
from relations_kg.rdf.days import day_of
from relations_kg.rdf.formats import find
from relations_kg.rdf.markdown import escaped
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import TYPE, objects, statements, value

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_WHY = {
    "absent": "its bounds exclude the day",
    "certain": "it had begun and had not ended",
    "last known": "it was still going on at the time of the source, and the day is later",
    "possible": "its bounds leave the day open, and the day is within its reach",
    "unknown": "no known fact about it is near the day",
}


_TIMED = {NamedNode(RKG + name) for name in ("Event", "Mission", "Situation")}
_DATES = ("earliestStart", "latestStart", "earliestEnd", "latestEnd", "reachStart", "reachEnd")


class DayExplanation:
    """The reasons why a thing is certain, possible, last known, absent or unknown on a day.

    Its truth value is false if the thing is absent or unknown. `because` explains each inferred
    day, such as a bound or an end of the reach, that decides the certainty; it is empty if no day
    does. Raises QueryError for a thing that has no dates and is no event, situation or mission,
    and InputError for an invalid day.
    """

    def __init__(
        self, graph: Knowledge, thing: NamedNode, on: str | date, document: str | None = None
    ) -> None:
        self.thing = thing
        try:
            self.on = day_of(on)
        except InputError as error:
            error.where = "on"
            raise
        self._label = graph.names.label(thing.value)
        known = _dates(graph, thing)
        if not known and _TIMED.isdisjoint(objects(graph.quad_store, thing, TYPE.value)):
            raise QueryError(
                f"{self._label} has no beginning or end",
                where=shorten(thing.value),
                help="name a situation, such as relations or a tenure, a mission or an event; "
                "for agreements, run the query agreements-on",
            )
        self.certainty, names = _decided(known, self.on)
        facts = [(thing, NamedNode(RKG + name), known[name]) for name in names if name in known]
        self.because = tuple(Explanation(graph, fact, document) for fact in facts)

    def __bool__(self) -> bool:
        return self.certainty not in ("absent", "unknown")

    def __str__(self) -> str:
        head = f"{self._label} · {self.on.isoformat()}\n{self.certainty}: {_WHY[self.certainty]}\n"
        return head + "".join(f"\n{explanation}" for explanation in self.because)

    def __repr__(self) -> str:
        return f"<DayExplanation: {self._label} · {self.on.isoformat()}: {self.certainty}>"

    def _repr_html_(self) -> str:
        head = markup.element("h3", f"{self._label} · {self.on.isoformat()}")
        why = markup.element("p", f"{self.certainty}: {_WHY[self.certainty]}")
        return head + why + "".join(each._repr_html_() for each in self.because)

    def serialize(self, format: str = "text") -> str:
        """Return the explanation as text, json or markdown."""
        name = find(format, "explanation").name
        if name == "json":
            return json.dumps(self._json(), ensure_ascii=False, indent=2) + "\n"
        if name == "text":
            return str(self)
        parts = [each.serialize("markdown") for each in self.because]
        head = f"**{escaped(self._label)} · {self.on.isoformat()}**\n\n{self.certainty}: "
        return "\n".join([f"{head}{_WHY[self.certainty]}\n", *parts])

    def _json(self) -> dict[str, object]:
        return {
            "thing": shorten(self.thing.value),
            "on": self.on.isoformat(),
            "certainty": self.certainty,
            "because": [json.loads(each.serialize("json")) for each in self.because],
        }


def certainty(graph: Knowledge, thing: NamedNode, on: date) -> str:
    """Return the certainty of a thing on a day, such as "possible" or "last known"."""
    return _decided(_dates(graph, thing), on)[0]


def snapshot(graph: Knowledge, day: date) -> related_events.Snapshot:
    """Return a day with the certainty of each thing on it, for pictures.

    >>> import relations_kg as rk
    >>> graph = rk.load()
    >>> snapshot(graph, date(1990, 1, 1)).certainty(graph.names.find("china-peru-relations"))
    'possible'
    """
    return related_events.Snapshot(day, cache(lambda iri: certainty(graph, NamedNode(iri), day)))


def _dates(graph: Knowledge, thing: NamedNode) -> dict[str, Literal]:
    """Return the days of a thing, such as its bounds and reach, by local names of properties."""
    day = NamedNode(XSD + "date")
    return {
        value(name).removeprefix(RKG): object_
        for _, name, object_ in statements(graph.quad_store.quads_for_pattern(thing, None, None))
        if isinstance(object_, Literal) and object_.datatype == day and value(name).startswith(RKG)
    }


def _decided(known: dict[str, Literal], on: date) -> tuple[str, tuple[str, ...]]:
    """Return the certainty on a day, and the names of the dates that decide it.

    The stored queries about a day check the dates in the same order.
    """
    day = on.isoformat()

    def is_before(name: str) -> bool:
        return name in known and known[name].value < day

    def is_after(name: str) -> bool:
        return name in known and known[name].value > day

    for name, is_out in (("earliestStart", is_after), ("latestEnd", is_before)):
        if is_out(name):
            return "absent", (name,)
    if "latestStart" in known and not is_after("latestStart"):
        for name in ("earliestEnd", "lastKnown"):
            if name in known and not is_before(name):
                return "certain", ("latestStart", name)
        if "lastKnown" in known:
            return "last known", ("latestStart", "lastKnown")
    for name, is_out in (("reachStart", is_after), ("reachEnd", is_before)):
        if is_out(name):
            return "unknown", (name,)
    if known.keys() & {"latestStart", "earliestEnd", "reachStart", "reachEnd"}:
        return "possible", _DATES
    return "unknown", ()
