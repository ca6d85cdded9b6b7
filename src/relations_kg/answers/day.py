"""The explanation of what is known of a thing on a day: the bounds or the reach that decide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from relations_kg.answers.explanation import Explanation
from relations_kg.rdf import dates
from relations_kg.rdf.formats import find
from relations_kg.rdf.namespaces import RKG, XSD, shorten
from relations_kg.rdf.terms import Statement, statements, value

if TYPE_CHECKING:
    from relations_kg.answers.knowledge import Knowledge

_WHY = {
    "absent": "its bounds exclude the day",
    "certain": "it had begun and had not ended",
    "last known": "it was still going on when the source's own time ended, and the day is later",
    "possible": "its bounds leave the day open, and it is within reach of what is known",
    "unknown": "nothing that is known of it is near the day",
}


class DayExplanation:
    """Why a thing is certain, possible, last known, absent or unknown on a day.

    It is true unless the thing is absent or unknown. `because` explains each bound or end of reach
    that decides; it is empty if the thing has none.
    """

    def __init__(
        self, graph: Knowledge, thing: NamedNode, on: str | date, document: str | None = None
    ) -> None:
        self.thing = thing
        self.on = dates.parse_day(str(on))
        self._label = graph.names.label(thing.value)
        self.certainty, facts = _decided(_dates(graph, thing), self.on)
        self.because = tuple(Explanation(graph, fact, document) for fact in facts)

    def __bool__(self) -> bool:
        return self.certainty not in ("absent", "unknown")

    def __str__(self) -> str:
        head = f"{self._label} · {self.on.isoformat()}\n{self.certainty}: {_WHY[self.certainty]}\n"
        return head + "".join(f"\n{explanation}" for explanation in self.because)

    def serialize(self, format: str = "text") -> str:
        """Return the explanation as text, json or markdown."""
        name = find(format, "explanation").name
        if name == "json":
            return json.dumps(self._json(), ensure_ascii=False, indent=2) + "\n"
        if name == "text":
            return str(self)
        parts = [each.serialize("markdown") for each in self.because]
        head = f"**{self._label} · {self.on.isoformat()}**\n\n{self.certainty}: "
        return "\n".join([f"{head}{_WHY[self.certainty]}\n", *parts])

    def _json(self) -> dict[str, object]:
        return {
            "thing": shorten(self.thing.value),
            "on": self.on.isoformat(),
            "certainty": self.certainty,
            "because": [json.loads(each.serialize("json")) for each in self.because],
        }


def _dates(graph: Knowledge, thing: NamedNode) -> dict[str, str]:
    """Return the bounds and the reach of a thing by the local names of their properties."""
    facts = statements(graph.store.quads_for_pattern(thing, None, None))
    day = NamedNode(XSD + "date")
    return {
        value(name).removeprefix(RKG): value(object_)
        for _, name, object_ in facts
        if isinstance(object_, Literal) and object_.datatype == day and value(name).startswith(RKG)
    } | {"": thing.value}


def _decided(known: dict[str, str], on: date) -> tuple[str, list[Statement]]:
    """Return the certainty on a day with the facts that decide it, as the queries about days do."""
    day = on.isoformat()

    def facts(*names: str) -> list[Statement]:
        return [fact for name in names for fact in _fact(known, name)]

    def is_before(name: str) -> bool:
        return name in known and known[name] < day

    def is_after(name: str) -> bool:
        return name in known and known[name] > day

    for name, is_out in (("earliestStart", is_after), ("latestEnd", is_before)):
        if is_out(name):
            return "absent", facts(name)
    if "latestStart" in known and not is_after("latestStart"):
        for name in ("earliestEnd", "lastKnown"):
            if name in known and not is_before(name):
                return "certain", facts("latestStart", name)
        if "lastKnown" in known:
            return "last known", facts("latestStart", "lastKnown")
    for name, is_out in (("reachStart", is_after), ("reachEnd", is_before)):
        if is_out(name):
            return "unknown", facts(name)
    if known.keys() & {"latestStart", "earliestEnd", "reachStart", "reachEnd"}:
        bounds = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
        return "possible", facts(*bounds, "reachStart", "reachEnd")
    return "unknown", []


def _fact(known: dict[str, str], name: str) -> Iterator[Statement]:
    if name in known:
        literal = Literal(known[name], datatype=NamedNode(XSD + "date"))
        yield NamedNode(known[""]), NamedNode(RKG + name), literal
