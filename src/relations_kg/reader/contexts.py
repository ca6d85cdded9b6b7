"""Contexts of JSON-LD 1.1: what the keys and values of a document mean.

https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms, without contexts on other
hosts, and with an error wherever a processor would ignore a definition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from relations_kg.reader.pointers import escaped

KEYWORDS = frozenset(
    {
        *("@base", "@container", "@context", "@direction", "@graph", "@id", "@import"),
        *("@included", "@index", "@json", "@language", "@list", "@nest", "@none", "@prefix"),
        *("@propagate", "@protected", "@reverse", "@set", "@type", "@value", "@version"),
        "@vocab",
    }
)
UNSET = object()
# Terms can be defined by others that are defined by others, and grow with each.
_LONGEST_CHAIN, _LONGEST_IRI = 50, 4_000
_LIKE_KEYWORD = re.compile("@[A-Za-z]+")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# RFC 3986, appendix B.
_IRI_PARTS = re.compile(r"(?s)(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?")
_OF_CONTEXTS = frozenset(
    {
        *("@base", "@direction", "@import", "@language", "@propagate", "@protected"),
        *("@version", "@vocab"),
    }
)
_OF_DEFINITIONS = frozenset(
    {
        *("@container", "@context", "@direction", "@id", "@index", "@language", "@nest"),
        *("@prefix", "@protected", "@reverse", "@type"),
    }
)
_ONE_CONTAINER = ("@graph", "@id", "@index", "@language", "@list", "@set", "@type")
_CONTAINERS = (
    *(frozenset({one}) for one in _ONE_CONTAINER),
    *(frozenset({one, "@set"}) for one in ("@graph", "@id", "@index", "@language", "@type")),
    *(frozenset({"@graph", one}) for one in ("@id", "@index")),
    *(frozenset({"@graph", one, "@set"}) for one in ("@id", "@index")),
)


class ContextError(Exception):
    """What is wrong with a context, where below it, and what would be right."""

    def __init__(self, message: str, help: str | None = None, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.path = path


class Term(NamedTuple):
    """A term definition: the IRI or keyword of a key, and how its values are read."""

    iri: str | None
    type: str | None = None
    language: Any = UNSET
    direction: Any = UNSET
    container: frozenset[str] = frozenset()
    reverse: bool = False
    context: Any = UNSET
    nest: str | None = None
    indexed_by: str | None = None
    prefix: bool = False
    protected: bool = False


class Context:
    """An active context: the terms, base, vocabulary and language in force at a place."""

    def __init__(self, base: str | None = None) -> None:
        self.terms: dict[str, Term] = {}
        self.original_base = base
        self.base = base
        self.vocab: str | None = None
        self.language: str | None = None
        self.direction: str | None = None
        self.previous: Context | None = None
        self._unfinished = 0
        self._keys: dict[str, str | None] = {}
        self._scoped: dict[tuple[int, bool], Context] = {}

    def _copy(self) -> Context:
        copy = Context(self.original_base)
        copy.terms = self.terms.copy()
        copy.base, copy.vocab = self.base, self.vocab
        copy.language, copy.direction = self.language, self.direction
        copy.previous = self.previous
        return copy

    def key(self, key: str) -> str | None:
        """Return the IRI or keyword that a key stands for, None if it stands for nothing."""
        try:
            return self._keys[key]
        except KeyError:
            iri = self._keys[key] = self.expand(key, vocab=True)
            return iri

    def scoped(self, term: Term | None, *, propagate: bool = True) -> Context:
        """Return what this context becomes by the scoped context of a term, if it has one."""
        if term is None or term.context is UNSET:
            return self
        # The document outlives this, and so the identity of a part of it is its own.
        key = (id(term.context), propagate)
        known = self._scoped.get(key)
        if known is None:
            known = self.extended(term.context, override=propagate, propagate=propagate)
            self._scoped[key] = known
        return known

    def extended(self, local: Any, *, override: bool = False, propagate: bool = True) -> Context:
        """Return what this context becomes by a local one; raise ContextError for a wrong one."""
        if isinstance(local, dict):
            propagate = local.get("@propagate", propagate) is True
        result = self._copy()
        if not propagate and result.previous is None:
            result.previous = self
        for number, each in enumerate(local if isinstance(local, list) else [local]):
            try:
                result = result._with(each, self, override=override, propagate=propagate)
            except ContextError as error:
                if isinstance(local, list):
                    error.path = f"/{number}{error.path}"
                raise
        return result

    def expand(
        self,
        value: str,
        *,
        vocab: bool = False,
        relative: bool = False,
        local: Mapping[str, Any] | None = None,
        defined: dict[str, bool] | None = None,
    ) -> str | None:
        """Return the IRI, blank node label or keyword that a text stands for.

        None is a text that is reserved or stands for nothing. What is still relative has no base.
        """
        if value in KEYWORDS:
            return value
        if value[:1] == "@" and _LIKE_KEYWORD.fullmatch(value):
            return None
        if local is not None and defined is not None and value in local:
            self._define(value, local, defined)
        term = self.terms.get(value)
        if term is not None and (vocab or term.iri in KEYWORDS):
            return term.iri
        colon = value.find(":", 1)
        if colon > 0:
            prefix, suffix = value[:colon], value[colon + 1 :]
            if prefix == "_" or suffix.startswith("//"):
                return value
            if local is not None and defined is not None and prefix in local:
                self._define(prefix, local, defined)
            term = self.terms.get(prefix)
            if term is not None and term.iri is not None and term.prefix:
                return term.iri + suffix
            if _ABSOLUTE.match(value):
                return value
        if vocab and self.vocab is not None:
            return self.vocab + value
        return resolved(value, self.base) if relative and self.base is not None else value

    def _with(self, local: Any, before: Context, *, override: bool, propagate: bool) -> Context:
        if local is None:
            protected = [name for name, term in self.terms.items() if term.protected]
            if protected and not override:
                raise ContextError(f'null would undo the protected term "{protected[0]}"')
            cleared = Context(self.original_base)
            if not propagate:
                cleared.previous = before if self.previous is None else self.previous
            return cleared
        if isinstance(local, str):
            help = "write the context itself in its place"
            raise ContextError("the context is on another host, and nothing is fetched", help)
        if not isinstance(local, dict):
            raise ContextError("a context is an object, a list of them or null")
        if "@version" in local and (local["@version"] != 1.1 or local["@version"] is True):
            raise ContextError("@version is not 1.1", path="/@version")
        if "@import" in local:
            help = "write the context itself in its place"
            message = "the context is on another host, and nothing is fetched"
            raise ContextError(message, help, "/@import")
        if "@base" in local:
            self._rebase(local["@base"])
        if "@vocab" in local:
            self.vocab = self._vocabulary(local["@vocab"])
        if "@language" in local:
            self.language = _language(local["@language"])
        if "@direction" in local:
            self.direction = _direction(local["@direction"])
        for flag in ("@protected", "@propagate"):
            if not isinstance(local.get(flag, False), bool):
                raise ContextError(f"{flag} is neither true nor false", path=f"/{flag}")
        defined: dict[str, bool] = {}
        for name in local:
            if name not in _OF_CONTEXTS:
                self._define(name, local, defined, override=override)
        return self

    def _rebase(self, base: Any) -> None:
        if base is not None and not isinstance(base, str):
            raise ContextError("@base is no IRI", path="/@base")
        if base is not None:
            base = resolved(base, self.base) if self.base is not None else base
            if not is_absolute(base):
                help = "write it in full"
                raise ContextError(f"<{base}> is no absolute IRI", help, "/@base")
        self.base = base

    def _vocabulary(self, vocab: Any) -> str | None:
        if vocab is None:
            return None
        expanded = self.expand(vocab, vocab=True, relative=True) if _is_text(vocab) else None
        if expanded is None:
            raise ContextError("@vocab is no IRI", path="/@vocab")
        if not is_absolute(expanded) and not expanded.startswith("_:"):
            help = "write it in full"
            raise ContextError(f"<{expanded}> is no absolute IRI", help, "/@vocab")
        return expanded

    def _define(
        self,
        name: str,
        local: Mapping[str, Any],
        defined: dict[str, bool],
        *,
        override: bool = False,
    ) -> None:
        if name in defined:
            if not defined[name]:
                raise ContextError(f'"{name}" is defined by itself', path=_below(name))
            return
        if self._unfinished >= _LONGEST_CHAIN:
            raise ContextError(f'"{name}" is at the end of too long a chain of definitions')
        self._unfinished += 1
        defined[name] = False
        if name == "":
            raise ContextError("the empty text is no term", path="/")
        previous = self.terms.pop(name, None)
        try:
            term = self._term(name, local, defined)
        except ContextError as error:
            error.path = error.path or _below(name)
            raise
        if previous is not None and previous.protected and not override:
            if term._replace(protected=True) != previous:
                message = f'"{name}" is protected and may not be defined anew'
                raise ContextError(message, path=_below(name))
            term = previous
        self.terms[name] = term
        self._keys.clear()
        self._unfinished -= 1
        defined[name] = True

    def _term(self, name: str, local: Mapping[str, Any], defined: dict[str, bool]) -> Term:
        value = local[name]
        if name in KEYWORDS:
            allowed = (
                isinstance(value, dict) and value and set(value) <= {"@container", "@protected"}
            )
            if name != "@type" or not allowed or value.get("@container", "@set") != "@set":
                raise ContextError(f"{name} is a keyword and may not be defined")
        elif _LIKE_KEYWORD.fullmatch(name):
            raise ContextError(f'"{name}" is no keyword, but reserved', "write it without the @")
        if not isinstance(value, dict | str | None):
            raise ContextError("a definition is an IRI, an object or null")
        simple = isinstance(value, str)
        definition = value if isinstance(value, dict) else {"@id": value}
        for key in definition:
            if key not in _OF_DEFINITIONS:
                raise ContextError(f'"{key}" is no part of a definition')
        protected = definition.get("@protected", local.get("@protected", False))
        if not isinstance(protected, bool):
            raise ContextError("@protected is neither true nor false")
        container = _container(definition.get("@container"))
        kind = (
            self._kind(definition.get("@type"), local, defined) if "@type" in definition else None
        )
        if "@type" in container:
            kind = kind or "@id"
            if kind not in ("@id", "@vocab"):
                raise ContextError("a container by @type has @id or @vocab as @type")
        reverse = "@reverse" in definition
        if reverse:
            iri: str | None = self._reversed(definition, container, local, defined)
        else:
            iri = self._iri(name, definition, local, defined)
        if iri is not None and len(iri) > _LONGEST_IRI:
            raise ContextError(f"the IRI of a term is longer than {_LONGEST_IRI:,} characters")
        index = definition.get("@index")
        if index is not None:
            if "@index" not in container or not _is_text(index) or index in KEYWORDS:
                raise ContextError("@index names a property, of a container by @index")
            expanded = self.expand(index, vocab=True, local=local, defined=defined)
            if expanded is None or not is_absolute(expanded):
                raise ContextError("@index names no property")
        if (context := definition.get("@context", UNSET)) is not UNSET:
            try:
                # Errors are found here and not first where the term is used.
                self.extended(context, override=True)
            except ContextError as error:
                error.path = f"{_below(name)}/@context{error.path}"
                raise
        language, direction = UNSET, UNSET
        if "@language" in definition and "@type" not in definition:
            language = _language(definition["@language"])
        if "@direction" in definition and "@type" not in definition:
            direction = _direction(definition["@direction"])
        nest = definition.get("@nest")
        if nest is not None and (not _is_text(nest) or (nest in KEYWORDS and nest != "@nest")):
            raise ContextError("@nest is neither a term nor @nest")
        plain = ":" not in name and "/" not in name
        if "@prefix" in definition:
            is_prefix = definition["@prefix"]
            if not plain or not isinstance(is_prefix, bool):
                raise ContextError("@prefix is true or false, of a name without : and /")
            if is_prefix and iri in KEYWORDS:
                raise ContextError("a keyword is no prefix")
        else:
            ends = iri is not None and (iri[-1:] in ":/?#[]@" or iri.startswith("_:"))
            is_prefix = plain and simple and ends
        return Term(
            iri,
            kind,
            language,
            direction,
            container,
            reverse,
            context,
            nest,
            index,
            is_prefix,
            protected,
        )

    def _iri(
        self,
        name: str,
        definition: dict[str, Any],
        local: Mapping[str, Any],
        defined: dict[str, bool],
    ) -> str | None:
        named = definition.get("@id", name)
        if "@id" in definition and named != name:
            if named is None:
                return None
            if not _is_text(named):
                raise ContextError("the @id of a term is no IRI")
            if named not in KEYWORDS and _LIKE_KEYWORD.fullmatch(named):
                raise ContextError(f'"{named}" is no keyword, but reserved')
            iri = self.expand(named, vocab=True, local=local, defined=defined)
            if iri is None or not _is_meaning(iri):
                raise ContextError(
                    f'"{named}" is no absolute IRI and no keyword', "write it in full"
                )
            if iri == "@context":
                raise ContextError("@context has no other name")
            if ":" in name[1:-1] or "/" in name:
                defined[name] = True
                if self.expand(name, vocab=True, local=local, defined=defined) != iri:
                    raise ContextError(f'"{name}" would stand for another IRI than it is')
            return iri
        if ":" in name[1:]:
            prefix, _, suffix = name.partition(":")
            if prefix in local:
                self._define(prefix, local, defined)
            term = self.terms.get(prefix)
            return term.iri + suffix if term is not None and term.iri is not None else name
        if "/" in name:
            iri = self.expand(name, vocab=True, relative=True)
            if iri is None or not is_absolute(iri):
                raise ContextError(f'"{name}" is no absolute IRI', "write it in full")
            return iri
        if name == "@type":
            return name
        if self.vocab is None:
            raise ContextError("there is no @id, and no @vocab to take it from", "give it an @id")
        return self.vocab + name

    def _reversed(
        self,
        definition: dict[str, Any],
        container: frozenset[str],
        local: Mapping[str, Any],
        defined: dict[str, bool],
    ) -> str:
        named = definition["@reverse"]
        if "@id" in definition or "@nest" in definition or not _is_text(named):
            raise ContextError("@reverse is an IRI, without @id and @nest beside it")
        iri = self.expand(named, vocab=True, local=local, defined=defined)
        if iri is None or iri in KEYWORDS or not _is_meaning(iri):
            raise ContextError(f'"{named}" is no absolute IRI', "write it in full")
        if container - {"@set", "@index"}:
            raise ContextError("the container of a reverse property is @set or @index")
        return iri

    def _kind(self, named: Any, local: Mapping[str, Any], defined: dict[str, bool]) -> str:
        if not _is_text(named):
            raise ContextError("the @type of a term is no IRI")
        kind = self.expand(named, vocab=True, local=local, defined=defined)
        if kind in ("@id", "@json", "@none", "@vocab"):
            return kind
        if kind is None or not is_absolute(kind):
            raise ContextError(f'the @type "{named}" is no absolute IRI', "write it in full")
        return kind


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_meaning(iri: str) -> bool:
    return iri in KEYWORDS or iri.startswith("_:") or is_absolute(iri)


def _below(name: str) -> str:
    return f"/{escaped(name)}"


def _container(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    names = value if isinstance(value, list) else [value]
    try:
        container = frozenset(names)
    except TypeError:
        container = frozenset()
    if container not in _CONTAINERS and container != {"@list"}:
        raise ContextError(f"{value!r} is no @container")
    return container


def _language(tag: Any) -> str | None:
    if tag is not None and (not _is_text(tag) or not is_language(tag)):
        raise ContextError(
            f'"{tag}" is no language tag', "write one such as en or pt-BR", "/@language"
        )
    return tag  # type: ignore[no-any-return]


def _direction(direction: Any) -> str | None:
    if direction not in ("ltr", "rtl", None):
        raise ContextError("@direction is neither ltr nor rtl", path="/@direction")
    return direction  # type: ignore[no-any-return]


@lru_cache(1024)
def is_language(tag: str) -> bool:
    """Return whether a text has the form of a language tag.

    >>> is_language("pt-BR"), is_language("en_US")
    (True, False)
    """
    try:
        Literal("", language=tag)
    except ValueError:
        return False
    return True


@lru_cache(4096)
def is_absolute(iri: str) -> bool:
    """Return whether a text is an IRI by RFC 3987, with a scheme.

    >>> is_absolute("urn:a"), is_absolute("a"), is_absolute("urn:a b")
    (True, False, False)
    """
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def resolved(reference: str, base: str) -> str:
    """Return a relative IRI in full, as RFC 3986 resolves it.

    >>> resolved("../b?q#f", "http://e.org/a/c/d")
    'http://e.org/a/b?q#f'
    """
    scheme, authority, path, query, fragment = _parts(reference)
    if scheme is not None:
        return reference
    scheme, own_authority, own_path, own_query, _ = _parts(base)
    if authority is not None or path.startswith("/"):
        path = _without_dots(path)
    elif path:
        path = _without_dots(_parent(own_path, own_authority) + path)
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


def _parent(path: str, authority: str | None) -> str:
    return path[: path.rfind("/") + 1] or ("/" if authority is not None else "")


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
