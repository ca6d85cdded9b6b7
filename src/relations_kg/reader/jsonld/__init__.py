"""JSON-LD 1.1: contexts, expansion and conversion to RDF, with the location of each value."""

from relations_kg._lazy import lazy

lazy(__name__, "parser")
