"""The names of missions that moved: by the latest seat, with the former name as another name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import RDFS, RKG, SKOS
from relations_kg.rdf.terms import Statement, Term, value

_LABEL, _ALSO_CALLED = NamedNode(RDFS + "label"), NamedNode(SKOS + "altLabel")
_PHASE_OF, _PHASE_SEAT = NamedNode(RKG + "phaseOfMission"), NamedNode(RKG + "phaseSeat")
_SEAT, _WHEN = NamedNode(RKG + "seat"), NamedNode(RKG + "when")
_ENDED_BY, _OPENED_BY = NamedNode(RKG + "endedBy"), NamedNode(RKG + "openedBy")


def named_by_latest_seat(facts: Iterable[Statement], names: Names) -> list[Statement]:
    """Return facts in which a mission that they describe is named by the seat to which it moved.

    The names of its offices, its closure and its phases change with it; the opening keeps the
    former name. A mission whose name does not end with its first seat, or is that of another one,
    too, keeps its name.
    """
    every = list(facts)
    found: dict[Term, dict[Term, Term]] = {
        name: {subject: each for subject, predicate, each in every if predicate == name}
        for name in (_LABEL, _PHASE_OF, _PHASE_SEAT, _SEAT, _WHEN, _ENDED_BY, _OPENED_BY)
    }
    labels = found[_LABEL]
    latest: dict[Term, tuple[str, Term]] = {}
    for phase, mission in found[_PHASE_OF].items():
        start, slash, end = value(found[_WHEN].get(phase, _LABEL)).partition("/")
        goes_on = slash and not end.strip(".") and phase not in found[_ENDED_BY]
        if goes_on and phase in found[_PHASE_SEAT]:
            latest[mission] = max(latest.get(mission, ("", phase)), (start, phase), key=str)
    if not latest:
        return every
    same = Counter(value(labels[mission]) for mission in found[_SEAT] if mission in labels)
    renamed: dict[str, str] = {}
    for mission, (_, phase) in latest.items():
        if mission not in found[_SEAT] or mission not in labels:
            continue
        seats = (found[_SEAT][mission], found[_PHASE_SEAT][phase])
        former, new = (
            value(labels[seat]) if seat in labels else names.label(value(seat)) for seat in seats
        )
        label = value(labels[mission])
        is_single = same[label] == 1
        if is_single and former != new and label.endswith(f" in {former}"):
            renamed[label] = f"{label.removesuffix(former)}{new}"
    longest_first = sorted(renamed, key=len, reverse=True)
    names_in = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    if not renamed:
        return every
    openings = set(found[_OPENED_BY].values())
    result: list[Statement] = []
    for subject, predicate, object_ in every:
        text = value(object_)
        if predicate != _LABEL or not isinstance(object_, Literal) or subject in openings:
            result.append((subject, predicate, object_))
            continue
        text = names_in.sub(lambda match: renamed[match[0]], text)
        if text != value(object_) and subject in latest:
            result.append((subject, _ALSO_CALLED, object_))
        result.append((subject, predicate, Literal(text, language=object_.language)))
    return result
