"""The page that compares two parties: certain facts about each, and their relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from relations_kg.answers.parameters import Parameter
from relations_kg.answers.passages import Passage
from relations_kg.pictures.timeline import timeline
from relations_kg.rdf.terms import value
from relations_kg.web import leads, sentences, suggestions
from relations_kg.web.leads import Row, lead
from relations_kg.web.problems import Problem
from relations_kg.web.rendering import Renderer
from relations_kg.web.sentences import Sentence

_PARTY = Parameter("party", "polity")
_MOST_EXAMPLES = 4


@dataclass(frozen=True)
class Side:
    """One of two parties, with its first sentences and its box of key facts."""

    iri: str
    label: str
    lead: Sequence[Sentence]
    glance: Sequence[Row]


def compare(renderer: Renderer, names: Mapping[str, str], problem: Problem | None = None) -> str:
    """Return the page that compares two named parties, or only its form."""
    given = {name: names.get(name, "").strip() for name in ("one", "other")}
    graph, writer = renderer.graph, renderer.writer
    sides: list[Side] = []
    passages: list[Passage] = []
    if all(given.values()) and not problem:
        for name, text in given.items():
            parameter = _PARTY._replace(name=name)
            iri = value(parameter.term(text, graph.names))
            label = graph.names.label(iri)
            sides.append(Side(iri, label, lead(writer, iri), leads.glance(writer, iri)))
            passages += [*sentences.cited(sides[-1].lead), *leads.cited(sides[-1].glance)]
    between = timeline(graph, *(side.iri for side in sides)) if sides else None
    labels = " and ".join(side.label for side in sides)
    return renderer.page(
        "compare.html",
        f"{labels} side by side" if sides else "Two states side by side",
        given={**given, **{name: side.label for name, side in zip(given, sides, strict=False)}},
        sides=sides,
        timeline=between,
        passages=list(dict.fromkeys(passages)),
        examples=[] if sides else list(_examples(renderer)),
        parameter=_PARTY,
        suggestions=suggestions.listed(renderer, [_PARTY]),
        problem=problem,
    )


def _examples(renderer: Renderer) -> Iterator[tuple[str, str]]:
    """Yield the two parties of each of the largest relationships."""
    for entry in renderer.index.relationships[:_MOST_EXAMPLES]:
        found = (renderer.writer.things(entry.iri, name) for name in ("firstParty", "secondParty"))
        parties = [value(side[0]) for side in found if side]
        if len(parties) == 2:
            yield parties[0], parties[1]
