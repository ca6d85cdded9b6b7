"""Local contexts of JSON-LD 1.1, and the term definitions in them.

This implements https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms without remote
contexts but our own, and raises Invalid wherever a processor would ignore a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from relations_kg.reader.iris import is_absolute, is_language
from relations_kg.reader.jsonld.contexts import (
    KEYWORDS,
    LIKE_KEYWORD,
    UNSET,
    Context,
    Invalid,
    Term,
    below,
)
from relations_kg.reader.jsonld.pointers import escaped
from relations_kg.reader.jsonld.published import ADDRESS, context_at

# A term can be defined by other terms in a chain; its IRI grows with each step.
_LONGEST_CHAIN, _LONGEST_IRI = 50, 4_000
_IN_FULL = "write it in full"
# The types of each keyword's values (none for @import), and the message about a wrong value.
_VALUES: dict[str, tuple[Any, str]] = {
    "@base": (str | None, "@base is not an IRI"),
    "@container": (str | list | None, "{!r} is not a @container"),
    "@context": (object, ""),
    "@direction": (str | None, "@direction must be ltr, rtl or null"),
    "@id": (str | None, "the @id of a term must be an IRI"),
    "@import": ((), "a remote context is not fetched"),
    "@index": (str | None, "@index must be an IRI, and needs @container @index beside it"),
    "@language": (str | None, '"{}" is not a language tag'),
    "@nest": (str | None, "@nest must be @nest or a term that is not a keyword"),
    "@prefix": (bool, "@prefix must be true or false, and its term has no : or /"),
    "@propagate": (bool, "@propagate must be true or false"),
    "@protected": (bool, "@protected must be true or false"),
    "@reverse": (str, "@reverse must be an IRI, without @id or @nest beside it"),
    "@type": (str, "the @type of a term must be an IRI"),
    "@version": (float, "@version is not 1.1"),
    "@vocab": (str | None, "@vocab is not an IRI"),
}
_HELP = {
    "@import": f"put the content of the context in its place; only {ADDRESS} is known",
    "@language": "write a language tag such as en or pt-BR",
}
_FLAGS = ("@protected", "@propagate")
_OF_CONTEXTS = ("@version", "@import", "@base", "@vocab", "@language", "@direction", *_FLAGS)
_OF_DEFINITIONS = _VALUES.keys() - {"@base", "@import", "@propagate", "@version", "@vocab"}
_CONTAINERS = {
    *map(frozenset, (["@graph"], ["@id"], ["@index"], ["@language"], ["@list"], ["@set"])),
    *map(frozenset, (["@type"], ["@graph", "@id"], ["@graph", "@index"])),
}


def scoped(context: Context, term: Term | None, *, propagate: bool = True) -> Context:
    """Return a context extended by the scoped context of a term, if it has one."""
    if term is None or term.context is UNSET:
        return context
    # The document outlives the context, so the id() of its parts stays unique.
    key = (id(term.context), propagate)
    if key not in context.scoped:
        flags = {"override": propagate, "propagate": propagate}
        try:
            context.scoped[key] = extended(context, term.context, **flags)
        except Invalid as error:
            # The scoped context is elsewhere, so a pointer into it would be wrong.
            error.pointer = ""
            raise
    return context.scoped[key]


def extended(
    context: Context, local: Any, *, override: bool = False, propagate: bool = True
) -> Context:
    """Return a context extended by a local context; raise Invalid for a mistake in the latter.

    With `override`, protected terms may be redefined.
    """
    if isinstance(local, dict):
        propagate = local.get("@propagate", propagate) is True
    result = context.copy()
    if not propagate and result.previous is None:
        result.previous = context
    for number, each in enumerate(local if isinstance(local, list) else [local]):
        with below(f"/{number}" if isinstance(local, list) else ""):
            if each is None:
                result = _cleared(result, context, override=override, propagate=propagate)
            else:
                _apply(result, each, override=override)
    return result


def _cleared(context: Context, before: Context, *, override: bool, propagate: bool) -> Context:
    protected = next((name for name, term in context.terms if term.protected), None)
    if protected is not None and not override:
        raise Invalid(f'null would remove the protected term "{protected}"')
    cleared = Context(context.original_base)
    if not propagate:
        cleared.previous = before if context.previous is None else context.previous
    return cleared


def _apply(context: Context, local: Any, *, override: bool) -> None:
    """Update an active context from a local context."""
    if isinstance(local, str) and (local := context_at(local)) is None:
        raise _wrong("@import")
    if not isinstance(local, dict):
        raise Invalid("a context must be an object, null, or an array of these")
    for keyword in _OF_CONTEXTS:
        if keyword in local:
            with below(f"/{keyword}"):
                _set(context, keyword, local[keyword])
    definitions = _Definitions(context, local)
    for name in local:
        if name not in _OF_CONTEXTS:
            definitions.define(name, override=override)


def _set(context: Context, keyword: str, value: Any) -> None:
    """Change the part of a context that a keyword sets."""
    _check(keyword, value)
    if keyword == "@base":
        context.base = None if value is None else _absolute(context.resolve(value))
    elif keyword == "@vocab":
        iri = value if value is None else context.expand(value, vocab=True, relative=True)
        if iri is None is not value:
            raise _wrong(keyword, value)
        context.vocab = iri if iri is None or iri.startswith("_:") else _absolute(iri)
    elif keyword == "@language":
        context.language = value
    elif keyword == "@direction":
        context.direction = value


def _wrong(keyword: str, value: Any = None) -> Invalid:
    """Return the error for a value that a keyword cannot have."""
    return Invalid(_VALUES[keyword][1].format(value), help=_HELP.get(keyword))


def _check(keyword: str, value: Any) -> None:
    """Raise Invalid for a value that a keyword cannot have in any context or definition."""
    if (
        not isinstance(value, _VALUES[keyword][0])
        or (keyword == "@version" and value != 1.1)
        or (keyword == "@language" and value is not None and not is_language(value))
        or (keyword == "@direction" and value not in ("ltr", "rtl", None))
        or (keyword == "@container" and _container(value) is None)
        or (keyword in ("@index", "@nest") and value in KEYWORDS - {"@nest"})
    ):
        raise _wrong(keyword, value)


def _absolute(iri: str | None, written: str | None = None) -> str:
    """Return an absolute IRI; raise Invalid for any other IRI, with `written` in its message."""
    if iri is None or not is_absolute(iri):
        raise Invalid(f"{written or f'<{iri}>'} is not an absolute IRI", help=_IN_FULL)
    return iri


def _container(value: Any) -> frozenset[str] | None:
    """Return the kinds of a container, or None if they are unknown or cannot be combined."""
    if value is None:
        return frozenset()
    names = value if isinstance(value, list) else [value]
    container = frozenset(name for name in names if isinstance(name, str))
    kinds = container - {"@set"} or container
    is_valid = all(isinstance(name, str) for name in names) and kinds in _CONTAINERS
    return container if is_valid and (kinds == container or kinds != {"@list"}) else None


class _Definitions:
    """The definitions of a local context, which are added to an active context."""

    def __init__(self, context: Context, local: Mapping[str, Any]) -> None:
        self._context = context
        self._local = local
        self._done: dict[str, bool] = {}
        self._depth = 0

    def define(self, name: str, *, override: bool = False) -> None:
        """Define a term, after the terms that its definition uses."""
        if name in self._done:
            if not self._done[name]:
                raise Invalid(f'"{name}" has a cyclic definition', f"/{escaped(name)}")
            return
        if self._depth >= _LONGEST_CHAIN:
            raise Invalid(f'"{name}" ends a chain of over {_LONGEST_CHAIN} definitions')
        if name == "":
            raise Invalid("a term cannot be empty", "/")
        self._depth += 1
        self._done[name] = False
        previous = self._context.term(name)
        self._context.define(name, None)
        try:
            term = self._term(name)
            if previous is not None and previous.protected and not override:
                if replace(term, protected=True) != previous:
                    raise Invalid(f'"{name}" is protected and cannot be redefined')
                term = previous
        except Invalid as error:
            error.pointer = error.pointer or f"/{escaped(name)}"
            raise
        self._context.define(name, term)
        self._depth -= 1
        self._done[name] = True

    def _expanded(self, value: str) -> str | None:
        return self._context.expand(value, vocab=True, define=self._define_local)

    def _define_local(self, name: str) -> None:
        if name in self._local:
            self.define(name)

    def _term(self, name: str) -> Term:
        definition = self._definition(name)
        container = _container(definition.get("@container")) or frozenset()
        kind = self._type(definition["@type"]) if "@type" in definition else None
        if "@type" in container:
            kind = kind or "@id"
            if kind not in ("@id", "@vocab"):
                raise Invalid("with @container @type, @type must be @id or @vocab")
        reverse = "@reverse" in definition
        iri = self._reversed(definition, container) if reverse else self._iri(name, definition)
        if iri is not None and len(iri) > _LONGEST_IRI:
            raise Invalid(f"the IRI of a term is longer than {_LONGEST_IRI:,} characters")
        of_strings = {} if "@type" in definition else definition
        return Term(
            iri,
            kind,
            of_strings.get("@language", UNSET),
            of_strings.get("@direction", UNSET),
            container,
            reverse,
            self._scoped_context(name, definition),
            definition.get("@nest"),
            self._index(definition.get("@index"), container),
            self._is_prefix(name, iri, definition),
            definition.get("@protected", self._local.get("@protected", False)),
        )

    def _definition(self, name: str) -> dict[str, Any]:
        """Return the definition of a term as an object with valid values."""
        value = self._local[name]
        if name in KEYWORDS:
            allowed = (
                isinstance(value, dict) and value and value.keys() <= {"@container", "@protected"}
            )
            if name != "@type" or not allowed or value.get("@container", "@set") != "@set":
                raise Invalid(f"{name} is a keyword and cannot be redefined")
        elif LIKE_KEYWORD.fullmatch(name):
            message = f'"{name}" is reserved for future keywords'
            raise Invalid(message, help="write it without the @")
        if not isinstance(value, dict | str | None):
            raise Invalid("a definition must be an IRI, an object or null")
        definition = value if isinstance(value, dict) else {"@id": value}
        for key in definition:
            if key not in _OF_DEFINITIONS:
                raise Invalid(f'"{key}" is not allowed in a definition')
            # The @type of a term overrides its language and its direction.
            if key not in ("@language", "@direction") or "@type" not in definition:
                _check(key, definition[key])
        return definition

    def _iri(self, name: str, definition: dict[str, Any]) -> str | None:
        named = definition.get("@id", name)
        if named != name:
            return None if named is None else self._stated_iri(name, named)
        if ":" in name[1:]:
            prefix, _, suffix = name.partition(":")
            self._define_local(prefix)
            term = self._context.term(prefix)
            return term.iri + suffix if term is not None and term.iri is not None else name
        if "/" in name:
            return _absolute(self._context.expand(name, vocab=True, relative=True), f'"{name}"')
        if name == "@type":
            return name
        if self._context.vocab is None:
            raise Invalid("the term has no @id, and there is no @vocab", help="give it an @id")
        return self._context.vocab + name

    def _stated_iri(self, name: str, named: str) -> str:
        if named not in KEYWORDS and LIKE_KEYWORD.fullmatch(named):
            raise Invalid(f'"{named}" is reserved for future keywords')
        iri = self._expanded(named)
        if iri is None or not (iri in KEYWORDS or iri.startswith("_:") or is_absolute(iri)):
            raise Invalid(f'"{named}" is neither an absolute IRI nor a keyword', help=_IN_FULL)
        if iri == "@context":
            raise Invalid("@context cannot have an alias")
        if ":" in name[1:-1] or "/" in name:
            self._done[name] = True
            if self._expanded(name) != iri:
                raise Invalid(f'"{name}" is an IRI and cannot be defined as a different one')
        return iri

    def _reversed(self, definition: dict[str, Any], container: frozenset[str]) -> str:
        named = definition["@reverse"]
        if "@id" in definition or "@nest" in definition:
            raise _wrong("@reverse")
        iri = self._expanded(named)
        iri = iri if iri is not None and iri.startswith("_:") else _absolute(iri, f'"{named}"')
        if container - {"@set", "@index"}:
            raise Invalid("the @container of a reverse property must be @set or @index")
        return iri

    def _type(self, named: str) -> str:
        iri = self._expanded(named)
        if iri in ("@id", "@json", "@none", "@vocab"):
            return iri
        return _absolute(iri, f'the @type "{named}"')

    def _index(self, named: str | None, container: frozenset[str]) -> str | None:
        if named is None:
            return None
        if "@index" not in container:
            raise _wrong("@index")
        iri = self._expanded(named)
        if iri is None or not is_absolute(iri):
            raise Invalid("@index must be the IRI of a property")
        return named

    def _scoped_context(self, name: str, definition: dict[str, Any]) -> Any:
        local = definition.get("@context", UNSET)
        if local is not UNSET:
            # Mistakes in a scoped context are reported even if the term is never used.
            with below(f"/{escaped(name)}/@context"):
                extended(self._context, local, override=True)
        return local

    def _is_prefix(self, name: str, iri: str | None, definition: dict[str, Any]) -> bool:
        plain = ":" not in name and "/" not in name
        if "@prefix" not in definition:
            ends = iri is not None and (iri[-1:] in ":/?#[]@" or iri.startswith("_:"))
            return plain and isinstance(self._local[name], str) and ends
        if not plain:
            raise _wrong("@prefix")
        if definition["@prefix"] and iri in KEYWORDS:
            raise Invalid("a keyword cannot be a prefix")
        return bool(definition["@prefix"])
