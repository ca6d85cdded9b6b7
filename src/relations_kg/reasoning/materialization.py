"""The build of the file that caches the bundled graph with inferred triples materialised."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from os.path import dirname
from tempfile import NamedTemporaryFile

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, serialize

from relations_kg._files import content, folder, is_checkout, paths
from relations_kg.rdf.namespaces import PREFIXES, STATED
from relations_kg.reader import reading
from relations_kg.reader.bundled import fact_files, load_facts, ontology_store
from relations_kg.reasoning import bundled_graph
from relations_kg.reasoning.bundled_store import SECOND, is_second
from relations_kg.reasoning.inference import Inference
from relations_kg.sparql.cursor import Mistake, Unknown
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Scope

# The punctuation of property paths, which means the same in regular expressions.
_IN_PATHS = "()|/^*+?"


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
    second = Dataset(filter(is_second, dataset))
    first = Dataset(quad for quad in dataset if quad not in second)
    queries = (content(path).decode("utf-8-sig") for path in paths(folder("queries"), ".rq"))
    return bundled_graph.joined(
        sources, filter(needs_first_part_only, queries), _lines(first), _lines(second)
    )


def needs_first_part_only(query: str) -> bool:
    """Return whether no triple of the second part can change the answers of a query.

    All of its properties must be named, and none may be in the second part. A path that may have
    length zero must begin or end with a variable that another pattern of its group binds, unless
    one of its ends is a term.

    >>> needs_first_part_only("ASK { ?s a ?kind }"), needs_first_part_only("ASK { ?s ?p ?o }")
    (True, False)
    """
    try:
        parsed = parse(query)
    except (Mistake, Unknown):
        return False
    texts = [token[0] for token in parsed.tokens]
    prefixes = {**PREFIXES, **{texts[i][:-1]: texts[j][1:-1] for i, j in parsed.prefixes}}
    bound: set[tuple[Scope, str]] = set()
    loose: list[list[tuple[Scope, str]]] = []
    for triple in parsed.triples:
        path = ""
        for token in parsed.tokens[slice(*triple.predicate)]:
            prefix, _, local = token[0].partition(":")
            if token.lastgroup == "name":
                if "\\" in local or NamedNode(prefixes[prefix] + local) in SECOND:
                    return False
            elif token.lastgroup in ("variable", "iri") or token[0] == "!":
                return False
            path += token[0] if token[0] in _IN_PATHS else ":"
        ends = [(triple.scope, texts[end]) for end in (triple.subject, triple.object)]
        if not re.fullmatch(path.replace("/", "").replace("^", ""), ""):
            bound.update(ends)
        elif all(name[0] in "?$" for _, name in ends):
            loose.append(ends)
    return all(not bound.isdisjoint(ends) for ends in loose)


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
