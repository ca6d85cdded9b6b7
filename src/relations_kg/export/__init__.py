"""Export of the graph as linked data and as tables."""

from relations_kg._lazy import lazy

lazy(__name__, "export jsonld spreadsheets workbooks")
