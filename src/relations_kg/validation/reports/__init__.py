"""Validation reports, in human-readable and machine-readable formats."""
