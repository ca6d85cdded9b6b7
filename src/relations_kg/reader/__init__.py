"""Parsers that read files of facts into quads and keep the location of each term."""

from relations_kg._lazy import lazy

lazy(__name__, "files parsing rdfxml reading refusals sources unreadable")
