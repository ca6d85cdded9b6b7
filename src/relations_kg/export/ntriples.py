"""N-Triples and N-Quads: sorted lines, each once."""

from __future__ import annotations

from relations_kg.export.entries import Facts


def write(facts: Facts) -> bytes:
    """Return N-Triples, or N-Quads with the names of the graphs."""
    written = []
    # Each graph is sorted by itself, as the facts of a thing are adjacent in it.
    for name, content in facts.graphs.items():
        # N-Triples escapes line ends in literals, so this ends a fact wherever it occurs.
        *lines, rest = content.split(b" .\n")
        end = f" {name} .\n" if facts.with_graphs else " .\n"
        written.append(end.encode().join([*sorted(lines), rest]))
    if len(written) == 1:
        return written[0]
    return b"".join(dict.fromkeys(sorted(b"".join(written).splitlines(keepends=True))))
