"""Warnings about a new version of a table: moves, and what is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from relations_kg.comparison import days, existence, phases
from relations_kg.comparison.differences import Comparison, Row
from relations_kg.comparison.heads import continues
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.comparison.renumbering import key_of
from relations_kg.rdf.namespaces import RDFS, RKG, shorten
from relations_kg.rdf.spelling import counted, listed
from relations_kg.rdf.terms import Term, value

_RECEIVER, _SEAT = NamedNode(RKG + "receivingParty"), NamedNode(RKG + "seat")
_ALSO = NamedNode(RKG + "alsoAccreditedTo")
_LABEL = NamedNode(RDFS + "label")
_PHASE_OF, _PHASE_SEAT = NamedNode(RKG + "phaseOfMission"), NamedNode(RKG + "phaseSeat")
# Stands for the new receiver of a mission that lost one and gained several: none can be named.
_SEVERAL = NamedNode(RKG + "Party")


def warnings(
    old: NormalizedGraph, new: NormalizedGraph, label: Callable[[Term], str]
) -> Iterator[str]:
    """Yield warnings about the graph `new` as a later version of `old`."""
    if (rekeyed := _under_another_key(old, new)) is not None:
        if rekeyed:
            yield _under_other_keys(rekeyed, old, new, label)
        if opened := _without_opening(old, new, rekeyed.values()):
            yield _opened(opened, label)
    moved = {
        mission: (seats[0], new.links(_SEAT)[mission][0])
        for mission, seats in old.links(_SEAT).items()
        if old.links(_RECEIVER).get(mission)
        and len(seats) == len(new.links(_SEAT).get(mission, ())) == 1
        and seats != new.links(_SEAT)[mission]
        and seats[0] not in phases.in_phases_of(new, mission, _PHASE_SEAT)
    }
    if moved:
        first, last = (days.day_of(graph, min(moved, key=str)) for graph in (old, new))
        yield _moved(moved, days.between(first, last), label)
    yield from existence.warnings(old, new, label)
    if renamed := _renamed(old, new):
        yield _asking(renamed, any(was in _parties(new) for was in renamed), label)


def gone(old: NormalizedGraph, new: NormalizedGraph) -> set[Term]:
    """Return the missions that only the old version has, if most of its missions are in both.

    Missions that the new version has under another key are left out.
    """
    rekeyed = _under_another_key(old, new)
    return set() if rekeyed is None else old.links(_RECEIVER).keys() - new.subjects - {*rekeyed}


def _under_another_key(old: NormalizedGraph, new: NormalizedGraph) -> dict[Term, Term] | None:
    """Return the missions under another key in the new version; None if it lacks half or more."""
    missions = old.links(_RECEIVER).keys()
    only = sorted(missions - new.subjects, key=str)
    return _rekeyed(only, old, new) if 2 * len(only) < len(missions) else None


def _renamed(old: NormalizedGraph, new: NormalizedGraph) -> dict[Term, Term]:
    """Return parties of missions, each with the party that it may be called in the new version.

    Each mission that has lost only the first party has gained the second one, which is not in the
    old version. Other missions may still have the first.
    """
    known, now = _parties(old), defaultdict[Term, set[Term]](set)
    for name in (_RECEIVER, _ALSO):
        for mission, before in old.links(name).items():
            after = new.links(name).get(mission, [])
            lost, got = set(before) - set(after), set(after) - set(before)
            if len(lost) == 1 and got:
                now[lost.pop()].update(got if len(got) == 1 else {_SEVERAL})
    found = {was: others.pop() for was, others in now.items() if len(others) == 1}
    return {was: other for was, other in found.items() if other not in {*known, _SEVERAL}}


def _rekeyed(gone: Sequence[Term], old: NormalizedGraph, new: NormalizedGraph) -> dict[Term, Term]:
    """Return missions that are `gone`, each with the one that only the new version has instead.

    Both have the same label, and IRIs made from the keys of rows. Missions that are gone without
    such a counterpart are left out.
    """
    added = new.links(_RECEIVER).keys() - old.subjects
    labels: dict[Term, list[Term]] = {}
    for mission in sorted(added, key=str):
        for text in new.links(_LABEL).get(mission, []):
            labels.setdefault(text, []).append(mission)
    found: dict[Term, Term] = {}
    for mission in gone:
        day = days.first_day(days.day_of(old, mission))
        if day and not days.may_hold(old, mission, day):
            # A closed mission and one that opened again in its place are two missions.
            continue
        same = [now for text in old.links(_LABEL).get(mission, []) for now in labels.get(text, [])]
        if len(same) == 1 and key_of(old, mission) and key_of(new, same[0]):
            found[mission] = same[0]
    return found


def _parties(graph: NormalizedGraph) -> set[Term]:
    """Return the parties that missions have as receivers or are also accredited to."""
    links = (graph.links(each) for each in (_RECEIVER, _ALSO))
    return {party for each in links for parties in each.values() for party in parties}


def _asking(renamed: Mapping[Term, Term], is_in_part: bool, label: Callable[[Term], str]) -> str:
    pairs = sorted(renamed.items(), key=str)
    was, now = pairs[0]
    names_of_both = listed([f"{label(one)} → {label(other)}" for one, other in pairs])
    which = "one" if len(pairs) == 1 else "each"
    # The files of the two versions have no label for a party that another table describes.
    names = {each: shorten(value(each)) != label(each) and label(each) for each in (was, now)}
    iri = f"<{shorten(value(was))}>"
    as_name = f"'{names[now]} {iri}' as the name" if names[now] else f"{iri} after the new name"
    old_name = repr(names[was]) if names[was] else "the old name"
    return (
        f"the old version has {counted(len(pairs), 'receiving party')} that "
        f"the new one calls otherwise{' in some rows' * is_in_part} ({names_of_both}): was {which} "
        "renamed? Then keep the identifier: "
        f"in the table of parties, write {as_name}, and "
        f"{old_name} in its column also, and import both tables again. For another party, "
        "nothing is to be done"
    )


def _under_other_keys(
    rekeyed: Mapping[Term, Term],
    old: NormalizedGraph,
    new: NormalizedGraph,
    label: Callable[[Term], str],
) -> str:
    keys = {mission: (key_of(old, mission), key_of(new, now)) for mission, now in rekeyed.items()}
    texts = [f"{label(mission)}: {was} → {now}" for mission, (was, now) in keys.items()]
    was, now = next(iter(keys.values()))
    return (
        f"{counted(len(rekeyed), 'mission')} of the old version {_are(texts)} in the new one under "
        f"another key ({listed(texts)}): to keep the history of the same mission, write "
        f"{now!r} = {was!r} below [replacements.row] in relations-kg.toml, and import it again"
    )


def _without_opening(
    old: NormalizedGraph, new: NormalizedGraph, rekeyed: Collection[Term]
) -> dict[Term, str]:
    """Return the missions without a beginning that only the new version has.

    The values are the dates between the versions.
    """
    before = max((days.day_of(old, mission) for mission in old.links(_RECEIVER)), default="")
    found: dict[Term, str] = {}
    for mission in sorted(new.links(_RECEIVER).keys() - old.subjects - {*rekeyed}, key=str):
        day, after = days.first_day(before), days.day_of(new, mission)
        is_later = bool(day) and day < days.first_day(after)
        if is_later and not days.start_of(new, mission) and days.may_hold(new, mission, day):
            found[mission] = days.since(before, after)
    return found


def _opened(opened: Mapping[Term, str], label: Callable[[Term], str]) -> str:
    one = len(opened) == 1
    it = "it" if one else "them"
    return (
        f"{counted(len(opened), 'mission')} {'is' if one else 'are'} in the new version only, "
        f"without a date of the opening ({listed([*map(label, opened)])}): answers about earlier "
        f"days list {it} as possible. If {'it' if one else 'they'} opened after the day of the old "
        f"version, write {next(iter(opened.values()))} in opened"
    )


def _moved(moved: dict[Term, tuple[Term, Term]], until: str, label: Callable[[Term], str]) -> str:
    texts = [
        f"{shorten(value(mission))}: {label(before)} → {label(after)}"
        for mission, (before, after) in sorted(moved.items(), key=str)
    ]
    _, (before, after) = min(moved.items(), key=str)
    one = len(moved) == 1
    return (
        f"{counted(len(moved), 'mission')} {'has' if one else 'have'} another seat "
        f"({listed(texts)}): was this a move or a correction? A correction needs nothing. After a "
        f"move, {label(after)} would be the seat from the opening on: keep {label(before)} as the "
        f"seat until {until or 'the day of the move'} in a table of phases, which the option "
        "--phases of diff and of import --update writes"
    )


def _gone(rows: Sequence[Row], advice: str) -> str:
    missions = list(dict.fromkeys(_name(row["mission"]) for row in rows))
    one = len(missions) == 1
    return (
        f"{counted(len(missions), 'mission')} {'is' if one else 'are'} in the old version only "
        f"({listed(missions)}): the new version alone loses {'its' if one else 'their'} history; "
        f"if {'it' if one else 'they'} closed, {advice}"
    )


def lost(
    found: Comparison, advice: Callable[[str], str], written: Collection[str] = ()
) -> Iterator[str]:
    """Yield warnings about what a new version lacks, unless a table that keeps it is `written`.

    `advice` returns what to do, given an option that writes a table, such as "--ended ended.csv".
    """
    heads, tables = advice("--ended ended.csv"), advice("--phases phases.csv")
    if found.closed and "--closed" not in written:
        yield _gone(found.closed, advice("--closed closed.csv"))
    ended = [row for row in found.ended if not continues(row)]
    going_on = [row for row in found.ended if continues(row) and row.get("on")]
    if ended and "--ended" not in written:
        yield (
            f"{counted(len(ended), 'head')} of missions {_are(ended)} in "
            f"the old version only, or there in another capacity ({_named(ended, 'holder')}): the "
            f"new version alone loses these tenures; {heads}"
        )
    if going_on and "--ended" not in written:
        yield _weaker(counted(len(going_on), "head"), going_on, "holder", heads)
    values = phases.values(found.phases)
    if values and "--phases" not in written:
        texts = [f"{_name(row['mission'])}: {_name(phases.value_of(row))}" for row in values]
        one = len(values) == 1
        kinds = (
            "receiver, accreditation, kind or status",
            "receivers, accreditations, kinds or statuses",
        )
        yield (
            f"{f'a {kinds[0]}' if one else f'{len(values)} {kinds[1]}'} of missions {_are(values)} "
            f"in the old version only ({listed(texts)}): the new version alone loses "
            f"{'it' if one else 'them'} for the past, too; {tables}"
        )
    begun = phases.begun(found.phases)
    if begun and "--phases" not in written:
        texts = [f"{_name(row['mission'])}: {_name(row['accredited'])}" for row in begun]
        they = "it" if len(begun) == 1 else "them"
        yield (
            f"{counted(len(begun), 'further accreditation')} of missions {_are(begun)} in the new "
            f"version only ({listed(texts)}): the new version alone states {they} for the past, "
            f"too; {tables}"
        )
    only = phases.on_a_day(found.phases)
    if only and "--phases" not in written:
        they = "it" if len(only) == 1 else "them"
        what = f"{counted(len(only), 'mission')} or accreditations of {they}"
        yield _weaker(what, only, "mission", tables)


def given(ended: str | None, phases: str | None, closed: str | None) -> list[str]:
    """Return the options among --ended, --phases and --closed that are given a file."""
    files = {"--ended": ended, "--phases": phases, "--closed": closed}
    return [name for name, file in files.items() if file is not None]


def _weaker(what: str, rows: Sequence[Row], column: str, advice: str) -> str:
    return (
        f"{what}, certain on the day of the old version, {_are(rows)} only possible "
        f"on that day according to the new version alone ({_named(rows, column)}); {advice}"
    )


def _are(rows: Sequence[object]) -> str:
    return "is" if len(rows) == 1 else "are"


def _named(rows: Sequence[Row], column: str) -> str:
    return listed([_name(row[column]) for row in rows])


def _name(text: str) -> str:
    return text.partition(" <")[0]
