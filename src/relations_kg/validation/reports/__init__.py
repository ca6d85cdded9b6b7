"""Validation reports, in formats for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

from relations_kg.rdf.formats import find
from relations_kg.validation.findings import Findings


@dataclass(frozen=True)
class Report(Findings):
    """The outcome of a validation: findings, counts, and how they are written.

    >>> print(Report((), files=("facts.ttl",), facts=4, checked=1, shapes=2), end="")
    facts.ttl: no errors in 4 facts; checked 1 thing against 2 shapes
    """

    def serialize(self, format: str = "text", *, colour: bool = False) -> str:
        """Return the report in a format for findings; raise InputError for any other format.

        `colour` is for text on a terminal.

        >>> Report(()).serialize("concise")
        ''
        """
        # Each format is written by `write` in the module of its name, which is imported at first
        # use: importing XML, SARIF and hashes costs more than a whole report as text.
        module: Any = import_module(f"{__name__}.{find(format, 'findings').name}")
        text: str = module.write(self, colour=True) if colour else module.write(self)
        return text

    def __str__(self) -> str:
        return self.serialize()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
