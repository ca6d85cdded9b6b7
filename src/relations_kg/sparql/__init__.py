"""SPARQL text: a lexer, a parser, and evaluation by the engine with helpful errors."""
