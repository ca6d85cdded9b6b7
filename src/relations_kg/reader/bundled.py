"""The ontology that comes with the package, loaded into a store."""

from __future__ import annotations

from os.path import join

from pyoxigraph import NamedNode, RdfFormat, Store

from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import ONTOLOGY


def ontology_store() -> Store:
    """Make a store that holds the ontology and the code lists and no facts."""
    store = Store()
    for name in ("relations.ttl", "codelists.ttl"):
        path = join(folder("ontology"), name)
        store.load(content(path), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    return store
