"""The locations of the ontology, data and query files."""

from __future__ import annotations

# os.path is used, since importing pathlib would slow down every query.
import os

from relations_kg._lazy import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

PACKAGE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(os.path.dirname(PACKAGE))
_TABLES: dict[str, dict[str, Any]] = {}


def is_checkout() -> bool:
    """Return whether the package is imported from the folder `src` of a checkout."""
    return folder("data") == os.path.join(_CHECKOUT, "data")


def folder(name: str) -> str:
    """Return the path of a folder, in the installed package or at the top level of a checkout."""
    installed = os.path.join(PACKAGE, name)
    return installed if os.path.isdir(installed) else os.path.join(_CHECKOUT, name)


def paths(folder: str, suffix: str) -> list[str]:
    """Return the files whose names end in `suffix`, in a folder and its subfolders, sorted."""
    return sorted(
        os.path.join(parent, name)
        for parent, _, names in os.walk(folder)
        for name in names
        if name.endswith(suffix)
    )


def content(*parts: str) -> bytes:
    """Return the bytes of a file; its path may be given in parts."""
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def toml(path: str) -> dict[str, Any]:
    """Return the content of a TOML file of this package, which is read once in a process."""
    if path not in _TABLES:
        # Imported here, since most queries read no TOML.
        import tomllib

        _TABLES[path] = tomllib.loads(content(PACKAGE, path).decode())
    return _TABLES[path]
