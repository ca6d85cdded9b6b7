"""Exports: the same facts as the same bytes, in the formats of linked data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple
from pyoxigraph import serialize as write_rdf

from relations_kg.errors import InputError
from relations_kg.namespaces import DATES, INFERRED, ONTOLOGY, PREFIXES, RDF, RDFS, RKG
from relations_kg.terms import EngineTerm, value

if TYPE_CHECKING:
    from rdflib import Dataset

_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
FORMATS = ("turtle", "jsonld", "ntriples", "nquads", "trig")
_WITH_GRAPHS = ("nquads", "trig")
_FIRST = (RDF + "type", RDFS + "label")


def serialize(store: Store, format: str, *, inferred: bool = False) -> bytes:
    """Write the stated facts of a store, with `inferred` also dates and what follows.

    Quads come in a fixed order (things by kind, date and IRI; kinds and labels first), so equal
    facts give equal bytes. Raises InputError for a format that is not one of FORMATS.
    """
    left_out = (ONTOLOGY,) if inferred else (ONTOLOGY, DATES, INFERRED)
    quads = [quad for quad in store if value(quad.graph_name) not in left_out]
    if format in _WITH_GRAPHS:
        return _written(quads, format, store)
    triples = {Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads}
    return _written(triples, format, store)


def serialize_triples(triples: Iterable[Triple], format: str) -> bytes:
    """Write triples as turtle, jsonld or ntriples, in a fixed order."""
    if format not in (known := [name for name in FORMATS if name not in _WITH_GRAPHS]):
        raise _unknown(format, known)
    quads = [Quad(t.subject, t.predicate, t.object) for t in triples]
    return _written(quads, format, None)


def write(path: str | PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all; raise InputError where it cannot be written."""
    target = Path(path)
    try:
        # A link or a device is written through; only a plain file can be replaced.
        if target.exists() and not (target.is_file() and not target.is_symlink()):
            target.write_bytes(content)
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".relations-kg-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}", where=fspath(path)
        ) from None


def to_rdflib(store: Store) -> Dataset:
    """Copy all of a store into an rdflib Dataset whose default graph is the union of the others.

    Literals keep their text as it is written, which rdflib's own parser would not.
    """
    import rdflib

    from relations_kg.conversion import to_rdflib as term_of

    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace)
    for quad in store:
        graph = dataset.graph(rdflib.URIRef(value(quad.graph_name)))
        graph.add((term_of(quad.subject), term_of(quad.predicate), term_of(quad.object)))
    return dataset


def _written(quads: Iterable[Quad], format: str, store: Store | None) -> bytes:
    if format == "jsonld":
        from relations_kg.jsonld import serialize as write_jsonld

        return write_jsonld(_ordered(quads, store))
    if format not in _FORMATS:
        raise _unknown(format, FORMATS)
    if format in ("ntriples", "nquads"):
        return b"".join(
            sorted((write_rdf(quads, format=_FORMATS[format]) or b"").splitlines(keepends=True))
        )
    content = write_rdf(_ordered(quads, store), format=_FORMATS[format], prefixes=PREFIXES) or b""
    lines = content.splitlines(keepends=True)
    # The engine prints its prefixes in a random order.
    end = next((i for i, line in enumerate(lines) if not line.startswith(b"@prefix")), len(lines))
    return b"".join([*sorted(lines[:end]), b"\n", *lines[end:]])


def _ordered(quads: Iterable[Quad], store: Store | None) -> list[Quad]:
    quads = list(quads)
    kinds = _least((q.subject, q.object) for q in quads if q.predicate.value == _FIRST[0])
    bound = NamedNode(RKG + "earliestStart")
    dated = store.quads_for_pattern(None, bound, None) if store else ()
    days = _least((q.subject, q.object) for q in dated)
    return sorted(
        quads,
        key=lambda q: (
            str(q.graph_name),
            kinds.get(q.subject, ""),
            days.get(q.subject, ""),
            str(q.subject),
            _FIRST.index(q.predicate.value) if q.predicate.value in _FIRST else len(_FIRST),
            q.predicate.value,
            str(q.object),
        ),
    )


def _least(pairs: Iterable[tuple[EngineTerm, EngineTerm]]) -> dict[EngineTerm, str]:
    least: dict[EngineTerm, str] = {}
    for subject, object_ in pairs:
        text = str(object_)
        least[subject] = min(least.get(subject, text), text)
    return least


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unknown(format: str, known: Iterable[str]) -> InputError:
    return InputError(f"unknown format {format!r}", help=f"use one of {', '.join(known)}")
