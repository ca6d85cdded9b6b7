"""A table of the missions that only the old of two versions has, closed between their days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from relations_kg.comparison import days, kept_rows
from relations_kg.comparison.differences import Row
from relations_kg.comparison.heads import Head, local_name, named
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import Term, value

_PARTIES = {
    name: NamedNode(RKG + property)
    for name, property in (
        ("sender", "sendingParty"),
        ("receiver", "receivingParty"),
        ("accredited", "alsoAccreditedTo"),
        ("seat", "seat"),
    )
}
_KIND, _SPEAKS_FROM = NamedNode(RKG + "missionKind"), NamedNode(RKG + "speaksFrom")
_OF_HEAD = ("head.holder", "head.rank", "head.since", "head.until", "head.on")
_COLUMNS = ("key", "mission", "kind", *_PARTIES, "opened", "closed", *_OF_HEAD, "phase.on")


def rows(
    gone: Iterable[Term],
    old: NormalizedGraph,
    new: NormalizedGraph,
    heads: Mapping[Term, Head],
    label: Callable[[Term], str],
) -> Iterator[Row]:
    """Yield the rows of a table of the form `mission`.

    A mission has a row for each of its heads, or one row without a head. A mission that is `gone`
    in the new version, and has no end in the old one, is taken to have closed between the days of
    the two versions.
    """
    after = max((value(d) for every in new.links(_SPEAKS_FROM).values() for d in every), default="")
    for mission in sorted(gone, key=str):
        kinds = old.links(_KIND).get(mission) or map(NamedNode, old.kinds(mission))
        parties = {
            name: "; ".join(sorted(named(each, label) for each in old.links(link).get(mission, [])))
            for name, link in _PARTIES.items()
        }
        closed = days.end_of(old, mission) or days.between(days.day_of(old, mission), after)
        row = {
            "key": local_name(mission).removesuffix("-mission"),
            "mission": named(mission, label),
        }
        row |= {"kind": min(map(label, kinds), default=""), **parties}
        row |= {"opened": days.start_of(old, mission), "closed": closed}
        day = days.first_day(days.day_of(old, mission))
        row |= {"phase.on": day if days.is_certain(old, mission, day) else ""}
        own = sorted((h for h in heads.values() if h.mission == mission), key=lambda h: h.since)
        for head in own:
            rank = min(map(label, head.ranks), default="")
            on = day if days.is_certain(old, head.tenure, day) else ""
            until = head.until or closed
            cells = (named(head.holder, label), rank, head.since, until, on)
            yield row | dict(zip(_OF_HEAD, cells, strict=True))
        if not own:
            yield row


def write(found: Sequence[Row], path: str, between: Sequence[str]) -> str:
    """Write rows as `kept_rows.write` does; raise InputError for a row without a closure."""
    if not all(row["closed"] for row in found):
        message = "the closures have no dates, since the new version is not of a later day"
        help = "write the day of each version as as-of in relations-kg.toml, and import it again"
        raise InputError(message, where=path, help=help)
    return kept_rows.write(_COLUMNS, found, path, between)
