"""Active contexts of JSON-LD 1.1, which define how keys and values are interpreted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from relations_kg.reader.iris import SCHEME, resolve

KEYWORDS = frozenset(
    (
        *("@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included"),
        *("@index", "@json", "@language", "@list", "@nest", "@none", "@prefix", "@propagate"),
        *("@protected", "@reverse", "@set", "@type", "@value", "@version", "@vocab"),
    )
)
LIKE_KEYWORD = re.compile("@[A-Za-z]+")
UNSET = object()
# A context with more terms of its own than this shares them with its copies.
_MOST_OWN = 32


@dataclass(eq=False)
class Invalid(Exception):
    """A mistake in a document, with its JSON Pointer and a correction.

    While a context is read, the pointer is relative to it.
    """

    message: str
    pointer: str = ""
    help: str | None = None
    code: str = "syntax"


@contextmanager
def below(pointer: str) -> Iterator[None]:
    """Prefix the pointers of mistakes that are raised in the `with` block."""
    try:
        yield
    except Invalid as error:
        error.pointer = pointer + error.pointer
        raise


@dataclass(frozen=True, slots=True)
class Term:
    """A term definition: the IRI or keyword of a key, and how its values are interpreted."""

    iri: str | None = None
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
    """An active context: the terms, base, vocabulary and language that apply to an object."""

    def __init__(self, base: str | None = None) -> None:
        self.original_base = base
        self.base = base
        self.vocab: str | None = None
        self.language: str | None = None
        self.direction: str | None = None
        self.previous: Context | None = None
        # Scoped contexts derived from this context.
        self.scoped: dict[tuple[int, bool], Context] = {}
        # A document can have thousands of small contexts, so each shares most terms with the
        # enclosing context. A term of its own that is None hides a shared term.
        self._shared: dict[str, Term | None] = {}
        self._own: dict[str, Term | None] = {}
        self._keys: dict[str, str | None] = {}

    def copy(self) -> Context:
        """Return a copy that can be changed."""
        if len(self._own) > _MOST_OWN:
            self._shared, self._own = {**self._shared, **self._own}, {}
        copy = Context(self.original_base)
        copy._shared, copy._own = self._shared, self._own.copy()
        copy.base, copy.vocab = self.base, self.vocab
        copy.language, copy.direction = self.language, self.direction
        copy.previous = self.previous
        return copy

    @property
    def terms(self) -> Iterator[tuple[str, Term]]:
        """Yield the terms with their definitions, the unshared terms first."""
        for name, term in self._own.items():
            if term is not None:
                yield name, term
        for name, term in self._shared.items():
            if term is not None and name not in self._own:
                yield name, term

    def term(self, name: str | None) -> Term | None:
        """Return the definition of a term, or None if it has none."""
        return self._own[name] if name in self._own else self._shared.get(name)  # type: ignore

    def define(self, name: str, term: Term | None) -> None:
        """Set the definition of a term, or remove it."""
        self._own[name] = term
        self._keys.clear()

    def key(self, key: str) -> str | None:
        """Return the IRI or keyword that a key expands to, or None."""
        try:
            return self._keys[key]
        except KeyError:
            iri = self._keys[key] = self.expand(key, vocab=True)
            return iri

    def expand(
        self,
        value: str,
        *,
        vocab: bool = False,
        relative: bool = False,
        define: Callable[[str], None] | None = None,
    ) -> str | None:
        """Return the IRI, blank node label or keyword that a string expands to.

        The result is None if the string is reserved or expands to nothing, and a relative IRI if
        there is no base. `define` is called with each term before it is used.
        """
        if value in KEYWORDS:
            return value
        if value[:1] == "@" and LIKE_KEYWORD.fullmatch(value):
            return None
        if define is not None:
            define(value)
        term = self.term(value)
        if term is not None and (vocab or term.iri in KEYWORDS):
            return term.iri
        colon = value.find(":", 1)
        if colon > 0:
            prefix, suffix = value[:colon], value[colon + 1 :]
            if prefix == "_" or suffix.startswith("//"):
                return value
            if define is not None:
                define(prefix)
            term = self.term(prefix)
            if term is not None and term.iri is not None and term.prefix:
                return term.iri + suffix
            if SCHEME.match(value):
                return value
        if vocab and self.vocab is not None:
            return self.vocab + value
        return self.resolve(value) if relative else value

    def resolve(self, reference: str) -> str:
        """Return an IRI reference resolved against the base, or unchanged if there is none."""
        return reference if self.base is None else resolve(reference, self.base)
