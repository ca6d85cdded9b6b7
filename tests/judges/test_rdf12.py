"""Tests that loading and validation agree about the W3C's files of RDF 1.2."""

import re
from collections.abc import Callable
from pathlib import Path

import relations_kg as rk
from relations_kg.errors import InputError

UNREADABLE = {"syntax", "triple-term", "blank-node"}
REFUSED = {
    "the base direction of a string is RDF 1.2, which other parsers refuse": rb'"@\w+--(ltr|rtl)',
    "triple terms and annotations (RDF 1.2) are not supported; give the statement an IRI": (
        rb"<<|{\||~"
    ),
}


def loads(file: Path) -> bool:
    try:
        rk.load(only=[file])
    except InputError:
        return False
    return True


def test_files_of_rdf_12(kg: rk.Graph, judges: Path, judge: Callable[..., None]) -> None:
    files = [
        path
        for path in (judges / "rdf12").rglob("*.*")
        if path.suffix in (".ttl", ".trig", ".nt", ".nq") and path.stem != "manifest"
    ]
    failed = {}
    refused: dict[str, list[str]] = {reason: [] for reason in REFUSED}
    for path in files:
        is_right, is_loaded = "-bad" not in path.name, loads(path)
        is_valid = not any(f.code in UNREADABLE for f in kg.validate(path).findings)
        if not is_right == is_loaded == is_valid:
            failed[path.name] = f"loads: {is_loaded}, is valid: {is_valid}"
        for reason, pattern in (
            REFUSED.items() if is_right and not is_loaded and not is_valid else ()
        ):
            if re.search(pattern, path.read_bytes()):
                refused[reason].append(path.name)
                break

    judge("RDF 1.2 syntax and evaluation (W3C)", "2025-06-10", files, failed, refused)
