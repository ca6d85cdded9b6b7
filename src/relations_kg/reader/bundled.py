"""The files that come with the package, loaded into a store."""

from __future__ import annotations

from os.path import basename, join

from pyoxigraph import NamedNode, RdfFormat, Store

from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, STATED
from relations_kg.reader.files import Source, content_of


def ontology_store() -> Store:
    """Return a new store with the ontology and the code lists and no facts."""
    store = Store()
    for name in ("relations.ttl", "codelists.ttl"):
        path = join(folder("ontology"), name)
        store.load(content(path), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    return store


def load_bundled(source: Source, store: Store) -> None:
    """Load a file of the bundled facts, which need no checks."""
    graph = IDENTIFIERS if basename(source) == "identifiers.ttl" else STATED
    store.load(content_of(source), RdfFormat.TURTLE, to_graph=NamedNode(graph))
