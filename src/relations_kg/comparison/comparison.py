"""The comparison of two graphs: the things and the answers that differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from os import PathLike, fspath

from pyoxigraph import BlankNode, Literal, NamedNode

from relations_kg.answers.calls import explained
from relations_kg.answers.queries import StoredQuery
from relations_kg.answers.rows import Rows
from relations_kg.answers.search import class_of
from relations_kg.answers.tables import shown_cells
from relations_kg.comparison import closed
from relations_kg.comparison.days import bounds_of
from relations_kg.comparison.differences import (
    PHASE_OF,
    Cells,
    Change,
    ChangedAnswer,
    Comparison,
    Entity,
    Value,
    paired,
)
from relations_kg.comparison.heads import begun, continuing, ended, heads, rows
from relations_kg.comparison.listing import listing
from relations_kg.comparison.normalized import NormalizedGraph
from relations_kg.comparison.phases import described, missions_by_phase
from relations_kg.comparison.phases import rows as phase_rows
from relations_kg.comparison.renumbering import renumbered
from relations_kg.comparison.versions import gone as gone_missions
from relations_kg.comparison.versions import warnings
from relations_kg.errors import UnknownName
from relations_kg.graph import files
from relations_kg.graph.graph import Graph
from relations_kg.rdf.namespaces import RDFS, RKG, shorten
from relations_kg.rdf.spelling import asked_back, nearest
from relations_kg.rdf.terms import TYPE, Statement, Term, printable, value
from relations_kg.reader.files import Document, name_of

# These properties come first in a report, in this order.
_FIRST = {TYPE.value: "kind", RDFS + "label": "label"}

_PROVENANCE = "provenance"
_SOURCES = frozenset((RKG + "Passage", RKG + "SourceDocument"))
_STATED_IN = NamedNode(RKG + "statedIn")


@explained
def compare(
    before: Graph | str | PathLike[str],
    after: Graph | str | PathLike[str],
    *,
    answers: bool = False,
    without: str | Iterable[str] = (),
    vocabulary: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
) -> Comparison:
    """Return the differences between two files or graphs, thing by thing.

    Stated facts are compared; a fact that can be inferred on both sides is no difference. A phase
    that a mission gains or loses is a change of the mission, so that a move is one change. With
    `answers` the answers of the stored queries are also compared. `without` leaves out facts:
    "provenance" for those about passages and documents, the name of a class for those about its
    instances. Files use the terms of a `vocabulary`, as in `load`. Raises InputError for a file
    that cannot be read, and UnknownName for an unknown name in `without`.

    >>> import relations_kg as rk
    >>> graph = rk.load("tests/facts/good/visit.ttl")
    >>> [thing.label for thing in rk.compare(rk.load(), graph).added if thing.kind == "state visit"]
    ['State visit of Ada Ruiz to Belmora']
    """
    # Both graphs need the vocabulary, but standard input can only be read once.
    own = Document.each_of(vocabulary)
    old, new = NormalizedGraph(_graph(before, own)), NormalizedGraph(_graph(after, own))
    left_out = (without,) if isinstance(without, str) else tuple(without)
    is_left_out = _leaves_out(left_out, old, new)
    gone, come = (
        _by_subject(fact for fact in one.beyond(other) if not is_left_out(fact))
        for one, other in ((old, new), (new, old))
    )
    answered = {*gone, *come}
    phases: dict[Term, tuple[list[Value], list[Value]]] = defaultdict(lambda: ([], []))
    for side, (facts, one, other) in enumerate(((gone, old, new), (come, new, old))):
        for phase, mission in missions_by_phase(facts, one, other).items():
            phases[mission][side].append(_phase(phase, facts.pop(phase), one, other))
    things = {*gone, *come, *phases}
    added, removed = things - old.subjects, things - new.subjects

    def entities(chosen: set[Term], own: NormalizedGraph) -> tuple[Entity, ...]:
        other = new if own is old else old
        found = (
            Entity(
                str(thing) if isinstance(thing, BlankNode) else value(thing),
                _label(thing, own, other),
                ", ".join(_label(NamedNode(kind), own, other) for kind in own.kinds(thing)),
                (
                    *_changes(gone[thing], come[thing], old, new),
                    *paired(PHASE_OF, "phase", *phases.get(thing, ([], []))),
                ),
            )
            for thing in chosen
        )
        return tuple(sorted(found, key=lambda entity: (entity.kind, entity.label, entity.iri)))

    def label(term: Term) -> str:
        return _label(term, new, old)

    sections = {
        "added": entities(added, new),
        "removed": entities(removed, old),
        "changed": entities(things - added - removed, new),
    }
    before_heads, after_heads = heads(old), heads(new)
    others = tuple(renumbered(old, new, label))
    lost = gone_missions(old, new)
    past = [] if others else ended(old, new, before_heads, after_heads)
    past += [] if others else continuing(old, new, before_heads, after_heads)
    come_heads = () if others else tuple(begun(old, new, before_heads, after_heads, label))
    return Comparison(
        _name(before),
        _name(after),
        **sections,
        answers=changed(old, new, answered) if answers else None,
        without=left_out,
        warnings=others or tuple(warnings(old, new, label)),
        listing=listing(sections, (old, before_heads), (new, after_heads), label),
        ended=(*rows(past, old, new, after_heads, label), *come_heads),
        phases=() if others else tuple(phase_rows(old, new, label)),
        closed=() if others else tuple(closed.rows(lost, old, new, before_heads, label)),
        between=bounds_of(old),
    )


def _leaves_out(
    without: Sequence[str], old: NormalizedGraph, new: NormalizedGraph
) -> Callable[[Statement], bool]:
    """Return a function that decides which facts are left out.

    Facts of "provenance" are about passages and documents, or link a thing to them. Any other word
    is the name of a class, whose instances are left out. Raises UnknownName if there is no such
    class.
    """
    classes = {_class(new, each) for each in without if each != _PROVENANCE}

    def is_left_out(fact: Statement) -> bool:
        subject, predicate, object_ = fact
        return (bool(classes) and _is_any(subject, classes)) or (
            _PROVENANCE in without
            and (predicate == _STATED_IN or any(_is_any(e, _SOURCES) for e in (subject, object_)))
        )

    def _is_any(thing: Term, kinds: frozenset[str] | set[str]) -> bool:
        return any(not kinds.isdisjoint(graph.classes(thing)) for graph in (old, new))

    return is_left_out


def _class(graph: NormalizedGraph, word: str) -> str:
    if near := nearest(word, [_PROVENANCE]):
        problem = f"{word!r} is neither provenance nor the name of a class"
        raise UnknownName(problem, where="without", help=asked_back(near))
    return class_of(graph.graph.names, word, where="without") or ""


def _graph(source: Graph | str | PathLike[str], vocabulary: list[Document]) -> Graph:
    if isinstance(source, Graph):
        return source
    # The comparison seldom needs inferred triples, which take most of the time of loading.
    return files.load((), [source], vocabulary=vocabulary, blank_nodes=True, materialize=False)


def _name(source: Graph | str | PathLike[str]) -> str:
    return "the graph" if isinstance(source, Graph) else name_of(fspath(source))


def _by_subject(facts: Iterable[Statement]) -> dict[Term, list[Statement]]:
    subjects: dict[Term, list[Statement]] = defaultdict(list)
    for fact in facts:
        subjects[fact[0]].append(fact)
    return subjects


def _changes(
    gone: list[Statement], come: list[Statement], old: NormalizedGraph, new: NormalizedGraph
) -> Iterable[Change]:
    """Return the changes of a thing.

    If a property loses one value and gains one in the same language, this is one change.
    """
    pairs: dict[tuple[str, str], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, facts in enumerate((gone, come)):
        for _, predicate, object_ in sorted(facts, key=str):
            language = (object_.language or "") if isinstance(object_, Literal) else ""
            pairs[value(predicate), language][side].append(object_)
    found: list[Change] = []
    for (iri, _), (lost, got) in pairs.items():
        label = _FIRST.get(iri) or _label(NamedNode(iri), new, old)
        before, after = (
            [_value(term, old, new) for term in lost],
            [_value(t, new, old) for t in got],
        )
        found += paired(iri, label, before, after)
    return sorted(found, key=_order)


def _phase(
    phase: Term, facts: list[Statement], own: NormalizedGraph, other: NormalizedGraph
) -> Value:
    """Return a phase with a text of its values, such as its seat and its date."""
    found = _changes([], described(facts), other, own)
    texts = [f"{change.label} {change.after}" for change in found]
    return Value(phase, ", ".join(texts) or _label(phase, own, other))


def _order(change: Change) -> tuple[object, ...]:
    place = [*_FIRST, change.property].index(change.property)
    shown = change.before or change.after
    assert shown is not None
    return place, change.label, change.property, change.before is None, shown.text, str(shown.term)


def _value(term: Term, own: NormalizedGraph, other: NormalizedGraph) -> Value:
    if not isinstance(term, Literal):
        return Value(term, _label(term, own, other))
    text = printable(term.value)
    return Value(term, f'"{text}"@{term.language}' if term.language else text)


def _label(term: Term, own: NormalizedGraph, other: NormalizedGraph) -> str:
    if isinstance(term, BlankNode):
        return str(term)
    for side in (own, other):
        label = side.graph.names.label(value(term))
        if label != shorten(value(term)):
            return label
    return printable(shorten(value(term)))


def changed(
    before: NormalizedGraph, after: NormalizedGraph, things: set[Term]
) -> tuple[ChangedAnswer, ...]:
    """Return the differing answers of the stored queries that require no parameter except a day.

    Those that require a day are run for each day on which `things`, or things whose dates have
    changed, begin or end in either graph.
    """
    both = before.bounds | after.bounds
    moved = before.bounds ^ after.bounds
    days = sorted({value(fact[2]) for fact in both if fact[0] in things or fact in moved})
    return tuple(
        answer
        for query in after.graph.queries.values()
        if all(p.type == "date" for p in query.parameters if p.required)
        for answer in _answers(query, before, after, days)
    )


def _answers(
    query: StoredQuery, before: NormalizedGraph, after: NormalizedGraph, days: Iterable[str]
) -> Iterable[ChangedAnswer]:
    needed = [p.name for p in query.parameters if p.required]
    defaults = {p.name: p.default for p in query.parameters if p.default is not None}
    asked: dict[tuple[Cells, Cells], list[str]] = {}
    columns: list[str] = []
    for day in days if needed else [""]:
        parameters = dict.fromkeys(needed, day)
        old = before.graph.run(query.name, **parameters)
        new = after.graph.run(query.name, **parameters)
        columns = new.columns
        difference = _beyond(new, after, old, before), _beyond(old, before, new, after)
        if any(difference):
            asked.setdefault(difference, []).append(day)
    for (added, removed), when in asked.items():
        yield ChangedAnswer(
            query.name,
            query.summary,
            tuple(filter(None, when)),
            defaults,
            tuple(columns),
            added,
            removed,
        )


def _beyond(rows: Rows, own: NormalizedGraph, others: Rows, other: NormalizedGraph) -> Cells:
    left = Counter(_terms(others, other))
    lines = []
    for terms, cells in zip(_terms(rows, own), shown_cells(rows), strict=True):
        left[terms] -= 1
        if left[terms] < 0:
            lines.append(tuple(cells))
    return tuple(lines)


def _terms(rows: Rows, graph: NormalizedGraph) -> list[tuple[object, ...]]:
    return [tuple(term and graph.named(term) for term in row) for row in rows.terms]  # type: ignore[arg-type]
