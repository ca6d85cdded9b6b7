"""The warning about a new version of a table whose rows have the keys of other rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import NamedNode

from relations_kg.authoring.things import is_keyed
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.spelling import listed
from relations_kg.rdf.terms import Term, value

_SENDER = NamedNode(RKG + "sendingParty")
_RECEIVER, _SEAT = NamedNode(RKG + "receivingParty"), NamedNode(RKG + "seat")
_PHASE_OF, _PHASE_SEAT = NamedNode(RKG + "phaseOfMission"), NamedNode(RKG + "phaseSeat")
_HOLDER, _OFFICE = NamedNode(RKG + "holder"), NamedNode(RKG + "office")
_STATED_IN, _ROW = NamedNode(RKG + "statedIn"), NamedNode(RKG + "row")
# For each kind of things that rows describe, two properties. If both have changed, the row is
# taken to be about another thing.
_IDENTIFYING = {
    "missions": (_RECEIVER, _SEAT),
    "phases": (_PHASE_OF, _PHASE_SEAT),
    "tenures": (_HOLDER, _OFFICE),
}
# With fewer things than this, all may differ although the table was not renumbered.
_LEAST = 3


def renumbered(
    old: NormalizedGraph, new: NormalizedGraph, label: Callable[[Term], str]
) -> Iterator[str]:
    """Yield a warning about each kind of things that have the IRIs of others in the old version.

    Either most things of the kind have other properties than before, or several missions have
    exchanged their IRIs. All other differences are then between the wrong things.
    """
    under_others = _under_other_keys(old, new)
    known = old.links(_RECEIVER).keys() & old.links(_SEAT).keys()
    exchanged = {now for now in under_others.values() if now in known}
    for things, (one, other) in _IDENTIFYING.items():
        both = old.links(one).keys() & new.links(one).keys()
        both &= old.links(other).keys() & new.links(other).keys()
        others = {
            thing
            for thing in both
            if all(
                set(old.links(each)[thing]).isdisjoint(new.links(each)[thing])
                for each in (one, other)
            )
        }
        is_most = len(both) >= _LEAST and 2 * len(others) > len(both)
        is_of_missions = things == "missions"
        if is_most or (is_of_missions and len(exchanged) >= _LEAST):
            others |= exchanged if is_of_missions else set()
            keys = under_others if is_of_missions else {}
            examples, advice, lines = _with_other_keys(keys, old, new, label)
            yield (
                f"{len(others)} of the {len(both)} {things} with the same key are about something "
                f"else than before{examples}: was the table renumbered? Use a key that stays with "
                "its row, such as an official number, or a column that you add and never renumber"
                f"{advice}; until then, a new version replaces facts about one thing by facts "
                f"about another{lines}"
            )


def _with_other_keys(
    under_others: Mapping[Term, Term],
    old: NormalizedGraph,
    new: NormalizedGraph,
    label: Callable[[Term], str],
) -> tuple[str, str, str]:
    """Return examples of missions with both keys, how to keep the old keys, and lines of settings.

    A mission whose key is to be that of another one needs another key, too. All are empty if no
    mission has a key in both versions.
    """
    keys = [(key_of(old, was), key_of(new, now), now) for was, now in under_others.items()]
    if not (keys := [each for each in keys if all(each)]):
        return "", "", ""
    examples = listed([f"{label(mission)}: {was} → {now}" for was, now, mission in keys])
    lines = [f"{_text(now)} = {_text(was)}" for was, now, _ in keys]
    left = (under_others.keys() & new.links(_SENDER).keys()) - {*under_others.values()}
    rest = sorted((key_of(new, each), label(each)) for each in left)
    lines += [f'# {_text(now)} = ""  # its own old key, or a new one: {name}' for now, name in rest]
    advice = ", or keep the old keys with these lines below [replacements.row] in the settings"
    return f" ({examples})", advice, "".join(f"\n  {line}" for line in lines)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _under_other_keys(old: NormalizedGraph, new: NormalizedGraph) -> dict[Term, Term]:
    """Return the missions whose description another mission has in the new version.

    The values are these other missions. A description is the kind, the parties and the seat, and
    only one mission of each version has it.
    """
    before, after = _by_description(old), _by_description(new)
    pairs = ((before[each], after[each]) for each in before if each in after)
    found = {was: now for was, now in pairs if was != now}
    # P9 is before P10.
    return dict(sorted(found.items(), key=lambda each: (len(str(each[0])), str(each[0]))))


def _by_description(graph: NormalizedGraph) -> dict[object, Term]:
    found = defaultdict[object, list[Term]](list)
    for mission in graph.links(_RECEIVER).keys() & graph.links(_SEAT).keys():
        links = (graph.links(each).get(mission, []) for each in (_SENDER, _RECEIVER, _SEAT))
        found[(*graph.kinds(mission), *map(frozenset, links))].append(mission)
    return {each: missions[0] for each, missions in found.items() if len(missions) == 1}


def key_of(graph: NormalizedGraph, thing: Term) -> str:
    """Return the key of the only row that states a thing, or "" if its IRI is not made from it."""
    passages = graph.links(_STATED_IN).get(thing, [])
    rows = [value(row) for each in passages for row in graph.links(_ROW).get(each, [])]
    return rows[0] if len(rows) == 1 and is_keyed(value(thing), graph.graph.names) else ""
