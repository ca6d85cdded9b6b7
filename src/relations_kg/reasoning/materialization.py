"""The build of the file that caches the bundled graph with inferred triples materialised."""

from __future__ import annotations

import os
from contextlib import suppress
from os.path import dirname
from tempfile import NamedTemporaryFile

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from relations_kg._files import content, folder, is_checkout, paths
from relations_kg.rdf.namespaces import STATED
from relations_kg.reader import reading
from relations_kg.reader.bundled import fact_files, load_facts, ontology_store
from relations_kg.reasoning import bundled_graph
from relations_kg.reasoning.bundled_parts import needs_first_part_only, second_part
from relations_kg.reasoning.inference import Inference


def make() -> bytes:
    """Return the content of the cache file; equal sources give equal bytes.

    >>> make().startswith(b"# first part ")
    True
    """
    # The checksums are taken before the files are read, so that an edit in between invalidates
    # them.
    sources = bundled_graph.sources()
    store = ontology_store()
    for path in fact_files():
        try:
            load_facts(store, path, content(path))
        except (SyntaxError, ValueError):
            # Unlike load_facts, `reading.read` raises InputError with the place of the mistake.
            for _ in reading.read(path, NamedNode(STATED)):
                pass
            raise
    Inference(store)
    dataset = Dataset(store)
    # Blank nodes of the ontology get new labels each time it is read.
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    second = Dataset(second_part(dataset))
    first = Dataset(quad for quad in dataset if quad not in second)
    queries = (content(path).decode("utf-8-sig") for path in paths(folder("queries"), ".rq"))
    lines = _lines(first), _lines(second)
    parts = lines[0], _state(b"".join(lines)), lines[1]
    return bundled_graph.joined(sources, filter(needs_first_part_only, queries), *parts)


def _state(lines: bytes) -> bytes:
    """Return the state of the inference of a graph that has all inferred triples."""
    store = Store()
    store.extend(parse(lines, RdfFormat.N_QUADS))
    return Inference(store, known=True).state()


def _lines(dataset: Dataset) -> bytes:
    lines = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def write(text: bytes) -> None:
    """Write the file atomically; other processes may write it at the same time."""
    path = bundled_graph.path()
    os.makedirs(dirname(path), exist_ok=True)
    with NamedTemporaryFile(dir=dirname(path), delete=False) as draft:
        try:
            draft.write(text)
            draft.close()
            os.chmod(draft.name, 0o644)
            os.replace(draft.name, path)
        except BaseException:
            os.unlink(draft.name)
            raise


def make_again() -> bytes:
    """Return the content of the file; in a checkout, also write it for the next process."""
    text = make()
    if is_checkout():
        # A checkout may be read-only.
        with suppress(OSError):
            write(text)
    return text
