"""Warnings about parts of a SPARQL text that cannot match or are very likely mistakes."""

from relations_kg._lazy import lazy

lazy(__name__, "joins query_warnings repeated unmatched values")
