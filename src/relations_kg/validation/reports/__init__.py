"""Validation reports, in formats for people and for programs."""
