"""Changes of a graph: files of facts added and removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import fspath

from pyoxigraph import NamedNode

from relations_kg.answers.knowledge import Knowledge
from relations_kg.rdf.namespaces import IDENTIFIERS
from relations_kg.rdf.terms import statements
from relations_kg.reader.files import Document, Source, path_of
from relations_kg.reader.refusals import refuser
from relations_kg.reader.sources import Sources
from relations_kg.reasoning import value_places
from relations_kg.reasoning.changes import Difference

_IDENTIFIERS = NamedNode(IDENTIFIERS)


def change(
    graph: Knowledge,
    sources: Sources,
    files: Iterable[Source],
    gone: Sequence[Source],
    new: Sequence[Source],
    *,
    allow_changes: bool,
) -> tuple[Difference, list[Source]]:
    """Remove files from a graph and add other files, in one step.

    Returns the changed triples and the files that are now loaded. Raises InputError, and changes
    nothing, for a new file that cannot be loaded and for a file to remove that is not loaded.
    """
    store = graph.quad_store
    refuse = refuser(store, allow_changes=allow_changes)
    step = sources.step([*map(Document.of, gone)], [*map(Document.of, new)], store, refuse)
    facts, past = (
        list(statements(quad for quad in quads if quad.graph_name != _IDENTIFIERS))
        for quads in (step.new, step.gone)
    )
    with value_places.located(new):
        change = graph.inference.change(facts, past)
    added, removed = (
        [quad for quad in quads if quad.graph_name == _IDENTIFIERS]
        for quads in (step.new, step.gone)
    )
    store.extend(added)
    for quad in removed:
        store.remove(quad)
    sources.take(step)
    loaded = {origin.name for origin in step.origins}
    paths = dict.fromkeys(fspath(file) for file in (*files, *new))
    difference = Difference(
        change.added.union(statements(added)), change.removed.union(statements(removed))
    )
    return difference, [path for path in paths if path_of(path) in loaded]
