"""Warnings about parts of a SPARQL text that cannot match or are very likely mistakes."""
