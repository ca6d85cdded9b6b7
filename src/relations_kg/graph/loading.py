"""Loading of graphs: the bundled graph, files of facts, or a folder on disk."""

from __future__ import annotations

from os import PathLike

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers.calls import explained
from relations_kg.errors import InputError
from relations_kg.graph import files, graph
from relations_kg.reader.bundled import fact_files
from relations_kg.reasoning import bundled_graph, materialization, owlrl_closure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    from relations_kg.graph.graph import Graph
    from relations_kg.reader.files import Source


@explained
def load(
    *facts: Source,
    only: Source | Iterable[Source] | None = None,
    store: Source | None = None,
    vocabulary: Source | Iterable[Source] = (),
    reasoner: Literal["own", "owlrl"] = "own",
    allow_changes: bool = False,
) -> Graph:
    """Load the bundled graph with further files of facts, or the files `only` instead of it.

    Files are Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by their suffix, or packed
    (`.gz`); "-" is standard input. Their named graphs are merged into one graph of stated facts.
    Raises InputError for a file that cannot be read, for facts that entail more than a million
    triples plus ten for each fact and, unless `allow_changes` is true, for a file that changes a
    bundled code or label. With `store` the graph is kept in that folder, and opened from there the
    next time; files that it does not contain yet are added to it. Files of a `vocabulary` add
    classes, properties, codes and shapes, which a store keeps. The `reasoner` "owlrl" infers the
    same facts as our own, about a hundred times more slowly, so that you can verify them.

    >>> load().run("mission-history", sender="peru", seat="guangzhou")[0].mission.label
    'Consulate-General of Peru in Guangzhou'
    """
    if reasoner not in ("own", "owlrl"):
        raise InputError(f"unknown reasoner {reasoner!r}", help='use "own" or "owlrl"')
    own = [vocabulary] if isinstance(vocabulary, str | PathLike) else [*vocabulary]
    if facts or only is not None or store is not None or own:
        alone = [only] if isinstance(only, str | PathLike) else only
        how: dict[str, Any] = {"vocabulary": own, "allow_changes": allow_changes}
        if store is not None:
            return files.open_folder(store, facts, alone, **how)
        loaded = files.load(facts, alone, **how)
    else:
        loaded = _bundled()
    if reasoner == "owlrl":
        loaded.inference.replace(owlrl_closure.closure(loaded.quad_store))
    return loaded


def _bundled() -> Graph:
    """Load the bundled graph with the inferred triples that were materialised before."""
    bundled_graph.begin()
    made = graph.Graph
    store = bundled_graph.store(lambda: materialization.make_again())
    # A BundledStore has all methods of a Store.
    return made(store, fact_files(), materialized=True, private=True)  # type: ignore[arg-type]
