"""What a SPARQL text may ask of this machine: no other host, and no more than it can read."""

import re
from collections.abc import Iterable, Iterator

from relations_kg.errors import QueryError, Refused
from relations_kg.rdf.namespaces import PREFIXES
from relations_kg.rdf.sparql_lexer import ESCAPE, GAP, Token, decoded, is_iri, place, term, tokens

# Far below the 1,000 nested EXISTS and the 4,000 groups in a row at which the engine crashes.
DEEPEST, MOST_GROUPS, LONGEST = 200, 2_000, 1 << 20

# How many characters may be read behind words that could begin a call.
_PATIENCE = 1 << 24
_SERVICE = re.compile("(?ai)service")
_SILENT = re.compile("(?ai)silent")
_HOST = re.compile(r"<(?ai:https?)://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::[0-9]*)?[/?#>]", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
# "//" is nowhere in the grammar: such an IRI cannot be read as "less than" and an expression.
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*+://")
# With such a local name a namespace that ends its authority gives an IRI in every case.
_PLAIN = re.compile("[A-Za-z0-9_-]+")


def check(sparql: str, allowed: Iterable[str] = ()) -> frozenset[str]:
    """Return the hosts that a text calls; raise QueryError for others than the allowed ones.

    It is raised too for a text that is too long or nested too deeply.

    A service at one of the `allowed` hosts passes where it is an IRI that names the host. What
    could be read as a call is refused, unless it provably is none.

    >>> check("ASK { ?service a ex:Service }")
    frozenset()
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
    hosts = {host.lower() for host in allowed}
    called: set[str] = set()
    for text in _readings(sparql):
        called |= _called(text, hosts)
    _check_size(sparql)
    return frozenset(called)


def check_addresses(called: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise Refused for a name of this machine or of its link, unless the address is allowed too.

    So the owner of an allowed name cannot have this machine call itself by the address that they
    give it. What the name means when it is called, a moment later, is looked up again. The engine
    follows no redirects.
    """
    import ipaddress
    import socket

    hosts = {host.lower().strip("[]") for host in allowed}
    for name in sorted(called):
        host = name.strip("[]")
        if host == "localhost" or host.endswith(".localhost") or _is_address(host):
            continue
        try:
            found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError):
            continue  # The call will fail, and say so.
        for text in sorted(found - hosts):
            address = ipaddress.ip_address(text.partition("%")[0])
            address = getattr(address, "ipv4_mapped", None) or address
            if address.is_loopback or address.is_link_local or address.is_unspecified:
                raise Refused(
                    f"SERVICE asks {name}, which is at {address}, on this machine or its link",
                    where="query",
                    help=f"allow the address too: --allow-service {address}",
                )


