"""Checks of untrusted SPARQL text: the hosts that it calls, its length and its nesting."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import ip_address

from relations_kg.errors import QueryError, Refused
from relations_kg.rdf.namespaces import PREFIXES
from relations_kg.sparql.evaluation import error_at
from relations_kg.sparql.lexer import SPACE, Token, decoded, is_iri, term, tokens

# The engine crashes at 1,000 nested EXISTS or 4,000 consecutive groups; the limits are far below.
DEEPEST, MOST_GROUPS, LONGEST = 200, 2_000, 1 << 20

# The maximum total number of characters to read after words that could begin a call.
_MOST_READ = 1 << 24
# The number of checked texts to remember, and the length of the longest of these.
_CACHED, _LONGEST_CACHED = 256, 1 << 16
_GAP = re.compile(rf"(?:[{SPACE}]++|\#[^\r\n]*+)*+")
_SERVICE = re.compile("(?ai)service")
# Matches "service" within a longer name, such as rkg:serviceKind. If a text has at most
# _MOST_WITHIN_NAMES of these and no other "service", its tokens need not be read.
_WITHIN_NAME = re.compile(r"(?ai)(?<=[\w:?$-])service|service(?=[\w-])")
_MOST_WITHIN_NAMES = 50
_SILENT = re.compile("(?ai)silent")
_HOST = re.compile(r"<(?ai:https?)://(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::[0-9]*)?[/?#>]", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Since "//" occurs only in IRIs, the "<" before it cannot mean "less than".
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*+://")
# A namespace that ends in "/" or "#" and such a local name together are always an IRI.
_PLAIN = re.compile("[A-Za-z0-9_-]+")


def check(sparql: str, allowed: Iterable[str] = ()) -> frozenset[str]:
    """Return the hosts that a text calls, all of which must be `allowed`.

    The service must be an IRI that names the host. Text that the engine could read as a call counts
    as a call. Raises Refused for a call of another host, and QueryError for a text that is too long
    or nested too deeply.

    >>> check("ASK { ?service a ex:Service }")
    frozenset()
    >>> check("ASK { SERVICE <http://example.org/sparql> { ?s ?p ?o } }")
    Traceback (most recent call last):
    relations_kg.errors.Refused: query:1:7: SERVICE asks another host, example.org; \
allow it with --allow-service example.org
    """
    checked = _checked if len(sparql) <= _LONGEST_CACHED else _check
    return checked(sparql, frozenset(host.lower() for host in allowed))


def _check(sparql: str, hosts: frozenset[str]) -> frozenset[str]:
    if len(sparql) > LONGEST:
        help = f"the limit is {LONGEST:,}; load large data with --facts instead"
        raise QueryError(f"the text has {len(sparql):,} characters", where="query", help=help)
    if half := _SURROGATE.search(sparql):
        message = "this is a surrogate, which is half a character"
        raise error_at(sparql, half.start(), message, "write the text in UTF-8")
    called: set[str] = set()
    for text in _readings(sparql):
        called |= _called(text, hosts)
    _check_size(sparql)
    return frozenset(called)


# Programs often send the same queries repeatedly.
_checked = lru_cache(_CACHED)(_check)


def check_addresses(called: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise Refused if a called name has a local address that is not allowed itself.

    An address is local if it is loopback, link-local or unspecified. Without this check, the owner
    of an allowed name could point it at a service of this machine. The check is not complete: the
    engine resolves the name again, and may get another address. The engine follows no redirects.
    """
    # Queries that call other hosts are rare, and this import is slow.
    import socket

    hosts = {host.lower().strip("[]") for host in allowed}
    for name in sorted(called):
        host = name.strip("[]")
        if host == "localhost" or host.endswith(".localhost") or _is_address(host):
            continue
        try:
            found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
        except (OSError, UnicodeError):
            continue  # The call itself will fail and report the host.
        for text in sorted(found - hosts):
            address = ip_address(text.partition("%")[0])
            address = getattr(address, "ipv4_mapped", None) or address
            if address.is_loopback or address.is_link_local or address.is_unspecified:
                kind = "unspecified" if address.is_unspecified else "loopback or link-local"
                message = f"SERVICE asks {name}; its address {address} is {kind}"
                help = f"allow the address too: --allow-service {address}"
                raise Refused(message, where="query", help=help)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _readings(sparql: str) -> Iterator[str]:
    """Yield the text itself, and the text with its codepoint escapes decoded once and twice.

    The engine does not decode them, although the standard requires it; a server may decode them
    once more.
    """
    yield sparql
    for _ in range(2):
        before, sparql = sparql, decoded(sparql)
        if sparql == before:
            return
        yield sparql


