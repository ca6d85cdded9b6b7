"""Graphs on disk and on SPARQL servers, and workers for untrusted queries."""

from relations_kg._lazy import lazy

lazy(__name__, "endpoint guard push untrusted")
