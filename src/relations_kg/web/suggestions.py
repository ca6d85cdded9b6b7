"""The values that fields of forms suggest.

In a small graph, these are all values. In a large one, they are the names with words that begin
with the typed words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from relations_kg.answers import search
from relations_kg.answers.parameters import Parameter
from relations_kg.rdf.namespaces import OWL, shorten
from relations_kg.rdf.terms import printable
from relations_kg.rdf.words import key
from relations_kg.web.rendering import Renderer

_MOST_COMPLETED = 8
# Properties that are not suggested, since every fact has them or they are about sources.
_OF_RECORDS = {"statedIn", "leavesOpen", "description"}


def listed(
    renderer: Renderer, parameters: Iterable[Parameter], form: str = ""
) -> dict[str, list[tuple[str, str]]]:
    """Return the values that fields suggest, each with a label, by the types of parameters.

    `form` is the text of the form with these parameters.
    """
    graph, found = renderer.graph, {}
    names, is_large = graph.names, renderer.index.is_large
    for parameter in parameters:
        kinds = parameter.kinds(names)
        if options := parameter.options(names):
            found[parameter.type] = [(option, "") for option in options]
        elif is_large:
            continue
        elif parameter.type == "passage":
            found[parameter.type] = [(each.curie, each.cited_gist) for each in graph.passages()]
        elif any(kind.iri.startswith(OWL) for kind in kinds):
            # A source can leave open only properties that the form would state.
            properties = sorted(set(re.findall(r"\brkg:([a-z]\w+)", form)))
            found[parameter.type] = [(each, "") for each in properties if each not in _OF_RECORDS]
        elif parameter.is_thing:
            known = {thing.value for kind in kinds for thing in names.instances(kind.iri)}
            found[parameter.type] = list(things(renderer, known if kinds else None))
    return found


def things(renderer: Renderer, known: Collection[str] | None = None) -> Iterable[tuple[str, str]]:
    """Return the names of things that fields suggest: of all things, or of `known` IRIs.

    In a large graph, none are returned.
    """
    if renderer.index.is_large:
        return []
    every = renderer.index.things
    labels = Counter(entry.label for entry in every)
    # Things with the same label are suggested by their CURIEs, since the label is ambiguous.
    return [
        (shorten(entry.iri), entry.label) if labels[entry.label] > 1 else (entry.label, "")
        for entry in every
        if known is None or entry.iri in known
    ]


def completed(renderer: Renderer, text: str, type: str = "") -> list[dict[str, str]]:
    """Return the things whose names have words that begin with those of a text, with their kinds.

    If a parameter's type is given, things are of this type, and ambiguous labels become CURIEs.
    """
    graph = renderer.graph
    kinds = [kind.iri for kind in Parameter("kind", type).kinds(graph.names)] if type else []
    found = graph.search_index.complete(text, kinds, _MOST_COMPLETED)
    completions = []
    for iri, row in zip(
        found, search.rows(graph.quad_store, graph.names, found, text), strict=True
    ):
        label = graph.names.label(iri)
        is_ambiguous = type and len(graph.names.index.named(label)) > 1
        kind = graph.names.label(str(row.kind)) if row.kind else ""
        # A browser only shows suggestions that contain the typed text.
        other = printable(str(row.text or ""))
        other = other if key(text) in key(other) and key(text) not in key(label) else ""
        notes = filter(None, (label if is_ambiguous else "", other, kind))
        value = shorten(iri) if is_ambiguous else label
        completions.append({"value": value, "label": " · ".join(notes)})
    return completions
