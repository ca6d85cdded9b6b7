"""The ontology and the facts that come with the package, loaded into a store."""

from __future__ import annotations

from codecs import BOM_UTF8
from os.path import basename, join

from pyoxigraph import NamedNode, RdfFormat, Store

from relations_kg._files import content, folder, paths
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, STATED

IDENTIFIERS_FILE = "identifiers.ttl"


def ontology_files() -> list[str]:
    """Return the paths of the ontology and its code lists."""
    return [join(folder("ontology"), name) for name in ("relations.ttl", "codelists.ttl")]


def fact_files() -> list[str]:
    """Return the paths of the bundled facts, sorted."""
    return paths(folder("data"), ".ttl")


def ontology_store() -> Store:
    """Return a store with the ontology and the code lists, but without facts."""
    store = Store()
    for path in ontology_files():
        store.load(content(path), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    return store


def load_facts(store: Store, path: str, text: bytes) -> None:
    """Load the content of a bundled file of facts, without the checks that other files need."""
    graph = IDENTIFIERS if basename(path) == IDENTIFIERS_FILE else STATED
    store.load(text.removeprefix(BOM_UTF8), RdfFormat.TURTLE, to_graph=NamedNode(graph))
