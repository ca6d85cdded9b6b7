"""The writer of N-Triples and N-Quads, as sorted lines without duplicates."""

from __future__ import annotations

from relations_kg.export.entries import Facts


def write(facts: Facts) -> bytes:
    """Return N-Triples or, if graph names are requested, N-Quads."""
    written = []
    for name, content in facts.graphs.items():
        # N-Triples escapes line ends in literals, so " .\n" occurs only at the end of a fact.
        *lines, rest = content.split(b" .\n")
        end = f" {name} .\n" if facts.with_graphs else " .\n"
        written.append(end.encode().join([*sorted(lines), rest]))
    if len(written) == 1:
        return written[0]
    return b"".join(dict.fromkeys(sorted(b"".join(written).splitlines(keepends=True))))
