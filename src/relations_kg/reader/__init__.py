"""Parsers that read files of facts into quads and keep the location of each term."""
