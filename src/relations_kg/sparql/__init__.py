"""SPARQL text: a lexer, a parser, and evaluation by the engine with helpful errors."""

from relations_kg._lazy import lazy

lazy(__name__, "cursor mistakes parser")
