"""SPARQL text put to the engine, and what is wrong with it in words that help."""

import re
from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from relations_kg.errors import QueryError, Refused, UnknownName
from relations_kg.rdf.namespaces import PREFIXES, expand
from relations_kg.rdf.sparql_lexer import Token, place, tokens

# What the engine raises while it answers.
FAILURES = (RuntimeError, OSError, ValueError)
Answer = QueryBoolean | QuerySolutions | QueryTriples

# VALUES (?a ?b) { (UNDEF UNDEF) }, a character for each token.
_PARAMETER_ROW = re.compile(r"V\(\?+\)\{\(U+\)\}")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


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
    """Return whether a text names the graphs that it asks, which it does before its first group.

    What is to be constructed is no group.
    """
    if "from" not in sparql.lower():
        return False
    before, constructed = "", False
    for token in tokens(sparql):
        if token.lastgroup == "comment":
            continue
        word = token[0].upper()
        if word == "FROM":
            return True
        if word == "{":
            if before != "CONSTRUCT":
                return False
            constructed = True
        if not constructed or word == "}":
            before, constructed = word, False
    return False


def failure(error: Exception) -> QueryError:
    """Say that the engine failed while it answered."""
    return QueryError(f"the query failed: {error}", where="query")


def mistake(error: Exception, sparql: str) -> QueryError:
    """Say what is wrong with a SPARQL text, and where, from what the engine says of it."""
    position, _, reason = str(error).removeprefix("error at ").partition(": ")
    line, _, column = position.partition(":")
    if update := _update(sparql):
        start = place(sparql, update.start())
        return Refused(
            f"{update[0].upper()} is an update, and queries only ask",
            where="query",
            line=start[0],
            column=start[1],
            help="ask with SELECT, ASK, CONSTRUCT or DESCRIBE; facts are added from files",
        )
    if not (line.isdigit() and column.isdigit()):
        return QueryError(f"not SPARQL: {error}", where="query")
    if unknown := _unknown_prefix(sparql):
        return unknown
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


def query_form(sparql: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE, or "" where a text has none of them.

    >>> query_form("PREFIX select: <urn:ask> describe ?s { ?s ?p ?o }")
    'DESCRIBE'
    """
    words = (token[0].upper() for token in tokens(sparql) if token.lastgroup == "word")
    return next((word for word in words if word in _FORMS), "")


def names(sparql: str) -> Iterator[str]:
    """Yield the prefixed names in a text, in their order, without the prefixes it declares.

    >>> [*names("PREFIX id: <urn:x> ASK { ?s a rkg:State ; ^rkg:when/rdf:rest 'id:a' }")]
    ['rkg:State', 'rkg:when', 'rdf:rest']
    """
    before = ""
    for token in tokens(sparql):
        if token.lastgroup == "name" and before != "PREFIX":
            yield token[0]
        if token.lastgroup != "comment":
            before = token[0].upper()


def parameter_rows(sparql: str) -> Iterator[tuple[slice, list[str]]]:
    """Yield where a VALUES block has one row, of UNDEF alone, and the names of its variables.

    >>> [*parameter_rows("ASK { VALUES (?on ?at) { (UNDEF UNDEF) } VALUES ?x { 1 } }")]
    [(slice(6, 40, None), ['on', 'at'])]
    """
    found = [token for token in tokens(sparql) if token.lastgroup != "comment"]
    for block in _PARAMETER_ROW.finditer("".join(map(_letter, found))):
        block_tokens = found[slice(*block.span())]
        variables = [token[0][1:] for token in block_tokens if token.lastgroup == "variable"]
        yield slice(block_tokens[0].start(), block_tokens[-1].end()), variables


def _letter(token: Token) -> str:
    """Return one character for a token, so that a sequence of tokens can be matched."""
    if token.lastgroup == "variable":
        return "?"
    if token.lastgroup == "word" and token[0].upper() in ("VALUES", "UNDEF"):
        return token[0][0].upper()
    return token[0] if len(token[0]) == 1 else "_"


def with_prefixes(sparql: str) -> str:
    """Return a query with a declaration of each prefix of the project that it uses undeclared.

    The declarations stand before the first line, so that the numbers of the lines stay.

    >>> with_prefixes("ASK { id:peru ?p ?o }")
    'PREFIX id: <https://w3id.org/relations-kg/id/> ASK { id:peru ?p ?o }'
    """
    lines = (
        f"PREFIX {prefix}: <{PREFIXES[prefix]}> "
        for prefix in _undeclared(sparql)
        if prefix in PREFIXES
    )
    return "".join(lines) + sparql


def _undeclared(sparql: str) -> dict[str, int]:
    """Return the prefixes that a text uses and does not declare, with the offset of the first."""
    declared, before = {""}, ""
    used: dict[str, int] = {}
    for token in tokens(sparql):
        if token.lastgroup == "name":
            prefix = token[0].partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            else:
                used.setdefault(prefix, token.start())
        if token.lastgroup != "comment":
            before = token[0].upper()
    return {prefix: offset for prefix, offset in used.items() if prefix not in declared}


def _update(sparql: str) -> Token | None:
    """Return the keyword of an update, which stands behind the prefixes and the base."""
    for token in tokens(sparql):
        if token.lastgroup == "word":
            word = token[0].upper()
            if word not in ("PREFIX", "BASE"):
                return token if word in _UPDATES else None
        elif token.lastgroup not in ("comment", "name", "iri"):
            return None
    return None


def _unknown_prefix(sparql: str) -> QueryError | None:
    """Return what is wrong with the first prefix that neither the text nor the project declares."""
    for prefix, offset in _undeclared(sparql).items():
        if prefix not in PREFIXES:
            try:
                expand(f"{prefix}:")
            except UnknownName as unknown:
                line, column = place(sparql, offset)
                return QueryError(
                    f'unknown prefix "{prefix}:"',
                    where="query",
                    line=line,
                    column=column,
                    help=unknown.help,
                )
    return None
