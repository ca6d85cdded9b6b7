"""Validation of IRIs and language tags, and resolution of relative IRIs."""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
# RFC 3986, appendix B.
_IRI_PARTS = re.compile(r"(?s)(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?")
NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')


@lru_cache(4096)
def is_absolute(iri: str) -> bool:
    """Return whether a text is an absolute IRI according to RFC 3987.

    >>> is_absolute("urn:a"), is_absolute("a"), is_absolute("urn:a b")
    (True, False, False)
    """
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


@lru_cache(1024)
def is_language(tag: str) -> bool:
    """Return whether a text is a well-formed language tag.

    >>> is_language("pt-BR"), is_language("en_US")
    (True, False)
    """
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True


def resolve(reference: str, base: str) -> str:
    """Return an IRI reference resolved against a base as in RFC 3986.

    The engine's own resolution keeps some dot segments that RFC 3986 removes.

    >>> resolve("../b?q#f", "http://e.org/a/c/d")
    'http://e.org/a/b?q#f'
    """
    scheme, authority, path, query, fragment = _parts(reference)
    if scheme is not None:
        return reference
    scheme, own_authority, own_path, own_query, _ = _parts(base)
    if authority is not None or path.startswith("/"):
        path = _without_dots(path)
    elif path:
        parent = own_path[: own_path.rfind("/") + 1] or ("" if own_authority is None else "/")
        path = _without_dots(parent + path)
    else:
        path, query = own_path, own_query if query is None else query
    authority = own_authority if authority is None else authority
    text = f"{scheme}:" if scheme is not None else ""
    text += f"//{authority}" if authority is not None else ""
    text += path + (f"?{query}" if query is not None else "")
    return text + (f"#{fragment}" if fragment is not None else "")


def _parts(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _IRI_PARTS.match(iri)
    assert match is not None
    return match[1], match[2], match[3], match[4], match[5]


def _without_dots(path: str) -> str:
    if "/." not in path and not path.startswith("."):
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
