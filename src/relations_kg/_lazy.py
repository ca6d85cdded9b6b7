"""Modules that are imported at their first use."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# Checkers of types take a variable of this name for true. It is not that of `typing`, since the
# bundled graph begins to load before `typing`, `re` and `collections` are imported: together they
# take more than half as long as its loading.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Lazy(ModuleType):
    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self.__name__), name)


def lazy(package: str, *names: str) -> Iterator[ModuleType]:
    """Yield modules of a package of this project, each of which is imported at its first use.

    Use it for modules that would slow down every query but are seldom needed. Also import them
    under TYPE_CHECKING, for the checkers of types and layers.

    >>> [turtle] = lazy("export", "turtle")
    >>> turtle.__name__, callable(turtle.write)
    ('relations_kg.export.turtle', True)
    """
    return (_Lazy(f"{__package__}.{package}.{name}") for name in names)
