"""Protocols for the parts of a graph that pictures need."""

from __future__ import annotations

from typing import Protocol

from pyoxigraph import Store


class Labels(Protocol):
    """The labels of things."""

    def label(self, iri: str, /) -> str:
        """Return the label of a thing, or else its short IRI."""
        ...


class Labelled(Protocol):
    """A store with the labels of its things."""

    @property
    def quad_store(self) -> Store:
        """The engine's own store."""
        ...

    @property
    def names(self) -> Labels:
        """The labels of its things."""
        ...
