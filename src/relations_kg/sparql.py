"""What is wrong with a SPARQL text, in words that help."""

import re

from relations_kg.errors import QueryError, UnknownName
from relations_kg.namespaces import PREFIXES, expand


def mistake(error: Exception, sparql: str) -> QueryError:
    """Say what is wrong with a SPARQL text, and where, from what the engine says of it."""
    place, _, reason = str(error).removeprefix("error at ").partition(": ")
    line, _, column = place.partition(":")
    if not (line.isdigit() and column.isdigit()):
        return QueryError(f"not SPARQL: {error}", where="query")
    declared = {prefix for prefix, _ in re.findall(r"(?i)PREFIX\s+([\w-]*):\s*(<)", sparql)}
    used = re.findall(r"(?<![\w:?$<\"'/-])([A-Za-z][\w-]*):(?=[\w-])", sparql)
    for prefix in used:
        if prefix not in PREFIXES and prefix not in declared:
            try:
                expand(f"{prefix}:")
            except UnknownName as unknown:
                return QueryError(f'unknown prefix "{prefix}:"', where="query", help=unknown.help)
    rest = "\n".join(sparql.split("\n")[int(line) - 1 :])[int(column) - 1 :].strip()
    found = f"unexpected {rest.split()[0][:40]!r}" if rest else "the query ends too early"
    # The grammar's list of all that could have come fills a screen; a short one is a help.
    help = reason if len(reason) < 60 and "\n" not in reason else None
    return QueryError(
        f"not SPARQL: {found}",
        where="query",
        line=int(line),
        column=int(column),
        help=help,
    )