def _is_address(host: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _readings(sparql: str) -> Iterator[str]:
    """Yield the text as it stands, which the engine reads, and with its escapes decoded.

    By the standard they are decoded once; who receives a text from us may do so again.
    """
    yield sparql
    for _ in range(2):
        if not ESCAPE.search(sparql):
            return
        sparql = decoded(sparql)
        yield sparql


def _called(text: str, hosts: set[str]) -> set[str]:
    called = set()
    for offset, service in _services(text):
        host = _HOST.match(service)
        if host and host[1].lower() in hosts:
            called.add(host[1].lower())
            continue
        if host:
            message = f"SERVICE asks another host, {host[1]}"
            help = f"allow it with --allow-service {host[1]}"
        else:
            shown = f"{service[:40]!r}" if service else "this"
            message = f"SERVICE asks another host, which {shown} does not name"
            help = "write the service as <http://HOST/…> and allow it: --allow-service HOST"
        # In a text with escapes a place is that of the text without them.
        raise _mistake(message, help, text, offset, Refused)
    return called


def _services(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a call may begin, and the term that names its service.

    The engine has no lexer: it tries its rules character by character. Where "<" can be both
    "less than" and the beginning of an IRI, or "ex:SERVICE" makes no IRI, it finds the word within
    what the lexer takes for one token. From the first token of such a kind on, each word that is
    followed by what a call is followed by counts as one, whatever it seems to be part of.
    """
    words = [match.start() for match in _SERVICE.finditer(text)]
    if not words:
        return
    words.reverse()
    reader = _Reader(text)
    declared: list[tuple[str, str]] = []
    before = [""] * 2
    for token in tokens(text):
        kind, end = token.lastgroup, token.end()
        if kind == "error" or _is_ambiguous(token):
            break
        if kind == "iri" and before[0].lower() == "prefix":
            declared.append((before[1], token[0]))
        while words[-1] < end:
            offset = words.pop()
            if kind == "word" and end - token.start() == len("service"):
                yield offset, reader.service(offset)[0]
            elif kind not in ("comment", "string", "variable", "iri"):
                service, is_call = reader.service(offset)
                if is_call and not (kind == "name" and _is_whole(token[0], declared)):
                    yield offset, service
            if not words:
                return
        if kind != "comment":
            before = [before[1], token[0]]
    for offset in reversed(words):
        service, is_call = reader.service(offset)
        if is_call:
            yield offset, service


def _is_ambiguous(token: Token) -> bool:
    """Return whether what follows could be read differently from the beginning of a token on.

    Only a quote or the beginning of a comment matters: else both readings meet at the next ">".
    """
    if token.lastgroup == "iri":
        iri = token[0]
        return ("#" in iri or "'" in iri) and not _ABSOLUTE.match(iri)
    return token[0].startswith("<<") and is_iri(token.string, token.start() + 1)


def _is_whole(name: str, declared: list[tuple[str, str]]) -> bool:
    """Return whether the engine reads a prefixed name as one, since it makes an IRI."""
    prefix, _, local = name.partition(":")
    namespaces = [iri for known, iri in declared if known == f"{prefix}:"]
    if not namespaces and prefix in PREFIXES:
        namespaces = [f"<{PREFIXES[prefix]}>"]
    ends = all(namespace.endswith(("/>", "#>")) for namespace in namespaces)
    return bool(namespaces) and ends and _PLAIN.fullmatch(local) is not None


class _Reader:
    """What follows the word, read with a patience that is shared by all of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._read = 0

    def service(self, offset: int) -> tuple[str, bool]:
        """Return the term that follows a word, and whether a group follows that."""
        text = self._text
        start = self._gap(offset + len("service"))
        if silent := _SILENT.match(text, start):
            start = self._gap(silent.end())
        name = term(text, start)
        end = self._gap(name.end())
        self._read += end - offset
        if self._read > _PATIENCE:
            message = "the text says service too often to tell which of them are calls"
            raise _mistake(message, "give it in parts", text, offset)
        # An IRI without its end is none, nor is a prefix without its colon a name.
        whole = name[0].startswith(("?", "$")) or ":" in name[0] or name[0].endswith(">")
        return name[0], whole and text.startswith("{", end)

    def _gap(self, offset: int) -> int:
        gap = GAP.match(self._text, offset)
        return gap.end() if gap else offset


def _check_size(sparql: str) -> None:
    if sum(map(sparql.count, "({[")) <= DEEPEST:
        return
    depth = groups = 0
    for token in tokens(sparql):
        kind = token.lastgroup
        if kind in ("nil", "anon"):
            if depth >= DEEPEST:
                raise _too_deep(token)
            continue
        if kind != "mark":
            continue
        mark = token[0]
        if mark in _OPENING:
            depth += 1
            groups += mark == "{"
            if depth > DEEPEST:
                raise _too_deep(token)
            if groups > MOST_GROUPS:
                help = f"it may have {MOST_GROUPS:,}; write alternatives as VALUES"
                raise _mistake("the text has too many groups", help, sparql, token.start())
        elif mark in _CLOSING:
            depth -= 1


_OPENING = frozenset(("{", "(", "[", "{|", "<<("))
_CLOSING = frozenset(("}", ")", "]", "|}", ")>>"))


def _too_deep(token: Token) -> QueryError:
    help = f"it may be {DEEPEST} brackets deep"
    return _mistake("the text is nested too deeply", help, token.string, token.start())


def _mistake(
    message: str, help: str, text: str, offset: int, kind: type[QueryError] = QueryError
) -> QueryError:
    line, column = place(text, offset)
    return kind(message, where="query", line=line, column=column, help=help)
