"""What a SPARQL text may ask of this machine: no other host, and no more than it can read."""

import re
from collections.abc import Iterable, Iterator

from relations_kg.errors import QueryError, Refused

# Far below the 1,000 nested EXISTS and the 4,000 groups in a row at which the engine crashes.
DEEPEST, MOST_GROUPS, LONGEST = 200, 2_000, 1 << 20

# All that may stand between two words: white space and comments.
_GAP = r"(?:\s|[#][^\r\n]*+)*+"
# Where the engine sees a string, an IRI or a comment depends on what comes before ("?a<?b#>" is
# both), and it reads "trueSERVICE" and, where "ex:SERVICE" makes no IRI, "ex:" and "SERVICE". So
# each occurrence of the word counts that is followed by what a service clause is followed by,
# whatever stands before it; only a variable is one word wherever it stands.
_SERVICE = re.compile(r"(?i)[?$]\w++|(service)")
_CLAUSE = re.compile(
    rf"""(?ix) {_GAP} (?:silent {_GAP})?
    (<[^<>\s]*+> | [?$]\w++ | [^\s<>{{}}()"'?$\#;,:]*+:(?:\\.|[^\s<>{{}}()"'\\\#])*+) {_GAP} \{{"""
)
# How many characters may be looked at behind all occurrences.
_PATIENCE = 1 << 28
_HOST = re.compile(r"<(?i:https?)://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::[0-9]*)?[/?#>]", re.ASCII)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COMMENT_LINE = re.compile(r"(?m)^[ \t]*#[^\r\n]*")
# A string that is never closed goes on to the end: the engine will say so.
_BRACKET = re.compile(
    r'''(?xs) """ (?: [^"\\] | \\. | "{1,2}+ (?!") )*+ (?:""")? | " (?: [^"\\\r\n] | \\. )*+ "?
    | \'{3} (?: [^'\\] | \\. | '{1,2}+ (?!') )*+ (?:\'{3})? | ' (?: [^'\\\r\n] | \\. )*+ '?
    | < [^<>"{}|^`\\\s]*+ > | [#] [^\r\n]*+ | [(){}\[\]]'''
)


def check(sparql: str, allowed: Iterable[str] = ()) -> None:
    """Raise QueryError for a text that calls a host, or is too long or nested too deeply.

    A service at one of the `allowed` hosts passes where it is an IRI that names the host. What
    cannot be told from a call by its text alone is refused.

    >>> check("ASK { ?service a ex:Service }")
    >>> check("ASK { SERVICE <http://example.org/sparql> { ?s ?p ?o } }")
    Traceback (most recent call last):
    relations_kg.errors.Refused: query:1:7: SERVICE asks another host, example.org; \
allow it with --allow-service example.org
    """
    if len(sparql) > LONGEST:
        raise QueryError(
            f"the text has {len(sparql):,} characters",
            where="query",
            help=f"it may have {LONGEST:,}; put data into a file and name it as facts",
        )
    if half := _SURROGATE.search(sparql):
        raise _mistake("half of a character", "write the text in UTF-8", sparql, half.start())
    _check_services(sparql, allowed)
    _check_size(sparql)


def _check_services(sparql: str, allowed: Iterable[str]) -> None:
    if "service" not in sparql.lower() and "\\" not in sparql:
        return
    hosts = {host.lower() for host in allowed}
    for text in _readings(sparql):
        for place, service in _services(text):
            host = _HOST.match(service)
            if host and host[1].lower() in hosts:
                continue
            if host:
                message = f"SERVICE asks another host, {host[1]}"
                help = f"allow it with --allow-service {host[1]}"
            else:
                message = f"SERVICE asks another host, which {service[:40]} does not tell"
                help = "write the service as <http://HOST/…> and allow it: --allow-service HOST"
            # In a text with escapes a place is that of the text without them.
            raise _mistake(message, help, text, place, Refused)


def _readings(sparql: str) -> Iterator[str]:
    """Yield the text as it stands and with its escapes decoded, once and twice.

    Lines that are comments are left out, where no string can go over lines.
    """
    for _ in range(3):
        long_strings = '"""' in sparql or "'''" in sparql
        yield sparql if long_strings else _COMMENT_LINE.sub("", sparql)
        decoded = _ESCAPE.sub(_decoded, sparql)
        if decoded == sparql:
            return
        sparql = decoded


def _decoded(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number < 0x110000 else escape[0]


def _services(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a service clause may begin, and the term that names the service."""
    words = [match for match in _SERVICE.finditer(text) if match[1]]
    if len(words) * len(text) > _PATIENCE:
        message = f"the text says {len(words):,} times service, too often to tell which are calls"
        raise _mistake(message, "give it in parts", text, words[0].start())
    for word in words:
        if clause := _CLAUSE.match(text, word.end()):
            yield word.start(), clause[1]


def _check_size(sparql: str) -> None:
    if sum(map(sparql.count, "({[")) <= DEEPEST:
        return
    depth = groups = 0
    for token in _BRACKET.finditer(sparql):
        bracket = token[0]
        depth += (bracket in "({[") - (bracket in ")}]")
        groups += bracket == "{"
        if depth > DEEPEST:
            help = f"it may be {DEEPEST} brackets deep"
            raise _mistake("the text is nested too deeply", help, sparql, token.start())
        if groups > MOST_GROUPS:
            help = f"it may have {MOST_GROUPS:,}; write alternatives as VALUES"
            raise _mistake("the text has too many groups", help, sparql, token.start())


def _mistake(
    message: str, help: str, text: str, place: int, kind: type[QueryError] = QueryError
) -> QueryError:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return kind(message, where="query", line=line, column=column, help=help)
