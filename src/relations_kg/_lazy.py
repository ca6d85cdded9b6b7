"""Modules that are imported at their first use."""

from __future__ import annotations

import sys
from importlib import import_module

# Type checkers assume that a variable of this name is true. It is not imported from `typing`, since
# the bundled graph begins to load before `typing`, `re` and `collections` are imported, which takes
# more than half as long as loading it.
TYPE_CHECKING = False


class _Lazy:
    """A module whose attributes are looked up in the imported module."""

    __slots__ = ("_path",)
    _path: str

    def __init__(self, path: str) -> None:
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self._path), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(import_module(self._path), name, value)


def lazy(package: str, names: str) -> None:
    """Let `from PACKAGE import NAME` import these modules of a package at their first use.

    They would slow down every query, but are seldom needed. An import of a name in such a module
    (`from PACKAGE.NAME import …`) imports it at once.

    >>> from relations_kg.rdf import markup
    >>> markup.element("b", "Peru")
    '<b>Peru</b>'
    """
    for name in names.split():
        vars(sys.modules[package]).setdefault(name, _Lazy(f"{package}.{name}"))
