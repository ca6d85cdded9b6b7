"""Evaluation of SPARQL text by the engine, with helpful errors."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from relations_kg.errors import QueryError, Refused, UnknownName
from relations_kg.rdf import vocabularies
from relations_kg.rdf.namespaces import PREFIXES, expand
from relations_kg.sparql import mistakes
from relations_kg.sparql.lexer import FORMS, OTHER_LANGUAGES, Token, begins_lines, place, tokens

# The exceptions that the engine raises during evaluation.
FAILURES = (RuntimeError, OSError, ValueError)
Answer = QueryBoolean | QuerySolutions | QueryTriples

# Matches VALUES (?a ?b) { (UNDEF UNDEF) }, of which each token is replaced by one character.
_PARAMETER_ROW = r"V\(\?+\)\{\(U+\)\}"
# The usual spelling of such a row, at the beginning of a line or after a brace there.
_USUAL_ROW = (
    r"(?am)^[ \t{]*(VALUES \((\?[A-Za-z]\w*(?: \?[A-Za-z]\w*)*)\)"
    r" \{ \((UNDEF(?: UNDEF)*)\) \})"
)
# Without angle brackets, an IRI looks like a prefixed name with its scheme as the prefix.
_SCHEMES = ("http", "https", "urn", "file")
_ALL = (["SELECT", "DISTINCT"], ["SELECT", "REDUCED"])
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


def ask(
    store: Store,
    sparql: str,
    *,
    default: Collection[str] | None = None,
    named: Collection[str] | None = None,
    together: bool | None = None,
    base: str | None = None,
) -> Answer:
    """Evaluate a query in this process; the project's prefixes need no declaration.

    Relative IRIs are resolved against `base`; without it, they are mistakes.

    If `default` or `named` is given, these graphs are the query's dataset. Otherwise `together`
    decides whether the default graph is the union of all graphs; without `together`, it is the
    union unless the query has FROM clauses. The columns of SELECT * are in the order in which the
    text names them. Raises QueryError for text that is not SPARQL, and if the evaluation fails. The
    rows are read later; if that fails, the caller passes the exception to `failure`.
    """
    options: dict[str, Any] = {"base_iri": base, "prefixes": PREFIXES}
    if default is not None or named is not None:
        options["default_graph"] = list(map(NamedNode, default or ()))
        options["named_graphs"] = list(map(NamedNode, named or ()))
    else:
        # With the union as the default graph, the engine would ignore the query's FROM clauses.
        together = not names_graphs(sparql) if together is None else together
        options["use_default_graph_as_union"] = together
    try:
        answer = store.query(sparql, **options)
        if isinstance(answer, QuerySolutions):
            columns = [variable.value for variable in answer.variables]
            if (explicit := with_columns(sparql, columns)) != sparql:
                # A traceback would keep the answer alive, but only this thread may free it.
                del answer
                return store.query(explicit, **options)
        return answer
    except (SyntaxError, ValueError) as error:
        raise mistake(error, sparql) from None
    except FAILURES as error:
        raise failure(error) from None


def with_columns(sparql: str, columns: Collection[str]) -> str:
    """Return a query with its columns, in the order of their first use, in place of SELECT *.

    Any other query is returned unchanged, as is one that does not name all of its columns.

    >>> with_columns("SELECT * { ?s ?p ?o }", ["o", "p", "s"])
    'SELECT  ?s ?p ?o  { ?s ?p ?o }'
    """
    if not re.search(r"(?i)select[^{]*\*", sparql):
        return sparql
    star: Token | None = None
    words: list[str] = []
    used: dict[str, None] = {}
    for token in tokens(sparql):
        if token.lastgroup == "comment":
            continue
        if token.lastgroup == "variable":
            used.setdefault(token[0][1:])
        is_all = words[-1:] == ["SELECT"] or words[-2:] in _ALL
        if not star and token[0] == "*" and is_all:
            star = token
        elif not star and token[0] == "{":
            return sparql
        words.append(token[0].upper())
    if not star or not used.keys() >= {*columns}:
        return sparql
    named = " ".join(f"?{name}" for name in used if name in columns)
    return f"{sparql[: star.start()]} {named} {sparql[star.end() :]}" if named else sparql


def names_graphs(sparql: str) -> bool:
    """Return whether a query has FROM clauses before its first group.

    A template of CONSTRUCT may precede them.
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
    """Return the error for an exception that the engine raised during evaluation."""
    return QueryError(f"the query failed: {error}", where="query")


def error_at(
    text: str, offset: int, message: str, help: str | None, kind: type[QueryError] = QueryError
) -> QueryError:
    """Return the error for a mistake at an offset of a text."""
    line, column = place(text, offset)
    return kind(message, where="query", line=line, column=column, help=help)


