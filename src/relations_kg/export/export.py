"""Reproducible exports in the formats of linked data and as tables: equal facts give equal bytes.

Each format is written by the function `write` of a module of this package. The module has the name
of the format, unless the table of formats gives another `writer`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from os import PathLike, fspath
from os.path import isdir, join

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple
from pyoxigraph import serialize as write_rdf

from relations_kg.errors import InputError, missing
from relations_kg.export import files, spreadsheets, workbooks
from relations_kg.export.citations import citation
from relations_kg.export.entries import Facts, days
from relations_kg.export.kinds import kinds
from relations_kg.export.neighbourhood import neighbourhood
from relations_kg.rdf.formats import LINKED_DATA, Content, choose, find
from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, VOCABULARY, shorten

# The kinds of content of an export.
CONTENTS: tuple[Content, ...] = (*LINKED_DATA, "tables")


def export(
    store: Store,
    label: Callable[[str], str],
    path: str | PathLike[str] | None = None,
    format: str | None = None,
    *,
    inferred: bool = False,
    of: NamedNode | None = None,
) -> bytes:
    """Return the facts of a store in a format, and write them to a path, if given.

    The default format follows from the suffix of the path. CSV tables need a path, of a folder
    without other files; the returned bytes are all tables, in the order of their names.
    """
    chosen = choose(format, path, *CONTENTS)
    if "tables" in chosen.contents:
        found = _sheets(store, label, inferred, of)
        return write_tables(found, path, chosen.name)
    content = serialize(store, chosen.name, inferred=inferred, of=of)
    if path is not None:
        files.write(path, content)
    return content


def write_tables(
    sheets: Mapping[str, Sequence[Sequence[str]]],
    path: str | PathLike[str] | None,
    format: str,
    check: Callable[[str, bytes], None] = lambda path, content: None,
) -> bytes:
    """Write sheets to a path, as a workbook or as CSV, and return the written bytes.

    For a workbook, the path may be None. For CSV, it is a folder without other files; the returned
    bytes are all tables, in the order of their names. `check` is called with the path and content
    of each file before any file is written. Raises InputError for CSV without a path, and for a
    path that cannot be such a folder.
    """
    if format == "xlsx":
        content = _workbook(sheets)
        if path is not None:
            check(fspath(path), content)
            files.write(path, content)
        return content
    if path is None:
        raise InputError("csv writes a file for each table", help="name a folder for them")
    found: dict[str, bytes] = spreadsheets.tables(sheets)
    _check_folder(fspath(path), found)
    for name, content in found.items():
        check(join(path, name), content)
    files.write_folder(path, found.items())
    return b"".join(found[name] for name in sorted(found))


def _check_folder(path: str, tables: Collection[str]) -> None:
    """Raise InputError unless a path is, or can become, a folder with only these tables."""
    if not isdir(path):
        if path.lower().endswith(".csv"):
            help = "name a folder for them, or a workbook such as tables.xlsx"
            raise InputError("csv writes a file for each table", where=path, help=help)
        return
    if others := sorted(set(os.listdir(path)).difference(tables)):
        raise InputError(
            f"the folder has a file that is not one of these tables: {others[0]}",
            where=path,
            help="name a new folder",
        )


def serialize(
    store: Store, format: str, *, inferred: bool = False, of: NamedNode | None = None
) -> bytes:
    """Return the stated facts of a store; with `inferred`, also dates and inferred triples.

    With `of`, only a thing and its neighbourhood are exported, in JSON-LD as one object. Facts have
    a fixed order (things by kind, date and IRI; kinds and labels first), so equal facts give equal
    bytes. Raises InputError for a format that cannot contain the facts.
    """
    facts = Facts(_parts(store, inferred, of), store, root=str(of) if of else None)
    return _written(facts, format, *LINKED_DATA)


def own_facts(store: Store, thing: NamedNode) -> bytes:
    """Return the stated facts whose subject is a thing, as JSON-LD."""
    content = "".join(
        f"{quad.triple} .\n"
        for name in published_graphs(store, inferred=False)
        for quad in store.quads_for_pattern(thing, None, None, name)
    ).encode()
    return _written(Facts({"": content}, root=str(thing)), "jsonld", *LINKED_DATA)


def serialize_triples(
    triples: Iterable[Triple], format: str, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """Return triples in a format, in a fixed order; `prefixes` replace those of the project."""
    content = write_rdf(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""
    return _written(Facts({"": content}, prefixes=prefixes), format, "answers")


def tables(
    store: Store,
    label: Callable[[str], str],
    *,
    inferred: bool = False,
    of: NamedNode | None = None,
) -> dict[str, bytes]:
    """Return a CSV table for each kind of thing, by file name."""
    return spreadsheets.tables(_sheets(store, label, inferred, of))


def _workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    try:
        return workbooks.workbook(sheets)
    except ModuleNotFoundError as error:
        raise missing(error, "tables", "xlsx") from None


def _sheets(
    store: Store, label: Callable[[str], str], inferred: bool, of: NamedNode | None
) -> dict[str, list[list[str]]]:
    quads = _quads(store, inferred, of)
    cite = partial(citation, store)
    return spreadsheets.sheets(quads, kinds(store), days(store), label, cite)


def _written(facts: Facts, name: str, *contents: Content) -> bytes:
    format = find(name, *contents)
    # Writers are imported at first use, since few results are written as linked data.
    writer = import_module(f"relations_kg.export.{format.writer or format.name}")
    content: bytes = writer.write(facts._replace(with_graphs="quads" in format.contents))
    return content


def _parts(store: Store, inferred: bool, of: NamedNode | None) -> dict[str, bytes]:
    """Return N-Triples by graph name."""
    if of is None:
        return {
            str(graph): store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
            for graph in published_graphs(store, inferred)
        }
    parts: dict[str, list[str]] = {}
    for quad in _quads(store, inferred, of):
        parts.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .\n")
    return {name: "".join(facts).encode() for name, facts in parts.items()}


def _quads(store: Store, inferred: bool, of: NamedNode | None) -> Iterable[Quad]:
    graphs = published_graphs(store, inferred)
    if of is None:
        return (q for name in graphs for q in store.quads_for_pattern(None, None, None, name))
    found = neighbourhood(store, of, graphs)
    if not found:
        help = None if inferred else "export inferred facts, too, with inferred=True or --all"
        raise InputError(f"no exported fact mentions {shorten(of.value)}", help=help)
    return found


def published_graphs(store: Store, inferred: bool) -> list[NamedNode]:
    """Return the named graphs to export; with `inferred`, also those with dates and inferences."""
    left_out = (ONTOLOGY, VOCABULARY, *(() if inferred else (DATES, INFERRED)))
    return [
        name
        for name in store.named_graphs()
        if isinstance(name, NamedNode) and name.value not in left_out
    ]
