"""The heads of missions in two versions, and a table of what only the old version knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from relations_kg.authoring.cells import guarded
from relations_kg.comparison import days, kept_rows
from relations_kg.comparison.differences import Row
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import CODE, RKG, shorten
from relations_kg.rdf.terms import Term, value

_OFFICE, _HOLDER = NamedNode(RKG + "office"), NamedNode(RKG + "holder")
_HEAD_OF, _OFFICE_OF = NamedNode(RKG + "headOf"), NamedNode(RKG + "officeOf")
_RANKS = NamedNode(RKG + "diplomaticRank"), NamedNode(RKG + "officeKind")
_HEAD_OF_MISSION = NamedNode(CODE + "head-of-mission")
_WHEN = NamedNode(RKG + "when")
_COLUMNS = ("key", "holder", "mission", "sender", "rank", "when", "since", "until", "on", "tenure")


@dataclass(frozen=True)
class Head:
    """A person or party that heads a mission in a tenure; `until` is empty if no end is stated."""

    tenure: Term
    holder: Term
    office: Term
    mission: Term
    sender: Term | None
    ranks: frozenset[Term]
    when: str
    until: str

    @property
    def since(self) -> str:
        """The beginning of the tenure, or an empty text if it is unknown or `when` is one date."""
        start, slash, _ = self.when.partition("/")
        return start.strip(".") if slash else ""

    @property
    def capacity(self) -> tuple[Term, Term, frozenset[Term]]:
        """The holder, the mission and the rank: a head who keeps all of them has not left."""
        return self.holder, self.mission, self.ranks

    def text(self, label: Callable[[Term], str]) -> str:
        """Return the holder, with the rank and the dates."""
        dates = f"since {self.since}" if self.since and self.when.endswith("/..") else self.when
        dates += f", until {self.until}" if self.until and self.until not in self.when else ""
        ranks = "".join(f", {each}" for each in sorted(map(label, self.ranks)))
        return f"{label(self.holder)}{ranks}" + (f" ({dates})" if dates.strip("/.") else "")


def heads(graph: NormalizedGraph) -> dict[Term, Head]:
    """Return the heads of missions that a graph states, by their tenures.

    Tenures without exactly one office, one holder and one mission are left out.
    """
    found: dict[Term, Head] = {}
    for tenure, offices in graph.links(_OFFICE).items():
        holders = graph.links(_HOLDER).get(tenure, [])
        if len(offices) != 1 or len(holders) != 1:
            continue
        missions = graph.links(_HEAD_OF).get(offices[0], [])
        if len(missions) != 1:
            continue
        ranks = {rank for each in _RANKS for rank in graph.links(each).get(offices[0], [])}
        when = next(map(value, graph.links(_WHEN).get(tenure, [])), "")
        senders = graph.links(_OFFICE_OF).get(offices[0], [])
        found[tenure] = Head(
            tenure,
            holders[0],
            offices[0],
            missions[0],
            senders[0] if len(senders) == 1 else None,
            frozenset(ranks - {_HEAD_OF_MISSION}),
            when,
            days.end_of(graph, tenure),
        )
    return found


def ended(
    old: NormalizedGraph,
    new: NormalizedGraph,
    before: Mapping[Term, Head],
    after: Mapping[Term, Head],
) -> list[Head]:
    """Return the heads whom the new version lacks or has in another capacity, sorted by mission.

    `before` and `after` are the heads of the two versions. A tenure with another IRI is the same if
    it has the same holder, mission, rank and beginning. Missions that only the old version
    describes are left out.
    """
    dated = {(head.capacity, head.since) for head in after.values()}

    def has_ended(head: Head) -> bool:
        if head.tenure in after:
            return after[head.tenure].capacity != head.capacity
        return (head.capacity, head.since) not in dated

    both = old.subjects & new.subjects
    found = (head for head in before.values() if head.mission in both and has_ended(head))
    return sorted(found, key=lambda head: (str(head.mission), head.since, str(head.tenure)))


def continuing(
    old: NormalizedGraph,
    new: NormalizedGraph,
    before: Mapping[Term, Head],
    after: Mapping[Term, Head],
) -> list[Head]:
    """Return the heads in both versions whom only the old one shows to be in office on its day.

    The new version only allows this, for example since it lacks the beginning of the tenure.
    """

    def is_weakened(head: Head) -> bool:
        day = days.first_day(days.day_of(old, head.tenure))
        return (
            bool(day)
            and days.is_certain(old, head.tenure, day)
            and days.may_hold(new, head.tenure, day)
            and not days.is_certain(new, head.tenure, day)
        )

    both = before.keys() & after.keys()
    found = (after[tenure] for tenure in both if after[tenure].mission in new.subjects)
    return sorted(filter(is_weakened, found), key=lambda head: str(head.tenure))


def rows(
    past: Iterable[Head],
    old: NormalizedGraph,
    new: NormalizedGraph,
    after: Mapping[Term, Head],
    label: Callable[[Term], str],
) -> Iterator[Row]:
    """Yield the rows of `past` heads in a table of the form `head`.

    The row of a head who is the same in both versions has no date but the day of the old one. A
    tenure without an end is taken to have ended between the days from which the old and the new
    version speak, or by the day on which a head in `after` began or the mission closed in between.
    The end is empty if one of the two days is missing, or if the new version does not speak from a
    later day.
    """
    for head in past:
        goes_on = head.tenure in after and after[head.tenure] == head
        is_interval = "/" in head.when or not head.when
        begun = [each.since for each in after.values() if each.mission == head.mission]
        limits = (*begun, days.end_of(new, head.mission))
        before = days.day_of(old, head.tenure)
        until = head.until or days.between(before, days.day_of(new, head.mission), limits)
        key = local_name(head.tenure).removesuffix("-tenure")
        row = {
            "key": f"{key}-{head.since}" if head.since else key,
            "holder": named(head.holder, label),
            "mission": named(head.mission, label),
            "sender": named(head.sender, label) if head.sender else "",
            "rank": next(map(label, sorted(head.ranks, key=str)), ""),
        }
        if goes_on:
            row["tenure"] = shorten(value(head.tenure))
        elif is_interval:
            row |= {"since": head.since, "until": until}
        else:
            row |= {"since": head.since, "when": head.when}
        day = days.first_day(before)
        yield row | ({"on": day} if days.is_certain(old, head.tenure, day) else {})


def begun(
    old: NormalizedGraph,
    new: NormalizedGraph,
    before: Mapping[Term, Head],
    after: Mapping[Term, Head],
    label: Callable[[Term], str],
) -> Iterator[Row]:
    """Yield a row for each head without a beginning whom only the new version has.

    The tenure is taken to have begun between the days of the two versions. There is no row if the
    old one has the same holder of the mission. Nor is there one if it has no head of the mission,
    since it may have left out the heads.
    """
    headed = {head.mission for head in before.values()}
    known = {(head.holder, head.mission) for head in before.values()}
    for tenure in sorted(after, key=str):
        head, was = after[tenure], days.day_of(old, after[tenure].mission)
        is_new = head.mission in headed and (head.holder, head.mission) not in known
        if is_new and was and not head.since and head.when in ("", "/.."):
            yield {
                "key": local_name(tenure).removesuffix("-tenure"),
                "holder": named(head.holder, label),
                "mission": named(head.mission, label),
                "sender": named(head.sender, label) if head.sender else "",
                "rank": next(map(label, sorted(head.ranks, key=str)), ""),
                "since": days.since(was, days.day_of(new, tenure)),
                "tenure": shorten(value(tenure)),
            }


def continues(row: Row) -> bool:
    """Return whether a row only states that a head in both versions was in office on a day."""
    return "tenure" in row


def write(lines: Sequence[Row], path: str, between: Sequence[str]) -> str:
    """Write rows to a table of the form `head`, CSV or TSV, and return what was done.

    Raises InputError for a row without dates of its end, and as `kept_rows.write`.
    """
    if any(not (row.get("when") or row.get("until") or continues(row)) for row in lines):
        message = "the ends have no dates, since the new version is not of a later day than the old"
        help = "write the day of each version as as-of in relations-kg.toml, and import it again"
        raise InputError(message, where=path, help=help)
    return kept_rows.write(_COLUMNS, lines, path, between)


def local_name(thing: Term) -> str:
    """Return the local name of a thing: its CURIE without the prefix."""
    return shorten(value(thing)).partition(":")[2]


def named(thing: Term, label: Callable[[Term], str]) -> str:
    """Return the label of a thing with its CURIE, or the CURIE alone if it has no label."""
    text, short = label(thing), shorten(value(thing))
    return guarded(text if text == short else f"{text} <{short}>")
