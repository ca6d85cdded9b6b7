"""Reports of validation, in each format that people and programs read."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

from relations_kg.errors import InputError
from relations_kg.validation.findings import Findings

# The formats by name, each with the module whose `write` makes it. A module is imported when it
# is first used: XML, SARIF and hashes cost more than a whole report in text.
FORMATS = {
    "text": "text",
    "concise": "concise",
    "json": "json",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "turtle": "w3c",
}


@dataclass(frozen=True)
class Report(Findings):
    """The outcome of a validation: findings, counts, and how they are written.

    >>> print(Report((), files=("facts.ttl",), facts=4, checked=1, shapes=2), end="")
    facts.ttl: no errors in 4 facts; checked 1 thing against 2 shapes
    """

    def serialize(self, format: str = "text", *, colour: bool = False) -> str:
        """Return the report in one of FORMATS; raise InputError for another.

        `colour` is for text on a terminal.

        >>> Report(()).serialize("concise")
        ''
        """
        if format not in FORMATS:
            help = f"use one of {', '.join(FORMATS)}"
            raise InputError(f"unknown format {format!r}", help=help)
        module: Any = import_module(f"{__name__}.{FORMATS[format]}")
        text: str = module.write(self, colour=True) if colour else module.write(self)
        return text

    def __str__(self) -> str:
        return self.serialize()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
