"""SPARQL text put to the engine, and what is wrong with it in words that help."""

import re
from collections.abc import Collection

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from relations_kg.errors import QueryError, Refused, UnknownName
from relations_kg.namespaces import PREFIXES, expand

# What the engine raises while it answers.
FAILURES = (RuntimeError, OSError, ValueError)
Answer = QueryBoolean | QuerySolutions | QueryTriples

# Strings, IRIs, comments, variables and prefixed names.
_NO_WORD = re.compile(
    r"""(?x) "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+' | <[^<>"{}|^`\\\s]*+> | [#][^\r\n]*+
    | [?$]\w++ | [\w.-]*+:[\w.-]*+"""
)
_FROM = re.compile(r"(?i)(?<![?$])\bFROM\b")
_UPDATE = re.compile(
    r"(?i)(?:\s|#.*|(?:PREFIX\s+\S*|BASE)\s*<[^>]*>)*+"
    r"(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b"
)


def ask(
    store: Store,
    sparql: str,
    *,
    default: Collection[str] | None = None,
    named: Collection[str] | None = None,
    together: bool | None = None,
) -> Answer:
    """Put a text to the engine, in this process; the project's prefixes are known to it.

    The graphs that it is put to are those named here, or else in the text, or else all of them
    `together`, where it is not told to be so or not. Raises QueryError for text that is not SPARQL.
    What fails later does so as `failure` says.
    """
    try:
        if default is not None or named is not None:
            return store.query(
                sparql,
                prefixes=PREFIXES,
                default_graph=list(map(NamedNode, default or ())),
                named_graphs=list(map(NamedNode, named or ())),
            )
        # To ask all graphs together would make the engine forget which ones a text names.
        together = not names_graphs(sparql) if together is None else together
        return store.query(sparql, prefixes=PREFIXES, use_default_graph_as_union=together)
    except (SyntaxError, ValueError) as error:
        raise mistake(error, sparql) from None
    except FAILURES as error:
        raise failure(error) from None


def names_graphs(sparql: str) -> bool:
    """Tell whether a text says from which graphs it asks, which it does before its first group.

    What is to be constructed is no group.
    """
    lines = [line for line in sparql.lower().splitlines() if "from" in line and _FROM.search(line)]
    if all(line.lstrip().startswith("#") for line in lines):
        return False
    words = _NO_WORD.sub(" ", sparql)
    head = re.sub(r"(?i)^([^{]*\bCONSTRUCT\s*)\{[^{}]*\}", r"\1", words).partition("{")[0]
    return _FROM.search(head) is not None


def failure(error: Exception) -> QueryError:
    """Say that the engine failed while it answered."""
    return QueryError(f"the query failed: {error}", where="query")


def mistake(error: Exception, sparql: str) -> QueryError:
    """Say what is wrong with a SPARQL text, and where, from what the engine says of it."""
    place, _, reason = str(error).removeprefix("error at ").partition(": ")
    line, _, column = place.partition(":")
    if update := _UPDATE.match(sparql):
        before = sparql[: update.start(1)]
        return Refused(
            f"{update[1].upper()} is an update, and queries only ask",
            where="query",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
            help="ask with SELECT, ASK, CONSTRUCT or DESCRIBE; facts are added from files",
        )
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