def _called(text: str, hosts: frozenset[str]) -> set[str]:
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
            named = f"{service[:40]!r} is not its IRI" if service else "no IRI names it"
            message = f"SERVICE asks another host, but {named}"
            help = "write the service as <http://HOST/…> and allow it: --allow-service HOST"
        # The position refers to the decoded text.
        raise error_at(text, offset, message, help, Refused)
    return called


def _services(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset of each possible call, and the term that names its service.

    The engine has no lexer: it matches its rules character by character. So it can find the keyword
    SERVICE within a token of our lexer, such as a name "ex:SERVICE" that does not expand to an IRI.
    After a "<" that can begin an IRI or mean "less than", and after an invalid token, each word
    SERVICE that is followed by an IRI, a name or a variable, and by a group, counts as a call.
    """
    words = [match.start() for match in _SERVICE.finditer(text)]
    if not words or _are_within_names(text, words):
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


def _are_within_names(text: str, words: list[int]) -> bool:
    """Return whether no SERVICE can be a call: each is in a longer name and no group follows.

    Such text has no call, however the engine reads it. Reading all of its tokens would take half a
    millisecond.
    """
    if len(text) > _LONGEST_CACHED or len(words) > _MOST_WITHIN_NAMES:
        return False
    reader = _Reader(text)
    return all(
        _WITHIN_NAME.match(text, offset) and not reader.service(offset)[1] for offset in words
    )


def _is_ambiguous(token: Token) -> bool:
    """Return whether the engine could read a token, and hence all following text, differently.

    Only a quote or a "#" in the token matters: without it, both readings agree after the next ">".
    """
    if token.lastgroup == "iri":
        iri = token[0]
        return ("#" in iri or "'" in iri) and not _ABSOLUTE.match(iri)
    return token[0].startswith("<<") and is_iri(token.string, token.start() + 1)


def _is_whole(name: str, declared: list[tuple[str, str]]) -> bool:
    """Return whether a prefixed name certainly expands to an IRI, so the engine reads it whole."""
    prefix, _, local = name.partition(":")
    namespaces = [iri for known, iri in declared if known == f"{prefix}:"]
    if not namespaces and prefix in PREFIXES:
        namespaces = [f"<{PREFIXES[prefix]}>"]
    ends = all(namespace.endswith(("/>", "#>")) for namespace in namespaces)
    return bool(namespaces) and ends and _PLAIN.fullmatch(local) is not None


class _Reader:
    """A reader of the text after the word SERVICE, with a total limit for all occurrences."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._read = 0

    def service(self, offset: int) -> tuple[str, bool]:
        """Return the term that follows the word at an offset, and whether a group follows it."""
        text = self._text
        start = self._gap(offset + len("service"))
        if silent := _SILENT.match(text, start):
            start = self._gap(silent.end())
        name = term(text, start)
        end = self._gap(name.end())
        self._read += end - offset
        if self._read > _MOST_READ:
            message = "SERVICE occurs too often to check which of them are calls"
            raise error_at(text, offset, message, "split the query")
        # An IRI needs its ">", and a prefixed name its colon.
        whole = name[0].startswith(("?", "$")) or ":" in name[0] or name[0].endswith(">")
        return name[0], whole and text.startswith("{", end)

    def _gap(self, offset: int) -> int:
        gap = _GAP.match(self._text, offset)
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
        if kind != "punctuation":
            continue
        bracket = token[0]
        if bracket in _OPENING:
            depth += 1
            groups += bracket == "{"
            if depth > DEEPEST:
                raise _too_deep(token)
            if groups > MOST_GROUPS:
                help = f"the limit is {MOST_GROUPS:,}; write alternatives as VALUES"
                raise error_at(sparql, token.start(), "the text has too many groups", help)
        elif bracket in _CLOSING:
            depth -= 1


_OPENING = frozenset(("{", "(", "[", "{|", "<<("))
_CLOSING = frozenset(("}", ")", "]", "|}", ")>>"))


def _too_deep(token: Token) -> QueryError:
    help = f"the limit is {DEEPEST} nested brackets"
    return error_at(token.string, token.start(), "the text is nested too deeply", help)
