"""A release: a folder with all published files of this version and their checksums.

`python -m relations_kg.release FOLDER [FILE…]` writes it, with further files such as the wheel.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from os.path import relpath
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile, ZipInfo

from relations_kg._files import content, folder, paths
from relations_kg.errors import InputError, RelationsError
from relations_kg.export.export import tables
from relations_kg.graph.graph import Graph
from relations_kg.graph.loading import load
from relations_kg.rdf.formats import containing, find
from relations_kg.release import dataset, reference
from relations_kg.release.parts import PARTS

_ONTOLOGY = ("codelists.ttl", "shapes.ttl", "alignments.ttl", "time.n3", "context.jsonld")
_SUMS = "SHA256SUMS"


def files(graph: Graph) -> dict[str, bytes]:
    """Return the files of a release by name; raise InputError if jinja2 is not installed."""
    stated, complete = (
        {
            **{
                f"{stem}{format.suffixes[0]}": graph.export(format=format.name, inferred=inferred)
                for format in containing("triples", "quads")
            },
            f"{stem}.csv.zip": _packed(
                tables(graph.quad_store, graph.names.label, inferred=inferred)
            ),
        }
        for stem, inferred in (("relations-kg", False), ("relations-kg-all", True))
    )
    described, pages = dataset.describe(graph, stated, complete), reference.Reference(graph)
    return {
        **stated,
        **complete,
        **{
            f"dataset{find(name, 'triples').suffixes[0]}": dataset.serialize(described, name)
            for name in ("turtle", "jsonld")
        },
        "ontology.ttl": content(folder("ontology"), "relations.ttl"),
        **{name: content(folder("ontology"), name) for name in _ONTOLOGY},
        **{reference.file_of(name): pages.page(name).encode() for name in ("", *PARTS)},
        **{
            f"{name}/{relpath(path, folder(name))}": content(path)
            for name in ("queries", "forms")
            for path in paths(folder(name), ".rq")
        },
    }


def write(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write the files of a release with their checksums, replacing all of an earlier release.

    Raises InputError if the folder has a file that is not part of a release or cannot be written.
    """
    digests = {name: sha256(contents[name]).hexdigest() for name in sorted(contents)}
    sums = "".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()
    try:
        _check_ours(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".relations-kg-") as work:
            made = Path(work, "made")
            for name, written in {**contents, _SUMS: sums}.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(written)
            if target.exists():
                target.rename(Path(work, "former"))
            made.rename(target)
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise InputError(reason, where=str(target)) from None


def main(*arguments: str) -> int:
    """Write a release of the bundled graph; arguments are the folder and further files for it."""
    try:
        if not arguments:
            raise InputError("the argument FOLDER is missing", help="name a folder, such as dist")
        target, *further = map(Path, arguments)
        more = {path.name: _read(path) for path in further}
        write(target, {**files(load()), **more})
    except RelationsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        raise InputError(reason, where=str(path)) from None


def _packed(contents: Mapping[str, bytes]) -> bytes:
    """Return a reproducible zip archive: uncompressed, with a fixed timestamp."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, written in contents.items():
            entry = ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, written)
    return packed.getvalue()


def _check_ours(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise InputError("is not a folder", where=str(target), help="name a new folder")
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    sums = target / _SUMS
    lines = sums.read_text("utf-8", "replace").splitlines() if _SUMS in found else []
    ours = {_SUMS, *(line.partition("  ")[2] for line in lines)}
    if foreign := sorted(found - ours):
        raise InputError(
            f"the folder has a file that is not part of a release: {foreign[0]}",
            where=str(target),
            help="name a new folder, or a folder with only an earlier release",
        )
