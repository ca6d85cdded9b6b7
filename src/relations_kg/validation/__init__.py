"""Validation of new facts: each mistake with its place and its correction."""
