"""Graphs on disk and on SPARQL servers, and workers for untrusted queries."""
