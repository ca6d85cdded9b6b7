"""Exports: the same facts as the same bytes, in the formats of linked data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple
from pyoxigraph import serialize as write_rdf

from relations_kg.errors import InputError
from relations_kg.export.entries import Entry, entries
from relations_kg.export.kinds import kinds
from relations_kg.rdf.namespaces import DATES, INFERRED, ONTOLOGY, PREFIXES, RKG, shorten

FORMATS = ("turtle", "jsonld", "ntriples", "nquads", "trig")
TABLES = "csv"
_WITH_GRAPHS = ("nquads", "trig")


def serialize(
    store: Store, format: str, *, inferred: bool = False, of: NamedNode | None = None
) -> bytes:
    """Write the stated facts of a store, with `inferred` also dates and what follows.

    With `of`, only one thing and its neighbourhood; JSON-LD is then one object, that thing. Facts
    come in a fixed order (things by kind, date and IRI; kinds and labels first), so equal facts
    give equal bytes. Raises InputError for a format that is not one of FORMATS.
    """
    if format not in FORMATS:
        raise _unknown(format, (*FORMATS, TABLES))
    parts = _parts(store, inferred, of)
    if format in ("ntriples", "nquads"):
        return _lines(parts, with_graphs=format == "nquads")
    order = {str(thing): str(kind) for thing, kind in kinds(store).items()}, _days(store)
    if format == "trig":
        from relations_kg.export.turtle import serialize as write_turtle

        named = [(name, entries(part, *order)) for name, part in sorted(parts.items()) if part]
        return write_turtle(named, PREFIXES)
    return _written(entries(b"".join(parts.values()), *order), format, of=of)


def serialize_triples(
    triples: Iterable[Triple], format: str, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """Write triples as turtle, jsonld or ntriples, in a fixed order; `prefixes` replace ours."""
    if format not in (known := [name for name in FORMATS if name not in _WITH_GRAPHS]):
        raise _unknown(format, known)
    content = write_rdf(dict.fromkeys(triples), format=RdfFormat.N_TRIPLES) or b""
    if format == "ntriples":
        return _lines({"": content}, with_graphs=False)
    return _written(entries(content), format, prefixes)


def tables(
    store: Store,
    label: Callable[[str], str],
    *,
    inferred: bool = False,
    of: NamedNode | None = None,
) -> dict[str, bytes]:
    """Make a table of CSV for each kind of thing, by the names of their files."""
    from relations_kg.export import spreadsheets

    quads = _quads(store, inferred, of)
    return spreadsheets.tables(quads, kinds(store), _days(store), label)


def write_tables(folder: str | PathLike[str], tables: Mapping[str, bytes]) -> None:
    """Write files into a folder, each whole or not at all; make the folder if it is not there."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror or error
        raise InputError(f"no folder can be made: {reason}", where=fspath(folder)) from None
    for name, content in tables.items():
        write(Path(folder, name), content)


def write(path: str | PathLike[str], content: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all, from bytes or from pieces of them.

    Raises InputError where it cannot be written.
    """
    target = Path(path)
    if target.is_symlink() and not target.exists():
        target = Path(os.path.realpath(target))
    pieces = [content] if isinstance(content, bytes) else content
    try:
        # A link or a device is written through; only a plain file can be replaced.
        if target.exists() and not (target.is_file() and not target.is_symlink()):
            target.write_bytes(b"".join(pieces))
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".relations-kg-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(pieces)
            os.chmod(temporary, mode)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}", where=fspath(path)
        ) from None


def _written(
    found: list[Entry],
    format: str,
    prefixes: Mapping[str, str] | None = None,
    of: NamedNode | None = None,
) -> bytes:
    if format == "jsonld":
        from relations_kg.export.jsonld import serialize as write_jsonld

        return write_jsonld(found, prefixes, root=str(of) if of else None)
    from relations_kg.export.turtle import serialize as write_turtle

    return write_turtle([("", found)], prefixes or PREFIXES)


def _parts(store: Store, inferred: bool, of: NamedNode | None) -> dict[str, bytes]:
    """Return N-Triples, by the names of their graphs."""
    if of is None:
        return {
            str(graph): store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
            for graph in _graphs(store, inferred)
        }
    parts: dict[str, list[str]] = {}
    for quad in _quads(store, inferred, of):
        parts.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .\n")
    return {name: "".join(facts).encode() for name, facts in parts.items()}


def _quads(store: Store, inferred: bool, of: NamedNode | None) -> Iterable[Quad]:
    graphs = _graphs(store, inferred)
    if of is None:
        return (q for name in graphs for q in store.quads_for_pattern(None, None, None, name))
    from relations_kg.export.neighbourhood import neighbourhood

    found = neighbourhood(store, of, graphs)
    if not found:
        raise InputError(f"no fact that is exported names {shorten(of.value)}", help="try --all")
    return found


def _graphs(store: Store, inferred: bool) -> list[NamedNode]:
    left_out = (ONTOLOGY,) if inferred else (ONTOLOGY, DATES, INFERRED)
    return [
        name
        for name in store.named_graphs()
        if isinstance(name, NamedNode) and name.value not in left_out
    ]


def _lines(parts: Mapping[str, bytes], *, with_graphs: bool) -> bytes:
    """Write N-Triples, by the names of their graphs, as sorted lines, each once."""
    written = []
    # Each for itself, as the engine has it: there the facts of a thing lie together.
    for name, content in parts.items():
        # The texts in N-Triples have no line ends, so this is the end of a fact wherever it is.
        *facts, rest = content.split(b" .\n")
        end = f" {name} .\n" if with_graphs else " .\n"
        written.append(end.encode().join([*sorted(facts), rest]))
    if len(written) == 1:
        return written[0]
    return b"".join(dict.fromkeys(sorted(b"".join(written).splitlines(keepends=True))))


def _days(store: Store) -> dict[str, str]:
    days: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, NamedNode(RKG + "earliestStart"), None):
        thing, day = str(quad.subject), str(quad.object)
        days[thing] = min(days.get(thing, day), day)
    return days


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unknown(format: str, known: Iterable[str]) -> InputError:
    return InputError(f"unknown format {format!r}", help=f"use one of {', '.join(known)}")