def mistake(error: Exception, sparql: str) -> QueryError:
    """Return the error for a SPARQL text that the engine's parser rejected, with its position."""
    position, _, reason = str(error).removeprefix("error at ").partition(": ")
    line, _, column = position.partition(":")
    if update := _update(sparql):
        message = f"{update[0].upper()} is an update, not a query"
        help = "use SELECT, ASK, CONSTRUCT or DESCRIBE; facts are added from files"
        return error_at(sparql, update.start(), message, help, Refused)
    found, unknown = mistakes.explain(sparql), _unknown_prefix(sparql)
    at = place(sparql, found.offset) if found else (0, 0)
    # An IRI without angle brackets looks like a name with an unknown prefix.
    if unknown and not (found and at <= (unknown.line or 0, unknown.column or 0)):
        return unknown
    if found:
        return error_at(sparql, found.offset, f"not SPARQL: {found.message}", found.help)
    if not (line.isdigit() and column.isdigit()):
        return QueryError(f"not SPARQL: {error}", where="query")
    # The engine lists the tokens that its grammar expects, and sometimes an explanation in words.
    texts = [words for words in reason.removeprefix("expected one of ").split(", ") if " " in words]
    message = texts[0] if len(texts) == 1 and "\n" not in texts[0] else "there is a mistake here"
    return QueryError(f"not SPARQL: {message}", where="query", line=int(line), column=int(column))


def is_sparql(text: str) -> bool:
    """Return whether a text is a query or an update, rather than the name of a stored query.

    A text in another query language counts too, so that its error can name that language.

    >>> is_sparql("DESCRIBE id:peru"), is_sparql("visits"), is_sparql("one.rq")
    (True, False, False)
    """
    if "{" in text or text.strip().upper() in FORMS:
        return True
    first = re.match(r"(?:\s|#.*\n)*([A-Za-z]+)[\s*?]", text)
    known = (*FORMS, *_UPDATES, "PREFIX", "BASE", *OTHER_LANGUAGES)
    return first is not None and first[1].upper() in known


def query_form(sparql: str) -> str:
    """Return the first keyword SELECT, ASK, CONSTRUCT or DESCRIBE of a text, or "".

    >>> query_form("PREFIX select: <urn:ask> describe ?s { ?s ?p ?o }")
    'DESCRIBE'
    """
    words = (token[0].upper() for token in tokens(sparql) if token.lastgroup == "word")
    return next((word for word in words if word in FORMS), "")


def names(sparql: str) -> Iterator[str]:
    """Yield the prefixed names in a text, in order, except in PREFIX declarations.

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
    """Yield the span and the variables of each VALUES block whose only row contains only UNDEF.

    >>> [*parameter_rows("ASK { VALUES (?on ?at) { (UNDEF UNDEF) } VALUES ?x { 1 } }")]
    [(slice(6, 40, None), ['on', 'at'])]
    """
    if begins_lines(sparql):
        usual = list(re.finditer(_USUAL_ROW, sparql))
        if sum(row[3].count("UNDEF") for row in usual) == sparql.upper().count("UNDEF"):
            for row in usual:
                yield slice(*row.span(1)), row[2].replace("?", "").split()
            return
    found = [token for token in tokens(sparql) if token.lastgroup != "comment"]
    for block in re.finditer(_PARAMETER_ROW, "".join(map(_letter, found))):
        block_tokens = found[slice(*block.span())]
        variables = [token[0][1:] for token in block_tokens if token.lastgroup == "variable"]
        yield slice(block_tokens[0].start(), block_tokens[-1].end()), variables


def _letter(token: Token) -> str:
    """Return one character for a token, so that a pattern can match a sequence of tokens."""
    if token.lastgroup == "variable":
        return "?"
    if token.lastgroup == "word" and token[0].upper() in ("VALUES", "UNDEF"):
        return token[0][0].upper()
    return token[0] if len(token[0]) == 1 else "_"


def with_prefixes(sparql: str) -> str:
    """Return a query that declares each of the project's prefixes that it uses.

    Missing declarations are inserted into the first line, so that line numbers do not change.

    >>> with_prefixes("ASK { id:peru ?p ?o }")
    'PREFIX id: <https://w3id.org/relations-kg/id/> ASK { id:peru ?p ?o }'
    """
    used = [prefix for prefix in _undeclared(sparql) if prefix in PREFIXES]
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in used) + sparql


def _undeclared(sparql: str) -> dict[str, int]:
    """Return the prefixes that a text uses undeclared, each with the offset of its first use."""
    declared, before = set[str](), ""
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
    """Return the first word after the prologue if it is the keyword of an update, else None."""
    for token in tokens(sparql):
        if token.lastgroup == "word":
            word = token[0].upper()
            if word not in ("PREFIX", "BASE"):
                return token if word in _UPDATES else None
        elif token.lastgroup not in ("comment", "name", "iri"):
            return None
    return None


def _unknown_prefix(sparql: str) -> QueryError | None:
    """Return the error for a prefix that neither the text nor the project declares, or None."""
    for prefix, offset in _undeclared(sparql).items():
        try:
            expand(f"{prefix}:")
        except UnknownName as unknown:
            name = next(token[0] for token in tokens(sparql) if token.start() == offset)
            help = "put the address in <…>" if prefix in _SCHEMES else vocabularies.instead_of(name)
            if not prefix:
                help = f"write rkg{name} for a term, or id{name} for a thing"
            return error_at(sparql, offset, f'unknown prefix "{prefix}:"', help or unknown.help)
    return None
