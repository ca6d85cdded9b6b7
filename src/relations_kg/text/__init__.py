"""Texts of RDF read with the place of every term: tokens, grammar, literals, locations."""
