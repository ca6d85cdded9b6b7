"""The graph in memory, on disk and on a server."""

from relations_kg._lazy import lazy

lazy(__name__, "changes files graph remote")
