"""Local contexts of JSON-LD 1.1, and the term definitions in them.

This implements https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms without remote
contexts, and raises an error wherever a processor would ignore a definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from relations_kg.reader.contexts import KEYWORDS, LIKE_KEYWORD, UNSET, Context, ContextError, Term
from relations_kg.reader.iris import is_absolute, is_language
from relations_kg.reader.pointers import escaped

# A term can be defined by another term, and so on; its IRI grows with each step.
_LONGEST_CHAIN, _LONGEST_IRI = 50, 4_000
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
_CONTAINERS = {
    *map(frozenset, (["@graph"], ["@id"], ["@index"], ["@language"], ["@list"], ["@set"])),
    *map(frozenset, (["@type"], ["@graph", "@id"], ["@graph", "@index"])),
}
_IN_FULL = "write it in full"


def scoped(context: Context, term: Term | None, *, propagate: bool = True) -> Context:
    """Return a context extended by the scoped context of a term, if it has one."""
    if term is None or term.context is UNSET:
        return context
    # The document outlives the context, so the id() of a part of it is unique.
    key = (id(term.context), propagate)
    if key not in context.scoped:
        context.scoped[key] = extended(
            context, term.context, override=propagate, propagate=propagate
        )
    return context.scoped[key]


def extended(
    context: Context, local: Any, *, override: bool = False, propagate: bool = True
) -> Context:
    """Return a context extended by a local one; raise ContextError for a mistake in it.

    With `override`, protected terms may be redefined.
    """
    if isinstance(local, dict):
        propagate = local.get("@propagate", propagate) is True
    result = context.copy()
    if not propagate and result.previous is None:
        result.previous = context
    for number, each in enumerate(local if isinstance(local, list) else [local]):
        try:
            if each is None:
                result = _cleared(result, context, override=override, propagate=propagate)
            else:
                _apply(result, each, override=override)
        except ContextError as error:
            if isinstance(local, list):
                error.path = f"/{number}{error.path}"
            raise
    return result


def _cleared(context: Context, before: Context, *, override: bool, propagate: bool) -> Context:
    protected = next((name for name, term in context.terms if term.protected), None)
    if protected is not None and not override:
        raise ContextError(f'null would remove the protected term "{protected}"')
    cleared = Context(context.original_base)
    if not propagate:
        cleared.previous = before if context.previous is None else context.previous
    return cleared


def _apply(context: Context, local: Any, *, override: bool) -> None:
    """Change a context by a local one."""
    remote = ContextError(
        "the context is remote, and nothing is fetched",
        "put the content of the context in its place",
    )
    if isinstance(local, str):
        raise remote
    if not isinstance(local, dict):
        raise ContextError("a context must be an object, null, or an array of these")
    if "@version" in local and (local["@version"] != 1.1 or local["@version"] is True):
        raise ContextError("@version is not 1.1", path="/@version")
    if "@import" in local:
        remote.path = "/@import"
        raise remote
    if "@base" in local:
        context.base = _base(context, local["@base"])
    if "@vocab" in local:
        context.vocab = _vocabulary(context, local["@vocab"])
    if "@language" in local:
        context.language = _language(local["@language"])
    if "@direction" in local:
        context.direction = _direction(local["@direction"])
    for flag in ("@protected", "@propagate"):
        if not isinstance(local.get(flag, False), bool):
            raise ContextError(f"{flag} must be true or false", path=f"/{flag}")
    definitions = _Definitions(context, local)
    for name in local:
        if name not in _OF_CONTEXTS:
            definitions.define(name, override=override)


def _base(context: Context, reference: Any) -> str | None:
    if reference is None:
        return None
    if not isinstance(reference, str):
        raise ContextError("@base is not an IRI", path="/@base")
    base = context.resolve(reference)
    if not is_absolute(base):
        raise ContextError(f"<{base}> is not an absolute IRI", _IN_FULL, "/@base")
    return base


def _vocabulary(context: Context, vocab: Any) -> str | None:
    if vocab is None:
        return None
    iri = context.expand(vocab, vocab=True, relative=True) if isinstance(vocab, str) else None
    if iri is None:
        raise ContextError("@vocab is not an IRI", path="/@vocab")
    if not is_absolute(iri) and not iri.startswith("_:"):
        raise ContextError(f"<{iri}> is not an absolute IRI", _IN_FULL, "/@vocab")
    return iri


class _Definitions:
    """The definitions of a local context, which are added to an active one."""

    def __init__(self, context: Context, local: Mapping[str, Any]) -> None:
        self._context = context
        self._local = local
        self._done: dict[str, bool] = {}
        self._depth = 0

    def define(self, name: str, *, override: bool = False) -> None:
        """Define a term, after the terms that its definition uses."""
        if name in self._done:
            if not self._done[name]:
                raise ContextError(f'"{name}" has a cyclic definition', path=f"/{escaped(name)}")
            return
        if self._depth >= _LONGEST_CHAIN:
            raise ContextError(f'"{name}" ends a chain of over {_LONGEST_CHAIN} definitions')
        if name == "":
            raise ContextError("a term cannot be empty", path="/")
        self._depth += 1
        self._done[name] = False
        previous = self._context.term(name)
        self._context.define(name, None)
        try:
            term = self._term(name)
        except ContextError as error:
            error.path = error.path or f"/{escaped(name)}"
            raise
        if previous is not None and previous.protected and not override:
            if replace(term, protected=True) != previous:
                message = f'"{name}" is protected and cannot be redefined'
                raise ContextError(message, path=f"/{escaped(name)}")
            term = previous
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
        protected = definition.get("@protected", self._local.get("@protected", False))
        if not isinstance(protected, bool):
            raise ContextError("@protected must be true or false")
        container = _container(definition.get("@container"))
        kind = self._type(definition["@type"]) if "@type" in definition else None
        if "@type" in container:
            kind = kind or "@id"
            if kind not in ("@id", "@vocab"):
                raise ContextError("with @container @type, @type must be @id or @vocab")
        reverse = "@reverse" in definition
        iri = self._reversed(definition, container) if reverse else self._iri(name, definition)
        if iri is not None and len(iri) > _LONGEST_IRI:
            raise ContextError(f"the IRI of a term is longer than {_LONGEST_IRI:,} characters")
        nest = definition.get("@nest")
        indexed_by = self._index(definition.get("@index"), container)
        context = self._scoped_context(name, definition)
        language, direction = UNSET, UNSET
        if "@language" in definition and "@type" not in definition:
            language = _language(definition["@language"])
        if "@direction" in definition and "@type" not in definition:
            direction = _direction(definition["@direction"])
        if nest is not None and (
            not isinstance(nest, str) or (nest in KEYWORDS and nest != "@nest")
        ):
            raise ContextError("@nest must be @nest or a term that is not a keyword")
        return Term(
            iri,
            kind,
            language,
            direction,
            container,
            reverse,
            context,
            nest,
            indexed_by,
            self._is_prefix(name, iri, definition),
            protected,
        )

    def _definition(self, name: str) -> dict[str, Any]:
        """Return the definition of a term as an object."""
        value = self._local[name]
        if name in KEYWORDS:
            allowed = (
                isinstance(value, dict) and value and set(value) <= {"@container", "@protected"}
            )
            if name != "@type" or not allowed or value.get("@container", "@set") != "@set":
                raise ContextError(f"{name} is a keyword and cannot be redefined")
        elif LIKE_KEYWORD.fullmatch(name):
            raise ContextError(
                f'"{name}" is reserved for future keywords', "write it without the @"
            )
        if not isinstance(value, dict | str | None):
            raise ContextError("a definition must be an IRI, an object or null")
        definition = value if isinstance(value, dict) else {"@id": value}
        for key in definition:
            if key not in _OF_DEFINITIONS:
                raise ContextError(f'"{key}" is not allowed in a definition')
        return definition

    def _iri(self, name: str, definition: dict[str, Any]) -> str | None:
        named = definition.get("@id", name)
        if "@id" in definition and named != name:
            return None if named is None else self._stated_iri(name, named)
        if ":" in name[1:]:
            prefix, _, suffix = name.partition(":")
            self._define_local(prefix)
            term = self._context.term(prefix)
            return term.iri + suffix if term is not None and term.iri is not None else name
        if "/" in name:
            iri = self._context.expand(name, vocab=True, relative=True)
            if iri is None or not is_absolute(iri):
                raise ContextError(f'"{name}" is not an absolute IRI', _IN_FULL)
            return iri
        if name == "@type":
            return name
        if self._context.vocab is None:
            raise ContextError("the term has no @id, and there is no @vocab", "give it an @id")
        return self._context.vocab + name

    def _stated_iri(self, name: str, named: Any) -> str:
        if not isinstance(named, str):
            raise ContextError("the @id of a term must be an IRI")
        if named not in KEYWORDS and LIKE_KEYWORD.fullmatch(named):
            raise ContextError(f'"{named}" is reserved for future keywords')
        iri = self._expanded(named)
        if iri is None or not _is_meaning(iri):
            raise ContextError(f'"{named}" is neither an absolute IRI nor a keyword', _IN_FULL)
        if iri == "@context":
            raise ContextError("@context cannot have an alias")
        if ":" in name[1:-1] or "/" in name:
            self._done[name] = True
            if self._expanded(name) != iri:
                raise ContextError(f'"{name}" is an IRI and cannot be defined as a different one')
        return iri

    def _reversed(self, definition: dict[str, Any], container: frozenset[str]) -> str:
        named = definition["@reverse"]
        if "@id" in definition or "@nest" in definition or not isinstance(named, str):
            raise ContextError("@reverse must be an IRI, without @id or @nest beside it")
        iri = self._expanded(named)
        if iri is None or iri in KEYWORDS or not _is_meaning(iri):
            raise ContextError(f'"{named}" is not an absolute IRI', _IN_FULL)
        if container - {"@set", "@index"}:
            raise ContextError("the @container of a reverse property must be @set or @index")
        return iri

    def _type(self, named: Any) -> str:
        if not isinstance(named, str):
            raise ContextError("the @type of a term must be an IRI")
        iri = self._expanded(named)
        if iri in ("@id", "@json", "@none", "@vocab"):
            return iri
        if iri is None or not is_absolute(iri):
            raise ContextError(f'the @type "{named}" is not an absolute IRI', _IN_FULL)
        return iri

    def _index(self, named: Any, container: frozenset[str]) -> str | None:
        if named is None:
            return None
        if "@index" not in container or not isinstance(named, str) or named in KEYWORDS:
            raise ContextError("@index must be an IRI, beside @container @index")
        iri = self._expanded(named)
        if iri is None or not is_absolute(iri):
            raise ContextError("@index must be the IRI of a property")
        return named

    def _scoped_context(self, name: str, definition: dict[str, Any]) -> Any:
        local = definition.get("@context", UNSET)
        if local is not UNSET:
            try:
                # Its mistakes are reported here, even if the term is never used.
                extended(self._context, local, override=True)
            except ContextError as error:
                error.path = f"/{escaped(name)}/@context{error.path}"
                raise
        return local

    def _is_prefix(self, name: str, iri: str | None, definition: dict[str, Any]) -> bool:
        plain = ":" not in name and "/" not in name
        if "@prefix" not in definition:
            ends = iri is not None and (iri[-1:] in ":/?#[]@" or iri.startswith("_:"))
            return plain and isinstance(self._local[name], str) and ends
        is_prefix = definition["@prefix"]
        if not plain or not isinstance(is_prefix, bool):
            raise ContextError("@prefix must be true or false, and its term has no : or /")
        if is_prefix and iri in KEYWORDS:
            raise ContextError("a keyword cannot be a prefix")
        return is_prefix


def _is_meaning(iri: str) -> bool:
    return iri in KEYWORDS or iri.startswith("_:") or is_absolute(iri)


def _container(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    names = value if isinstance(value, list) else [value]
    try:
        container = frozenset(names)
    except TypeError:
        container = frozenset()
    kinds = container - {"@set"} or container
    if kinds not in _CONTAINERS or ("@list" in container and len(container) > 1):
        raise ContextError(f"{value!r} is not a @container")
    return container


def _language(tag: Any) -> str | None:
    if tag is not None and (not isinstance(tag, str) or not is_language(tag)):
        raise ContextError(
            f'"{tag}" is not a language tag', "write one such as en or pt-BR", "/@language"
        )
    return tag


def _direction(direction: Any) -> str | None:
    if direction not in ("ltr", "rtl", None):
        raise ContextError("@direction must be ltr, rtl or null", path="/@direction")
    return direction  # type: ignore[no-any-return]
